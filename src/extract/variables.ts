// The words of name resolution: variables, scopes, and the uses of names.

import type { ts } from 'ts-morph';

/** A declared name. `func` is the function-like node (or the file, or a class for its field initialisers) that owns it. */
export interface Variable {
  readonly name: string;
  readonly func: ts.Node;
  /** Read in another function than the one that declares it. */
  captured: boolean;
  /** Assigned or changed in another function: then its assignments have no order. */
  shared: boolean;
  /** The functions right inside its own one that assign or change it, or hold such a function. */
  changers: Set<ts.Node> | undefined;
  /** Given another value after its declaration, or its object changed through it (being an argument does not count). */
  isWritten: boolean;
  /** The same, other than by a call of its own method. */
  isRewritten: boolean;
  /** Given another value by an inner function. */
  isReplaced: boolean;
  /** Given another value, or its object changed, by a function that a call may run: not only by callbacks of timers and promises. */
  isQuick: boolean;
  /** Inner functions change it, and all of them are run by timers (what others only pass on does not count, if it runs before them). */
  isTimed: boolean;
  /** The same, by code that runs without a call: accessors, generators, conversions. */
  isRestless: boolean;
  /** Used as a whole: not only called, and not only read field by field. */
  isGiven: boolean;
  /** The node that holds all of its assignments; -1 until one is needed. */
  cell: number;
  /** The node that holds the assignments in other functions than its own; -1 until one is needed. */
  foreign: number;
  readonly isImport: boolean;
  /** The loop each turn of which has one of its own. */
  readonly turnOf: ts.Node | undefined;
}

export interface Scope {
  readonly parent: Scope | undefined;
  readonly func: ts.Node;
  /** The loop that it stands in. */
  readonly loop: ts.Node | undefined;
  readonly names: Map<string, Variable>;
}

/** A loop or try statement around a reference. */
export interface Region {
  readonly node: ts.Node;
  readonly parent: Region | undefined;
}

/** How a name is used: `write` gives the variable or its object another value, `method` calls a method of it, `pass` hands it to a call. */
export type Use = 'read' | 'field' | 'call' | 'write' | 'method' | 'pass';

/** A use of a name. */
export interface Reference {
  readonly name: string;
  readonly scope: Scope;
  readonly use: Use;
  readonly isChange: boolean;
  /** The name is called: `name(…)`. */
  readonly isCallee: boolean;
  /** It runs after an `await` of its function: not before those who called the function have ended or wait. */
  readonly isLate: boolean;
  readonly region: Region | undefined;
}

/** Looks a name up, from the inside out. */
export function lookUp(scope: Scope | undefined, name: string): Variable | undefined {
  for (let at = scope; at; at = at.parent) {
    const found = at.names.get(name);
    if (found) return found;
  }
  return undefined;
}

/** The function that stands right inside another one and holds a scope. */
export function outermost(scope: Scope, func: ts.Node): ts.Node {
  let at = scope;
  let found = scope.func;
  while (at.parent && at.func !== func) {
    found = at.func;
    at = at.parent;
  }
  return found;
}
