// Calls that are written as other ones (`Reflect.apply(f, self, list)`, `[].slice.call(arguments)`), and what a call is given.

import type { ts } from 'ts-morph';
import { anyElement } from '../model/flow-graph.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, variableOf } from './context.ts';
import { isSamePath } from './env.ts';
import { flatElements } from './literals.ts';
import { elementKey, pathOf } from './patterns.ts';

export type CallNode = ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression;

export interface Argument {
  readonly node: ts.Expression;
  readonly isSpread: boolean;
}

/** A call that is written as another one: `[].slice.call(arguments, 1)` is `arguments.slice(1)`. */
interface TakenMethod {
  readonly name: string;
  /** What the method is called on; undefined for a function or class by itself. */
  readonly self: ts.Expression | undefined;
  readonly isNew: boolean;
  readonly given: readonly Argument[];
  callee(context: FunctionContext): number;
}

/** What a call is given, the lists that are written out in it taken apart. */
export function argumentsOf(walker: Walker, node: CallNode): readonly Argument[] {
  if (walker.ts.isTaggedTemplateExpression(node)) return [];
  return flatElements(walker, node.arguments ?? []).map((argument) => ({
    node: argument,
    isSpread: walker.ts.isSpreadElement(argument),
  }));
}

/** The call that is meant; undefined where it is the one that is written. */
export function takenMethod(
  walker: Walker,
  node: ts.CallExpression,
  context: FunctionContext,
): TakenMethod | undefined {
  return reflected(walker, node, context) ?? borrowed(walker, node, context) ?? splicedToEnd(walker, node, context);
}

// rows.splice(2, rows.length)  →  rows.splice(2)
function splicedToEnd(walker: Walker, node: ts.CallExpression, context: FunctionContext): TakenMethod | undefined {
  const { ts } = walker;
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'splice') return undefined;
  const [start, count, ...added] = argumentsOf(walker, node);
  if (!start || !count || added.length > 0 || start.isSpread) return undefined;
  const list = pathOf(walker, expression.expression, context);
  const length = pathOf(walker, count.node, context);
  if (!list || !length || !isSamePath(length, { ...list, fields: [...list.fields, 'length'] })) return undefined;
  return {
    name: 'splice',
    self: expression.expression,
    isNew: false,
    given: [start],
    callee: (here) => walker.expression(expression, here),
  };
}

// Reflect.apply(f, self, list)  →  f.apply(self, list); Reflect.construct(F, list)  →  new F(...list)
function reflected(walker: Walker, node: ts.CallExpression, context: FunctionContext): TakenMethod | undefined {
  const { ts } = walker;
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression) || !ts.isIdentifier(expression.expression)) return undefined;
  if (expression.expression.text !== 'Reflect' || variableOf(context, 'Reflect')) return undefined;
  const given = argumentsOf(walker, node);
  const [called, ...others] = given;
  if (!called || given.some(({ isSpread }) => isSpread)) return undefined;
  if (expression.name.text === 'apply')
    return {
      name: 'apply',
      self: called.node,
      isNew: false,
      given: others,
      callee: (here) => methodOf(walker, called.node, expression.name, here),
    };
  if (expression.name.text !== 'construct') return undefined;
  return {
    name: nameOf(walker, called.node, context),
    self: undefined,
    isNew: true,
    given: elementsOf(walker, others[0]),
    callee: (here) => walker.expression(called.node, here),
  };
}

// The arguments that a list stands for.
function elementsOf(walker: Walker, list: Argument | undefined): readonly Argument[] {
  const { ts } = walker;
  if (!list) return [];
  if (!ts.isArrayLiteralExpression(list.node)) return [{ node: list.node, isSpread: true }];
  return flatElements(walker, list.node.elements).map((one) => ({ node: one, isSpread: ts.isSpreadElement(one) }));
}

function methodOf(walker: Walker, self: ts.Expression, name: ts.MemberName, context: FunctionContext): number {
  const method = addNode(walker, context, 'member', name, name.text);
  walker.builder.load(walker.expression(self, context), method, name.text);
  return method;
}

// Array.prototype.push.apply(names, list), [].slice.call(arguments), ''.trim.call(text)
function borrowed(walker: Walker, node: ts.CallExpression, context: FunctionContext): TakenMethod | undefined {
  const { ts } = walker;
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return;
  const how = expression.name.text;
  const [self, ...others] = argumentsOf(walker, node);
  if (!(how === 'call' || how === 'apply') || !self || self.isSpread) return;
  if (!isBuiltInPart(walker, expression.expression.expression, context)) return;
  const { name } = expression.expression;
  return {
    name: name.text,
    self: self.node,
    isNew: false,
    given: how === 'apply' && others.length > 0 ? elementsOf(walker, others[0]) : others,
    callee: (here) => methodOf(walker, self.node, name, here),
  };
}

// Array.prototype, [], ''
function isBuiltInPart({ ts }: Walker, node: ts.Expression, context: FunctionContext): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0;
  if (ts.isStringLiteral(node)) return node.text === '';
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'prototype') return false;
  const { expression } = node;
  const isBuiltIn = ts.isIdentifier(expression) && (expression.text === 'Array' || expression.text === 'String');
  return isBuiltIn && !variableOf(context, expression.text);
}

/** The name that a callee is called by, or ''. */
export function nameOf(walker: Walker, target: ts.Expression, context: FunctionContext): string {
  const { ts } = walker;
  if (ts.isPropertyAccessExpression(target)) return target.name.text;
  // pages[Symbol.iterator](), desk['open']()
  if (ts.isElementAccessExpression(target)) {
    const key = elementKey(walker, target, context);
    return key === anyElement ? '' : key;
  }
  return ts.isIdentifier(target) ? target.text : '';
}
