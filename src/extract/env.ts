// What is known at one place of a function: the version of each local, and which paths mean the same object there.
// Plain data and what follows from it; versions are made in `context.ts` and `writes.ts`.

import { anyElement, isAside } from '../model/flow-graph.ts';
import type { Variable } from './variables.ts';

/** More pairs of names than this are not followed. */
const maxAliases = 60;
/** More places than this are not changed by one write. */
const maxPlaces = 12;
const maxFields = 10;
/** More names than this of what is given another object are not paired with one another. */
const maxPairs = 8;

/** A variable and a chain of fields below it: `order.items[].price`. */
export interface VariablePath {
  readonly root: Variable;
  readonly fields: readonly string[];
}

/** Two paths to one object; a weak pair may be one. */
export interface Alias {
  readonly left: VariablePath;
  readonly right: VariablePath;
  readonly isWeak: boolean;
  /** Of a copy (`{ ...o }`): only what stands in the fields is the same, of a list at any place (`places`). */
  readonly copied?: 'fields' | 'places';
  /** Fields of a copy that have been given something else. */
  readonly except?: readonly string[];
}

/**
 * What this function knows of a variable that others can change as well, until one of them may have run: the `whole` of it, where
 * it was given a value here, or what stands `inside` its object, where a field of it was.
 */
export type Settled = 'whole' | 'inside';

/**
 * The versions of the locals, and the paths that mean the same object.
 * Variables of other functions have a version here only as long as they are settled.
 */
export class Env extends Map<Variable, number> {
  settled: ReadonlyMap<Variable, Settled>;
  aliases: readonly Alias[];
  /** The tests that were passed on the way here, the first one first. */
  tests: readonly number[];

  constructor(from?: Env) {
    super(from);
    this.settled = from?.settled ?? nothingSettled;
    this.aliases = from?.aliases ?? [];
    this.tests = from?.tests ?? [];
  }
}

const nothingSettled: ReadonlyMap<Variable, Settled> = new Map();

/** What is settled on every one of several ways. */
export function commonSettled(envs: readonly Env[]): ReadonlyMap<Variable, Settled> {
  const [first, ...others] = envs;
  if (!first || others.every((other) => other.settled === first.settled)) return first?.settled ?? nothingSettled;
  const common = new Map<Variable, Settled>();
  for (const [variable, settled] of first.settled) {
    const all = others.map((other) => other.settled.get(variable));
    if (!all.includes(undefined)) common.set(variable, all.includes('inside') ? 'inside' : settled);
  }
  return common;
}

/** The tests that were passed on every one of several ways. */
export function commonTests(envs: readonly Env[]): readonly number[] {
  const [first, ...others] = envs;
  const tests = first?.tests ?? [];
  const end = tests.findIndex((test, i) => others.some((other) => other.tests[i] !== test));
  return end < 0 ? tests : tests.slice(0, end);
}

/** How a path changes: it is given a value; a call was given its object; a call added to its object or took from it. */
export type Change = 'assigned' | 'called' | 'grown';

/** Where a change is seen. A weak place may be another object; `inside` is the part of the changed object that stands there. */
export interface Place {
  readonly path: VariablePath;
  readonly isWeak: boolean;
  readonly inside: readonly string[];
}

/** All places that a change of a path is seen at; the first is the path itself, which parts of it (and `list[]` for `list[0]`) go with. */
export function placesOf(aliases: readonly Alias[], path: VariablePath, change: Change): Place[] {
  const found: Place[] = [{ path, isWeak: false, inside: [] }];
  for (let i = 0; i < found.length; i++) {
    const place = found[i];
    for (const alias of place ? aliases : []) {
      for (const [from, to] of [
        [alias.left, alias.right],
        [alias.right, alias.left],
      ] as const) {
        const next = place && across(alias, from, to, place, change);
        if (!next || next.path.fields.length > maxFields || found.length >= maxPlaces) continue;
        if (!found.some((one) => isSamePath(one.path, next.path)) && !isBelow(next.path, path)) found.push(next);
      }
    }
  }
  return found;
}

// The other name of a place, by one pair.
function across(
  alias: Alias,
  from: VariablePath,
  to: VariablePath,
  { path, isWeak, inside }: Place,
  change: Change,
): Place | undefined {
  if (from.root !== path.root) return undefined;
  const match = matchFields(from.fields, path.fields);
  if (match === 'none') return undefined;
  const weak = isWeak || alias.isWeak || match === 'maybe' || to.fields.includes(anyElement);
  const rest = path.fields.slice(from.fields.length);
  if (path.fields.length < from.fields.length) {
    // The object around it was given to a call: what stands inside may have changed.
    if (change !== 'called' || alias.copied) return undefined;
    return { path: to, isWeak: true, inside: [...inside, ...from.fields.slice(path.fields.length)] };
  }
  // What is assigned stands in one of the places alone: the object that stood there is as it was.
  const shared = (change === 'assigned' ? 1 : 0) + (alias.copied ? 1 : 0);
  if (rest.length < shared || alias.except?.includes(rest[0] ?? '')) return undefined;
  const isMoved = alias.copied === 'places';
  const fields = isMoved ? [anyElement, ...rest.slice(1)] : rest;
  return { path: { root: to.root, fields: [...to.fields, ...fields] }, isWeak: weak || isMoved, inside };
}

