// Expressions whose value is known without running anything → constants: literals, operators on them, variables that hold one here,
// settings (`const settings = { isLoud: false }`) that nobody changes, and enums. Makes no nodes; when unsure, nothing is known.

import type { ts } from 'ts-morph';
import type { Constant } from './constant-values.ts';
import { exact, falsy, foldBinary, foldUnary, isExact, isNullish, truthOf, truthy } from './constant-values.ts';
import type { FunctionContext, Walker } from './context.ts';
import { heldVersion, isLocal, variableOf } from './context.ts';
import { enumMember, isAbsent, settingAt } from './settings.ts';
import { inAnswer, onlyAnswerOnTheSpot } from './spot-answers.ts';
import { isTransparent, plainExpression } from './syntax.ts';
import type { Variable } from './variables.ts';

const maxDepth = 40;

/** The value of an expression, where it is the same in every run. The expression has been walked already. */
export function foldConstant(
  walker: Walker,
  node: ts.Expression,
  context: FunctionContext,
  depth = 0,
): Constant | undefined {
  const { ts } = walker;
  const k = ts.SyntaxKind;
  if (depth > maxDepth) return undefined;
  const fold = (inner: ts.Expression): Constant | undefined => foldConstant(walker, inner, context, depth + 1);
  if (isTransparent(ts, node)) return fold(node.expression as ts.Expression);
  switch (node.kind) {
    case k.TrueKeyword:
      return exact(true);
    case k.FalseKeyword:
      return exact(false);
    case k.NullKeyword:
      return exact(null);
    case k.StringLiteral:
    case k.NoSubstitutionTemplateLiteral:
      return exact((node as ts.StringLiteral).text);
    case k.NumericLiteral:
      return exact(Number((node as ts.NumericLiteral).text));
    case k.ObjectLiteralExpression:
    case k.ArrayLiteralExpression:
    case k.ArrowFunction:
    case k.FunctionExpression:
    case k.ClassExpression:
    case k.NewExpression:
    case k.RegularExpressionLiteral:
      return truthy;
    case k.VoidExpression:
      return exact(undefined);
    case k.Identifier:
      return foldName(walker, node as ts.Identifier, context);
    case k.PropertyAccessExpression:
    case k.ElementAccessExpression:
      return foldMember(walker, node as ts.PropertyAccessExpression, context, depth);
    case k.CallExpression: {
      const answer = onlyAnswerOnTheSpot(walker, node);
      if (answer) return inAnswer(context, answer, fold);
      if (isNotCalled(walker, node as ts.CallExpression, context, depth)) return exact(undefined);
      return foldIsArray(walker, node as ts.CallExpression, context);
    }
    case k.TemplateExpression:
      return foldTemplate(node as ts.TemplateExpression, fold);
    case k.TypeOfExpression:
      return foldTypeOf(walker, (node as ts.TypeOfExpression).expression, context, fold);
    case k.PrefixUnaryExpression: {
      const { operator, operand } = node as ts.PrefixUnaryExpression;
      return foldUnary(ts.tokenToString(operator) ?? '', fold(operand));
    }
    case k.ConditionalExpression: {
      const { condition, whenTrue, whenFalse } = node as ts.ConditionalExpression;
      const truth = truthOf(fold(condition));
      return truth === undefined ? undefined : fold(truth ? whenTrue : whenFalse);
    }
    case k.BinaryExpression: {
      const { left, operatorToken, right } = node as ts.BinaryExpression;
      const operator = ts.tokenToString(operatorToken.kind) ?? '';
      if (isLogical(operator)) return foldLogical(operator, fold(left), () => fold(right));
      return foldBinary(operator, fold(left), fold(right));
    }
    default:
      return undefined;
  }
}

/** True or false where a condition always is; undefined where both are possible. */
export function foldCondition(walker: Walker, node: ts.Expression, context: FunctionContext): boolean | undefined {
  return truthOf(foldConstant(walker, node, context));
}

/** Whether the right side of `left && …`, `left || …`, `left ?? …` runs; undefined where that depends. */
export function reachesRight(operator: string, left: Constant | undefined): boolean | undefined {
  if (operator.startsWith('??')) return isNullish(left);
  const truth = truthOf(left);
  return truth === undefined ? undefined : truth === operator.startsWith('&&');
}

/** Remembers what a variable holds from here on, and for the functions that read it when nothing else is ever given to it. */
export function noteConstant(
  walker: Walker,
  variable: Variable,
  value: Constant | undefined,
  context: FunctionContext,
): void {
  const { constants } = walker.facts;
  const version = heldVersion(context, variable);
  if (value && version !== undefined) constants.set(version, value);
  if (variable.cell < 0) return;
  const isFirst = !walker.facts.cells.has(variable.cell);
  walker.facts.cells.add(variable.cell);
  if (value && isFirst && !variable.isWritten) constants.set(variable.cell, value);
  else constants.delete(variable.cell);
}

