// switch (v) { case a: A; case b: B }  →  B starts where A falls through or v is b.

import type { ts } from 'ts-morph';
import { isExact } from './constant-values.ts';
import { foldConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { mergeEnvs } from './context.ts';
import { envWhere, inScope, meet, openTarget } from './control.ts';
import { Env } from './env.ts';
import { testOfCase } from './tests.ts';

/** A clause is entered where the cases before it did not match; one that is known never to match only by falling through. */
export function walkSwitch(walker: Walker, node: ts.SwitchStatement, context: FunctionContext, label: string): void {
  walker.expression(node.expression, context);
  inScope(walker, node.caseBlock, context, () => {
    const { narrowed } = context;
    const entries = entriesOf(walker, node, context);
    const target = openTarget(context, label, false);
    let fallThrough: Env | undefined;
    for (const clause of node.caseBlock.clauses) {
      const entry = entries.get(clause);
      const ways = [entry, fallThrough].flatMap((env) => env ?? []);
      context.isDead = ways.length === 0;
      context.narrowed = narrowed;
      if (ways.length > 0) context.env = mergeEnvs(walker, context, ways, clause);
      walker.statements(clause.statements, context);
      fallThrough = context.isDead ? undefined : context.env;
    }
    const unmatched = entries.get(node);
    const ends = [fallThrough, unmatched].flatMap((env) => env ?? []);
    context.targets.pop();
    context.narrowed = narrowed;
    meet(walker, context, [...ends, ...target.breaks], node);
  });
}

// The environment in which each clause is entered from the head; the switch itself stands for no match at all.
function entriesOf(walker: Walker, node: ts.SwitchStatement, context: FunctionContext): Map<ts.Node, Env> {
  const { ts } = walker;
  const entries = new Map<ts.Node, Env>();
  const chosen = foldConstant(walker, node.expression, context);
  const answers: boolean[] = [];
  const others: number[] = [];
  let isDone = false;
  for (const clause of node.caseBlock.clauses) {
    if (ts.isDefaultClause(clause)) continue;
    const expression = clause.expression;
    walker.expression(expression, context);
    const wanted = foldConstant(walker, expression, context);
    const isEqual = isExact(chosen) && isExact(wanted) ? chosen.value === wanted.value : undefined;
    if (!isDone && isEqual !== false) {
      const entry = entryOf(walker, node, expression, wanted, chosen, context);
      entry.tests = [...entry.tests, ...testOfCase(walker, context, node.expression, expression, true)];
      entries.set(clause, entry);
    }
    others.push(...testOfCase(walker, context, node.expression, expression, false));
    isDone ||= isEqual === true;
    if (isExact(wanted) && typeof wanted.value === 'boolean') answers.push(wanted.value);
    // switch (true) { case isSafe(x): … }  →  further down x is not safe
    if (isExact(chosen) && typeof chosen.value === 'boolean')
      context.env = envWhere(walker, context, context.env, expression, !chosen.value);
  }
  if (isDone) return entries;
  const left = answers.length === 1 ? answers[0] : undefined;
  const rest =
    left === undefined ? new Env(context.env) : envWhere(walker, context, context.env, node.expression, !left);
  rest.tests = [...rest.tests, ...others];
  const other = node.caseBlock.clauses.find((clause) => ts.isDefaultClause(clause)) ?? node;
  return entries.set(other, rest);
}

// case true: of switch (isSafe(x)); case isSafe(x): of switch (true)
function entryOf(
  walker: Walker,
  node: ts.SwitchStatement,
  expression: ts.Expression,
  wanted: ReturnType<typeof foldConstant>,
  chosen: ReturnType<typeof foldConstant>,
  context: FunctionContext,
): Env {
  if (isExact(wanted) && typeof wanted.value === 'boolean')
    return envWhere(walker, context, context.env, node.expression, wanted.value);
  if (isExact(chosen) && typeof chosen.value === 'boolean')
    return envWhere(walker, context, context.env, expression, chosen.value);
  return new Env(context.env);
}
