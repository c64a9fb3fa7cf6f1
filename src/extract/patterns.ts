// Destructuring, in declarations, parameters and assignments → loads of the parts.

import type { ts } from 'ts-morph';
import { anyElement, iteratorField } from '../model/flow-graph.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, defineVariable, readVariable, spanOf, variableOf } from './context.ts';
import type { VariablePath } from './env.ts';
import { isTransparent } from './syntax.ts';
import { writePath } from './writes.ts';

/** let name = value */
export function bindName(walker: Walker, name: ts.BindingName, value: number, context: FunctionContext): void {
  const { ts, builder } = walker;
  if (ts.isIdentifier(name)) {
    const variable = variableOf(context, name.text);
    if (variable) defineVariable(walker, context, variable, value, name);
    return;
  }
  if (ts.isObjectBindingPattern(name)) {
    const taken: string[] = [];
    for (const element of name.elements) {
      if (element.dotDotDotToken) {
        const rest = addNode(walker, context, 'object', element);
        builder.except(value, rest, taken);
        bindName(walker, element.name, rest, context);
        continue;
      }
      const key = element.propertyName ?? (ts.isIdentifier(element.name) ? element.name : undefined);
      const field = key ? propertyKey(walker, key, context) : anyElement;
      taken.push(field);
      bindPart(walker, element, value, field, context);
    }
    return;
  }
  name.elements.forEach((element, i) => {
    if (!ts.isBindingElement(element)) return;
    if (element.dotDotDotToken) {
      const rest = addNode(walker, context, 'array', element);
      const each = addNode(walker, context, 'value', element);
      builder.load(value, each, anyElement);
      builder.store(each, rest, anyElement);
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
): void {
  const part = addNode(walker, context, 'member', element.propertyName ?? element.name, field);
  walker.builder.load(value, part, field);
  if (element.initializer) walker.builder.copy(walker.expression(element.initializer, context), part);
  bindName(walker, element.name, part, context);
}

/** target = value, for every kind of target. */
export function assignTo(walker: Walker, target: ts.Expression, value: number, context: FunctionContext): void {
  const { ts, builder } = walker;
  if (isTransparent(ts, target)) return assignTo(walker, target.expression as ts.Expression, value, context);
  if (ts.isIdentifier(target)) {
    const variable = variableOf(context, target.text);
    if (variable) defineVariable(walker, context, variable, value, target);
    return;
  }
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) {
    if (isModuleExports(walker, target, context)) return builder.copy(value, walker.exportsNode);
    const path = pathOf(walker, target, context);
    if (path?.fields.at(-1) === '__proto__') return writePrototype(walker, path, value, target, context);
    if (path) return writePath(walker, context, path, keyed(walker, target, value, context), target);
    const field = ts.isPropertyAccessExpression(target) ? target.name.text : elementKey(walker, target, context);
    builder.store(value, walker.expression(target.expression, context), field);
    return;
  }
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
        taken.push(field);
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
        const each = addNode(walker, context, 'value', element);
        builder.load(value, each, anyElement);
        builder.store(each, rest, anyElement);
        assignTo(walker, element.expression, rest, context);
      } else assignWithDefault(walker, element, value, String(i), context);
    });
  }
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

// o[key] = value  →  the value remembers which key it is stored under
function keyed(walker: Walker, target: ts.Expression, value: number, context: FunctionContext): number {
  const key = computedKey(walker, target, context);
  return key < 0 ? value : keyedValue(walker, value, key, target, context);
}

/** The node of the key of `o[key]`, where it is a plain name that is no constant; else -1. */
export function computedKey(walker: Walker, node: ts.Node, context: FunctionContext): number {
  const { ts } = walker;
  if (!ts.isElementAccessExpression(node)) return -1;
  const { argumentExpression: key } = node;
  const isPlain = ts.isIdentifier(key) || ts.isPropertyAccessExpression(key);
  return isPlain && elementKey(walker, node, context) === anyElement ? walker.expression(key, context) : -1;
}

/** A value that is stored under a key which is not constant. */
export function keyedValue(walker: Walker, value: number, key: number, at: ts.Node, context: FunctionContext): number {
  const { builder } = walker;
  const own = addNode(walker, context, 'value', at);
  builder.copy(value, own);
  const text = builder.textOf(value);
  if (text !== undefined) builder.setText(own, text);
  builder.setKey(own, key);
  return own;
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
  if (initializer) walker.builder.copy(walker.expression(initializer, context), part);
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
  return foldedKey(walker, node, context) ?? anyElement;
}

// 'a' + b, `a${b}`, and names of constants.
function foldedKey(walker: Walker, node: ts.Expression, context: FunctionContext): string | undefined {
  const { ts, builder } = walker;
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text;
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
  if (ts.isPropertyAccessExpression(node)) return isIteratorKey(walker, node, context) ? iteratorField : undefined;
  if (!ts.isIdentifier(node)) return undefined;
  const variable = variableOf(context, node.text);
  const text = variable && builder.textOf(readVariable(walker, context, variable, spanOf(walker, node)));
  return text?.includes('*') ? undefined : text;
}

// Symbol.iterator, Symbol.asyncIterator
function isIteratorKey(walker: Walker, node: ts.PropertyAccessExpression, context: FunctionContext): boolean {
  const { expression, name } = node;
  if (!walker.ts.isIdentifier(expression) || expression.text !== 'Symbol' || variableOf(context, 'Symbol'))
    return false;
  return name.text === 'iterator' || name.text === 'asyncIterator';
}
