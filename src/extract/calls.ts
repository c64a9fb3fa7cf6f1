// Calls, `new` and tagged templates → call records; `require` and `import()` → imports.
// Who is called is not known here: the record keeps the called value, and the receiver and arguments after the call.

import type { ts } from 'ts-morph';
import type { CallRecord } from '../model/flow-graph.ts';
import { anyElement } from '../model/flow-graph.ts';
import { noteAdded } from './aliases.ts';
import { isExact } from './constant-values.ts';
import { foldConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, isLocal, notHanded, readVariable, spanOf, variableOf } from './context.ts';
import { writeEachCalled } from './each.ts';
import type { Change, VariablePath } from './env.ts';
import { noteFailing } from './failing.ts';
import { keepsField, shapeAfter } from './frozen.ts';
import { owe } from './owed.ts';
import { computedKey, pathOf } from './patterns.ts';
import type { Setting } from './setters.ts';
import { settingOf, takeBack } from './setters.ts';
import { isHarmless, stir } from './settled.ts';
import type { Given, Shape } from './shapes.ts';
import { listAfter, listFrom, partOf, relyingOn } from './shapes.ts';
import { plainExpression } from './syntax.ts';
import type { Argument, CallNode } from './taken-methods.ts';
import { argumentsOf, nameOf, takenMethod } from './taken-methods.ts';
import { noteCollection } from './types.ts';
import { writePath } from './writes.ts';

// Methods of collections that put in or take out, and leave what is in it as it is.
const growing = new Set([
  'push',
  'unshift',
  'pop',
  'shift',
  'splice',
  'sort',
  'reverse',
  'add',
  'set',
  'delete',
  'clear',
]);

const collections = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array']);

/** The result of a call; its effects on receiver and arguments are new versions of them. */
export function walkCall(walker: Walker, node: CallNode, context: FunctionContext): number {
  const { ts, builder } = walker;
  if (ts.isCallExpression(node)) {
    const imported = walkImportCall(walker, node, context);
    if (imported !== undefined) return imported;
  }
  if (isRefused(walker, node, context)) return walkRefused(walker, node, context);
  const taken = ts.isCallExpression(node) ? takenMethod(walker, node, context) : undefined;
  const target = plainExpression(ts, ts.isTaggedTemplateExpression(node) ? node.tag : node.expression);
  const isSuper = target.kind === ts.SyntaxKind.SuperKeyword;
  const access = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target) ? target : undefined;
  const object = taken ? taken.self : access?.expression;
  const callee = isSuper ? -1 : taken ? taken.callee(context) : walker.expression(target, context);
  const isThis = isSuper || object?.kind === ts.SyntaxKind.SuperKeyword;
  const receiver = isThis
    ? walker.expression(isSuper ? target : (object ?? target), context)
    : object
      ? receiverOf(walker, callee)
      : -1;
  const given = taken?.given ?? argumentsOf(walker, node);
  const { args, spreads } = walkArguments(walker, node, given, context);
  const name = taken?.name ?? nameOf(walker, target, context);
  noteFailing(walker, context);
  const result = addNode(walker, context, 'call', node, name);
  const known = noteShapes(walker, given, args, spreads, context);
  const before = builder.shapeOf(receiver);
  const receiverAfter =
    object || isSuper ? afterCall(walker, object ?? target, receiver, node, context, { name, known }) : -1;
  const argsAfter = given.map((argument, i) =>
    afterCall(walker, argument.node, args[i] === walker.exportsNode ? walker.exportsNode : -1, node, context),
  );
  builder.noteLength(receiver);
  if (before && before.length >= 0) builder.setShape(result, listFrom(before, name, known));
  const said = shapeAfter(walker, node, builder.shapeOf(args[0] ?? -1), context);
  if (said) builder.setShape(result, said);
  if (ts.isCallExpression(node)) {
    noteAdded(walker, node, context);
    writeEachCalled(walker, node, context);
  }
  const setting = settingOf(walker, target, node, context);
  const handed = withSetting(handOver(walker, target, node, context), setting);
  walker.callIndexOf.set(node, builder.calls.length);
  builder.calls.push({
    node: result,
    callee,
    receiver,
    name: builder.string(isSuper ? 'super' : name),
    args,
    spreads,
    isNew: taken?.isNew ?? ts.isNewExpression(node),
    receiverAfter,
    argsAfter,
    ...handed,
    caught: context.caught,
    way: builder.way(context.env.tests),
    owner: context.index,
  });
  foldPath(walker, target, name, args, result);
  if (ts.isNewExpression(node) && node.typeArguments) noteCollection(walker, context, result, name, node.typeArguments);
  if (!isHarmless(ts, node) && !isOfCollection(walker, node, context)) stir(context.env, 'call');
  if (setting) takeBack(walker, context, setting, node);
  // What is called may fail after it has changed something.
  noteFailing(walker, context);
  return result;
}

