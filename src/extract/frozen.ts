// Objects and fields that cannot be given another value: what `Object.freeze` and `Object.defineProperty` say.
// An assignment there does nothing (or throws).

import type { ts } from 'ts-morph';
import { anyElement } from '../model/flow-graph.ts';
import { isExact } from './constant-values.ts';
import { foldCondition, foldConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { isLocal, variableOf } from './context.ts';
import type { VariablePath } from './env.ts';
import { frozenPart } from './settings.ts';
import type { Shape } from './shapes.ts';
import { partOf, someObject } from './shapes.ts';
import type { Variable } from './variables.ts';

/** True where the object that a path stands in keeps what it has there. */
export function keepsField(walker: Walker, context: FunctionContext, { root, fields }: VariablePath): boolean {
  const field = fields.at(-1);
  if (field === undefined) return false;
  const isKnown = isLocal(context, root) || context.env.settled.has(root);
  const version = isKnown ? context.env.get(root) : undefined;
  const shape = walker.builder.shapeOf(version ?? -1) ?? declaredShape(walker, context, root);
  const holder = fields.slice(0, -1).reduce<Shape | undefined>((whole, part) => partOf(whole, part), shape);
  return Boolean(holder?.isFrozen) || (field !== anyElement && (holder?.fixed?.includes(field) ?? false));
}

/** A later version of a `const` is frozen as well, whatever else has happened to it. */
export function keepFrozen(walker: Walker, context: FunctionContext, variable: Variable, later: number): void {
  const shape = walker.builder.shapeOf(context.env.get(variable) ?? -1);
  if (!(shape?.isFrozen || shape?.fixed) || !walker.facts.declared.has(variable)) return;
  const { isFrozen = false, fixed = [] } = shape;
  walker.builder.setShape(later, { ...someObject, isFrozen, fixed });
}

// const limits = Object.freeze({ … }), for the functions that use it
function declaredShape(walker: Walker, context: FunctionContext, root: Variable): Shape | undefined {
  const declared = walker.facts.declared.get(root);
  if (!declared || walker.ts.isFunctionDeclaration(declared)) return undefined;
  return frozenPart(walker, declared, context) ? { ...someObject, isFrozen: true } : undefined;
}

/** What is known of the first argument (and the result) after a call; undefined where the call says nothing of it. */
export function shapeAfter(
  walker: Walker,
  node: ts.Node,
  before: Shape | undefined,
  context: FunctionContext,
): Shape | undefined {
  const { ts } = walker;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression, name } = node.expression;
  if (!ts.isIdentifier(expression) || !/^(?:Object|Reflect)$/.test(expression.text)) return undefined;
  if (variableOf(context, expression.text)) return undefined;
  const [target, key, descriptor] = node.arguments;
  const shape = before ?? someObject;
  if (name.text === 'freeze' && target) return { ...shape, isFrozen: true };
  if (name.text !== 'defineProperty' || !key || !descriptor) return undefined;
  const field = foldConstant(walker, key, context);
  if (!isExact(field)) return undefined;
  const fixed = (shape.fixed ?? []).filter((one) => one !== String(field.value));
  if (!ts.isObjectLiteralExpression(descriptor)) return { ...shape, fixed };
  const isNew = before !== undefined && !before.fields.includes(String(field.value));
  return { ...shape, fixed: isFixed(walker, descriptor, isNew, context) ? [...fixed, String(field.value)] : fixed };
}

// { value: 'fixed', writable: false }; a field that was not there before cannot be written unless that is said
function isFixed(
  walker: Walker,
  descriptor: ts.ObjectLiteralExpression,
  isNew: boolean,
  context: FunctionContext,
): boolean {
  const { ts } = walker;
  let isWritable = !isNew;
  let hasValue = false;
  for (const property of descriptor.properties) {
    const name = property.name && ts.isIdentifier(property.name) ? property.name.text : '';
    if (ts.isShorthandPropertyAssignment(property) && name === 'value') hasValue = true;
    else if (!ts.isPropertyAssignment(property)) return false;
    else if (name === 'value') hasValue = true;
    else if (name === 'writable') isWritable = foldCondition(walker, property.initializer, context) !== false;
  }
  return hasValue && !isWritable;
}
