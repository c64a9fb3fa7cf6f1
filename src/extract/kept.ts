// Whoever holds an object that is kept (`kept-names.ts`) sees what other functions change of it later on, whatever is known of it
// here and now.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { foreignOf, spanOf } from './context.ts';
import type { Env } from './env.ts';
import type { Variable } from './variables.ts';

/** The value of a name that is kept, with what other functions change of its object. */
export function keptValue(
  walker: Walker,
  context: FunctionContext,
  variable: Variable,
  value: number,
  at: ts.Node,
): number {
  if (!variable.isAltered && !(variable.isLent && isMadeHere(walker, variable))) return value;
  const span = spanOf(walker, at);
  const both = walker.builder.node('value', span, context.index, variable.name);
  walker.builder.copy(value, both);
  walker.builder.copy(foreignOf(walker, variable, span), both);
  return both;
}

// const page = { … }: no function and no text, which nothing can change
function isMadeHere({ ts, facts }: Walker, variable: Variable): boolean {
  const meant = facts.declared.get(variable);
  return (
    meant !== undefined &&
    (ts.isObjectLiteralExpression(meant) || ts.isArrayLiteralExpression(meant) || ts.isNewExpression(meant))
  );
}

/** const self = this  →  what other functions change of `self` is changed of `this` */
export function changedByTwins(walker: Walker, variable: Variable, ends: readonly Env[], at: ts.Node): number[] {
  const twins = new Set<Variable>();
  for (const { aliases } of ends) {
    for (const { left, right, copied } of aliases) {
      if (copied || left.fields.length > 0 || right.fields.length > 0) continue;
      if (left.root === variable) twins.add(right.root);
      else if (right.root === variable) twins.add(left.root);
    }
  }
  const altered = [...twins].filter((one) => one.isAltered && one.func === variable.func);
  return altered.map((one) => foreignOf(walker, one, spanOf(walker, at)));
}
