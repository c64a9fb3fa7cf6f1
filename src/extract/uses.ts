// What the uses of names say of their variables: who changes them, which functions share them, and in which loops and try
// blocks they change. Looks at the references that `scopes.ts` has found, when all of them are known.

import type { ts } from 'ts-morph';
import type { Lifted, LocalFunction } from './lifting.ts';
import { liftVariables } from './lifting.ts';
import { isRestless } from './settled.ts';
import type { Reference, Region, Scope, Variable } from './variables.ts';
import { lookUp, outermost } from './variables.ts';

/** What one walk over a file has found. */
interface Found {
  readonly references: readonly Reference[];
  readonly locals: readonly LocalFunction[];
  /** Names that are given another value. */
  readonly replaced: readonly { readonly name: string; readonly scope: Scope }[];
  /** Functions that only the event loop calls. */
  readonly later: ReadonlySet<ts.Node>;
  /** The variables that loops and try blocks change: filled here. */
  readonly changedIn: Map<ts.Node, Set<Variable>>;
}

interface Uses {
  readonly lifted: Lifted;
  /** For each function: its variables that inner functions read and that have several versions. */
  readonly moving: ReadonlyMap<ts.Node, readonly Variable[]>;
  /** Functions that read `arguments`. */
  readonly usesArguments: ReadonlySet<ts.Node>;
}

/** Notes on each variable how it is used. */
export function noteUses(ts_: typeof ts, { references, locals, replaced, later, changedIn }: Found): Uses {
  const usesArguments = new Set<ts.Node>();
  const versions = new Map<Variable, number>();
  const resolved = references.flatMap((reference) => {
    const variable = lookUp(reference.scope, reference.name);
    return variable ? [{ reference, variable }] : [];
  });
  const lifted = liftVariables(locals, resolved);
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
      variable.changers = (variable.changers ?? new Set()).add(outermost(reference.scope, variable.func));
      variable.isQuick ||= !later.has(reference.scope.func);
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
  return { lifted, moving, usesArguments };
}
