// Objects and lists that are written out and that nobody changes: `const settings = { isLoud: false }`, `{ … } as const`,
// `Object.freeze({ … })`, enums. Looks at what is written only; makes no nodes.

import type { ts } from 'ts-morph';
import type { Constant } from './constant-values.ts';
import type { FunctionContext, Walker } from './context.ts';
import { variableOf } from './context.ts';
import { isTransparent } from './syntax.ts';

const maxDepth = 8;

/** What an expression is written as; `isDeep` where nothing below it can change either. */
interface Setting {
  readonly written: ts.Expression;
  readonly isDeep: boolean;
}

/** The literal that a member stands for: `settings.isLoud`, `MODES.page[0]`. `keyOf` gives the text of a computed key. */
export function settingAt(
  walker: Walker,
  node: ts.Expression,
  context: FunctionContext,
  keyOf: (key: ts.Expression) => string | undefined,
): ts.Expression | undefined {
  const found = settingOf(walker, node, context, keyOf, 0)?.written;
  return found && isLiteral(walker, found) ? found : undefined;
}

/** The value of a member of an enum of this file. */
export function enumMember(
  walker: Walker,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  context: FunctionContext,
  keyOf: (key: ts.Expression) => string | undefined,
): Constant | undefined {
  const { ts } = walker;
  const variable = ts.isIdentifier(node.expression) ? variableOf(context, node.expression.text) : undefined;
  const name = memberName(walker, node, keyOf);
  return variable && name !== undefined ? walker.facts.enums.get(variable)?.get(name) : undefined;
}

/** A list that is written without elements and stays so: nothing runs for each of them. */
export function isEmptyList(walker: Walker, node: ts.Expression, context: FunctionContext): boolean {
  const { ts } = walker;
  const list = ts.isIdentifier(node) ? settingOf(walker, node, context, () => undefined, 0)?.written : node;
  return list !== undefined && ts.isArrayLiteralExpression(list) && list.elements.length === 0;
}

/** `[].forEach(run)`, `[].map(run)` */
export function runsForNone(walker: Walker, node: ts.CallExpression, context: FunctionContext): boolean {
  const { expression } = node;
  if (!walker.ts.isPropertyAccessExpression(expression)) return false;
  return perElement.has(expression.name.text) && isEmptyList(walker, expression.expression, context);
}

const perElement: ReadonlySet<string> = new Set(['forEach', 'map', 'flatMap', 'filter']);

/** `v as const` */
export function isConstAssertion({ ts }: Walker, node: ts.Node): boolean {
  if (!(ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) || !ts.isTypeReferenceNode(node.type))
    return false;
  return ts.isIdentifier(node.type.typeName) && node.type.typeName.text === 'const';
}

function settingOf(
  walker: Walker,
  node: ts.Expression,
  context: FunctionContext,
  keyOf: (key: ts.Expression) => string | undefined,
  depth: number,
): Setting | undefined {
  const { ts } = walker;
  if (depth > maxDepth) return undefined;
  if (isTransparent(ts, node)) return settingOf(walker, node.expression as ts.Expression, context, keyOf, depth + 1);
  if (ts.isIdentifier(node)) return settingNamed(walker, node, context);
  if (!(ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))) return undefined;
  const around = settingOf(walker, node.expression, context, keyOf, depth + 1);
  const name = memberName(walker, node, keyOf);
  const written = around && name !== undefined ? memberOf(walker, around.written, name) : undefined;
  if (!around || !written || !(around.isDeep || isLiteral(walker, written))) return undefined;
  return { written, isDeep: around.isDeep };
}

// A name that always means one object, which is frozen, or only ever read field by field.
function settingNamed(walker: Walker, node: ts.Identifier, context: FunctionContext): Setting | undefined {
  const { ts, facts } = walker;
  const variable = variableOf(context, node.text);
  const declared = variable && facts.declared.get(variable);
  if (!variable || !declared || ts.isFunctionDeclaration(declared)) return undefined;
  if (facts.fixed.has(declared)) return { written: declared, isDeep: true };
  const frozen = frozenPart(walker, declared, context);
  if (!frozen && (variable.isGiven || variable.isRewritten)) return undefined;
  if (!frozen && variable.isWritten && !keepsItself(walker, declared)) return undefined;
  return { written: frozen ?? declared, isDeep: false };
}

function memberName(
  { ts }: Walker,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  keyOf: (key: ts.Expression) => string | undefined,
): string | undefined {
  return ts.isPropertyAccessExpression(node) ? node.name.text : keyOf(node.argumentExpression);
}

function memberOf(walker: Walker, written: ts.Expression, name: string): ts.Expression | undefined {
  const { ts } = walker;
  if (ts.isArrayLiteralExpression(written)) {
    const isPlain = /^\d+$/.test(name) && !written.elements.some((element) => ts.isSpreadElement(element));
    return isPlain ? written.elements[Number(name)] : undefined;
  }
  if (!ts.isObjectLiteralExpression(written) || !hasPlainNames(walker, written)) return undefined;
  const found = written.properties.findLast((property) => property.name && nameOf(walker, property.name) === name);
  return found && ts.isPropertyAssignment(found) ? found.initializer : undefined;
}

/** True for a member that an object, which nobody changes, does not have: `hooks.format` of `{ title }`. */
export function isAbsent(walker: Walker, node: ts.PropertyAccessExpression, context: FunctionContext): boolean {
  const { ts } = walker;
  const object = settingOf(walker, node.expression, context, () => undefined, 0)?.written;
  if (!object || !ts.isObjectLiteralExpression(object) || !hasPlainNames(walker, object)) return false;
  const name = node.name.text;
  return !(name in {}) && !object.properties.some((one) => one.name && nameOf(walker, one.name) === name);
}

// Neither `...other` nor `[key]: v`, nor another prototype.
function hasPlainNames(walker: Walker, object: ts.ObjectLiteralExpression): boolean {
  return object.properties.every((one) => {
    const name = one.name && nameOf(walker, one.name);
    return name !== undefined && name !== '__proto__';
  });
}

function nameOf({ ts }: Walker, name: ts.PropertyName): string | undefined {
  return ts.isComputedPropertyName(name) ? undefined : name.text;
}

// An object whose methods have no `this` cannot change through them.
function keepsItself({ ts }: Walker, declared: ts.Expression): boolean {
  const usesSelf = (node: ts.Node): boolean =>
    node.kind === ts.SyntaxKind.ThisKeyword ||
    (ts.forEachChild(node, (child) => usesSelf(child) || undefined) ?? false);
  return ts.isObjectLiteralExpression(declared) && !usesSelf(declared);
}

/** Object.freeze({ … })  →  what is frozen there. */
export function frozenPart(walker: Walker, node: ts.Expression, context: FunctionContext): ts.Expression | undefined {
  const { ts } = walker;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression, name } = node.expression;
  const isFreeze = name.text === 'freeze' && ts.isIdentifier(expression) && expression.text === 'Object';
  return isFreeze && !variableOf(context, 'Object') ? node.arguments[0] : undefined;
}

function isLiteral({ ts }: Walker, node: ts.Expression): boolean {
  const k = ts.SyntaxKind;
  if (node.kind === k.TrueKeyword || node.kind === k.FalseKeyword || node.kind === k.NullKeyword) return true;
  return ts.isStringLiteralLike(node) || ts.isNumericLiteral(node);
}
