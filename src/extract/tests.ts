// What a condition asks about values that stay as they are → tests, so that a search knows which ways belong together:
// `if (kind === 'a') …`. What follows from a condition for the values themselves stands in `guards.ts`.

import type { ts } from 'ts-morph';
import type { TestRecord } from '../model/flow-graph.ts';
import { isExact } from './constant-values.ts';
import { foldConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, cellOf, isLocal, spanOf, variableOf } from './context.ts';
import { originalOf } from './facts.ts';
import { isTransparent } from './syntax.ts';

const maxDepth = 40;
const maxFields = 3;

/** What is asked about; `isKept` where a later question in the same run gets the same answer. */
type Subject = Pick<TestRecord, 'subject' | 'isKept' | 'isOfTurn'>;

/** The tests that are passed where a condition is true (`holds`) or false, by their indices. */
export function testsOf(
  walker: Walker,
  context: FunctionContext,
  condition: ts.Expression,
  holds: boolean,
  depth = 0,
): number[] {
  const { ts } = walker;
  const k = ts.SyntaxKind;
  if (depth > maxDepth) return [];
  const go = (inner: ts.Expression, answer: boolean): number[] => testsOf(walker, context, inner, answer, depth + 1);
  if (isTransparent(ts, condition)) return go(condition.expression as ts.Expression, holds);
  if (ts.isPrefixUnaryExpression(condition))
    return condition.operator === k.ExclamationToken ? go(condition.operand, !holds) : [];
  if (ts.isBinaryExpression(condition)) {
    const operator = condition.operatorToken.kind;
    if (operator === (holds ? k.AmpersandAmpersandToken : k.BarBarToken))
      return [...go(condition.left, holds), ...go(condition.right, holds)];
    return comparison(walker, context, condition, holds);
  }
  const member = membership(walker, context, condition, holds);
  if (member) return member;
  const subject = subjectOf(walker, context, condition);
  return subject ? [walker.builder.test({ ...subject, constant: 0, holds, list: -1 })] : [];
}

/** The test that a clause of a switch passes (`holds`), or that another one fails. */
export function testOfCase(
  walker: Walker,
  context: FunctionContext,
  chosen: ts.Expression,
  wanted: ts.Expression,
  holds: boolean,
): number[] {
  return equality(walker, context, chosen, wanted, holds) ?? [];
}

// kind === 'a', 'a' !== kind
function comparison(walker: Walker, context: FunctionContext, node: ts.BinaryExpression, holds: boolean): number[] {
  const operator = walker.ts.tokenToString(node.operatorToken.kind) ?? '';
  if (!/^[!=]==?$/.test(operator)) return [];
  const isEqual = operator.startsWith('=') === holds;
  return (
    equality(walker, context, node.left, node.right, isEqual) ??
    equality(walker, context, node.right, node.left, isEqual) ??
    []
  );
}

function equality(
  walker: Walker,
  context: FunctionContext,
  asked: ts.Expression,
  other: ts.Expression,
  holds: boolean,
): number[] | undefined {
  const wanted = foldConstant(walker, other, context);
  if (!isExact(wanted) || wanted.value === null || wanted.value === undefined) return undefined;
  const subject = subjectOf(walker, context, asked);
  if (!subject) return undefined;
  const constant = walker.builder.string(encoded(wanted.value));
  return [walker.builder.test({ ...subject, constant, holds, list: -1 })];
}

// hidden.includes(name), shown.has(name)
function membership(
  walker: Walker,
  context: FunctionContext,
  node: ts.Expression,
  holds: boolean,
): number[] | undefined {
  const { ts } = walker;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { name } = node.expression;
  if (!(name.text === 'includes' || name.text === 'has') || node.arguments.length !== 1) return undefined;
  const call = walker.builder.calls[walker.callIndexOf.get(node) ?? -1];
  const [subject = -1] = call?.args ?? [];
  if (!call || subject < 0 || call.receiver < 0) return undefined;
  const isOfTurn = context.loops.length > 0 && subject >= context.loopStart;
  const asked = { subject, constant: 0, list: call.receiver, isKept: false, isOfTurn };
  return [walker.builder.test({ ...asked, holds })];
}

/** `boolean:true`, `string:open` */
export function encoded(value: unknown): string {
  return `${value === null ? 'null' : typeof value}:${value}`;
}

// A variable, or a field of one that only this function changes.
function subjectOf(walker: Walker, context: FunctionContext, asked: ts.Expression): Subject | undefined {
  const { ts } = walker;
  const fields: string[] = [];
  let at = asked;
  while (isTransparent(ts, at)) at = at.expression as ts.Expression;
  while (ts.isPropertyAccessExpression(at) && fields.length < maxFields) {
    fields.unshift(at.name.text);
    at = at.expression;
  }
  const variable = ts.isIdentifier(at) ? variableOf(context, at.text) : undefined;
  if (!variable) return undefined;
  const isOwn = isLocal(context, variable);
  if (variable.shared || (!isOwn && variable.isWritten)) return undefined;
  const version = isOwn ? context.env.get(variable) : cellOf(walker, variable, spanOf(walker, at));
  if (version === undefined) return undefined;
  let node = originalOf(walker.facts, version);
  // In a loop, a value of an earlier turn may have been another one.
  const isOfTurn = isOwn && context.loops.length > 0 && node >= context.loopStart;
  for (const field of fields) {
    const inner = addNode(walker, context, 'value', asked, field);
    walker.builder.load(node, inner, field);
    node = inner;
  }
  const isOne = isOwn || !walker.facts.repeated.has(context.scopeFunc);
  return { subject: node, isKept: isOne && fields.length === 0 && !isOfTurn, isOfTurn };
}
