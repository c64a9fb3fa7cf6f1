// What follows from a condition → versions that hold on one branch only: `if (isSafe(x)) …` gives x a guarded version there,
// and `if (!x) …` an empty one. Whether a call is a guard is for the rules to say; here every call is a candidate.

import type { ts } from 'ts-morph';
import { anyElement } from '../model/flow-graph.ts';
import type { Asked } from './conditions.ts';
import { consequencesOf } from './conditions.ts';
import { falsy, truthOf } from './constant-values.ts';
import { foldConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, isLocal, readVariable, spanOf, variableOf } from './context.ts';
import type { VariablePath } from './env.ts';
import { originalOf } from './facts.ts';
import { pathOf } from './patterns.ts';
import { testsOf } from './tests.ts';
import type { Variable } from './variables.ts';
import { writeAlone } from './writes.ts';

/** Imprecise: of a longer way through one function the first tests are known (thousands of early returns stay linear). */
const maxTests = 400;

/** Narrows the environment by a condition that is true (or false) from here on. */
export function narrow(walker: Walker, context: FunctionContext, condition: ts.Expression, holds: boolean): void {
  const { tests } = context.env;
  if (tests.length < maxTests) context.env.tests = [...tests, ...testsOf(walker, context, condition, holds)];
  for (const one of consequencesOf(walker, context, condition, holds)) {
    if (one.kind === 'yes') guardPlaces(walker, context, one.call, one.asked);
    else empty(walker, context, one.variable, one.name);
  }
}

/** const isFine = isSafe(x)  →  what x was when it was asked */
export function noteAnswer(walker: Walker, context: FunctionContext, kept: Variable, condition: ts.Expression): void {
  const versions = new Map<Variable, number | undefined>();
  for (const holds of [true, false]) {
    for (const one of consequencesOf(walker, context, condition, holds)) {
      for (const place of one.kind === 'yes' ? askedPlaces(walker, one.call) : []) {
        const root = pathOf(walker, place, context)?.root;
        if (root) versions.set(root, context.env.get(root));
      }
    }
  }
  if (versions.size > 0) walker.facts.asked.set(kept, versions);
}

/** (value) => isSafe(value)  →  the calls about the first parameter that are true wherever the function says yes */
export function answersOf(walker: Walker, node: ts.FunctionLikeDeclaration, context: FunctionContext): number[] {
  const { ts } = walker;
  const [parameter] = node.parameters;
  const isPlain = !node.asteriskToken && !node.modifiers?.some((one) => one.kind === ts.SyntaxKind.AsyncKeyword);
  const variable = isPlain && parameter && ts.isIdentifier(parameter.name) && variableOf(context, parameter.name.text);
  const answer = variable && !variable.isWritten && node.body && onlyAnswer(walker, node.body, context);
  if (!answer) return [];
  return consequencesOf(walker, context, answer, true).flatMap((one) => {
    if (one.kind !== 'yes' || one.asked) return [];
    const isAsked = one.call.arguments.some(
      (argument) => ts.isIdentifier(argument) && variableOf(context, argument.text) === variable,
    );
    return isAsked ? (walker.callIndexOf.get(one.call) ?? []) : [];
  });
}

// The one answer of a body that can be yes: `if (!value) return false; return isSafe(value)`.
function onlyAnswer(
  walker: Walker,
  body: ts.Block | ts.Expression,
  context: FunctionContext,
): ts.Expression | undefined {
  const { ts } = walker;
  if (!ts.isBlock(body)) return body;
  const last = body.statements.findLast((statement) => ts.isReturnStatement(statement));
  if (!last?.expression) return undefined;
  const saysYes = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
    if (ts.isReturnStatement(node) && node !== last)
      return (
        Boolean(node.expression) && truthOf(node.expression && foldConstant(walker, node.expression, context)) !== false
      );
    return ts.forEachChild(node, (child) => saysYes(child) || undefined) ?? false;
  };
  return saysYes(body) ? undefined : last.expression;
}

// if (!x)  →  x has nothing to tell there
function empty(walker: Walker, context: FunctionContext, variable: Variable, at: ts.Identifier): void {
  if (!isLocal(context, variable) || variable.shared || !context.env.has(variable)) return;
  const nothing = addNode(walker, context, 'literal', at);
  walker.facts.constants.set(nothing, falsy);
  walker.facts.originals.set(nothing, originalOf(walker.facts, context.env.get(variable) ?? nothing));
  context.env.set(variable, nothing);
}

function guardPlaces(walker: Walker, context: FunctionContext, call: ts.CallExpression, asked: Asked): void {
  const index = walker.callIndexOf.get(call);
  if (index === undefined) return;
  for (const place of askedPlaces(walker, call)) {
    const path = pathOf(walker, place, context);
    if (path && !path.fields.includes(anyElement)) guardPath(walker, context, path, index, asked, place);
  }
}

// isSafe(x), isSafe(o.line); rows.every(isSafe) asks about rows
function askedPlaces(walker: Walker, call: ts.CallExpression): ts.Expression[] {
  const { ts } = walker;
  const { expression } = call;
  const isEvery = ts.isPropertyAccessExpression(expression) && expression.name.text === 'every';
  return isEvery ? [expression.expression] : [...call.arguments];
}

function guardPath(
  walker: Walker,
  context: FunctionContext,
  path: VariablePath,
  call: number,
  asked: Asked,
  at: ts.Node,
): void {
  const { root, fields } = path;
  const isOwn = isLocal(context, root);
  if (isOwn && asked && asked.get(root) !== context.env.get(root)) return;
  // Functions that are made here, or that read the variable from outside, find it as it was asked about.
  if (fields.length === 0 && !root.isWritten && root.captured) {
    const calls = context.narrowed.get(root) ?? [];
    if (!calls.includes(call)) context.narrowed = new Map([...context.narrowed, [root, [...calls, call]]]);
  }
  if (isOwn) guardOwn(walker, context, path, call, at);
  const original = fields.length === 0 ? walker.facts.copies.get(root) : undefined;
  if (original) guardPath(walker, context, { root: original, fields: [] }, call, undefined, at);
}

function guardOwn(walker: Walker, context: FunctionContext, path: VariablePath, call: number, at: ts.Node): void {
  const { builder } = walker;
  const { root, fields } = path;
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
  if (fields.length === 0) {
    walker.facts.originals.set(guarded, originalOf(walker.facts, value));
    context.env.set(root, guarded);
  } else writeAlone(walker, context, path, guarded, at);
}
