// Names whose object somebody keeps: `return page`, `{ page }`, `pages.push(page)`, `const other = page`.

import type { ts } from 'ts-morph';
import { isTransparent } from './syntax.ts';

const keepers = new Set(['push', 'unshift', 'splice', 'add', 'set']);

/** The names that a node, taken by itself, keeps the objects of. */
export function namesKeptBy(ts_: typeof ts, node: ts.Node): readonly ts.Identifier[] {
  const k = ts_.SyntaxKind;
  switch (node.kind) {
    case k.ReturnStatement:
    case k.YieldExpression:
    case k.ExportAssignment:
      return namesOf(ts_, (node as ts.ReturnStatement).expression);
    case k.ArrowFunction:
      return namesOf(ts_, (node as ts.ArrowFunction).body);
    case k.ShorthandPropertyAssignment:
      return [(node as ts.ShorthandPropertyAssignment).name];
    case k.PropertyAssignment:
      return namesOf(ts_, (node as ts.PropertyAssignment).initializer);
    case k.VariableDeclarationList:
      return (node as ts.VariableDeclarationList).declarations.flatMap((one) => namesOf(ts_, one.initializer));
    case k.ArrayLiteralExpression:
      return (node as ts.ArrayLiteralExpression).elements.flatMap((one) => namesOf(ts_, one));
    case k.BinaryExpression: {
      const { operatorToken, right } = node as ts.BinaryExpression;
      return operatorToken.kind === k.EqualsToken ? namesOf(ts_, right) : [];
    }
    case k.CallExpression: {
      const { expression, arguments: given } = node as ts.CallExpression;
      const isKeeper = ts_.isPropertyAccessExpression(expression) && keepers.has(expression.name.text);
      return isKeeper ? given.flatMap((one) => namesOf(ts_, one)) : [];
    }
    default:
      return [];
  }
}

// page, (page), isOpen ? page : other, page ?? other
function namesOf(ts_: typeof ts, node: ts.Node | undefined): readonly ts.Identifier[] {
  if (!node) return [];
  if (ts_.isIdentifier(node)) return [node];
  if (isTransparent(ts_, node)) return namesOf(ts_, node.expression);
  if (ts_.isConditionalExpression(node)) return [...namesOf(ts_, node.whenTrue), ...namesOf(ts_, node.whenFalse)];
  if (!ts_.isBinaryExpression(node) || !/^(?:&&|\|\||\?\?)$/.test(ts_.tokenToString(node.operatorToken.kind) ?? ''))
    return [];
  return [...namesOf(ts_, node.left), ...namesOf(ts_, node.right)];
}
