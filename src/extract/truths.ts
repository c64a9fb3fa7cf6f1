// What a function answers, as yes or no: `([name]) => name !== 'line' && !hidden.includes(name)` is a constant where a search
// knows what `name` is. Stands beside the value that the function gives back, which is not looked at here.

import type { ts } from 'ts-morph';
import { truthOf } from './constant-values.ts';
import { foldConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode } from './context.ts';
import { plainExpression } from './syntax.ts';
import { encoded, testsOf } from './tests.ts';

const maxDepth = 20;

/** Notes what a return gives back; the expression has been walked already. */
export function noteReturned(walker: Walker, expression: ts.Expression, context: FunctionContext): void {
  const isAsked = isQuestion(walker, expression);
  const node = isAsked ? truthNode(walker, expression, context, 0) : -1;
  const constant = isAsked ? undefined : truthOf(foldConstant(walker, expression, context));
  context.truths.push({ node, constant, tests: context.env.tests });
}

/** The answer of a function; -1 where none of its returns says yes or no. */
export function truthOfReturns(walker: Walker, at: ts.Node, context: FunctionContext): number {
  if (context.truths.every(({ node }) => node < 0)) return -1;
  const answer = addNode(walker, context, 'value', at);
  const unknown = (): number => addNode(walker, context, 'value', at);
  for (const { node, constant: known, tests } of context.truths)
    walker.builder.copy(
      node >= 0 ? node : known === undefined ? unknown() : constantNode(walker, at, context, known),
      answer,
      tests,
    );
  // What runs off its end gives back nothing.
  const { body } = at as ts.FunctionLikeDeclaration;
  if (!context.isDead && body && walker.ts.isBlock(body))
    walker.builder.copy(constantNode(walker, at, context, false), answer, context.env.tests);
  return answer;
}

const askers = new Set(['includes', 'has']);

// a === 'x', !a, list.includes(a), and what is put together of such
function isQuestion(walker: Walker, node: ts.Expression): boolean {
  const { ts } = walker;
  const plain = plainExpression(ts, node);
  if (ts.isPrefixUnaryExpression(plain)) return plain.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isCallExpression(plain))
    return ts.isPropertyAccessExpression(plain.expression) && askers.has(plain.expression.name.text);
  if (!ts.isBinaryExpression(plain)) return false;
  const operator = ts.tokenToString(plain.operatorToken.kind) ?? '';
  if (operator === '&&' || operator === '||') return isQuestion(walker, plain.left) || isQuestion(walker, plain.right);
  return /^[!=]==?$/.test(operator);
}
// -1 where it is not known.
function truthNode(walker: Walker, expression: ts.Expression, context: FunctionContext, depth: number): number {
  const { ts, builder } = walker;
  const node = plainExpression(ts, expression);
  const k = ts.SyntaxKind;
  if (depth > maxDepth) return -1;
  const known = truthOf(foldConstant(walker, node, context));
  if (known !== undefined) return constantNode(walker, node, context, known);
  const operator = ts.isBinaryExpression(node) ? node.operatorToken.kind : k.Unknown;
  const isAnd = operator === k.AmpersandAmpersandToken;
  if (ts.isBinaryExpression(node) && (isAnd || operator === k.BarBarToken)) {
    const right = truthNode(walker, node.right, context, depth + 1);
    const goesOn = testsOf(walker, context, node.left, isAnd);
    if (right < 0 && goesOn.length === 0) return -1;
    const answer = addNode(walker, context, 'value', node);
    builder.copy(right < 0 ? addNode(walker, context, 'value', node) : right, answer, goesOn);
    builder.copy(constantNode(walker, node, context, !isAnd), answer, testsOf(walker, context, node.left, !isAnd));
    return answer;
  }
  const [yes, no] = [testsOf(walker, context, node, true), testsOf(walker, context, node, false)];
  if (yes.length === 0 && no.length === 0) return -1;
  const answer = addNode(walker, context, 'value', node);
  builder.copy(constantNode(walker, node, context, true), answer, yes);
  builder.copy(constantNode(walker, node, context, false), answer, no);
  return answer;
}

function constantNode(walker: Walker, at: ts.Node, context: FunctionContext, value: boolean): number {
  const literal = addNode(walker, context, 'literal', at);
  walker.builder.setConstant(literal, encoded(value));
  return literal;
}
