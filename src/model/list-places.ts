// Places of lists as fields: `2` is one place, `[2..]` all from there on, `[2..5]` those before 5, `[]` any place (and any key);
// and moves, which take the elements of one list to places of another: `2..>0` is what `slice(2)` does.

import { anyElement } from './flow-graph.ts';

/** Places from `from` on, before `to`. */
export interface Places {
  readonly from: number;
  readonly to: number;
}

/** The elements at `places` of one list lie in another one from `at` on. */
export interface Move {
  readonly places: Places;
  readonly at: number;
  /** `reversed`: the last one comes first; `loose`: each may be anywhere from `at` on. */
  readonly order: 'same' | 'reversed' | 'loose';
}

/** Moved places beyond this one are not told apart, so that a list that shrinks in a loop comes to an end. */
const maxMoved = 12;

const place = /^\d{1,9}$/;
const range = /^\[(\d+)\.\.(\d*)\]$/;

/** The places that a field stands for; undefined for a name. */
export function placesOf(field: string): Places | undefined {
  if (field === anyElement) return { from: 0, to: Number.POSITIVE_INFINITY };
  if (place.test(field)) return { from: Number(field), to: Number(field) + 1 };
  const found = range.exec(field);
  if (!found) return undefined;
  return { from: Number(found[1]), to: found[2] ? Number(found[2]) : Number.POSITIVE_INFINITY };
}

/** The field that stands for places. */
export function fieldOfPlaces({ from, to }: Places): string {
  if (to === from + 1) return String(from);
  if (to !== Number.POSITIVE_INFINITY) return `[${from}..${to}]`;
  return from === 0 ? anyElement : `[${from}..]`;
}

/** True where two different fields may be one: any element and a key, a range and a place in it. */
export function placesMeet(left: string, right: string): boolean {
  const [a, b] = [placesOf(left), placesOf(right)];
  return a !== undefined && b !== undefined && a.from < b.to && b.from < a.to;
}

/** True where a field is among those of an `except` label (separated by `|`). */
export function isLeftOut(label: string, field: string | undefined): boolean {
  if (field === undefined) return false;
  return label.split('|').some((left) => left === field || (left.startsWith('[') && placesCover(left, field)));
}

/** The label of an `except` edge that leaves out a field of every element. */
export function fieldOfEach(field: string): string {
  return `${anyElement}.${field}`;
}

/** The field that a label of `fieldOfEach` leaves out; undefined for another label. */
export function fieldLeftOfEach(label: string): string | undefined {
  return label.startsWith(`${anyElement}.`) ? label.slice(anyElement.length + 1) : undefined;
}

/** True where all places of the second field are places of the first one. */
export function placesCover(outer: string, inner: string): boolean {
  const [a, b] = [placesOf(outer), placesOf(inner)];
  return a !== undefined && b !== undefined && a.from <= b.from && b.to <= a.to;
}

/** All elements from a place on, moved to another place. */
export function movedFrom(from: number, at = 0, order: Move['order'] = 'same'): Move {
  return { places: { from, to: Number.POSITIVE_INFINITY }, at, order };
}

const marks = { same: '>', reversed: '<', loose: '?' } as const;

/** The label of an edge that moves. */
export function labelOfMove({ places, at, order }: Move): string {
  const to = places.to === Number.POSITIVE_INFINITY ? '' : places.to;
  return `${places.from}..${to}${marks[order]}${at}`;
}

/** The move of a label that `labelOfMove` made. */
export function moveOfLabel(label: string): Move {
  const [, from = '0', to = '', mark = '?', at = '0'] = /^(\d+)\.\.(\d*)([<>?])(\d+)$/.exec(label) ?? [];
  const order = mark === '>' ? 'same' : mark === '<' ? 'reversed' : 'loose';
  return {
    places: { from: Number(from), to: to === '' ? Number.POSITIVE_INFINITY : Number(to) },
    at: Number(at),
    order,
  };
}

/** Where the element at a field of the new list comes from; undefined where no element does. */
export function fieldBefore(move: Move, field: string): string | undefined {
  const before = placesBefore(move, field);
  return before && fieldOfPlaces(move.at === move.places.from ? before : bounded(before));
}

function placesBefore({ places, at, order }: Move, field: string): Places | undefined {
  const wanted = placesOf(field);
  if (!wanted) return undefined;
  if (order === 'loose') return wanted.to > at ? places : undefined;
  const from = Math.max(0, wanted.from - at);
  const to = Math.min(places.to - places.from, wanted.to - at);
  if (from >= to) return undefined;
  if (order === 'reversed') return { from: places.to - to, to: places.to - from };
  return { from: from + places.from, to: to + places.from };
}

function bounded({ from, to }: Places): Places {
  return { from: Math.min(from, maxMoved), to: to > maxMoved ? Number.POSITIVE_INFINITY : to };
}

/** What is left out of the first list where these fields are left out of the new one. */
export function leftOutBefore(move: Move, fields: readonly string[]): string[] {
  const { places, order } = move;
  const outside: Places[] = [
    { from: 0, to: places.from },
    { from: places.to, to: Number.POSITIVE_INFINITY },
  ];
  const carried = order === 'loose' ? [] : fields.flatMap((field) => placesBefore(move, field) ?? []);
  const isKept = ({ from, to }: Places): boolean =>
    from < to && from <= maxMoved && (to <= maxMoved || to === Number.POSITIVE_INFINITY);
  return joined([...outside, ...carried].filter(isKept)).map(fieldOfPlaces);
}

// 0 and all from 1 on are all, so that a list that was emptied is so however often it was moved.
function joined(all: readonly Places[]): readonly Places[] {
  const found: Places[] = [];
  for (const one of [...all].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (!last || one.from > last.to) found.push(one);
    else found[found.length - 1] = { from: last.from, to: Math.max(last.to, one.to) };
  }
  return found;
}