/** hooks.format?.(figure), where `hooks` has no `format` */
export function isNotCalled(walker: Walker, node: ts.CallExpression, context: FunctionContext, depth = 0): boolean {
  if (!node.questionDotToken) return false;
  return isNullish(foldConstant(walker, node.expression, context, depth + 1)) === true;
}

// typeof { … } is 'object', whatever stands in it
function foldTypeOf(
  walker: Walker,
  node: ts.Expression,
  context: FunctionContext,
  fold: (inner: ts.Expression) => Constant | undefined,
): Constant | undefined {
  const written = writtenAs(walker, node, context);
  if (!written) return foldUnary('typeof', fold(node));
  return exact(walker.ts.isFunctionLike(written) ? 'function' : 'object');
}

// Array.isArray([ … ]), Array.isArray({ … })
function foldIsArray(walker: Walker, node: ts.CallExpression, context: FunctionContext): Constant | undefined {
  const { ts } = walker;
  const { expression, arguments: args } = node;
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'isArray' || !args[0]) return undefined;
  if (!ts.isIdentifier(expression.expression) || expression.expression.text !== 'Array') return undefined;
  if (variableOf(context, 'Array')) return undefined;
  const written = writtenAs(walker, args[0], context);
  if (written) return exact(ts.isArrayLiteralExpression(written));
  return isExact(foldConstant(walker, args[0], context)) ? exact(false) : undefined;
}

// The object, list or function that an expression is written as, also by the name of a `const`.
function writtenAs(walker: Walker, node: ts.Expression, context: FunctionContext): ts.Expression | undefined {
  const { ts } = walker;
  const plain = plainExpression(ts, node);
  const named = ts.isIdentifier(plain) ? variableOf(context, plain.text) : undefined;
  const meant = named ? walker.facts.declared.get(named) : plain;
  if (!meant || ts.isFunctionDeclaration(meant)) return undefined;
  const isWritten =
    ts.isObjectLiteralExpression(meant) || ts.isArrayLiteralExpression(meant) || ts.isFunctionLike(meant);
  return isWritten ? meant : undefined;
}

function isLogical(operator: string): boolean {
  return operator === '&&' || operator === '||' || operator === '??';
}

// a && false is never true, whatever a is
function foldLogical(
  operator: string,
  left: Constant | undefined,
  right: () => Constant | undefined,
): Constant | undefined {
  const reaches = reachesRight(operator, left);
  if (reaches === false) return left;
  const other = right();
  if (reaches === true) return other;
  const truth = truthOf(other);
  if (operator === '&&' && truth === false) return falsy;
  return operator === '||' && truth === true ? truthy : undefined;
}

function foldTemplate(
  node: ts.TemplateExpression,
  fold: (inner: ts.Expression) => Constant | undefined,
): Constant | undefined {
  let text = node.head.text;
  let isKnown = true;
  let hasText = text !== '';
  for (const { expression, literal } of node.templateSpans) {
    const value = fold(expression);
    if (value?.kind === 'exact') text += String(value.value);
    else isKnown = false;
    text += literal.text;
    hasText ||= literal.text !== '';
  }
  if (isKnown) return exact(text);
  return hasText ? truthy : undefined;
}

function foldName(walker: Walker, node: ts.Identifier, context: FunctionContext): Constant | undefined {
  const variable = variableOf(context, node.text);
  if (!variable) {
    if (node.text === 'undefined') return exact(undefined);
    return node.text === 'NaN' ? exact(Number.NaN) : undefined;
  }
  const isSettled = context.env.settled.has(variable);
  if (variable.isWritten && !isSettled && (variable.shared || !isLocal(context, variable))) return undefined;
  const version = heldVersion(context, variable) ?? variable.cell;
  return version === undefined ? undefined : walker.facts.constants.get(version);
}

// settings.isLoud, Mode.Off
function foldMember(
  walker: Walker,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  context: FunctionContext,
  depth: number,
): Constant | undefined {
  const { ts } = walker;
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.name.text === 'length') {
    const variable = variableOf(context, node.expression.text);
    const length = variable && foldLength(walker, variable, context);
    if (length) return length;
  }
  const keyOf = (key: ts.Expression): string | undefined => {
    const constant = foldConstant(walker, key, context, depth + 1);
    return isExact(constant) ? String(constant.value) : undefined;
  };
  const written = settingAt(walker, node, context, keyOf);
  if (written) return foldConstant(walker, written, context, depth + 1);
  if (ts.isPropertyAccessExpression(node) && isAbsent(walker, node, context)) return exact(undefined);
  return enumMember(walker, node, context, keyOf);
}

// The number of elements of a list that nobody else can have changed.
function foldLength(walker: Walker, variable: Variable, context: FunctionContext): Constant | undefined {
  if (variable.shared || !isLocal(context, variable)) return undefined;
  const shape = walker.builder.shapeOf(context.env.get(variable) ?? -1);
  return shape && shape.length >= 0 && shape.relies.length === 0 ? exact(shape.length) : undefined;
}
