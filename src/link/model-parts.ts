// Parts of lists in the places of a model: `this[start..end]`, `this[length+items]`. Numbers come from constant arguments,
// from how many arguments there are, and from the length of the receiver, where these are known.

import { anyElement } from '../model/flow-graph.ts';
import { fieldOfPlaces } from '../model/list-places.ts';
import { anyKey } from './key-text.ts';
import type { Binding, ModelState } from './model-places.ts';
import type { Tree } from './tree.ts';

/** A number that is known, or the least that it can be. */
interface Sum {
  readonly value: number;
  readonly isLeast: boolean;
}

/** A part of a list, as an evaluated field. */
export interface Part {
  readonly from: number;
  readonly to: number;
  /** Where it begins is not known: `from` is the least. */
  readonly isLoose: boolean;
  /** Where it ends is not known. */
  readonly isOpen: boolean;
}

const unbounded = Number.POSITIVE_INFINITY;

/** True for `start..end`, `length-1`, `start+items`: a key that is computed from numbers. */
export function isComputed(key: string): boolean {
  return key.includes('..') || /^(?:length\b|#?\w+[+-])/.test(key);
}

/**
 * The field of a computed key: a place, or a part (see `partOfField`); undefined where there is no such place,
 * and 'later' as long as more may become known.
 */
export function computedField(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  key: string,
  position: number,
): string | 'later' | undefined {
  if (key === '..') return partField({ from: 0, to: unbounded, isLoose: true, isOpen: false });
  const [first = '', last] = key.split('..');
  const start = sumOf(state, index, names, first, position, last !== undefined);
  if (start === 'later') return 'later';
  if (last === undefined) {
    if (!start || start.value === unbounded || start.value < 0) return undefined;
    return fieldOfPlaces({ from: start.value, to: start.isLeast ? unbounded : start.value + 1 });
  }
  const end = sumOf(state, index, names, last, position, true);
  if (end === 'later') return 'later';
  // A sum of what is not given is no place.
  if (!end && /[+-]/.test(last)) return undefined;
  const from = start ?? { value: first === '' ? 0 : unbounded, isLeast: false };
  if (first !== '' && !start && !/[+-]/.test(first)) return partField({ ...partTo(end), from: 0, isLoose: false });
  if (from.value === unbounded) return undefined;
  return partField({ ...partTo(end), from: Math.max(0, from.value), isLoose: from.isLeast });
}

function partTo(end: Sum | undefined): Pick<Part, 'to' | 'isOpen'> {
  if (!end) return { to: unbounded, isOpen: false };
  return { to: end.isLeast ? unbounded : Math.max(0, end.value), isOpen: end.isLeast };
}

const partText = /^@(\d+)\.\.(\d*)(\??)(!?)$/;

function partField(part: Part): string | undefined {
  const { from, isLoose, isOpen } = part;
  const to = isLoose && part.to <= from ? unbounded : part.to;
  if (from === to) return undefined;
  return `@${from}..${to === unbounded ? '' : to}${isLoose ? '?' : ''}${isOpen ? '!' : ''}`;
}

/** The part that a field of `computedField` stands for; undefined for other fields. */
export function partOfField(field: string | undefined): Part | undefined {
  const found = field?.startsWith('@') ? partText.exec(field) : undefined;
  if (!found) return undefined;
  const [, from = '0', to = '', loose = '', open = ''] = found;
  return {
    from: Number(from),
    to: to === '' ? unbounded : Number(to),
    isLoose: loose !== '',
    isOpen: open !== '',
  };
}

/** The plain field of a part: any of its places. */
export function fieldOfPart(field: string): string {
  const part = partOfField(field);
  if (!part) return field;
  const [from, to] = part.from <= part.to ? [part.from, part.to] : [part.to, part.from];
  return fieldOfPlaces({ from: part.isLoose ? 0 : from, to });
}

/** True for a field that surely stands for these places and no others. */
export function isExactField(field: string): boolean {
  const part = partOfField(field);
  return part ? !(part.isLoose || part.isOpen) : field !== anyElement && !field.startsWith('[');
}

// `start+#items`, `length-1`; undefined where an argument is not given.
function sumOf(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  text: string,
  position: number,
  ofLists: boolean,
): Sum | 'later' | undefined {
  if (text === '') return undefined;
  let sum: Sum = { value: 0, isLeast: false };
  for (const [, sign, term = ''] of text.matchAll(/([+-]?)(#?\w+)/g)) {
    const one = termOf(state, index, names, term, position, ofLists);
    if (one === 'later' || one === undefined) return one;
    if (sign === '-' && one.isLeast) return { value: 0, isLeast: true };
    sum = {
      value: sum.value + (sign === '-' ? -one.value : one.value),
      isLeast: sum.isLeast || one.isLeast,
    };
  }
  return sum.isLeast ? { value: Math.max(0, sum.value), isLeast: true } : sum;
}

function termOf(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  term: string,
  position: number,
  ofLists: boolean,
): Sum | 'later' | undefined {
  const { tree } = state.graph;
  const call = tree.calls[index];
  if (!call) return undefined;
  if (/^\d+$/.test(term)) return { value: Number(term), isLeast: false };
  if (term === 'length') return lengthOf(state, call.receiver);
  const binding = names.get(term.replace('#', ''));
  if (!binding) return undefined;
  if (term.startsWith('#')) return takenBefore(tree, index, binding.argument, call.args.length);
  if (binding.rest) return takenBefore(tree, index, binding.argument, binding.argument + position, ofLists);
  const argument = call.args[binding.argument];
  if (call.spreads.some((i) => i <= binding.argument)) return { value: 0, isLeast: true };
  if (argument === undefined) return undefined;
  const texts = state.shared.keysAt(argument, []);
  const [text = anyKey] = texts;
  if (texts.length !== 1 || !/^-?\d{1,6}$/.test(text)) return state.isLate ? { value: 0, isLeast: true } : 'later';
  const value = Number(text);
  if (value >= 0) return { value, isLeast: false };
  const length = lengthOf(state, call.receiver);
  if (length === 'later' || length.isLeast) return length;
  return { value: Math.max(0, length.value + value), isLeast: false };
}

// How many values the arguments before a position are, or the lists that these are hold.
function takenBefore(tree: Tree, index: number, first: number, end: number, ofLists = false): Sum {
  const { args = [], spreads = [] } = tree.calls[index] ?? {};
  let sum: Sum = { value: 0, isLeast: false };
  for (let i = first; i < end; i++) {
    const known = ofLists || spreads.includes(i) ? tree.lengths.get(args[i] ?? -1) : { length: 1, relies: [] };
    const length = known?.relies.length === 0 ? known.length : undefined;
    sum = { value: sum.value + (length ?? 0), isLeast: sum.isLeast || length === undefined };
  }
  return sum;
}

// The length of a list, if the calls in between leave it alone.
function lengthOf(state: ModelState, list: number): Sum | 'later' {
  const known = state.graph.tree.lengths.get(list);
  if (!known) return { value: 0, isLeast: true };
  if (known.relies.length === 0) return { value: known.length, isLeast: false };
  if (!state.isLate) return 'later';
  return known.relies.some((version) => isChanged(state, version))
    ? { value: 0, isLeast: true }
    : { value: known.length, isLeast: false };
}

function isChanged(state: ModelState, version: number): boolean {
  const { call: index = -1, position = -1 } = state.shared.incoming.callOf(version) ?? {};
  return state.targetsOf(index).some((func) => {
    const target = state.graph.tree.functions[func];
    return (position < 0 ? target?.selfAfter : target?.paramsAfter[position]) !== -1;
  });
}
