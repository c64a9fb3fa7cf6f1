// Calls, `new` and tagged templates → call records; `require` and `import()` → imports.
// Who is called is not known here: the record keeps the called value, and the receiver and arguments after the call.

import type { ts } from 'ts-morph';
import type { CallRecord } from '../model/flow-graph.ts';
import { noteAdded } from './aliases.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, notHanded, readVariable, spanOf, variableOf } from './context.ts';
import type { Change } from './env.ts';
import { computedKey, pathOf } from './patterns.ts';
import { isTransparent } from './syntax.ts';
import { writeHanded, writePath } from './writes.ts';

type CallNode = ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression;

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

/** The result of a call; its effects on receiver and arguments are new versions of them. */
export function walkCall(walker: Walker, node: CallNode, context: FunctionContext): number {
  const { ts, builder } = walker;
  if (ts.isCallExpression(node)) {
    const imported = walkImportCall(walker, node, context);
    if (imported !== undefined) return imported;
  }
  const target = calledPart(walker, ts.isTaggedTemplateExpression(node) ? node.tag : node.expression);
  const isSuper = target.kind === ts.SyntaxKind.SuperKeyword;
  const access = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target) ? target : undefined;
  const callee = isSuper ? -1 : walker.expression(target, context);
  const isThis = isSuper || access?.expression.kind === ts.SyntaxKind.SuperKeyword;
  const receiver = isThis
    ? walker.expression(isSuper ? target : (access?.expression ?? target), context)
    : access
      ? receiverOf(walker, callee)
      : -1;
  const { args, spreads } = walkArguments(walker, node, context);
  const name =
    access && ts.isPropertyAccessExpression(access) ? access.name.text : ts.isIdentifier(target) ? target.text : '';
  const result = addNode(walker, context, 'call', node, name);
  const change = growing.has(name) ? 'grown' : 'called';
  const receiverAfter =
    access || isSuper ? afterCall(walker, access ? access.expression : target, receiver, node, context, change) : -1;
  const argumentNodes = ts.isTaggedTemplateExpression(node) ? [] : (node.arguments ?? []);
  const argsAfter = argumentNodes.map((argument, i) =>
    afterCall(walker, argument, args[i] === walker.exportsNode ? walker.exportsNode : -1, node, context),
  );
  if (ts.isCallExpression(node)) noteAdded(walker, node, context);
  const handed = handOver(walker, target, node, context);
  walker.callIndexOf.set(node, builder.calls.length);
  builder.calls.push({
    node: result,
    callee,
    receiver,
    name: builder.string(isSuper ? 'super' : name),
    args,
    spreads,
    isNew: ts.isNewExpression(node),
    receiverAfter,
    argsAfter,
    ...handed,
    caught: context.caught,
    way: builder.way(context.env.tests),
    owner: context.index,
  });
  foldPath(walker, target, name, args, result);
  return result;
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
  const handed = variables.map((variable) => readVariable(walker, context, variable, spanOf(walker, node)));
  const handedAfter = variables.map((variable) => {
    const after = addNode(walker, context, 'after', node, variable.name);
    writeHanded(walker, context, variable, after, node);
    return after;
  });
  return { handedTo, handed, handedAfter };
}

function calledPart(walker: Walker, node: ts.Expression): ts.Expression {
  let at = node;
  while (isTransparent(walker.ts, at)) at = at.expression as ts.Expression;
  return at;
}

// The callee of a method call is a load; its base is the receiver.
function receiverOf(walker: Walker, callee: number): number {
  return walker.builder.baseOf(callee);
}

function walkArguments(
  walker: Walker,
  node: CallNode,
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
  const args: number[] = [];
  const spreads: number[] = [];
  (node.arguments ?? []).forEach((argument, i) => {
    const value = walker.expression(argument, context);
    if (ts.isSpreadElement(argument)) spreads.push(i);
    // Each argument has a node of its own, so that a report can point at it.
    const own = ts.isIdentifier(argument) ? addNode(walker, context, 'value', argument, argument.text) : value;
    builder.copy(value, own);
    const text = builder.textOf(value);
    if (own !== value && text !== undefined) builder.setText(own, text);
    args.push(own);
  });
  return { args, spreads };
}

// f(o); o.m()  →  o has a new version, to be filled by whoever is called
function afterCall(
  walker: Walker,
  node: ts.Node,
  value: number,
  call: CallNode,
  context: FunctionContext,
  change: Change = 'called',
): number {
  const { ts } = walker;
  const path = node.kind === ts.SyntaxKind.SuperKeyword ? superPath(context) : pathOf(walker, node, context);
  const after = addNode(walker, context, 'after', call);
  // A receiver that no variable of the file holds has no further version: whoever uses the value sees the change.
  // For what another file made, linking looks for the place.
  if (!path && value >= 0) walker.builder.copy(after, value);
  if (!path || (path.root.isImport && path.fields.length === 0)) return after;
  const key = computedKey(walker, node, context);
  if (key >= 0) walker.builder.setKey(after, key);
  writePath(walker, context, path, after, call, change);
  return after;
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
