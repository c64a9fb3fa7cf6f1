// Calls that never come back: `process.exit()`, and functions of the file that throw whatever they are given.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { variableOf } from './context.ts';
import { meaningOf } from './facts.ts';
import { isTransparent } from './syntax.ts';

/** True when nothing after the expression can run. */
export function endsHere(walker: Walker, node: ts.Expression, context: FunctionContext): boolean {
  const { ts } = walker;
  const isAwaited = ts.isAwaitExpression(node);
  const call = isAwaited ? node.expression : node;
  if (!ts.isCallExpression(call) || call.questionDotToken) return false;
  const { expression } = call;
  if (ts.isPropertyAccessExpression(expression)) return isExit(walker, expression, context);
  const variable = ts.isIdentifier(expression) ? variableOf(context, expression.text) : undefined;
  const meant = variable && meaningOf(walker.facts, variable);
  if (!meant || !(ts.isFunctionDeclaration(meant) || ts.isArrowFunction(meant) || ts.isFunctionExpression(meant)))
    return false;
  const isAsync = meant.modifiers?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword) ?? false;
  return !meant.asteriskToken && isAsync === isAwaited && alwaysThrows(walker, meant);
}

function isExit(walker: Walker, node: ts.PropertyAccessExpression, context: FunctionContext): boolean {
  const isProcess =
    walker.ts.isIdentifier(node.expression) && node.expression.text === 'process' && !variableOf(context, 'process');
  return isProcess && (node.name.text === 'exit' || node.name.text === 'abort');
}

// A throw among the statements of the body itself (or of a function that it calls on the spot), and no way out before it.
function alwaysThrows(walker: Walker, node: ts.FunctionLikeDeclaration): boolean {
  const { ts } = walker;
  if (!node.body) return false;
  if (!ts.isBlock(node.body)) return throwsOnTheSpot(walker, node.body);
  for (const statement of node.body.statements) {
    if (ts.isThrowStatement(statement)) return true;
    const isDone = ts.isReturnStatement(statement) || ts.isExpressionStatement(statement);
    if (isDone && statement.expression && throwsOnTheSpot(walker, statement.expression)) return true;
    if (mayReturn(ts, statement)) return false;
  }
  return false;
}

// (() => { throw … })()
function throwsOnTheSpot(walker: Walker, node: ts.Expression): boolean {
  const { ts } = walker;
  if (!ts.isCallExpression(node) || node.questionDotToken) return false;
  let callee: ts.Expression = node.expression;
  while (isTransparent(ts, callee)) callee = callee.expression as ts.Expression;
  if (!ts.isArrowFunction(callee) && !ts.isFunctionExpression(callee)) return false;
  const isLater =
    Boolean(callee.asteriskToken) || callee.modifiers?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword);
  return !isLater && alwaysThrows(walker, callee);
}

/** Some way through the statement leaves the function. */
export function mayReturn(ts_: typeof ts, node: ts.Node): boolean {
  if (ts_.isReturnStatement(node)) return true;
  if (ts_.isFunctionLike(node) || ts_.isClassLike(node)) return false;
  return ts_.forEachChild(node, (child) => mayReturn(ts_, child) || undefined) ?? false;
}
