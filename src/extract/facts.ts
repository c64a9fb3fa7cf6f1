// What is known for certain of a file's variables while it is walked: constants, what a name always means,
// and the answers of guards that are kept in variables.

import type { ts } from 'ts-morph';
import type { CapturedRecord } from '../model/flow-graph.ts';
import type { Constant } from './constant-values.ts';
import type { Scope, Variable } from './variables.ts';

/** What a name can mean for certain. */
export type Meaning = ts.Expression | ts.FunctionDeclaration;

/** What a function that is called where it stands gives back, and the scope of the place where it does. */
export interface SpotAnswer {
  readonly expression: ts.Expression;
  readonly scope: Scope;
  readonly value: number;
  /** It gives back this and nothing else. */
  readonly isOnly: boolean;
}

/** What a return gives back, as yes or no; a `node` of -1 is no question. */
export interface Truth {
  readonly node: number;
  readonly constant: boolean | undefined;
  readonly tests: readonly number[];
}

/** One variable as its inner functions use it. */
export interface Captured {
  readonly cells: Set<number>;
  readonly writers: Map<number, Pick<CapturedRecord['writers'][number], 'versions' | 'isSure'>>;
  /** Versions that it may have after a call was given what it holds. */
  readonly handed: Set<number>;
  /** What it holds is changed from inside, not only replaced. */
  isChanged: boolean;
}

export interface Facts {
  /** The constant that a version (or a cell that is assigned once) holds, by its node. */
  readonly constants: Map<number, Constant>;
  /** Cells whose first assignment has been seen. */
  readonly cells: Set<number>;
  /** What a `const` or a function declaration gives to its name; undefined where there are several. */
  readonly declared: Map<Variable, Meaning | undefined>;
  /** What is written `as const`. */
  readonly fixed: Set<ts.Expression>;
  /** The members of enums, as far as their values are known. */
  readonly enums: Map<Variable, ReadonlyMap<string, Constant>>;
  /** const copy = figure  →  both are one value for ever */
  readonly copies: Map<Variable, Variable>;
  /** A version that differs from an earlier one only in what is known of it on some way → that one. */
  readonly originals: Map<number, number>;
  /** For a `const` that keeps a condition: the versions of the variables in it when it was asked. */
  readonly asked: Map<Variable, ReadonlyMap<Variable, number | undefined>>;
  /** Functions and classes that can have run: they have been made, and declared ones named. */
  readonly made: Set<ts.Node>;
  /** Functions that are made in a loop, or within such a one: each turn makes another. */
  readonly repeated: Set<ts.Node>;
  /** What was last written to a place (`row.line`), by the place. */
  readonly written: Map<ts.Node, number>;
  /** For functions that run before any timer: variables that only timers change, in their versions when it was made. */
  readonly soonest: Map<ts.Node, ReadonlyMap<Variable, number>>;
  /** For what a call left of a variable that it was given, the version that it was given. */
  readonly passed: Map<number, number>;
  /** The lists that loops go through. */
  readonly walked: Map<ts.Node, number>;
  /** The guards that held where a function was made. */
  readonly narrowed: Map<ts.Node, ReadonlyMap<Variable, readonly number[]>>;
  /** For functions that are walked where they are called (`spots.ts`): all that they give back. */
  readonly spotAnswers: Map<ts.Node, readonly SpotAnswer[]>;
  /** For functions that may be called by name: the variables around them that they surely give a value (`setters.ts`). */
  readonly setters: Map<ts.Node, readonly Variable[]>;
  /** Variables that inner functions change. */
  readonly captured: Map<Variable, Captured>;
}

export function noFacts(): Facts {
  return {
    constants: new Map(),
    cells: new Set(),
    declared: new Map(),
    fixed: new Set(),
    enums: new Map(),
    copies: new Map(),
    originals: new Map(),
    asked: new Map(),
    made: new Set(),
    repeated: new Set(),
    written: new Map(),
    soonest: new Map(),
    passed: new Map(),
    walked: new Map(),
    narrowed: new Map(),
    spotAnswers: new Map(),
    setters: new Map(),
    captured: new Map(),
  };
}

/** Notes what a name means; a name that is declared twice means nothing for certain. */
export function noteMeaning(facts: Facts, variable: Variable, node: Meaning): void {
  facts.declared.set(variable, facts.declared.has(variable) ? undefined : node);
}

/** The version that an assignment made, of which this one is a narrower view. */
export function originalOf(facts: Facts, version: number): number {
  return facts.originals.get(version) ?? version;
}

/** What a name means wherever it is used. */
export function meaningOf(facts: Facts, variable: Variable): Meaning | undefined {
  return variable.isWritten ? undefined : facts.declared.get(variable);
}

/** What has been noted of a variable so far. */
export function capturedOf({ captured }: Facts, variable: Variable): Captured {
  let one = captured.get(variable);
  if (!one) {
    one = { cells: new Set(), writers: new Map(), handed: new Set(), isChanged: false };
    captured.set(variable, one);
  }
  return one;
}
