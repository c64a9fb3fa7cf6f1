// Destructuring, in declarations, parameters and assignments → loads of the parts.

import type { ts } from 'ts-morph';
import { anyElement, computedNames, iteratorField, primitiveField } from '../model/flow-graph.ts';
import { fieldOfPlaces, movedFrom } from '../model/list-places.ts';
import type { Constant } from './constant-values.ts';
import { exact, foldBinary, isExact } from './constant-values.ts';
import { foldConstant } from './constants.ts';
import type { Assignment, FunctionContext, Walker } from './context.ts';
import { addNode, defineVariable, holdersOf, isLocal, readVariable, spanOf, variableOf } from './context.ts';
import type { VariablePath } from './env.ts';
import { noteFailing, notePart } from './failing.ts';
import { isTransparent } from './syntax.ts';
import type { Variable } from './variables.ts';
import { withoutKey, writePath } from './writes.ts';

/** let name = value */
export function bindName(walker: Walker, name: ts.BindingName, value: number, context: FunctionContext): void {
  const { ts, builder } = walker;
  if (ts.isIdentifier(name)) {
    const variable = variableOf(context, name.text);
    if (variable) defineVariable(walker, context, variable, value, name);
    return;
  }
  noteFailing(walker, context);
  if (ts.isObjectBindingPattern(name)) {
    const taken: string[] = [];
    let left = value;
    for (const element of name.elements) {
      if (element.dotDotDotToken) {
        const rest = addNode(walker, context, 'object', element);
        builder.except(left, rest, taken);
        bindName(walker, element.name, rest, context);
        continue;
      }
      const key = element.propertyName ?? (ts.isIdentifier(element.name) ? element.name : undefined);
      const field = key ? propertyKey(walker, key, context) : anyElement;
      const part = bindPart(walker, element, value, field, context);
      if (field !== anyElement) taken.push(field);
      else left = withoutKey(walker, context, left, builder.keyOf(part), element);
    }
    return;
  }
  name.elements.forEach((element, i) => {
    if (!ts.isBindingElement(element)) return;
    if (element.dotDotDotToken) {
      const rest = addNode(walker, context, 'array', element);
      builder.move(value, rest, movedFrom(i));
      bindName(walker, element.name, rest, context);
    } else bindPart(walker, element, value, String(i), context);
  });
}

// { key: name = initializer } = value  →  name = value.key ⊔ initializer
function bindPart(
  walker: Walker,
  element: ts.BindingElement,
  value: number,
  field: string,
  context: FunctionContext,
): number {
  const part = addNode(walker, context, 'member', element.propertyName ?? element.name, field);
  walker.builder.load(value, part, field);
  if (field === anyElement && element.propertyName && walker.ts.isComputedPropertyName(element.propertyName))
    walker.builder.setKey(part, walker.expression(element.propertyName.expression, context));
  if (element.initializer) walker.builder.fallback(walker.expression(element.initializer, context), part, -1);
  bindName(walker, element.name, part, context);
  return part;
}

