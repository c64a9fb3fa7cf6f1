// What follows from a condition that is true (or false): calls whose answer was yes, and variables that hold nothing.
// Looks at what is written only; what is made of it stands in `guards.ts`.

import type { ts } from 'ts-morph';
import { isExact, truthOf } from './constant-values.ts';
import { foldConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { variableOf } from './context.ts';
import type { SpotAnswer } from './facts.ts';
import { meaningOf } from './facts.ts';
import { answersOnTheSpot, inAnswer } from './spot-answers.ts';
import { isTransparent } from './syntax.ts';
import type { Variable } from './variables.ts';

/** The versions of variables when a condition was asked; undefined when it is asked here. */
export type Asked = ReadonlyMap<Variable, number | undefined> | undefined;

export type Consequence =
  | { readonly kind: 'yes'; readonly call: ts.CallExpression; readonly asked: Asked }
  | { readonly kind: 'empty'; readonly name: ts.Identifier; readonly variable: Variable };

const maxDepth = 40;

/** Everything that holds where a condition is true (`holds`) or false. */
export function consequencesOf(
  walker: Walker,
  context: FunctionContext,
  condition: ts.Expression,
  holds: boolean,
  asked: Asked = undefined,
  depth = 0,
): Consequence[] {
  const { ts } = walker;
  const k = ts.SyntaxKind;
  if (depth > maxDepth) return [];
  const go = (inner: ts.Expression, answer: boolean): Consequence[] =>
    consequencesOf(walker, context, inner, answer, asked, depth + 1);
  if (isTransparent(ts, condition)) return go(condition.expression as ts.Expression, holds);
  if (ts.isPrefixUnaryExpression(condition) && condition.operator === k.ExclamationToken)
    return go(condition.operand, !holds);
  if (ts.isBinaryExpression(condition)) {
    const operator = condition.operatorToken.kind;
    if (operator === (holds ? k.AmpersandAmpersandToken : k.BarBarToken))
      return [...go(condition.left, holds), ...go(condition.right, holds)];
    const compared = comparedAnswer(walker, condition, holds, context);
    return compared ? go(compared.asked, compared.holds) : [];
  }
  if (ts.isIdentifier(condition)) return ofName(walker, context, condition, holds, depth);
  const call = ts.isAwaitExpression(condition) ? condition.expression : condition;
  if (!ts.isCallExpression(call)) return [];
  const answer = answerThatHolds(walker, context, call, holds);
  if (answer) return inAnswer(context, answer, (inner) => go(inner, holds));
  const wrapped = booleanOf(walker, call, context);
  if (wrapped) return go(wrapped, holds);
  return holds ? [{ kind: 'yes', call, asked }] : [];
}

// (() => { if (!value) return false; return isSafe(value); })()  →  the one answer that can be yes
function answerThatHolds(
  walker: Walker,
  context: FunctionContext,
  call: ts.CallExpression,
  holds: boolean,
): SpotAnswer | undefined {
  const answers = answersOnTheSpot(walker, call);
  const possible = answers?.filter((one) => {
    const truth = inAnswer(context, one, (inner) => truthOf(foldConstant(walker, inner, context)));
    return truth === undefined || truth === holds;
  });
  // A body that gives nothing back on some way says no there.
  return possible?.length === 1 && (holds || possible[0]?.isOnly) ? possible[0] : undefined;
}

// A kept answer holds for what was asked; a variable that is false has nothing to tell.
function ofName(
  walker: Walker,
  context: FunctionContext,
  name: ts.Identifier,
  holds: boolean,
  depth: number,
): Consequence[] {
  const variable = variableOf(context, name.text);
  if (!variable) return [];
  const asked = walker.facts.asked.get(variable);
  const meaning = asked && meaningOf(walker.facts, variable);
  const kept =
    meaning && !walker.ts.isFunctionDeclaration(meaning)
      ? consequencesOf(walker, context, meaning, holds, asked, depth + 1)
      : [];
  return holds ? kept : [...kept, { kind: 'empty', name, variable }];
}

// isSafe(x) === true, false !== isSafe(x): what was asked, and its answer; only a call (or `!`) gives a plain yes or no.
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