// Reflect.set(page, 'line', v), where the page is frozen
function isRefused(walker: Walker, node: CallNode, context: FunctionContext): node is ts.CallExpression {
  const { ts } = walker;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression, name } = node.expression;
  const [target, key] = node.arguments;
  if (name.text !== 'set' || !ts.isIdentifier(expression) || expression.text !== 'Reflect' || !target || !key)
    return false;
  const path = variableOf(context, 'Reflect') ? undefined : pathOf(walker, target, context);
  const field = path && foldConstant(walker, key, context);
  return (
    path !== undefined &&
    isExact(field) &&
    keepsField(walker, context, { ...path, fields: [...path.fields, String(field.value)] })
  );
}

function walkRefused(walker: Walker, node: ts.CallExpression, context: FunctionContext): number {
  for (const argument of node.arguments) walker.expression(argument, context);
  return addNode(walker, context, 'literal', node);
}

// users.set(id, user), where `const users = new Map()`: what is asked runs nothing of the tree, unless it is given a function.
function isOfCollection(walker: Walker, node: CallNode, context: FunctionContext): boolean {
  const { ts } = walker;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression, name } = node.expression;
  if (!(growing.has(name.text) || name.text === 'get' || name.text === 'has') || !ts.isIdentifier(expression))
    return false;
  if (node.arguments.some((one) => ts.isFunctionLike(plainExpression(ts, one)) || ts.isSpreadElement(one)))
    return false;
  const variable = variableOf(context, expression.text);
  const meant = variable && walker.facts.declared.get(variable);
  if (!meant) return false;
  if (ts.isArrayLiteralExpression(meant)) return true;
  return ts.isNewExpression(meant) && ts.isIdentifier(meant.expression) && collections.has(meant.expression.text);
}

// What is known of the arguments of a list's method, and how long the spread ones are.
function noteShapes(
  walker: Walker,
  given: readonly Argument[],
  args: readonly number[],
  spreads: readonly number[],
  context: FunctionContext,
): Given {
  const { builder } = walker;
  for (const arg of args) builder.noteLength(arg);
  return {
    constants: given.map(({ node, isSpread }) => (isSpread ? undefined : foldConstant(walker, node, context))),
    shapes: given.map((_, i) => builder.shapeOf(args[i] ?? -1)),
    spreads,
  };
}

// f()  →  f is given the variables around it that it uses, and gives them back
function handOver(
  walker: Walker,
  target: ts.Expression,
  node: CallNode,
  context: FunctionContext,
): Pick<CallRecord, 'handedTo' | 'handed' | 'handedAfter'> {
  const { ts, scopes } = walker;
  const named = ts.isIdentifier(target) ? variableOf(context, target.text) : undefined;
  const func = named ? scopes.lifted.byName.get(named) : target;
  const variables = (func && ts.isCallExpression(node) && scopes.lifted.byFunction.get(func)) || [];
  const handedTo = func && variables.length > 0 ? (walker.indexOf.get(func) ?? -1) : -1;
  if (handedTo < 0) return notHanded;
  const late = func && scopes.lifted.late.get(func);
  const handed = variables.map((variable) => readVariable(walker, context, variable, spanOf(walker, node)));
  const handedAfter = variables.map((variable) => {
    const after = addNode(walker, context, 'after', node, variable.name);
    owe(walker, context, variable, after, node, late?.has(variable) ?? false);
    return after;
  });
  return { handedTo, handed, handedAfter };
}

// What a setter leaves comes back beside what it was handed.
function withSetting(
  { handedTo, handed, handedAfter }: Pick<CallRecord, 'handedTo' | 'handed' | 'handedAfter'>,
  setting: Setting | undefined,
): Pick<CallRecord, 'handedTo' | 'handed' | 'handedAfter'> {
  if (!setting) return { handedTo, handed, handedAfter };
  return {
    handedTo: setting.func,
    handed: [...handed, ...setting.after.map(() => -1)],
    handedAfter: [...handedAfter, ...setting.after],
  };
}

// The callee of a method call is a load; its base is the receiver.
function receiverOf(walker: Walker, callee: number): number {
  return walker.builder.baseOf(callee);
}