/** target = value, for every kind of target. */
export function assignTo(
  walker: Walker,
  target: ts.Expression,
  value: number,
  context: FunctionContext,
  kind: Assignment = 'plain',
): void {
  const { ts, builder } = walker;
  if (isTransparent(ts, target)) return assignTo(walker, target.expression as ts.Expression, value, context, kind);
  if (ts.isIdentifier(target)) {
    const variable = variableOf(context, target.text);
    if (variable) defineVariable(walker, context, variable, value, target);
    return;
  }
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) {
    if (isModuleExports(walker, target, context)) return builder.copy(value, walker.exportsNode);
    notePart(walker, context, target.expression);
    const key = ts.isElementAccessExpression(target) ? keyNode(walker, target.argumentExpression, context, kind) : -1;
    const field = ts.isPropertyAccessExpression(target) ? target.name.text : elementKey(walker, target, context);
    const isKeyed = field === anyElement && key >= 0;
    const written = isKeyed ? underKey(walker, context, value, key, target) : value;
    if (kind !== 'delete') walker.facts.written.set(target, value);
    const path = pathOf(walker, target, context);
    if (path && field === '__proto__') return writePrototype(walker, path, value, target, context);
    const length = path && field === 'length' ? builder.textOf(value) : undefined;
    if (path && length && /^\d{1,6}$/.test(length)) cutList(walker, above(path), Number(length), target, context);
    if (path && isKeyed && kind === 'delete') return dropKey(walker, path, key, target, context);
    if (path) writePath(walker, context, path, written, target);
    if (path && isKeyed) noteName(walker, path, key, target, context);
    if (path) return;
    builder.store(written, walker.expression(target.expression, context), field);
    return;
  }
  noteFailing(walker, context);
  if (ts.isObjectLiteralExpression(target)) {
    const taken: string[] = [];
    for (const property of target.properties) {
      if (ts.isSpreadAssignment(property)) {
        const rest = addNode(walker, context, 'object', property);
        builder.except(value, rest, taken);
        assignTo(walker, property.expression, rest, context);
      } else if (ts.isShorthandPropertyAssignment(property)) {
        taken.push(property.name.text);
        assignPart(walker, property.name, property.objectAssignmentInitializer, value, property.name.text, context);
      } else if (ts.isPropertyAssignment(property)) {
        const field = propertyKey(walker, property.name, context);
        if (field !== anyElement) taken.push(field);
        assignWithDefault(walker, property.initializer, value, field, context);
      }
    }
    return;
  }
  if (ts.isArrayLiteralExpression(target)) {
    target.elements.forEach((element, i) => {
      if (ts.isOmittedExpression(element)) return;
      if (ts.isSpreadElement(element)) {
        const rest = addNode(walker, context, 'array', element);
        builder.move(value, rest, movedFrom(i));
        assignTo(walker, element.expression, rest, context);
      } else assignWithDefault(walker, element, value, String(i), context);
    });
  }
}

// o[key] = v  →  the key is one of the names of o
function noteName(
  walker: Walker,
  path: VariablePath,
  key: number,
  target: ts.Expression,
  context: FunctionContext,
): void {
  const { builder } = walker;
  const fields = [...path.fields.slice(0, -1), computedNames];
  let value = key;
  for (const field of fields.slice(1).reverse()) {
    const holder = addNode(walker, context, 'after', target);
    builder.store(value, holder, field);
    value = holder;
  }
  for (const holder of holdersOf(walker, context, path.root, spanOf(walker, target)))
    builder.store(value, holder, fields[0] ?? computedNames);
}

// The key of a target that has been read already is looked at once more only where that changes nothing.
function keyNode(walker: Walker, key: ts.Expression, context: FunctionContext, kind: Assignment): number {
  return kind === 'change' && !isPlainKey(walker, key) ? -1 : walker.expression(key, context);
}

// Names, fields and texts made of them: to look at them twice changes nothing.
function isPlainKey(walker: Walker, key: ts.Expression): boolean {
  const { ts } = walker;
  if (isTransparent(ts, key)) return isPlainKey(walker, key.expression as ts.Expression);
  if (ts.isIdentifier(key)) return true;
  if (ts.isPropertyAccessExpression(key)) return isPlainKey(walker, key.expression);
  return ts.isTemplateExpression(key) && key.templateSpans.every((span) => isPlainKey(walker, span.expression));
}

// o.__proto__ = value  →  o is as before, with another prototype
function writePrototype(
  walker: Walker,
  { root, fields }: VariablePath,
  value: number,
  target: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  context: FunctionContext,
): void {
  const after = addNode(walker, context, 'after', target);
  walker.builder.copy(walker.expression(target.expression, context), after);
  walker.builder.inherit(value, after);
  writePath(walker, context, { root, fields: fields.slice(0, -1) }, after, target);
}