// Whether the shorter chain is the beginning of the longer one.
function matchFields(one: readonly string[], other: readonly string[]): 'yes' | 'maybe' | 'none' {
  let isSure = true;
  for (let i = 0; i < one.length && i < other.length; i++) {
    const [a = '', b = ''] = [one[i], other[i]];
    if (a === b && a !== anyElement) continue;
    if (a !== b && ((a !== anyElement && b !== anyElement) || isAside(a) || isAside(b))) return 'none';
    isSure = false;
  }
  return isSure ? 'yes' : 'maybe';
}

/** Remembers that two paths mean one object. */
export function rememberAlias(env: Env, alias: Alias): void {
  if (isSamePath(alias.left, alias.right) || env.aliases.length >= maxAliases) return;
  const known = env.aliases.find((one) => isSameAlias(one, alias));
  if (!known) env.aliases = [...env.aliases, alias];
  else if (known.isWeak && !alias.isWeak) env.aliases = env.aliases.map((one) => (one === known ? alias : one));
}

/** A path is given another object: what stood for it stays one among themselves. A weak path may have been given one. */
export function forgetPath(env: Env, path: VariablePath, isWeak = false): void {
  const touched = env.aliases.filter((one) => isBelow(one.left, path) || isBelow(one.right, path));
  if (touched.length === 0 && env.aliases.every((one) => withoutField(one, path) === one)) return;
  env.aliases = env.aliases.flatMap((one) => {
    const match = touched.includes(one) ? surest(one, path) : 'none';
    if (match === 'yes' && !isWeak) return [];
    return match === 'none' ? [withoutField(one, path)] : [{ ...one, isWeak: true }];
  });
  if (isWeak || touched.length > maxPairs) return;
  touched.forEach((one, i) => {
    for (const other of touched.slice(i + 1)) pairUp(env, path, one, other);
  });
}

/** A variable that a loop assigns: what it stands for at the head is not certain. */
export function weakenPath(env: Env, path: VariablePath): void {
  const isTouched = (one: Alias): boolean => !one.isWeak && (isBelow(one.left, path) || isBelow(one.right, path));
  if (!env.aliases.some(isTouched)) return;
  env.aliases = env.aliases.map((one) => (isTouched(one) ? { ...one, isWeak: true } : one));
}

// p = o.items, q = o.items.first; o.items = …  →  q = p.first
function pairUp(env: Env, path: VariablePath, one: Alias, other: Alias): void {
  if (one.copied || other.copied) return;
  for (const [inner, left] of sidesOf(one)) {
    for (const [outer, right] of sidesOf(other)) {
      if (!isBelow(inner, path) || !isBelow(outer, path) || isBelow(left, path) || isBelow(right, path)) continue;
      const match = matchFields(inner.fields, outer.fields);
      if (match === 'none') continue;
      const [long, short] = inner.fields.length > outer.fields.length ? [inner, outer] : [outer, inner];
      const rest = long.fields.slice(short.fields.length);
      const isWeak = one.isWeak || other.isWeak || match === 'maybe';
      const longer = (side: VariablePath): VariablePath => ({ root: side.root, fields: [...side.fields, ...rest] });
      rememberAlias(env, {
        left: short === inner ? longer(left) : left,
        right: short === inner ? right : longer(right),
        isWeak,
      });
    }
  }
}

function sidesOf({ left, right }: Alias): readonly (readonly [VariablePath, VariablePath])[] {
  return [
    [left, right],
    [right, left],
  ];
}

function surest(alias: Alias, path: VariablePath): 'yes' | 'maybe' | 'none' {
  const matches = [alias.left, alias.right].map((side) =>
    isBelow(side, path) ? matchFields(side.fields, path.fields) : 'none',
  );
  return matches.includes('yes') ? 'yes' : matches.includes('maybe') ? 'maybe' : 'none';
}

// { ...o } whose field is written holds something of its own there.
function withoutField(alias: Alias, path: VariablePath): Alias {
  if (!alias.copied) return alias;
  for (const side of [alias.left, alias.right]) {
    const field = path.fields[side.fields.length];
    if (side.root !== path.root || field === undefined || path.fields.length !== side.fields.length + 1) continue;
    if (matchFields(side.fields, path.fields) !== 'yes' || field === anyElement) continue;
    return { ...alias, except: [...(alias.except ?? []), field] };
  }
  return alias;
}

function isBelow(one: VariablePath, path: VariablePath): boolean {
  const isDeep = one.root === path.root && one.fields.length >= path.fields.length;
  return isDeep && matchFields(one.fields, path.fields) !== 'none';
}

/** What holds where several ways meet: what holds on some of them only is weak. */
export function mergeAliases(envs: readonly Env[]): readonly Alias[] {
  const [first] = envs;
  if (!first || envs.every((env) => env.aliases === first.aliases)) return first?.aliases ?? [];
  const merged: Alias[] = [];
  for (const alias of envs.flatMap((env) => env.aliases)) {
    if (merged.length >= maxAliases || merged.some((one) => isSameAlias(one, alias))) continue;
    const isSure = envs.every((env) => env.aliases.some((one) => !one.isWeak && isSameAlias(one, alias)));
    merged.push(isSure ? alias : { ...alias, isWeak: true });
  }
  return merged;
}

function isSameAlias(one: Alias, other: Alias): boolean {
  if (one === other) return true;
  if (!isSamePath(one.left, other.left) || !isSamePath(one.right, other.right)) return false;
  return one.copied === other.copied && one.except?.join() === other.except?.join();
}

export function isSamePath(one: VariablePath, other: VariablePath): boolean {
  if (one.root !== other.root || one.fields.length !== other.fields.length) return false;
  return one.fields.every((field, i) => other.fields[i] === field);
}
