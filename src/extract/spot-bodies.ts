// `(() => { … })()`  →  its body, walked where it stands; `return` leads to the place behind the call.

import type { ts } from 'ts-morph';
import { noteGiven } from './aliases.ts';
import { foldConstant, noteConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, variableOf } from './context.ts';
import { inScope, meet } from './control.ts';
import type { Env } from './env.ts';
import type { SpotAnswer } from './facts.ts';
import { eitherOf } from './shapes.ts';
import type { SpotFunction } from './spots.ts';
import { noteType } from './types.ts';

/** What comes out of a body that is walked where it is called. */
export function walkSpot(
  walker: Walker,
  node: ts.CallExpression,
  func: SpotFunction,
  context: FunctionContext,
): number {
  const { ts, builder } = walker;
  const given = node.arguments.map((argument) => walker.expression(argument, context));
  const { ret, returnEnvs, generator, answers, narrowed, awaiting } = context;
  const result = addNode(walker, context, 'value', node);
  const own: SpotAnswer[] = [];
  const left: Env[] = [];
  Object.assign(context, { ret: result, returnEnvs: left, generator: -1, answers: own });
  bindGiven(walker, node, func, given, context);
  inScope(walker, func, context, () => {
    const { body } = func;
    if (ts.isBlock(body)) {
      // What its statements call is not waited for because the call around them is.
      context.awaiting = 0;
      return inScope(walker, body, context, () => walker.statements(body.statements, context));
    }
    const value = walker.expression(body, context);
    if (context.isDead) return;
    builder.copy(value, result, context.env.tests);
    own.push({ expression: body, scope: context.scope, value, isOnly: true });
  });
  const isOpen = !context.isDead;
  const ends = isOpen ? [context.env, ...left] : left;
  Object.assign(context, { ret, returnEnvs, generator, answers, narrowed, awaiting });
  meet(walker, context, ends, node);
  const isPlain = !ts.isBlock(func.body);
  const isOnly = own.length === 1 && ends.length === 1 && (isPlain || !isOpen);
  walker.facts.spotAnswers.set(
    func,
    own.map((one) => ({ ...one, isOnly })),
  );
  const [first] = own;
  // What an awaited promise fails with is not part of what is given back.
  if (isOnly && first && !ts.isAwaitExpression(first.expression)) return first.value;
  if (isPlain || !isOpen) builder.setShape(result, eitherOf(own.map(({ value }) => builder.shapeOf(value))));
  return result;
}

// ((page) => …)(letter)  →  page is another name of what letter is
function bindGiven(
  walker: Walker,
  node: ts.CallExpression,
  func: SpotFunction,
  given: readonly number[],
  context: FunctionContext,
): void {
  func.parameters.forEach((parameter, i) => {
    const { name, type } = parameter;
    const value = given[i] ?? addNode(walker, context, 'literal', parameter);
    const variable = inScope(walker, func, context, () => {
      walker.bind(name, value, context);
      return walker.ts.isIdentifier(name) ? variableOf(context, name.text) : undefined;
    });
    const argument = node.arguments[i];
    if (!variable) return;
    if (type) noteType(walker, context, context.env.get(variable) ?? variable.cell, type);
    if (!argument) return;
    noteGiven(walker, variable, argument, context);
    noteConstant(walker, variable, foldConstant(walker, argument, context), context);
  });
}