/** The node of the key of `o[key]`, where it is a plain name that is no constant; else -1. */
export function computedKey(walker: Walker, node: ts.Node, context: FunctionContext): number {
  const { ts } = walker;
  if (!ts.isElementAccessExpression(node)) return -1;
  const { argumentExpression: key } = node;
  const isPlain = ts.isIdentifier(key) || ts.isPropertyAccessExpression(key);
  return isPlain && elementKey(walker, node, context) === anyElement ? walker.expression(key, context) : -1;
}

/** The value as it is written under a computed key. */
export function underKey(walker: Walker, context: FunctionContext, value: number, key: number, at: ts.Node): number {
  const { builder } = walker;
  const written = addNode(walker, context, 'value', at);
  builder.copy(value, written);
  const text = builder.textOf(value);
  if (text !== undefined) builder.setText(written, text);
  builder.setShape(written, builder.shapeOf(value));
  builder.setKey(written, key);
  return written;
}

// delete o[key]  →  o without the field, where the key is known
function dropKey(
  walker: Walker,
  { root, fields }: VariablePath,
  key: number,
  at: ts.Node,
  context: FunctionContext,
): void {
  if (!isLocal(context, root)) return;
  const above = fields.slice(0, -1);
  const object = readBelow(walker, context, root, above, at);
  const left = addNode(walker, context, 'after', at);
  walker.builder.copy(withoutKey(walker, context, object, key, at), left);
  writePath(walker, context, { root, fields: above }, left, at, 'grown');
}

function above({ root, fields }: VariablePath): VariablePath {
  return { root, fields: fields.slice(0, -1) };
}

/** list.length = 2  →  the elements from 2 on are gone */
export function cutList(
  walker: Walker,
  { root, fields }: VariablePath,
  length: number,
  at: ts.Node,
  context: FunctionContext,
): void {
  const { builder } = walker;
  if (!isLocal(context, root)) return;
  const list = readBelow(walker, context, root, fields, at);
  const cut = addNode(walker, context, 'after', at);
  builder.except(list, cut, [fieldOfPlaces({ from: length, to: Number.POSITIVE_INFINITY })]);
  writePath(walker, context, { root, fields }, cut, at, 'grown');
}

// The object that lies under some fields of a variable.
function readBelow(
  walker: Walker,
  context: FunctionContext,
  root: Variable,
  fields: readonly string[],
  at: ts.Node,
): number {
  let value = readVariable(walker, context, root, spanOf(walker, at));
  for (const field of fields) {
    const inner = addNode(walker, context, 'after', at);
    walker.builder.load(value, inner, field);
    value = inner;
  }
  return value;
}

/** `module.exports`, where no variable of the file is called `module`. */
export function isModuleExports(walker: Walker, node: ts.Node, context: FunctionContext): boolean {
  const { ts } = walker;
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'exports') return false;
  return ts.isIdentifier(node.expression) && node.expression.text === 'module' && !variableOf(context, 'module');
}

function assignWithDefault(
  walker: Walker,
  target: ts.Expression,
  value: number,
  field: string,
  context: FunctionContext,
): void {
  const { ts } = walker;
  const hasDefault = ts.isBinaryExpression(target) && target.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  assignPart(walker, hasDefault ? target.left : target, hasDefault ? target.right : undefined, value, field, context);
}

function assignPart(
  walker: Walker,
  target: ts.Expression,
  initializer: ts.Expression | undefined,
  value: number,
  field: string,
  context: FunctionContext,
): void {
  const part = addNode(walker, context, 'member', target, field);
  walker.builder.load(value, part, field);
  if (initializer) walker.builder.fallback(walker.expression(initializer, context), part, -1);
  assignTo(walker, target, part, context);
}

