// Where a datum comes from at last: the ends of the backward search from it.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Marks, WrittenRow } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../model/program.ts';
import type { Origin } from '../model/rule.ts';
import type { PostedForm, PostedForms } from './posted.ts';
import type { Search, State } from './search.ts';

/** An origin, or `label` for a word of the program; `isSeen` when a store or an API was met. */
export interface Classified {
  readonly origin: Origin | 'label';
  readonly isSeen: boolean;
}

/**
 * `stored` or `api` as soon as one end is; else `inbound` when the user typed it; else `public` when all ends are public.
 * An unknown end counts as stored: silence about it would hide a leak. Where all ends are words of the program, it is a `label`.
 */
export function classifyOrigin(
  program: Program,
  marks: Marks,
  search: Search,
  posted: PostedForms,
  originOf: (node: number) => Classified,
): Classified {
  const found = new Set<Origin>();
  let isLabel = false;
  const behind = new Set<number>();
  /** States behind a question; true behind a package's. */
  const asked = new Map<number, boolean>();
  /** States behind what a platform posted: who brought the body need not be known. */
  const inBody = new Map<number, PostedForm>();
  let isUnknown = false;
  search.states.forEach((state, at) => {
    if (behind.has(state.parent)) {
      behind.add(at);
      return;
    }
    if (state.op === programOps.absorb && isKept(program, search, state)) {
      found.add('stored');
      behind.add(at);
      return;
    }
    const answer = isQuestion(program, marks, state) ? marks.answers.get(state.label) : undefined;
    const before = asked.get(state.parent);
    if (answer !== undefined || before !== undefined) asked.set(at, answer || before || false);
    const isAnswer = asked.get(at) || (asked.has(at) && isIdentifier(program, search, at));
    const typed = isAnswer ? 'stored' : 'inbound';
    const form = inBody.get(state.parent) ?? postedForm(program, state, posted);
    if (form) {
      inBody.set(at, form);
      found.add(typed);
    }
    const origin = marks.origins.get(state.node);
    const row = marks.written.get(state.node);
    const columns = row ? columnsOf(program, search, at, posted.namesOf(state.fields), row) : [];
    if (columns.length > 0) {
      for (const value of columns) found.add(dataOrigin(originOf(value)));
      behind.add(at);
    } else if (origin) {
      if (!(form && isBrought(program, state.node, form, origin))) found.add(origin === 'inbound' ? typed : origin);
      behind.add(at);
    } else if (form) return;
    else if (isSpoken(program, state.node)) found.add(typed);
    else if (isOpenEnd(program, state.node)) isUnknown = true;
    else if (state.passed === 0 && isWord(program, state.node)) isLabel = true;
    else if (isSetting(program, search, at, posted)) isLabel = true;
    // What a call left of its argument, where the call is not known to change anything, is nothing new.
    else if (isEnd(program, state.node) && program.kinds[state.node] !== nodeKinds.after) isUnknown = true;
  });
  const isSeen = found.has('stored') || found.has('api');
  if (isLabel && found.size === 0 && !isUnknown && !search.isCut) return { origin: 'label', isSeen };
  if (found.has('stored')) return { origin: 'stored', isSeen };
  if (found.has('api')) return { origin: 'api', isSeen };
  if (found.has('inbound')) return { origin: 'inbound', isSeen };
  if (found.has('public') && !isUnknown) return { origin: 'public', isSeen };
  return { origin: 'stored', isSeen };
}

// JSON.parse(await answer.text()).amount: the answer is one text, and what is read of it was read on the way.
function columnsOf(
  program: Program,
  search: Search,
  end: number,
  fields: readonly string[],
  row: WrittenRow,
): number[] {
  const found = fields.flatMap((name) => row.get(name) ?? []);
  for (let i = end; found.length === 0 && i >= 0; i = search.states[i]?.parent ?? -1) {
    const node = search.states[i]?.node ?? -1;
    if (program.kinds[node] === nodeKinds.member) found.push(...(row.get(nameOfNode(program, node)) ?? []));
  }
  return found;
}

// A constant that is written is as good as typed: it is no customer's datum.
function dataOrigin({ origin }: Classified): Origin {
  return origin === 'label' ? 'inbound' : origin;
}

/** Calls that take a body apart. */
const bodyReaders: readonly string[] = ['json', 'formData', 'parseBody', 'parse', 'URLSearchParams'];

// A single field says enough at the body itself: `req.body.text`, `(await request.formData()).get('text')`.
function postedForm(program: Program, { node, fields }: State, posted: PostedForms): PostedForm {
  const form = posted.of(fields) ?? formField(program, node, posted);
  if (form !== 'field') return form;
  if (program.kinds[node] === nodeKinds.member) return nameOfNode(program, node) === 'body' ? form : undefined;
  if (program.kinds[node] === nodeKinds.parameter) return isOpenEnd(program, node) ? form : undefined;
  const call = program.calls[program.callOf.get(node) ?? -1];
  return call && (bodyReaders.includes(call.name) || call.name === 'get') ? form : undefined;
}

