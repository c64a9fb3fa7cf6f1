// What the uses of a file's names say of its variables: which ones several functions share, who changes them, and when.

import type { ts } from 'ts-morph';
import type { Lifted, LocalFunction } from './lifting.ts';
import { liftVariables } from './lifting.ts';
import { isRestless } from './settled.ts';
import type { Reference, Region, Scope, Variable } from './variables.ts';
import { lookUp, outermost } from './variables.ts';

interface Collected {
  readonly references: readonly Reference[];
  readonly locals: readonly LocalFunction[];
  /** Assignments of names, and where they stand. */
  readonly replaced: readonly { readonly name: string; readonly scope: Scope }[];
  readonly later: ReadonlySet<ts.Node>;
  readonly timed: ReadonlySet<ts.Node>;
  readonly soon: ReadonlySet<ts.Node>;
  readonly changedIn: Map<ts.Node, Set<Variable>>;
  readonly usesArguments: Set<ts.Node>;
}

/** Fills in what is known of each variable, and in which regions it changes. */
export function noteUses(
  ts_: typeof ts,
  { references, locals, replaced, later, timed, soon, changedIn, usesArguments }: Collected,
): { readonly lifted: Lifted; readonly moving: ReadonlyMap<ts.Node, readonly Variable[]> } {
  const resolved = references.flatMap((reference) => {
    const variable = lookUp(reference.scope, reference.name);
    return variable ? [{ reference, variable }] : [];
  });
  const lifted = liftVariables(locals, resolved);
  const versions = new Map<Variable, number>();
  const untimed = new Set<Variable>();
  /** Variables that inner functions call methods of, and those that they give another value. */
  const called = new Set<Variable>();
  const overwritten = new Set<Variable>();
  const isLifted = (variable: Variable, func: ts.Node): boolean =>
    lifted.byFunction.get(func)?.includes(variable) ?? false;
  const noteRegions = (variable: Variable, from: Region | undefined): void => {
    for (let at = from; at; at = at.parent) changedIn.set(at.node, (changedIn.get(at.node) ?? new Set()).add(variable));
  };
  const addChange = (variable: Variable, from: Region | undefined): void => {
    versions.set(variable, (versions.get(variable) ?? 0) + 1);
    noteRegions(variable, from);
  };
  for (const { reference, variable } of resolved) {
    if (variable.name === 'arguments') usesArguments.add(variable.func);
    if (reference.use === 'write' || reference.use === 'method') {
      variable.isWritten = true;
      variable.isRewritten ||= reference.use === 'write';
    } else if (reference.use === 'read' || reference.use === 'pass') variable.isGiven = true;
    const isInner = variable.func !== reference.scope.func;
    if (isInner && !isLifted(variable, reference.scope.func)) {
      variable.captured = true;
      if (!reference.isChange) continue;
      variable.shared = true;
      if (reference.isPart) variable.isAltered = true;
      else if (reference.use === 'pass') variable.isLent = true;
      else if (reference.use === 'method') called.add(variable);
      else if (reference.use === 'write') overwritten.add(variable);
      variable.changers = (variable.changers ?? new Set()).add(outermost(reference.scope, variable.func));
      if (timed.has(reference.scope.func)) variable.isTimed = true;
      else if (reference.use !== 'pass' || !soon.has(reference.scope.func)) untimed.add(variable);
      variable.isQuick ||= !later.has(reference.scope.func) && !reference.isLate;
      variable.isRestless ||= isRestless(ts_, reference.scope, variable);
      noteRegions(variable, reference.region);
    } else if (reference.isChange) addChange(variable, reference.region);
  }
  for (const { variable, region } of lifted.changes) addChange(variable, region);
  const moving = new Map<ts.Node, Variable[]>();
  for (const [variable, count] of versions) {
    if (variable.captured && count > 0) moving.set(variable.func, [...(moving.get(variable.func) ?? []), variable]);
  }
  for (const { name, scope } of replaced) {
    const variable = lookUp(scope, name);
    if (variable && variable.func !== scope.func) variable.isReplaced = true;
  }
  for (const variable of called) variable.isAltered ||= !overwritten.has(variable);
  for (const variable of untimed) variable.isTimed = false;
  return { lifted, moving };
}
