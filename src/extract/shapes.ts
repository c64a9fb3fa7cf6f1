// What is known for certain of a list or an object that the text writes out: how many elements it has, which fields.
// Knows nothing about syntax; `relies` are calls that are taken to leave it alone, for linking to confirm.

import type { Constant } from './constant-values.ts';

export interface Shape {
  /** The number of elements of a list; -1 for an object. */
  readonly length: number;
  /** Fields that an object surely has. */
  readonly fields: readonly string[];
  /** Shapes of what lies in it. */
  readonly parts: ReadonlyMap<string, Shape>;
  /** Nothing of it can be given another value. */
  readonly isFrozen?: boolean;
  /** Fields that cannot be given another value. */
  readonly fixed?: readonly string[];
  /** Versions after a call that are the same as before if the call changes nothing. */
  readonly relies: readonly number[];
}

const noParts: ReadonlyMap<string, Shape> = new Map();
const maxRelies = 12;

/** Stands for what `delete` leaves. */
export const gone: Shape = { length: -1, fields: [], parts: noParts, relies: [] };

export function listOf(length: number, parts: ReadonlyMap<string, Shape> = noParts): Shape {
  return { length, fields: [], parts, relies: [] };
}

export function objectOf(fields: readonly string[], parts: ReadonlyMap<string, Shape>): Shape {
  return { length: -1, fields, parts, relies: [] };
}

/** Of an object of which nothing else is known. */
export const someObject: Shape = { length: -1, fields: [], parts: noParts, relies: [] };

/** The shape of a field. */
export function partOf(shape: Shape | undefined, field: string): Shape | undefined {
  const part = shape?.parts.get(field);
  return part && shape && shape.relies.length > 0 ? relyingOn(part, shape.relies) : part;
}

/** The same shape, if those calls change nothing. */
export function relyingOn(shape: Shape, calls: readonly number[]): Shape | undefined {
  const relies = [...new Set([...shape.relies, ...calls])];
  return relies.length > maxRelies ? undefined : { ...shape, relies };
}

/** shape.field = part */
export function withPart(shape: Shape | undefined, field: string, part: Shape | undefined): Shape | undefined {
  if (!shape) return undefined;
  const parts = new Map(shape.parts);
  if (part && part !== gone) parts.set(field, part);
  else parts.delete(field);
  if (shape.length >= 0) {
    const place = /^\d+$/.test(field) ? Number(field) : -1;
    return place < 0 ? undefined : { ...shape, parts, length: Math.max(shape.length, place + 1) };
  }
  const others = shape.fields.filter((one) => one !== field);
  return { ...shape, parts, fields: part === gone ? others : [...others, field] };
}

/** What holds of either. */
export function eitherOf(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  const [first, ...others] = shapes;
  if (!first) return undefined;
  let shape: Shape | undefined = first;
  for (const other of others) {
    if (!other || !shape || other.length !== shape.length) return undefined;
    const fields: readonly string[] = shape.fields.filter((field) => other.fields.includes(field));
    const isFrozen = Boolean(shape.isFrozen && other.isFrozen);
    const fixed: readonly string[] = (shape.fixed ?? []).filter((field) => other.fixed?.includes(field));
    shape = relyingOn({ ...shape, fields, isFrozen, fixed, parts: noParts }, other.relies);
  }
  return shape;
}

/** A method's arguments, as far as they are known. */
export interface Given {
  readonly constants: readonly (Constant | undefined)[];
  readonly shapes: readonly (Shape | undefined)[];
  readonly spreads: readonly number[];
}

const keepers = new Set(
  `at concat entries every filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf join keys
  lastIndexOf map reduce reduceRight slice some toReversed toSorted toSpliced toString values with`.split(/\s+/),
);
const reorderers = new Set(['copyWithin', 'fill', 'reverse', 'sort']);
const sameLength = new Set(['map', 'toReversed', 'toSorted', 'with', ...reorderers]);

/** A list after one of its methods; undefined where that is not known. */
export function listAfter(list: Shape, method: string, given: Given): Shape | undefined {
  const { length } = list;
  const moved = (to: number | undefined): Shape | undefined =>
    to === undefined ? undefined : { ...list, length: to, parts: noParts };
  if (keepers.has(method)) return list;
  if (reorderers.has(method)) return moved(length);
  switch (method) {
    case 'push': {
      const count = countOf(given, 0);
      return count === undefined ? undefined : { ...list, length: length + count };
    }
    case 'unshift': {
      const count = countOf(given, 0);
      return moved(count === undefined ? undefined : length + count);
    }
    case 'pop':
    case 'shift':
      return moved(Math.max(0, length - 1));
    case 'splice': {
      const taken = takenBy(length, given);
      const added = countOf(given, 2);
      return moved(taken === undefined || added === undefined ? undefined : length - taken + added);
    }
    default:
      return undefined;
  }
}

/** The list that a list's method gives back; undefined where it is none, or not known. */
export function listFrom(list: Shape, method: string, given: Given): Shape | undefined {
  const { length, relies } = list;
  const made = (count: number | undefined): Shape | undefined =>
    count === undefined ? undefined : { ...listOf(count), relies };
  if (sameLength.has(method)) return made(length);
  switch (method) {
    case 'slice': {
      const start = placeIn(length, given.constants[0], given.shapes.length > 0, 0);
      const end = placeIn(length, given.constants[1], given.shapes.length > 1, length);
      return made(start === undefined || end === undefined ? undefined : Math.max(0, end - start));
    }
    case 'splice':
      return made(takenBy(length, given));
    case 'concat': {
      const counts = given.shapes.map((shape, i) =>
        shape && shape.length >= 0 && shape.relies.length === 0 ? shape.length : given.constants[i] ? 1 : undefined,
      );
      const isKnown = given.spreads.length === 0 && !counts.includes(undefined);
      return made(isKnown ? counts.reduce<number>((sum, count) => sum + (count ?? 0), length) : undefined);
    }
    default:
      return undefined;
  }
}

// How many values are given from a position on.
function countOf({ shapes, spreads }: Given, first: number): number | undefined {
  let count = 0;
  for (const [i, shape] of shapes.entries()) {
    const isList = spreads.includes(i);
    if (isList && (i < first || !shape || shape.length < 0 || shape.relies.length > 0)) return undefined;
    if (i >= first) count += isList ? (shape?.length ?? 0) : 1;
  }
  return count;
}

// How many elements `splice` takes out.
function takenBy(length: number, given: Given): number | undefined {
  const { constants, shapes } = given;
  if (shapes.length === 0) return 0;
  const start = placeIn(length, constants[0], true, 0);
  const count = shapes.length > 1 ? numberOf(constants[1]) : length;
  if (start === undefined || count === undefined || given.spreads.some((i) => i < 2)) return undefined;
  return Math.max(0, Math.min(count, length - start));
}

// A place given by a number; -1 is the last one.
function placeIn(
  length: number,
  constant: Constant | undefined,
  isGiven: boolean,
  otherwise: number,
): number | undefined {
  if (!isGiven) return otherwise;
  const place = numberOf(constant);
  if (place === undefined) return undefined;
  return Math.max(0, Math.min(length, place < 0 ? length + place : place));
}

function numberOf(constant: Constant | undefined): number | undefined {
  return constant?.kind === 'exact' && typeof constant.value === 'number' ? constant.value : undefined;
}