// (await request.formData()).get('text'), new URLSearchParams(event.body).get('Body')
function formField(program: Program, node: number, posted: PostedForms): PostedForm {
  const call = program.calls[program.callOf.get(node) ?? -1];
  if (call?.name !== 'get' || call.args.length !== 1) return undefined;
  if (!posted.isField(textOfNode(program, call.args[0] ?? -1) ?? '')) return undefined;
  return /^(?:form(?:Data|Body)?|params|searchParams|body|payload)$/.test(nameOfNode(program, call.receiver))
    ? 'field'
    : undefined;
}

// A body is got from somewhere, often by a request (`getUpdates`); a single field of an answer may be anything.
function isBrought(program: Program, node: number, form: PostedForm, origin: Origin): boolean {
  if (form === 'field' && program.calls[program.callOf.get(node) ?? -1]?.name === 'get') return true;
  return origin === 'api' && (form === 'way' || program.kinds[node] !== nodeKinds.call);
}

// What a function is asked with. Its answer is its own: `core.bill(ctx.from.id)`.
function isQuestion(program: Program, marks: Marks, { op, label, node }: State): boolean {
  return op === programOps.library && marks.answers.has(label) && program.calls[label]?.receiver !== node;
}

// What one function gave to a client of the whole program, and another took out of it: `store.save(typed)` … `store.run(query)`.
function isKept(program: Program, search: Search, state: State): boolean {
  const writer = program.calls[state.label];
  let at = state.parent;
  while (at >= 0 && search.states[at]?.op !== programOps.library) at = search.states[at]?.parent ?? -1;
  const reader = program.calls[search.states[at]?.label ?? -1];
  if (!writer || !reader || writer.owner === reader.owner) return false;
  return isOfModule(program, writer.receiver);
}

const maxMakerSteps = 40;

// Whether an object was made once, when its module was loaded.
function isOfModule(program: Program, object: number): boolean {
  const open = [object];
  for (let i = 0; i < open.length && i < maxMakerSteps; i++) {
    const node = open[i] ?? -1;
    const maker = program.calls[program.callOf.get(node) ?? -1];
    if (maker && program.functions[maker.owner]?.parent === -1) return true;
    for (let e = program.inStart[node] ?? 0; e < (program.inStart[node + 1] ?? 0); e++) {
      const from = program.inFrom[e] ?? -1;
      if (program.inOp[e] === programOps.copy && !open.includes(from)) open.push(from);
    }
  }
  return false;
}

// A function that nothing is known of may as well read what the user typed; of an id there is nothing to read.
function isIdentifier(program: Program, search: Search, at: number): boolean {
  for (let i = at; i >= 0; i = search.states[i]?.parent ?? -1) {
    const state = search.states[i];
    if (!state) break;
    if (/(?:^|_)ids?$|Ids?$|ID$/.test(nameOfNode(program, state.node))) return true;
    if (state.op === programOps.library) break;
  }
  return false;
}

// A value that nothing in the tree gives: a parameter without callers, a global, a package's result.
function isOpenEnd(program: Program, node: number): boolean {
  if ((program.inStart[node] ?? 0) !== (program.inStart[node + 1] ?? 0)) return false;
  const kind = program.kinds[node];
  return kind === nodeKinds.parameter || kind === nodeKinds.call || kind === nodeKinds.import;
}

// handleExpense(ctx, text), of which nobody knows who calls it: what is taken out of a text was typed.
function isSpoken(program: Program, node: number): boolean {
  if (program.kinds[node] !== nodeKinds.parameter || !isOpenEnd(program, node)) return false;
  return /^_?(?:(?:raw|message|msg|user|input|command|cmd|chat|incoming|body)?_?text|(?:user|raw)_?(?:input|message|msg)|message_?body|utterance)$/i.test(
    nameOfNode(program, node),
  );
}

function isEnd(program: Program, node: number): boolean {
  return (program.inStart[node] ?? 0) === (program.inStart[node + 1] ?? 0);
}

// A constant text without figures ('', 'Balance', '€'), or a sentence ('A transfer takes 2 days.'). `undefined` and the like
// say nothing.
function isWord(program: Program, node: number): boolean {
  const text = textOfNode(program, node) ?? (program.constants.get(node) === 'string:' ? '' : undefined);
  if (!isEnd(program, node) || program.kinds[node] !== nodeKinds.literal || text === undefined) return false;
  return !/\d/.test(text) || (!/\d{4}/.test(text) && (text.match(/\p{L}{2,}/gu)?.length ?? 0) > 3);
}

// LIMITS.dailyTransfer: a constant of the program by its name, read by a name that is known.
function isSetting(program: Program, search: Search, end: number, posted: PostedForms): boolean {
  if (program.kinds[search.states[end]?.node ?? -1] !== nodeKinds.literal) return false;
  let isNamed = false;
  for (let i = end; i >= 0; i = search.states[i]?.parent ?? -1) {
    const state = search.states[i];
    if (!state || posted.namesOf(state.fields).some((name) => name.startsWith('['))) return false;
    isNamed ||= /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$/.test(nameOfNode(program, state.node));
  }
  return isNamed;
}
