// Conditions → what holds on one branch only: `if (isSafe(x)) …` gives x a guarded version there, and `if (!x) …` an empty one.
// Whether a call is a guard is for the rules to say; here every call in a condition is a candidate.

import type { ts } from 'ts-morph';
import { anyElement } from '../model/flow-graph.ts';
import { falsy, isExact } from './constant-values.ts';
import { foldConstant } from './constants.ts';
import type { FunctionContext, VariablePath, Walker } from './context.ts';
import { addNode, isLocal, readVariable, spanOf, variableOf, withoutAliases, writePath } from './context.ts';
import { meaningOf } from './facts.ts';
import { pathOf } from './patterns.ts';
import type { Variable } from './scopes.ts';
import { isTransparent } from './scopes.ts';

/** The versions of variables when a condition was asked; undefined when it is asked here. */
type Asked = ReadonlyMap<Variable, number | undefined> | undefined;

const maxDepth = 40;

/** Narrows the environment by a condition that is true (or false) from here on. */
export function narrow(
  walker: Walker,
  context: FunctionContext,
  condition: ts.Expression,
  holds: boolean,
  asked: Asked = undefined,
  depth = 0,
): void {
  const { ts } = walker;
  const k = ts.SyntaxKind;
  if (depth > maxDepth) return;
  const go = (inner: ts.Expression, answer: boolean): void => narrow(walker, context, inner, answer, asked, depth + 1);
  if (isTransparent(ts, condition)) return go(condition.expression as ts.Expression, holds);
  if (ts.isPrefixUnaryExpression(condition) && condition.operator === k.ExclamationToken)
    return go(condition.operand, !holds);
  if (ts.isBinaryExpression(condition)) {
    const operator = condition.operatorToken.kind;
    if (operator === (holds ? k.AmpersandAmpersandToken : k.BarBarToken)) {
      go(condition.left, holds);
      return go(condition.right, holds);
    }
    const compared = comparedAnswer(walker, condition, holds, context);
    return compared && go(compared.asked, compared.holds);
  }
  if (ts.isIdentifier(condition)) return narrowName(walker, context, condition, holds, depth);
  const call = ts.isAwaitExpression(condition) ? condition.expression : condition;
  if (!ts.isCallExpression(call)) return;
  const wrapped = booleanOf(walker, call, context);
  if (wrapped) return go(wrapped, holds);
  if (holds) narrowCall(walker, context, call, asked);
}

/** const isFine = isSafe(x)  →  what x was when it was asked */
export function noteAnswer(walker: Walker, context: FunctionContext, kept: Variable, condition: ts.Expression): void {
  const versions = new Map<Variable, number | undefined>();
  const visit = (node: ts.Expression, depth: number): void => {
    const { ts } = walker;
    if (depth > maxDepth) return;
    if (isTransparent(ts, node) || ts.isAwaitExpression(node))
      return visit(node.expression as ts.Expression, depth + 1);
    if (ts.isPrefixUnaryExpression(node)) return visit(node.operand, depth + 1);
    if (ts.isBinaryExpression(node)) {
      visit(node.left, depth + 1);
      return visit(node.right, depth + 1);
    }
    if (!ts.isCallExpression(node)) return;
    const wrapped = booleanOf(walker, node, context);
    if (wrapped) return visit(wrapped, depth + 1);
    for (const place of askedPlaces(walker, node)) {
      const root = pathOf(walker, place, context)?.root;
      if (root) versions.set(root, context.env.get(root));
    }
  };
  visit(condition, 0);
  if (versions.size > 0) walker.facts.asked.set(kept, versions);
}

// isSafe(x) === true, false !== isSafe(x): the call that was asked, and its answer; a call alone gives a plain yes or no.
function comparedAnswer(
  walker: Walker,
  node: ts.BinaryExpression,
  holds: boolean,
  context: FunctionContext,
): { readonly asked: ts.Expression; readonly holds: boolean } | undefined {
  const { ts } = walker;
  const k = ts.SyntaxKind;
  const operator = node.operatorToken.kind;
  const isEqual = operator === k.EqualsEqualsEqualsToken || operator === k.EqualsEqualsToken;
  if (!isEqual && operator !== k.ExclamationEqualsEqualsToken && operator !== k.ExclamationEqualsToken)
    return undefined;
  for (const [asked, other] of [
    [node.left, node.right],
    [node.right, node.left],
  ] as const) {
    const wanted = foldConstant(walker, other, context);
    if (!isExact(wanted) || typeof wanted.value !== 'boolean' || !isAnswer(walker, asked)) continue;
    return { asked, holds: wanted.value === (holds === isEqual) };
  }
  return undefined;
}

