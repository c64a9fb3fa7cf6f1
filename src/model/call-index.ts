// Finds the rules whose call pattern fits a call, by its ApiPaths, its method name, or its simple name.
// Patterns are indexed by their last name, so that a call is held against few of them.

import type { CallPattern } from './api-path.ts';
import { expandBraces, matchesWildcard, parseCallPatterns } from './api-path.ts';

/** What a pattern is held against. */
export interface CallShape {
  /** ApiPaths of the callee. */
  readonly paths: readonly string[];
  /** The method's or function's name. */
  readonly name: string;
  /** Names before the last dot, nearest first; empty for a plain call. */
  readonly chain: readonly string[];
  readonly isMethod: boolean;
  /** Resolved to a function of the scanned tree: then `*.name` patterns do not apply. */
  readonly isOwn: boolean;
}

export interface IndexedPattern<Rule> {
  readonly pattern: CallPattern;
  readonly rule: Rule;
}

export interface CallIndex<Rule> {
  /** Rules of the most precise kind that fits: by path, else by simple name, else by method. */
  match(shape: CallShape): readonly IndexedPattern<Rule>[];
  /** Rules whose pattern, with or without parentheses, is this path. */
  matchPath(path: string): readonly IndexedPattern<Rule>[];
}

/** A pattern with the braces of its segments written out. */
interface Entry<Rule> extends IndexedPattern<Rule> {
  /** Of the module, or of a plain name. */
  readonly head: readonly string[];
  readonly members: readonly (readonly string[])[];
}

/** Builds an index over rules, each with its patterns. @throws Error when a pattern does not parse. */
export function indexCalls<Rule>(
  rules: readonly Rule[],
  patternsOf: (rule: Rule) => readonly string[],
): CallIndex<Rule> {
  const byLast = new Map<string, Entry<Rule>[]>();
  const wild: Entry<Rule>[] = [];
  for (const rule of rules) {
    for (const text of patternsOf(rule)) {
      for (const pattern of parseCallPatterns(text)) {
        const entry = entryOf(pattern, rule);
        for (const last of entry.members[entry.members.length - 1] ?? entry.head) {
          if (last.includes('*')) wild.push(entry);
          else add(byLast, last, entry);
        }
      }
    }
  }
  const wildCalls = wild.filter(({ pattern }) => pattern.isCall);
  const callsByName = new Map<string, readonly Entry<Rule>[]>();
  const byPath = new Map<string, readonly IndexedPattern<Rule>[]>();
  const callsByPath = new Map<string, readonly IndexedPattern<Rule>[]>();

  function matchPath(path: string): readonly IndexedPattern<Rule>[] {
    let found = byPath.get(path);
    if (!found) {
      const { module, members } = splitPath(path);
      const last = members[members.length - 1] ?? '';
      found = [...(byLast.get(members.length === 0 ? module : last) ?? []), ...wild].filter((entry) =>
        fitsPath(entry, module, members),
      );
      byPath.set(path, found);
    }
    return found;
  }

  function callsAt(path: string): readonly IndexedPattern<Rule>[] {
    let found = callsByPath.get(path);
    if (!found) {
      found = matchPath(path).filter(({ pattern }) => pattern.isCall);
      callsByPath.set(path, found);
    }
    return found;
  }

  function callsNamed(name: string): readonly Entry<Rule>[] {
    let found = callsByName.get(name);
    if (!found) {
      const named = (byLast.get(name) ?? []).filter(({ pattern }) => pattern.isCall);
      found = named.length === 0 ? wildCalls : [...named, ...wildCalls];
      callsByName.set(name, found);
    }
    return found;
  }

  function match(shape: CallShape): readonly IndexedPattern<Rule>[] {
    const [first, ...others] = shape.paths;
    const precise =
      others.length === 0 ? (first === undefined ? [] : callsAt(first)) : shape.paths.flatMap((path) => callsAt(path));
    if (precise.length > 0) return precise;
    const candidates = callsNamed(shape.name);
    if (!shape.isMethod)
      return candidates.filter(({ pattern, head }) => pattern.target.kind === 'name' && fits(head, shape.name));
    return shape.isOwn ? [] : candidates.filter((entry) => fitsMethod(entry, shape));
  }
  return { match, matchPath };
}

function entryOf<Rule>(pattern: CallPattern, rule: Rule): Entry<Rule> {
  const { target } = pattern;
  if (target.kind === 'name') return { pattern, rule, head: expandBraces(target.name), members: [] };
  const head = target.kind === 'api' ? expandBraces(target.module) : [];
  return { pattern, rule, head, members: target.members.map(expandBraces) };
}

function add<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function splitPath(path: string): { module: string; members: string[] } {
  const hash = path.indexOf('#');
  const rest = path.slice(hash + 1);
  return { module: path.slice(0, hash), members: rest === '' ? [] : rest.split('.') };
}

function fitsPath<Rule>(entry: Entry<Rule>, module: string, members: readonly string[]): boolean {
  const { kind } = entry.pattern.target;
  if (kind === 'method') return false;
  if (kind === 'name') {
    // A plain name is also that of a global under another name: `const hide = mask; hide(x)`.
    const isGlobal = module === 'global' && members.length === 1;
    const name = isGlobal ? (members[0] ?? '') : module;
    return (isGlobal || members.length === 0) && !name.endsWith(')') && fits(entry.head, name);
  }
  if (entry.members.length !== members.length || !fits(entry.head, module)) return false;
  return entry.members.every((segment, i) => fits(segment, members[i] ?? ''));
}

// a.b.c() against *.b.c
function fitsMethod<Rule>({ pattern, members }: Entry<Rule>, { name, chain }: CallShape): boolean {
  if (pattern.target.kind !== 'method') return false;
  for (let i = 0; i < members.length; i++) {
    const found = i === 0 ? name : chain[i - 1];
    if (found === undefined || !fits(members[members.length - 1 - i] ?? [], found)) return false;
  }
  return true;
}

/** True when one of the wildcards matches. */
function fits(segment: readonly string[], text: string): boolean {
  return segment.some((one) => matchesWildcard(one, text));
}