function walkArguments(
  walker: Walker,
  node: CallNode,
  given: readonly Argument[],
  context: FunctionContext,
): { args: number[]; spreads: number[] } {
  const { ts, builder } = walker;
  if (ts.isTaggedTemplateExpression(node)) {
    // tag`a${x}b`  →  tag(texts, x)
    const template = walker.expression(node.template, context);
    const holes = ts.isTemplateExpression(node.template)
      ? node.template.templateSpans.map((span) => walker.expression(span.expression, context))
      : [];
    return {
      args: [holes.length > 0 ? addNode(walker, context, 'literal', node.template) : template, ...holes],
      spreads: [],
    };
  }
  const spreads = given.flatMap(({ isSpread }, i) => (isSpread ? [i] : []));
  const args = given.map(({ node: argument }) => {
    const value = walker.expression(argument, context);
    // Each argument has a node of its own, so that a report can point at it.
    const own = ts.isIdentifier(argument) ? addNode(walker, context, 'value', argument, argument.text) : value;
    builder.copy(value, own);
    const text = builder.textOf(value);
    if (own !== value && text !== undefined) builder.setText(own, text);
    if (own !== value) builder.setShape(own, builder.shapeOf(value));
    return own;
  });
  return { args, spreads };
}

// f(o); o.m()  →  o has a new version, to be filled by whoever is called
function afterCall(
  walker: Walker,
  node: ts.Expression,
  value: number,
  call: CallNode,
  context: FunctionContext,
  method?: { readonly name: string; readonly known: Given },
): number {
  const { ts, builder } = walker;
  const k = ts.SyntaxKind;
  const path = node.kind === k.SuperKeyword ? superPath(context) : pathOf(walker, node, context);
  // Where it is one of many, the others stay as they are: the version holds what the call changes and no more.
  const isOneOfMany = path?.fields.includes(anyElement);
  const after = addNode(walker, context, 'after', call, isOneOfMany ? anyElement : '');
  // A receiver that no variable of the file holds has no further version: whoever uses the value sees the change.
  // For what another file made, linking looks for the place. `[a, b].reverse()` is seen by whoever takes the answer alone.
  const isInPlace = method && growing.has(method.name) && plainExpression(ts, node).kind === k.ArrayLiteralExpression;
  if (!path && !isInPlace && value >= 0) builder.copy(after, value);
  if (!path || (path.root.isImport && path.fields.length === 0)) return after;
  const key = computedKey(walker, node, context);
  if (key >= 0) builder.setKey(after, key);
  const shape = shapeAt(walker, path, context);
  // A frozen list stays as it is.
  if (method && growing.has(method.name) && shape?.isFrozen && shape.length >= 0) return after;
  const said = method || firstOf(walker, call) !== node ? undefined : shapeAfter(walker, call, shape, context);
  if (said) builder.setShape(after, said);
  else if (method && shape && shape.length >= 0) builder.setShape(after, listAfter(shape, method.name, method.known));
  else if (shape) builder.setShape(after, relyingOn(shape, [after]));
  const before = method || path.fields.length > 0 ? undefined : context.env.get(path.root);
  if (before !== undefined) walker.facts.passed.set(after, before);
  const change: Change = method && growing.has(method.name) ? 'grown' : 'called';
  writePath(walker, context, path, after, call, change);
  return after;
}

function firstOf({ ts }: Walker, call: CallNode): ts.Expression | undefined {
  return ts.isCallExpression(call) ? call.arguments[0] : undefined;
}

function shapeAt(walker: Walker, { root, fields }: VariablePath, context: FunctionContext): Shape | undefined {
  if (root.shared || !isLocal(context, root)) return undefined;
  const whole = walker.builder.shapeOf(context.env.get(root) ?? -1);
  return fields.reduce<Shape | undefined>((shape, field) => partOf(shape, field), whole);
}

function superPath(context: FunctionContext): ReturnType<typeof pathOf> {
  const root = variableOf(context, 'this');
  return root && { root, fields: [] };
}

// require('x'), require(`./commands/${file}`), import('x')
function walkImportCall(walker: Walker, node: ts.CallExpression, context: FunctionContext): number | undefined {
  const { ts, builder } = walker;
  const isRequire =
    ts.isIdentifier(node.expression) && node.expression.text === 'require' && !variableOf(context, 'require');
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const [argument] = node.arguments;
  if (!(isRequire || isImport) || !argument) return undefined;
  const value = walker.expression(argument, context);
  noteFailing(walker, context);
  const specifier = builder.textOf(value) ?? '';
  const isConstant = specifier !== '' && !specifier.includes('*');
  const result = builder.node('import', spanOf(walker, node), context.index, specifier);
  builder.imports.push({ node: result, specifier, computed: isConstant ? -1 : value, isStar: false, isRequire });
  return result;
}

// path.join(__dirname, 'commands', file)  →  the text ./commands/*
function foldPath(walker: Walker, target: ts.Expression, name: string, args: readonly number[], result: number): void {
  const { ts, builder } = walker;
  const holder =
    ts.isPropertyAccessExpression(target) && ts.isIdentifier(target.expression) ? target.expression.text : '';
  if (!(name === 'join' || name === 'resolve') || !(holder === 'path' || holder === '')) return;
  builder.setText(result, args.map((arg) => builder.textOf(arg) ?? '*').join('/'));
}