/** The path of `a.b[0].c`; undefined when it does not start with a variable or `this`, or is long. */
export function pathOf(walker: Walker, node: ts.Node, context: FunctionContext): VariablePath | undefined {
  const { ts } = walker;
  const fields: string[] = [];
  let at = node;
  for (;;) {
    if (isTransparent(ts, at)) at = at.expression;
    else if (ts.isPropertyAccessExpression(at)) {
      fields.unshift(at.name.text);
      at = at.expression;
    } else if (ts.isElementAccessExpression(at)) {
      fields.unshift(elementKey(walker, at, context));
      at = at.expression;
    } else break;
  }
  const name = ts.isIdentifier(at) ? at.text : at.kind === ts.SyntaxKind.ThisKeyword ? 'this' : '';
  const root = name && fields.length <= 10 ? variableOf(context, name) : undefined;
  return root && { root, fields };
}

/** The field of `a[k]`: constant keys are folded, others are `[]`. */
export function elementKey(walker: Walker, node: ts.ElementAccessExpression, context: FunctionContext): string {
  return constantKey(walker, node.argumentExpression, context);
}

/** The field that a property name stands for. */
export function propertyKey(walker: Walker, name: ts.PropertyName | ts.BindingName, context: FunctionContext): string {
  const { ts } = walker;
  if (
    ts.isIdentifier(name) ||
    ts.isPrivateIdentifier(name) ||
    ts.isStringLiteralLike(name) ||
    ts.isNumericLiteral(name)
  ) {
    return name.text;
  }
  return ts.isComputedPropertyName(name) ? constantKey(walker, name.expression, context) : anyElement;
}

function constantKey(walker: Walker, node: ts.Expression, context: FunctionContext): string {
  const constant = countedKey(walker, node, context) ?? foldConstant(walker, node, context);
  if (constant?.kind === 'exact') return String(constant.value);
  return foldedKey(walker, node, context) ?? anyElement;
}

// row[at++], row[++at]: what was counted is one further by now
function countedKey(walker: Walker, node: ts.Expression, context: FunctionContext): Constant | undefined {
  const { ts } = walker;
  const isPostfix = ts.isPostfixUnaryExpression(node);
  if (!isPostfix && !ts.isPrefixUnaryExpression(node)) return undefined;
  const isUp = node.operator === ts.SyntaxKind.PlusPlusToken;
  if (!isUp && node.operator !== ts.SyntaxKind.MinusMinusToken) return undefined;
  const now = foldConstant(walker, node.operand, context);
  return isPostfix ? foldBinary(isUp ? '-' : '+', now, exact(1)) : now;
}

// 'a' + b, `a${b}`, and names of constants.
function foldedKey(walker: Walker, node: ts.Expression, context: FunctionContext): string | undefined {
  const { ts, builder } = walker;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (isTransparent(ts, node)) return foldedKey(walker, node.expression as ts.Expression, context);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const left = foldedKey(walker, node.left, context);
    const right = left === undefined ? undefined : foldedKey(walker, node.right, context);
    return right === undefined ? undefined : `${left}${right}`;
  }
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map((span) => {
      const value = foldedKey(walker, span.expression, context);
      return value === undefined ? undefined : value + span.literal.text;
    });
    return parts.includes(undefined) ? undefined : node.head.text + parts.join('');
  }
  if (ts.isPropertyAccessExpression(node)) {
    const constant = foldConstant(walker, node, context);
    return isExact(constant) ? String(constant.value) : symbolField(walker, node, context);
  }
  if (!ts.isIdentifier(node)) return undefined;
  const variable = variableOf(context, node.text);
  const text = variable && builder.textOf(readVariable(walker, context, variable, spanOf(walker, node)));
  return text?.includes('*') ? undefined : text;
}

// Symbol.iterator, Symbol.toPrimitive
function symbolField(walker: Walker, node: ts.PropertyAccessExpression, context: FunctionContext): string | undefined {
  const { expression, name } = node;
  if (!walker.ts.isIdentifier(expression) || expression.text !== 'Symbol' || variableOf(context, 'Symbol')) return;
  if (name.text === 'toPrimitive') return primitiveField;
  return name.text === 'iterator' || name.text === 'asyncIterator' ? iteratorField : undefined;
}
