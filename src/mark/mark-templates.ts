// Texts that a call fills in: `format('Balance: %s', value)`, `'… {sum}'.replace('{sum}', value)`, `render(text, view)`,
// `compile(text)(view)`. What stands around a place speaks of the value that is put there; a place that names a field
// (`{{account.balance}}`) reads it, though no code does.

import type { Evidence } from '../model/finding.ts';
import { anyElement, nodeKinds } from '../model/flow-graph.ts';
import type { SourceMark, TextMark } from '../model/marks.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { DataRules } from '../model/rule.ts';
import { hasWord, nextTo } from '../model/text.ts';
import type { Classifier } from './classify.ts';
import { foldText } from './fold-text.ts';
import type { PhraseReader } from './phrases.ts';
import type { RowMarks } from './schema/mark-rows.ts';
import type { Fact } from './schema/readings.ts';
import type { Place } from './template-text.ts';
import { placesByName, placesInTurn } from './template-text.ts';

/** Where models of template engines keep the text that a function was made of. */
const compiled = '~template';
const window = { before: 60, after: 30 };
const maxCopies = 6;

/** A text, and the values that its places are filled with. */
export interface FilledText {
  /** The call that fills it. */
  readonly call: number;
  readonly places: readonly FilledPlace[];
}

interface FilledPlace {
  readonly place: Place;
  /** The value that is put there, or the object that it is read of. */
  readonly node: number;
  /** The object literal that the value stands in, or -1. */
  readonly holder: number;
  /** Fields below the value. */
  readonly path: readonly string[];
}

/** Finds the calls that fill in a text. */
export function filledTexts(program: Program): readonly FilledText[] {
  return program.calls.flatMap((call, index) => {
    const places = placesOf(program, call);
    return places.length > 0 ? [{ call: index, places }] : [];
  });
}