function isAnswer(walker: Walker, node: ts.Expression): boolean {
  const { ts } = walker;
  if (isTransparent(ts, node) || ts.isAwaitExpression(node)) return isAnswer(walker, node.expression as ts.Expression);
  return ts.isCallExpression(node) || (ts.isPrefixUnaryExpression(node) && isAnswer(walker, node.operand));
}

// Boolean(v)
function booleanOf(walker: Walker, call: ts.CallExpression, context: FunctionContext): ts.Expression | undefined {
  const isBoolean =
    walker.ts.isIdentifier(call.expression) && call.expression.text === 'Boolean' && !variableOf(context, 'Boolean');
  return isBoolean && call.arguments.length === 1 ? call.arguments[0] : undefined;
}

// A kept answer holds for what was asked; a variable that is false has nothing to tell.
function narrowName(
  walker: Walker,
  context: FunctionContext,
  node: ts.Identifier,
  holds: boolean,
  depth: number,
): void {
  const variable = variableOf(context, node.text);
  if (!variable) return;
  const asked = walker.facts.asked.get(variable);
  const meaning = asked && meaningOf(walker.facts, variable);
  if (meaning && !walker.ts.isFunctionDeclaration(meaning)) narrow(walker, context, meaning, holds, asked, depth + 1);
  if (holds || !isLocal(context, variable) || variable.shared || !context.env.has(variable)) return;
  const empty = addNode(walker, context, 'literal', node);
  walker.facts.constants.set(empty, falsy);
  context.env.set(variable, empty);
}

function narrowCall(walker: Walker, context: FunctionContext, call: ts.CallExpression, asked: Asked): void {
  const index = walker.callIndexOf.get(call);
  if (index === undefined) return;
  for (const place of askedPlaces(walker, call)) {
    const path = pathOf(walker, place, context);
    if (path && !path.fields.includes(anyElement)) guardPath(walker, context, path, index, asked, place);
  }
}

// isSafe(x), isSafe(o.line); rows.every(…) asks about rows
function askedPlaces(walker: Walker, call: ts.CallExpression): ts.Expression[] {
  const { ts } = walker;
  const { expression } = call;
  const isEvery = ts.isPropertyAccessExpression(expression) && expression.name.text === 'every';
  return [...(isEvery ? [expression.expression] : []), ...call.arguments];
}

function guardPath(
  walker: Walker,
  context: FunctionContext,
  path: VariablePath,
  call: number,
  asked: Asked,
  at: ts.Node,
): void {
  const { builder } = walker;
  const { root, fields } = path;
  const isOwn = isLocal(context, root);
  if (isOwn && asked && asked.get(root) !== context.env.get(root)) return;
  // Functions that are made here, or that read the variable from outside, find it as it was asked about.
  if (fields.length === 0 && !root.isWritten && root.captured) {
    const calls = context.narrowed.get(root) ?? [];
    if (!calls.includes(call)) context.narrowed = new Map([...context.narrowed, [root, [...calls, call]]]);
  }
  if (isOwn) {
    let value = readVariable(walker, context, root, spanOf(walker, at));
    for (const field of fields) {
      const inner = addNode(walker, context, 'value', at, field);
      builder.load(value, inner, field);
      value = inner;
    }
    const guarded = addNode(walker, context, 'value', at, fields.at(-1) ?? root.name);
    builder.guard(value, guarded, call);
    const text = builder.textOf(value);
    if (text !== undefined) builder.setText(guarded, text);
    if (fields.length === 0) context.env.set(root, guarded);
    else writePath(walker, context, path, guarded, at, withoutAliases);
  }
  const original = fields.length === 0 ? walker.facts.copies.get(root) : undefined;
  if (original) guardPath(walker, context, { root: original, fields: [] }, call, undefined, at);
}
