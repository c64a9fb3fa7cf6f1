// Small questions about raw nodes that several parts of the extractor ask.

import type { ts } from 'ts-morph';

/** The root identifier (or `this`) of `a.b[c].d`, if it is one. */
export function rootOf(ts_: typeof ts, node: ts.Node): ts.Identifier | ts.ThisExpression | undefined {
  let at = node;
  for (;;) {
    if (ts_.isIdentifier(at)) return at;
    if (at.kind === ts_.SyntaxKind.ThisKeyword) return at as ts.ThisExpression;
    if (ts_.isPropertyAccessExpression(at) || ts_.isElementAccessExpression(at) || isTransparent(ts_, at))
      at = at.expression;
    else return undefined;
  }
}

/** `(x)`, `x!`, `x as T`, `<T>x`, `x satisfies T`: the same value as x. */
export function isTransparent(
  ts_: typeof ts,
  node: ts.Node,
): node is ts.ParenthesizedExpression | ts.NonNullExpression | ts.AsExpression | ts.SatisfiesExpression {
  return (
    ts_.isParenthesizedExpression(node) ||
    ts_.isNonNullExpression(node) ||
    ts_.isAsExpression(node) ||
    ts_.isSatisfiesExpression(node) ||
    ts_.isTypeAssertionExpression(node)
  );
}

/** The target of `target = default` inside an assignment pattern. */
export function assignedPart(ts_: typeof ts, node: ts.Expression): ts.Expression {
  return ts_.isBinaryExpression(node) && node.operatorToken.kind === ts_.SyntaxKind.EqualsToken ? node.left : node;
}

/** What stands inside brackets and type annotations. */
export function plainExpression(ts_: typeof ts, node: ts.Expression): ts.Expression {
  let at = node;
  while (isTransparent(ts_, at)) at = at.expression;
  return at;
}

/** `export function …`, `export const …` */
export function isExported(ts_: typeof ts, node: ts.FunctionDeclaration | ts.VariableStatement): boolean {
  return node.modifiers?.some((one) => one.kind === ts_.SyntaxKind.ExportKeyword) ?? false;
}