function placesOf(program: Program, call: LinkedCall): readonly FilledPlace[] {
  if (call.isNew || call.args.length === 0) return [];
  if (/^replace(?:All)?$/.test(call.name) && call.receiver >= 0) return replaced(program, call);
  const made = constantText(program, call.callee, [compiled]);
  if (made !== undefined) return byName(program, placesByName(made), call.args);
  const [first = -1, ...values] = call.args;
  if (values.length === 0 || !mayBeText(program, first)) return [];
  const text = constantText(program, first, []);
  if (text === undefined || !/[%{<:]/.test(text)) return [];
  const inTurn = placesInTurn(text).flatMap((place) => {
    const node = values[Number(place.path[0])];
    return node === undefined ? [] : [{ place, node, holder: -1, path: [] }];
  });
  return inTurn.length > 0 ? inTurn : byName(program, placesByName(text), values);
}

const constants = new WeakMap<Program, ReadonlySet<string>>();

// A text that stands in the program as it is: what is not known of others is folded into `{NAME}`.
function constantText(program: Program, node: number, path: readonly string[]): string | undefined {
  const text = foldText(program, node, path);
  let known = constants.get(program);
  if (!known) {
    known = new Set(program.strings);
    constants.set(program, known);
  }
  return text !== undefined && known.has(text) ? text : undefined;
}

// A text of its own, or one of a table of texts.
function mayBeText(program: Program, node: number): boolean {
  const kind = program.kinds[node];
  return (
    kind === nodeKinds.literal ||
    kind === nodeKinds.template ||
    kind === nodeKinds.member ||
    kind === nodeKinds.variable
  );
}

// 'Balance: {sum}'.replace('{sum}', value), and further ones behind it.
function replaced(program: Program, { receiver, args }: LinkedCall): readonly FilledPlace[] {
  const [pattern = -1, node = -1] = args;
  const mark = node < 0 ? undefined : constantText(program, pattern, []);
  if (mark === undefined || mark === '') return [];
  let at = receiver;
  for (let hops = 0; hops < maxCopies; hops++) {
    const before = program.calls[program.callOf.get(at) ?? -1];
    if (!before || !/^replace(?:All)?$/.test(before.name)) break;
    at = before.receiver;
  }
  const text = constantText(program, at, []);
  const from = text?.indexOf(mark) ?? -1;
  if (text === undefined || from < 0) return [];
  const [before = '', after = ''] = [text.slice(0, from), text.slice(from + mark.length)].map(withHoles);
  const place = { path: [], helper: '', before, after };
  return [{ place, node, holder: -1, path: [] }];
}

// The other places of the text.
function withHoles(text: string): string {
  return text.replace(/\{+[^{}\n]{1,40}\}+|%[\p{L}_]+%|\[[\p{Lu}_]+\]/gu, ' … ');
}

function byName(program: Program, places: readonly Place[], values: readonly number[]): readonly FilledPlace[] {
  return places.flatMap((place) =>
    values.flatMap((value): FilledPlace[] => {
      const [first = '', ...rest] = place.path;
      const holder = literalOf(program, value);
      const node = holder < 0 ? value : storedIn(program, holder, first);
      if (node < 0 || isFunction(program, node)) return [];
      return [{ place, node, holder, path: holder < 0 ? place.path : rest }];
    }),
  );
}

function isFunction(program: Program, node: number): boolean {
  return program.kinds[node] === nodeKinds.function;
}

// The object literal that a value is, perhaps behind a variable.
function literalOf(program: Program, node: number): number {
  for (let at = node, hops = 0; at >= 0 && hops < maxCopies; hops++) {
    if (program.kinds[at] === nodeKinds.object) return at;
    const start = program.inStart[at] ?? 0;
    if ((program.inStart[at + 1] ?? 0) !== start + 1 || program.inOp[start] !== programOps.copy) return -1;
    at = program.inFrom[start] ?? -1;
  }
  return -1;
}

function storedIn(program: Program, object: number, field: string): number {
  for (let i = program.inStart[object] ?? 0; i < (program.inStart[object + 1] ?? 0); i++)
    if (program.inOp[i] === programOps.store && program.strings[program.inLabel[i] ?? 0] === field)
      return program.inFrom[i] ?? -1;
  return -1;
}

/** Adds the text around each value: by the object that it stands in, and by the call that it is given to. */
export function markFilledTexts(
  program: Program,
  filled: readonly FilledText[],
  phrases: PhraseReader,
  texts: Map<number, Map<number, TextMark>>,
): void {
  for (const { call, places } of filled)
    for (const { place, node, holder, path } of places) {
      if (path.length > 0) continue;
      const at = holder < 0 ? (program.calls[call]?.node ?? -1) : holder;
      const known = texts.get(at) ?? new Map<number, TextMark>();
      known.set(node, textOf(phrases, place));
      texts.set(at, known);
    }
}

function textOf(phrases: PhraseReader, place: Place): TextMark {
  const before = place.before.slice(-window.before);
  const after = place.after.slice(0, window.after);
  return {
    before,
    after,
    label: '',
    said: phrases.read(before, after, ''),
    isPublic: phrases.isPublic(`${before} ${after}`),
  };
}

/** Marks what the places of texts read that name a field: in the object that was made for the call, or else in what the call gives. */
export function markTemplateFields(
  program: Program,
  data: DataRules,
  filled: readonly FilledText[],
  classifier: Classifier,
  phrases: PhraseReader,
  rows: RowMarks,
  project: readonly Evidence[],
): Map<number, SourceMark[]> {
  const marks = new Map<number, SourceMark[]>();
  for (const { call, places } of filled)
    for (const { place, node, holder, path } of places) {
      const fact = path.length === 0 ? undefined : rows.factBelow(node, path);
      if (path.length === 0 || fact?.isNeutral) continue;
      const at = holder < 0 ? (program.calls[call]?.node ?? -1) : holder;
      const below = holder < 0 ? [] : place.path;
      const evidence = [...around(data, classifier, textOf(phrases, place), place.helper), ...project];
      const found = guesses(classifier, fact, place.path, evidence).map((one) => ({ ...one, node: at, path: below }));
      marks.set(at, [...(marks.get(at) ?? []), ...found]);
    }
  return marks;
}

/** The objects that only fields are shown of: by the object literal that they stand in. */
export function shownInPart(filled: readonly FilledText[]): Map<number, Set<number>> {
  const found = new Map<number, Set<number>>();
  for (const { places } of filled)
    for (const { node, holder, path } of places)
      if (holder >= 0 && path.length > 0) found.set(holder, (found.get(holder) ?? new Set()).add(node));
  for (const { places } of filled)
    for (const { node, holder, path } of places) if (path.length === 0) found.get(holder)?.delete(node);
  return found;
}

type Guessed = Omit<SourceMark, 'node' | 'path'>;

function guesses(
  classifier: Classifier,
  fact: Fact | undefined,
  path: readonly string[],
  evidence: readonly Evidence[],
): readonly Guessed[] {
  const [receiver = '', name = ''] = ['', ...path.filter((one) => one !== anyElement)].slice(-2);
  const entity = classifier.entity(receiver);
  const found = [...(fact?.guesses ?? []), ...classifier.byName(name, receiver)].slice(0, 2);
  return found.map((guess) => ({
    category: guess.category === 'money.generic' && entity !== '' ? classifier.entityCategory(entity) : guess.category,
    isCertain: guess.exact,
    isDeclared: false,
    evidence: [...guess.evidence, ...(fact?.evidence ?? []), ...evidence],
  }));
}

// What the text says of a place: a phrase, a unit of money, a helper that writes out money.
function around(data: DataRules, classifier: Classifier, text: TextMark, helper: string): Evidence[] {
  const { points } = data.weights;
  const near = nextTo(text.before, text.after);
  const [said] = text.said;
  const unit = data.naming.currencyStrong.find((one) => hasWord(near, one));
  return [
    ...(helper !== '' && classifier.isMoneyFormatter(helper)
      ? [{ kind: 'formatter', text: helper, weight: points['formatter'] ?? 0 }]
      : []),
    ...(unit === undefined ? [] : [{ kind: 'units', text: unit, weight: points['units'] ?? 0 }]),
    ...(said === undefined ? [] : [{ kind: 'phrase', text: `"${said.text}"`, weight: points['phrase'] ?? 0 }]),
  ];
}
