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
  /** What it holds is an object (as far as can be seen) that inner functions change. */
  isAltered: boolean;
  /** Inner functions hand it to calls, which may change what it holds. */
  isLent: boolean;
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
  /** The parameters of a function, or the body of one that is walked where it is called: `var` goes no further out. */
  readonly isBody: boolean;
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
  /** A part of what it holds is given another value: `name.line = value`. */
  readonly isPart: boolean;
  /** The name is called: `name(…)`. */
  readonly isCallee: boolean;
  /** It runs after an `await` of its function: not before those who called the function have ended or wait. */
  readonly isLate: boolean;
  /** Its call is waited for: `await name(…)`. */
  readonly isAwaited: boolean;
  readonly region: Region | undefined;
}

/** A variable of which nothing has been seen yet. */
export function variableOf(name: string, scope: Scope, isImport: boolean, captured: boolean): Variable {
  return {
    name,
    func: scope.func,
    isImport,
    turnOf: scope.loop,
    captured,
    shared: false,
    isWritten: false,
    isReplaced: false,
    isAltered: false,
    isLent: false,
    isRewritten: false,
    isQuick: false,
    isTimed: false,
    isRestless: false,
    isGiven: false,
    changers: undefined,
    cell: -1,
    foreign: -1,
  };
}

/** Names that a host declares. */
export const hostNames: ReadonlySet<string> = new Set(
  'exports module require global globalThis window self process console fetch onmessage location document undefined'.split(
    ' ',
  ),
);

/** A file without imports and exports, in which names need no declaration. */
export function isScript(ts_: typeof ts, file: ts.SourceFile): boolean {
  return !file.statements.some(
    (one) =>
      ts_.isImportDeclaration(one) ||
      ts_.isExportDeclaration(one) ||
      ts_.isExportAssignment(one) ||
      (ts_.canHaveModifiers(one) && ts_.getModifiers(one)?.some((word) => word.kind === ts_.SyntaxKind.ExportKeyword)),
  );
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
