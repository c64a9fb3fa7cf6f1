// `a && b`, `a || b`, `a ?? b`, `a ||= b`, `c ? a : b`  →  what can come out, and what runs on one outcome only.

import type { ts } from 'ts-morph';
import { foldCondition, foldConstant, reachesRight } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, mergeEnvs } from './context.ts';
import { fork } from './control.ts';
import { endsHere } from './endings.ts';
import { Env } from './env.ts';
import { narrow } from './guards.ts';
import { eitherOf } from './shapes.ts';

/** a && b  →  b (a falsy a says nothing); a || b, a ?? b  →  a or b */
export function walkLogical(walker: Walker, node: ts.BinaryExpression, context: FunctionContext): number {
  const { builder } = walker;
  const operator = walker.ts.tokenToString(node.operatorToken.kind) ?? '';
  const left = walker.expression(node.left, context);
  if (context.isDead) return left;
  const reaches = reachesRight(operator, foldConstant(walker, node.left, context));
  if (reaches === false) return left;
  if (reaches === true) return walker.expression(node.right, context);
  const { value: right, tests } = onOneWay(walker, operator, node.left, node.right, context);
  if (operator.startsWith('&&') && tests.length === 0) return right;
  const result = addNode(walker, context, 'value', node);
  if (!operator.startsWith('&&')) builder.copy(left, result);
  builder.copy(right, result, tests);
  return result;
}

// The right side of a logical operator runs on one outcome of the left only.
function onOneWay(
  walker: Walker,
  operator: string,
  left: ts.Expression,
  right: ts.Expression,
  context: FunctionContext,
): { readonly value: number; readonly tests: readonly number[] } {
  const { env: before, narrowed } = context;
  context.env = new Env(before);
  if (!operator.startsWith('??')) narrow(walker, context, left, operator.startsWith('&&'));
  const tests = context.env.tests.slice(before.tests.length);
  const value = walker.expression(right, context);
  if (context.isDead || endsHere(walker, right, context)) {
    // isFine || fail()  →  from here on, it is fine
    context.isDead = false;
    context.env = new Env(before);
    context.narrowed = narrowed;
    if (!operator.startsWith('??')) narrow(walker, context, left, operator.startsWith('||'));
    return { value: addNode(walker, context, 'literal', right), tests };
  }
  context.env = mergeEnvs(walker, context, [before, context.env], right);
  context.narrowed = narrowed;
  return { value, tests };
}

/** c ? a : b */
export function walkConditional(walker: Walker, node: ts.ConditionalExpression, context: FunctionContext): number {
  walker.expression(node.condition, context);
  const answer = foldCondition(walker, node.condition, context);
  const result = addNode(walker, context, 'value', node);
  const values: number[] = [];
  const ways = [true, false].flatMap((holds) => {
    const arm = holds ? node.whenTrue : node.whenFalse;
    const walk = (): void => {
      const value = walker.expression(arm, context);
      context.isDead ||= endsHere(walker, arm, context);
      if (context.isDead) return;
      walker.builder.copy(value, result, context.env.tests);
      values.push(value);
    };
    return answer === !holds ? [] : [{ holds, walk }];
  });
  fork(walker, context, node.condition, ways, node);
  walker.builder.setShape(result, eitherOf(values.map((value) => walker.builder.shapeOf(value))));
  return result;
}
