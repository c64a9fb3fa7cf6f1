// Finds the rules whose call pattern fits a call, by its ApiPaths, its method name, or its simple name.
// Patterns are indexed by their last name, so that a call is held against few of them.

import type { CallPattern } from './api-path.ts';
import { expandBraces, matchesSegment, matchesWildcard, parseCallPatterns } from './api-path.ts';

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

/** Builds an index over rules, each with its patterns. @throws Error when a pattern does not parse. */
export function indexCalls<Rule>(
  rules: readonly Rule[],
  patternsOf: (rule: Rule) => readonly string[],
): CallIndex<Rule> {
  const byLast = new Map<string, IndexedPattern<Rule>[]>();
  const wild: IndexedPattern<Rule>[] = [];
  for (const rule of rules) {
    for (const text of patternsOf(rule)) {
      for (const pattern of parseCallPatterns(text)) {
        const entry = { pattern, rule };
        for (const last of lastNames(pattern)) {
          if (last.includes('*')) wild.push(entry);
          else byLast.set(last, [...(byLast.get(last) ?? []), entry]);
        }
      }
    }
  }
  const byPath = new Map<string, readonly IndexedPattern<Rule>[]>();

  function matchPath(path: string): readonly IndexedPattern<Rule>[] {
    let found = byPath.get(path);
    if (!found) {
      const { module, members } = splitPath(path);
      const last = members[members.length - 1] ?? '';
      found = [...(byLast.get(members.length === 0 ? module : last) ?? []), ...wild].filter(({ pattern }) =>
        fitsPath(pattern, module, members),
      );
      byPath.set(path, found);
    }
    return found;
  }

  function match(shape: CallShape): readonly IndexedPattern<Rule>[] {
    const precise = shape.paths.flatMap((path) => matchPath(path)).filter(({ pattern }) => pattern.isCall);
    if (precise.length > 0) return precise;
    const candidates = [...(byLast.get(shape.name) ?? []), ...wild].filter(({ pattern }) => pattern.isCall);
    if (!shape.isMethod) {
      const named = candidates.filter(
        ({ pattern }) => pattern.target.kind === 'name' && matchesSegment(pattern.target.name, shape.name),
      );
      if (named.length > 0) return named;
    }
    if (shape.isOwn || !shape.isMethod) return [];
    return candidates.filter(({ pattern }) => fitsMethod(pattern, shape));
  }
  return { match, matchPath };
}

function lastNames(pattern: CallPattern): string[] {
  const { target } = pattern;
  if (target.kind === 'name') return expandBraces(target.name);
  const last = target.members[target.members.length - 1];
  if (last !== undefined) return expandBraces(last);
  return target.kind === 'api' ? expandBraces(target.module) : [];
}

function splitPath(path: string): { module: string; members: string[] } {
  const hash = path.indexOf('#');
  const rest = path.slice(hash + 1);
  return { module: path.slice(0, hash), members: rest === '' ? [] : rest.split('.') };
}

function fitsPath({ target }: CallPattern, module: string, members: readonly string[]): boolean {
  if (target.kind === 'method') return false;
  if (target.kind === 'name') {
    // A plain name is also that of a global under another name: `const hide = mask; hide(x)`.
    const isGlobal = module === 'global' && members.length === 1;
    const name = isGlobal ? (members[0] ?? '') : module;
    return (isGlobal || members.length === 0) && !name.endsWith(')') && matchesSegment(target.name, name);
  }
  if (target.members.length !== members.length || !matchesSegment(target.module, module)) return false;
  return target.members.every((segment, i) => matchesSegment(segment, members[i] ?? ''));
}

function fitsMethod({ target }: CallPattern, shape: CallShape): boolean {
  if (target.kind !== 'method') return false;
  const names = [shape.name, ...shape.chain];
  return [...target.members].reverse().every((segment, i) => {
    const name = names[i];
    return (
      name !== undefined && (segment.includes('{') ? matchesSegment(segment, name) : matchesWildcard(segment, name))
    );
  });
}
