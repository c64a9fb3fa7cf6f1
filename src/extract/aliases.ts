// Which variables stand for the same object as a path below another one, so that a change of one is seen through the other:
// `const p = o.items`, `const o = { a }`, `o.a = a`, `list.push(a)`, `const { items } = o`, `for (const row of rows)`.
// Knows what is written, not what it means: the versions are made in `context.ts`.

import type { ts } from 'ts-morph';
import { anyElement, mapValues } from '../model/flow-graph.ts';
import type { FunctionContext, VariablePath, Walker } from './context.ts';
import { rememberAlias, variableOf } from './context.ts';
import { pathOf, propertyKey } from './patterns.ts';
import { isTransparent } from './scopes.ts';

const maxDepth = 4;

/** name = initializer */
export function noteDeclared(
  walker: Walker,
  name: ts.BindingName,
  initializer: ts.Expression,
  context: FunctionContext,
): void {
  const { ts } = walker;
  if (ts.isIdentifier(name)) {
    const root = variableOf(context, name.text);
    if (root) noteValue(walker, { root, fields: [] }, initializer, context);
    return;
  }
  const path = pathOf(walker, initializer, context);
  if (path) notePattern(walker, name, path, context);
}

// const { items: p, ...rest } = o  →  p stands for o.items
function notePattern(walker: Walker, name: ts.BindingName, path: VariablePath, context: FunctionContext): void {
  const { ts } = walker;
  if (ts.isIdentifier(name)) {
    const variable = variableOf(context, name.text);
    if (variable) rememberAlias(context, variable, path);
    return;
  }
  if (path.fields.length >= maxDepth) return;
  name.elements.forEach((element, i) => {
    if (!ts.isBindingElement(element) || element.dotDotDotToken || element.initializer) return;
    const key = element.propertyName ?? (ts.isIdentifier(element.name) ? element.name : undefined);
    const isArray = ts.isArrayBindingPattern(name);
    const field = isArray ? String(i) : key ? propertyKey(walker, key, context) : anyElement;
    notePattern(walker, element.name, { root: path.root, fields: [...path.fields, field] }, context);
  });
}

/** target = value, where the target may be a field */
export function noteAssigned(
  walker: Walker,
  target: ts.Expression,
  value: ts.Expression,
  context: FunctionContext,
): void {
  const path = pathOf(walker, target, context);
  if (!path) return;
  noteValue(walker, path, value, context);
}

/** for (const name of iterated)  →  name stands for an element */
export function noteEach(
  walker: Walker,
  name: ts.BindingName,
  iterated: ts.Expression,
  context: FunctionContext,
): void {
  const path = pathOf(walker, iterated, context);
  if (path) notePattern(walker, name, { root: path.root, fields: [...path.fields, anyElement] }, context);
}

/** list.push(a), set.add(a), map.set(k, a)  →  a stands for an element */
export function noteAdded(walker: Walker, node: ts.CallExpression, context: FunctionContext): void {
  const { ts } = walker;
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression)) return;
  const method = expression.name.text;
  const isList = method === 'push' || method === 'unshift' || method === 'add';
  const added = isList ? node.arguments : method === 'set' ? node.arguments.slice(1, 2) : [];
  if (added.length === 0) return;
  const path = pathOf(walker, expression.expression, context);
  if (!path) return;
  const below = isList ? [anyElement] : [mapValues, anyElement];
  for (const value of added) noteValue(walker, { root: path.root, fields: [...path.fields, ...below] }, value, context);
}

function noteValue(walker: Walker, target: VariablePath, value: ts.Expression, context: FunctionContext): void {
  const { ts } = walker;
  if (target.fields.length > maxDepth) return;
  const below = (field: string): VariablePath => ({ root: target.root, fields: [...target.fields, field] });
  if (isTransparent(ts, value)) return noteValue(walker, target, value.expression as ts.Expression, context);
  if (ts.isObjectLiteralExpression(value)) {
    for (const property of value.properties) {
      if (ts.isShorthandPropertyAssignment(property)) {
        noteValue(walker, below(property.name.text), property.name, context);
      } else if (ts.isPropertyAssignment(property)) {
        noteValue(walker, below(propertyKey(walker, property.name, context)), property.initializer, context);
      }
    }
    return;
  }
  if (ts.isArrayLiteralExpression(value)) {
    const isFixed = !value.elements.some((element) => ts.isSpreadElement(element));
    value.elements.forEach((element, i) => {
      noteValue(walker, below(isFixed ? String(i) : anyElement), element, context);
    });
    return;
  }
  const path = pathOf(walker, value, context);
  if (!path) return;
  if (target.fields.length === 0) rememberAlias(context, target.root, path);
  else if (path.fields.length === 0) rememberAlias(context, path.root, target);
}
