// What a function gives back that is called where it is written, as the code around it sees it: by the expressions that its
// body gives back, when the body has been walked (`spot-bodies.ts`).

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import type { SpotAnswer } from './facts.ts';
import type { SpotFunction } from './spots.ts';
import { plainExpression } from './syntax.ts';

/** The function of a call whose body is a part of the code around it. */
export function spotAt(walker: Walker, node: ts.Node): SpotFunction | undefined {
  if (!walker.ts.isCallExpression(node)) return undefined;
  const callee = plainExpression(walker.ts, node.expression) as SpotFunction;
  return walker.scopes.spots.has(callee) ? callee : undefined;
}

/** What a call of such a function may give back, each in the scope of its place; undefined for any other expression. */
export function answersOnTheSpot(walker: Walker, node: ts.Node): readonly SpotAnswer[] | undefined {
  const func = spotAt(walker, node);
  return func && walker.facts.spotAnswers.get(func);
}

/** The one answer of a call of such a function, where it surely gives that. */
export function onlyAnswerOnTheSpot(walker: Walker, node: ts.Node): SpotAnswer | undefined {
  const [first, ...others] = answersOnTheSpot(walker, node) ?? [];
  return first?.isOnly && others.length === 0 ? first : undefined;
}

/** Looks at an answer in the scope that it stands in. */
export function inAnswer<T>(
  context: FunctionContext,
  { scope, expression }: SpotAnswer,
  look: (one: ts.Expression) => T,
): T {
  const outer = context.scope;
  context.scope = scope;
  const found = look(expression);
  context.scope = outer;
  return found;
}
