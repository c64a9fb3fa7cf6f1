// Names whose object somebody keeps: `return page`, `{ page }`, `pages.push(page)`, `const other = page`.
// Whoever holds it sees what other functions change of it later on, whatever is known of it here and now.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { foreignOf, spanOf } from './context.ts';
import type { Env } from './env.ts';
import { isTransparent } from './syntax.ts';
import type { Variable } from './variables.ts';

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

/** The value of a name that is kept, with what other functions change of its object. */
export function keptValue(
  walker: Walker,
  context: FunctionContext,
  variable: Variable,
  value: number,
  at: ts.Node,
): number {
  if (!variable.isAltered && !(variable.isLent && isMadeHere(walker, variable))) return value;
  const span = spanOf(walker, at);
  const both = walker.builder.node('value', span, context.index, variable.name);
  walker.builder.copy(value, both);
  walker.builder.copy(foreignOf(walker, variable, span), both);
  return both;
}

// const page = { … }: no function and no text, which nothing can change
function isMadeHere({ ts, facts }: Walker, variable: Variable): boolean {
  const meant = facts.declared.get(variable);
  return (
    meant !== undefined &&
    (ts.isObjectLiteralExpression(meant) || ts.isArrayLiteralExpression(meant) || ts.isNewExpression(meant))
  );
}

/** const self = this  →  what other functions change of `self` is changed of `this` */
export function changedByTwins(walker: Walker, variable: Variable, ends: readonly Env[], at: ts.Node): number[] {
  const twins = new Set<Variable>();
  for (const { aliases } of ends) {
    for (const { left, right, copied } of aliases) {
      if (copied || left.fields.length > 0 || right.fields.length > 0) continue;
      if (left.root === variable) twins.add(right.root);
      else if (right.root === variable) twins.add(left.root);
    }
  }
  const altered = [...twins].filter((one) => one.isAltered && one.func === variable.func);
  return altered.map((one) => foreignOf(walker, one, spanOf(walker, at)));
}
