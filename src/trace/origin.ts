// Where a datum comes from at last: the ends of the backward search from it.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Marks } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../model/program.ts';
import type { Origin } from '../model/rule.ts';
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
export function classifyOrigin(program: Program, marks: Marks, search: Search): Classified {
  const found = new Set<Origin>();
  let isLabel = false;
  const behind = new Set<number>();
  /** States behind a question; true behind a package's. */
  const asked = new Map<number, boolean>();
  let isUnknown = false;
  search.states.forEach((state, at) => {
    if (behind.has(state.parent)) {
      behind.add(at);
      return;
    }
    const answer = isQuestion(program, marks, state) ? marks.answers.get(state.label) : undefined;
    const before = asked.get(state.parent);
    if (answer !== undefined || before !== undefined) asked.set(at, answer || before || false);
    const origin = marks.origins.get(state.node);
    if (origin) {
      const isAnswer = asked.get(at) || (asked.has(at) && isIdentifier(program, search, at));
      found.add(origin === 'inbound' && isAnswer ? 'stored' : origin);
      behind.add(at);
    } else if (isOpenEnd(program, state.node)) isUnknown = true;
    else if (state.passed === 0 && isWord(program, state.node)) isLabel = true;
    else if (isEnd(program, state.node)) isUnknown = true;
  });
  const isSeen = found.has('stored') || found.has('api');
  if (isLabel && found.size === 0 && !isUnknown && !search.isCut) return { origin: 'label', isSeen };
  if (found.has('stored')) return { origin: 'stored', isSeen };
  if (found.has('api')) return { origin: 'api', isSeen };
  if (found.has('inbound')) return { origin: 'inbound', isSeen };
  if (found.has('public') && !isUnknown) return { origin: 'public', isSeen };
  return { origin: 'stored', isSeen };
}

// What a function is asked with. Its answer is its own: `core.bill(ctx.from.id)`.
function isQuestion(program: Program, marks: Marks, { op, label, node }: State): boolean {
  return op === programOps.library && marks.answers.has(label) && program.calls[label]?.receiver !== node;
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

function isEnd(program: Program, node: number): boolean {
  return (program.inStart[node] ?? 0) === (program.inStart[node + 1] ?? 0);
}

// A constant text without figures: 'Balance', '€'. `undefined` and the like say nothing.
function isWord(program: Program, node: number): boolean {
  const text = textOfNode(program, node);
  return isEnd(program, node) && program.kinds[node] === nodeKinds.literal && text !== undefined && !/\d/.test(text);
}
