// Calls that never come back: `process.exit()`, and functions of the file that throw whatever they are given.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { variableOf } from './context.ts';
import { meaningOf } from './facts.ts';

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

// A throw among the statements of the body itself, and no way out before it.
function alwaysThrows({ ts }: Walker, node: ts.FunctionLikeDeclaration): boolean {
  if (!node.body || !ts.isBlock(node.body)) return false;
  for (const statement of node.body.statements) {
    if (ts.isThrowStatement(statement)) return true;
    if (mayReturn(ts, statement)) return false;
  }
  return false;
}

function mayReturn(ts_: typeof ts, node: ts.Node): boolean {
  if (ts_.isReturnStatement(node)) return true;
  if (ts_.isFunctionLike(node) || ts_.isClassLike(node)) return false;
  return ts_.forEachChild(node, (child) => mayReturn(ts_, child) || undefined) ?? false;
}
