// Calls of async functions that nobody waits for yet: what they change after their first `await` is seen from the next time
// on that this function waits, not before.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, mergeNode, variableOf } from './context.ts';
import { plainExpression } from './syntax.ts';
import type { Variable } from './variables.ts';
import { writeHanded } from './writes.ts';

/** A variable after a call that changes it: at once, or as soon as somebody waits. */
export function owe(
  walker: Walker,
  context: FunctionContext,
  variable: Variable,
  after: number,
  call: ts.Node,
  isLate: boolean,
): void {
  if (!isLate || context.awaiting > 0) return writeHanded(walker, context, variable, after, call);
  context.owed.push({ call, variable, before: context.env.get(variable), after });
}

/** The function waits (for `awaited`, if that is known), or ends: what it has called may have gone on, or surely has. */
export function payOwed(walker: Walker, context: FunctionContext, at: ts.Node, awaited?: ts.Expression): void {
  if (context.owed.length === 0) return;
  const called = awaited && calledAs(walker, context, awaited);
  for (const one of [...context.owed]) {
    const { call, variable, before, after } = one;
    const now = context.env.get(variable);
    const isOver = call === called;
    const changed = isOver ? changedSince(walker, now, before) : undefined;
    const others = changed?.map((version) => changesOf(walker, context, version, at)) ?? [now];
    const value = others.length === 0 ? after : mergeNode(walker, context, variable, [...others, after], at);
    writeHanded(walker, context, variable, value, at);
    if (isOver) context.owed.splice(context.owed.indexOf(one), 1);
  }
}

// const pending = load(); …; await pending
function calledAs({ ts, facts }: Walker, context: FunctionContext, awaited: ts.Expression): ts.Node | undefined {
  const plain = plainExpression(ts, awaited);
  const variable = ts.isIdentifier(plain) ? variableOf(context, plain.text) : undefined;
  return variable && facts.declared.get(variable);
}

// The versions since then that calls have left of the variable which they were given; undefined where it was changed otherwise.
function changedSince({ facts }: Walker, now: number | undefined, before: number | undefined): number[] | undefined {
  const found: number[] = [];
  let at = now;
  while (at !== undefined && at !== before) {
    found.push(at);
    at = facts.passed.get(at);
  }
  return at === before ? found : undefined;
}

function changesOf(walker: Walker, context: FunctionContext, version: number, at: ts.Node): number {
  const changes = addNode(walker, context, 'value', at);
  walker.builder.changed(version, changes);
  return changes;
}
