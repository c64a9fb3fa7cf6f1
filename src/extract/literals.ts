// Literals of objects and lists → nodes that hold what is written in them, with what spreads bring.

import type { ts } from 'ts-morph';
import type { CallRecord } from '../model/flow-graph.ts';
import { anyElement, computedNames, getterField, setterField } from '../model/flow-graph.ts';
import { fieldOfPlaces, movedFrom } from '../model/list-places.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, notHanded } from './context.ts';
import { propertyKey, underKey } from './patterns.ts';
import type { Shape } from './shapes.ts';
import { listOf, objectOf, partOf } from './shapes.ts';
import { isTransparent } from './syntax.ts';

/** { a: v, ...s, b: w }  →  o.a = v; o.b = w; o = s except the keys that come later */
export function walkObject(walker: Walker, node: ts.ObjectLiteralExpression, context: FunctionContext): number {
  const { ts, builder } = walker;
  const object = addNode(walker, context, 'object', node);
  const spreads: { readonly value: number; readonly later: string[] }[] = [];
  const lastStore = new Map<string, number>();
  const stores: { readonly value: number; readonly field: string; readonly spread: number }[] = [];
  const parts = new Map<string, Shape>();
  function hide(field: string): void {
    for (const spread of spreads) spread.later.push(field);
  }
  function store(value: number, field: string): void {
    const shape = builder.shapeOf(value);
    if (field === anyElement) parts.clear();
    else {
      hide(field);
      lastStore.set(field, stores.length);
      if (shape) parts.set(field, shape);
      else parts.delete(field);
    }
    put(value, field);
  }
  function put(value: number, field: string): void {
    stores.push({ value, field, spread: spreads.length });
  }
  // What is spread surely has some fields: they hide those before.
  function spread(value: number): void {
    const shape = builder.shapeOf(value);
    for (const field of shape?.fields ?? []) {
      hide(field);
      lastStore.set(field, -1);
    }
    parts.clear();
    for (const field of shape?.fields ?? []) {
      const part = partOf(shape, field);
      if (part) parts.set(field, part);
    }
    spreads.push({ value, later: [] });
  }
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) spread(walker.expression(property.expression, context));
    else if (ts.isShorthandPropertyAssignment(property)) {
      store(walker.expression(property.name, context), property.name.text);
    } else if (ts.isPropertyAssignment(property)) {
      const { name } = property;
      const key = ts.isComputedPropertyName(name) ? walker.expression(name.expression, context) : -1;
      const value = walker.expression(property.initializer, context);
      const field = propertyKey(walker, name, context);
      if (key < 0 && field === '__proto__') builder.inherit(value, object);
      else if (field === anyElement) {
        put(key, computedNames);
        store(underKey(walker, context, value, key, property), field);
      } else store(value, field);
    } else if (ts.isMethodDeclaration(property)) {
      store(walker.functionValue(property, context, -1, object), propertyKey(walker, property.name, context));
    } else if (ts.isGetAccessor(property)) {
      // Whoever takes the object as a whole reads the field; other reads are calls of their own.
      const result = addNode(walker, context, 'value', property);
      const getter = walker.functionValue(property, context, -1, -1);
      builder.calls.push({ ...hiddenCall, node: result, callee: getter, receiver: object, owner: context.index });
      put(getter, getterField(propertyKey(walker, property.name, context)));
      lastStore.set(stores.at(-1)?.field ?? '', stores.length - 1);
      store(result, propertyKey(walker, property.name, context));
    } else if (ts.isSetAccessor(property)) {
      const setter = walker.functionValue(property, context, -1, object);
      put(setter, setterField(propertyKey(walker, property.name, context)));
      lastStore.set(stores.at(-1)?.field ?? '', stores.length - 1);
    }
  }
  const after = (count: number): number[] => spreads.slice(count).map(({ value }) => value);
  spreads.forEach(({ value, later }, i) => {
    builder.except(value, object, later);
    builder.overlay(object, value, after(i + 1));
  });
  stores.forEach(({ value, field, spread: before }, i) => {
    if (field !== anyElement && field !== computedNames && lastStore.get(field) !== i) return;
    builder.store(value, object, field);
    builder.overlay(object, value, after(before));
  });
  builder.setShape(object, objectOf([...lastStore.keys()], parts));
  return object;
}

// A call that the text does not show.
const hiddenCall: Omit<CallRecord, 'node' | 'callee' | 'receiver' | 'owner'> = {
  name: 0,
  args: [],
  spreads: [],
  isNew: false,
  receiverAfter: -1,
  argsAfter: [],
  ...notHanded,
  caught: -1,
  way: 0,
};

const maxPlaces = 256;
const maxParts = 16;

/** [a, b, ...c, d]  →  o.0 = a; o.1 = b; o's elements from 2 on are those of c; o.[3..] = d */
export function walkArray(walker: Walker, node: ts.ArrayLiteralExpression, context: FunctionContext): number {
  const { ts, builder } = walker;
  const array = addNode(walker, context, 'array', node);
  const elements = flatElements(walker, node.elements);
  const parts = new Map<string, Shape>();
  const written: { readonly value: number; readonly isSpread: boolean }[] = [];
  // The places of a long list are not told apart.
  let isKnown = elements.length <= maxPlaces;
  let at = 0;
  for (const element of elements) {
    const value = walker.expression(element, context);
    const shape = builder.shapeOf(value);
    written.push({ value, isSpread: ts.isSpreadElement(element) });
    if (ts.isSpreadElement(element)) {
      builder.move(value, array, movedFrom(0, at, isKnown ? 'same' : 'loose'));
      const length = shape && shape.relies.length === 0 ? shape.length : -1;
      isKnown &&= length >= 0;
      at += Math.max(0, length);
      continue;
    }
    const isLong = elements.length > maxPlaces;
    const field = isKnown
      ? String(at)
      : isLong
        ? anyElement
        : fieldOfPlaces({ from: at, to: Number.POSITIVE_INFINITY });
    builder.store(value, array, field);
    if (shape) parts.set(field, shape);
    at++;
  }
  if (isKnown) builder.setShape(array, listOf(at, parts));
  const spreads = written.flatMap(({ isSpread }, i) => (isSpread ? [i] : []));
  if (spreads.length > 0 && written.length <= maxParts) {
    builder.lists.push({ node: array, parts: written.map(({ value }) => value), spreads });
  }
  return array;
}

/** [a, ...[b, c]]  →  a, b, c: also of arguments */
export function flatElements(walker: Walker, elements: readonly ts.Expression[]): readonly ts.Expression[] {
  const { ts } = walker;
  return elements.flatMap((element) => {
    if (!ts.isSpreadElement(element)) return [element];
    let spread: ts.Expression = element.expression;
    while (isTransparent(ts, spread)) spread = spread.expression as ts.Expression;
    return ts.isArrayLiteralExpression(spread) ? flatElements(walker, spread.elements) : [element];
  });
}
