// Decorators → calls: of a method with the method, of a parameter for its value, of a class with the class.
// Both kinds are one call: what the older kind takes (prototype, name, descriptor) and what the newer one takes (method, context).

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, notHanded } from './context.ts';

/** @d m() {}  →  d(m, 'm', { value: m }). Gives the node of what stands in the method's place, or -1 without decorators. */
export function decorateMethod(
  walker: Walker,
  node: ts.ClassElement,
  key: string,
  method: number,
  cls: number,
  context: FunctionContext,
): number {
  const { builder } = walker;
  let current = method;
  for (const decorator of decoratorsOf(walker, node).reverse()) {
    const [target, descriptor, changed, replaced] = (['value', 'object', 'after', 'value'] as const).map((kind) =>
      addNode(walker, context, kind, decorator, key),
    ) as [number, number, number, number];
    copyPrototype(walker, decorator, cls, target, context);
    builder.copy(current, target);
    builder.store(current, descriptor, 'value');
    const result = callDecorator(walker, decorator, [target, keyNode(walker, decorator, key, context), descriptor], {
      argsAfter: [-1, -1, changed],
      context,
    });
    const [returned, described] = [result, changed].map((holder) => {
      const value = addNode(walker, context, 'member', decorator, 'value');
      builder.load(holder, value, 'value');
      return value;
    }) as [number, number];
    builder.copy(result, returned);
    builder.decorations.push({ node: replaced, returned, described, before: current });
    current = replaced;
  }
  return current === method ? -1 : current;
}

/** Decorators of a class, a field or an accessor: they are called, what they give back is not followed. */
export function decorateOther(
  walker: Walker,
  node: ts.ClassLikeDeclaration | ts.ClassElement,
  key: string,
  cls: number,
  context: FunctionContext,
): void {
  for (const decorator of decoratorsOf(walker, node)) {
    const target = addNode(walker, context, 'value', decorator, key);
    if (walker.ts.isClassLike(node)) walker.builder.copy(cls, target);
    else copyPrototype(walker, decorator, cls, target, context);
    const args = [target, keyNode(walker, decorator, key, context)];
    callDecorator(walker, decorator, args, { argsAfter: [-1, -1], context });
  }
}

/** m(@d() p)  →  p is what d()() gives back: a framework's decorator says what the framework hands over. */
export function decorateParameter(
  walker: Walker,
  node: ts.ParameterDeclaration,
  param: number,
  context: FunctionContext,
): void {
  for (const decorator of decoratorsOf(walker, node)) {
    walker.builder.copy(callDecorator(walker, decorator, [], { argsAfter: [], context }), param);
  }
}

function callDecorator(
  walker: Walker,
  node: ts.Decorator,
  args: readonly number[],
  { argsAfter, context }: { readonly argsAfter: readonly number[]; readonly context: FunctionContext },
): number {
  const { builder } = walker;
  const callee = walker.expression(node.expression, context);
  const result = addNode(walker, context, 'call', node, '@');
  builder.calls.push({
    node: result,
    callee,
    receiver: -1,
    // Linking does not take it for a call of which nothing is known: it only registers what it is given.
    name: builder.string('@'),
    args,
    spreads: [],
    isNew: false,
    receiverAfter: -1,
    argsAfter,
    ...notHanded,
    caught: context.caught,
    way: builder.way(context.env.tests),
    owner: context.index,
  });
  return result;
}

function decoratorsOf(walker: Walker, node: ts.Node): ts.Decorator[] {
  return walker.ts.canHaveDecorators(node) ? [...(walker.ts.getDecorators(node) ?? [])] : [];
}

function copyPrototype(walker: Walker, at: ts.Node, cls: number, target: number, context: FunctionContext): void {
  const prototype = addNode(walker, context, 'member', at, 'prototype');
  walker.builder.load(cls, prototype, 'prototype');
  walker.builder.copy(prototype, target);
}

function keyNode(walker: Walker, at: ts.Node, key: string, context: FunctionContext): number {
  const node = addNode(walker, context, 'literal', at, key);
  walker.builder.setText(node, key);
  return node;
}
