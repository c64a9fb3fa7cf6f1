// Expressions → the node of their value. Each case is headed by the syntax and the edges it makes.

import type { ts } from 'ts-morph';
import { anyElement, promiseFailure } from '../model/flow-graph.ts';
import { noteAssigned } from './aliases.ts';
import type { Constant } from './constant-values.ts';
import { exact, foldBinary, isExact } from './constant-values.ts';
import { foldConstant, isNotCalled, noteConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, noteNamed, noteWait, readVariable, spanOf, variableOf } from './context.ts';
import { noteFailing, notePart } from './failing.ts';
import { walkYield } from './generators.ts';
import { keptValue } from './kept.ts';
import { walkArray, walkObject } from './literals.ts';
import { walkConditional, walkLogical } from './logic.ts';
import { payOwed } from './owed.ts';
import { elementKey, isModuleExports } from './patterns.ts';
import { enumMember, runsForNone } from './settings.ts';
import { isOver, stir } from './settled.ts';
import { gone } from './shapes.ts';
import { spotAt } from './spot-answers.ts';
import { walkSpot } from './spot-bodies.ts';
import { isTransparent } from './syntax.ts';
import { encoded } from './tests.ts';
import { noteType } from './types.ts';

/** The node of an expression's value; its effects on the environment have happened afterwards. */
export function walkExpression(walker: Walker, node: ts.Node, context: FunctionContext): number {
  const { ts, builder } = walker;
  const k = ts.SyntaxKind;
  switch (node.kind) {
    case k.Identifier:
      return walkName(walker, (node as ts.Identifier).text, node, context);
    case k.ThisKeyword:
    case k.SuperKeyword:
      return walkName(walker, 'this', node, context);
    case k.StringLiteral:
    case k.NoSubstitutionTemplateLiteral:
    case k.RegularExpressionLiteral:
    case k.BigIntLiteral:
      return walkText(walker, (node as ts.LiteralExpression).text, node, context);
    case k.NumericLiteral: {
      const { text } = node as ts.NumericLiteral;
      const number = walkText(walker, text, node, context);
      builder.setConstant(number, encoded(Number(text)));
      return number;
    }
    case k.TemplateExpression:
      return walkTemplate(walker, node as ts.TemplateExpression, context);
    case k.PropertyAccessExpression: {
      // r = o.f
      const access = node as ts.PropertyAccessExpression;
      if (isModuleExports(walker, access, context)) return walker.exportsNode;
      const value = loadField(walker, access.expression, access.name.text, access.name, context);
      const member = enumMember(walker, access, context, () => undefined);
      if (isExact(member)) builder.setConstant(value, encoded(member.value));
      return value;
    }
    case k.ElementAccessExpression: {
      const access = node as ts.ElementAccessExpression;
      const key = walker.expression(access.argumentExpression, context);
      const field = elementKey(walker, access, context);
      const value = loadField(walker, access.expression, field, access, context);
      if (field === anyElement) builder.setKey(value, key);
      return value;
    }
    case k.CallExpression: {
      const spot = spotAt(walker, node);
      if (spot) return walkSpot(walker, node as ts.CallExpression, spot, context);
      if (runsForNone(walker, node as ts.CallExpression, context)) return addNode(walker, context, 'array', node);
      if (isNotCalled(walker, node as ts.CallExpression, context)) return addNode(walker, context, 'literal', node);
      return walker.call(node as ts.CallExpression, context);
    }
    case k.NewExpression:
    case k.TaggedTemplateExpression:
      return walker.call(node as ts.CallExpression, context);
    case k.BinaryExpression:
      return walkBinary(walker, node as ts.BinaryExpression, context);
    case k.ConditionalExpression:
      return walkConditional(walker, node as ts.ConditionalExpression, context);
    case k.ObjectLiteralExpression:
      return walkObject(walker, node as ts.ObjectLiteralExpression, context);
    case k.ArrayLiteralExpression:
      return walkArray(walker, node as ts.ArrayLiteralExpression, context);
    case k.ArrowFunction:
    case k.FunctionExpression:
      return walker.functionValue(node as ts.ArrowFunction, context, -1, -1);
    case k.ClassExpression:
      return walker.classValue(node as ts.ClassExpression, context);
    case k.MetaProperty:
      return walkMeta(walker, node, context);
    case k.AwaitExpression:
      return walkAwait(walker, node as ts.AwaitExpression, context);
    case k.YieldExpression:
      return walkYield(walker, node as ts.YieldExpression, context);
    case k.PrefixUnaryExpression:
    case k.PostfixUnaryExpression:
      return walkUnary(walker, node as ts.PrefixUnaryExpression, context);
    case k.TypeOfExpression:
    case k.VoidExpression:
      walker.expression((node as ts.VoidExpression).expression, context);
      return addNode(walker, context, 'literal', node);
    case k.DeleteExpression: {
      // delete o.f  →  o = o except f
      const { expression } = node as ts.DeleteExpression;
      const left = walkConstant(walker, node, context, '', undefined);
      if (ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression)) {
        builder.setShape(left, gone);
        walker.assign(expression, left, context, 'delete');
      }
      return left;
    }
    case k.NullKeyword:
      return walkConstant(walker, node, context, 'null', null);
    case k.TrueKeyword:
    case k.FalseKeyword:
      return walkConstant(walker, node, context, '', node.kind === k.TrueKeyword);
    case k.SpreadElement: {
      const spread = walker.expression((node as ts.SpreadElement).expression, context);
      noteFailing(walker, context);
      return spread;
    }
    case k.JsxElement:
    case k.JsxSelfClosingElement:
    case k.JsxFragment:
    case k.JsxExpression:
      return walkJsx(walker, node, context);
    case k.AsExpression:
    case k.TypeAssertionExpression:
    case k.SatisfiesExpression: {
      const cast = node as ts.AsExpression | ts.SatisfiesExpression;
      const value = addNode(walker, context, 'value', cast.expression);
      builder.copy(walker.expression(cast.expression, context), value);
      noteType(walker, context, value, cast.type);
      return value;
    }
    default:
      if (isTransparent(ts, node)) return walker.expression(node.expression, context);
      return addNode(walker, context, 'literal', node);
  }
}

// Promises are transparent: await p = p; what p fails with is thrown.
function walkAwait(walker: Walker, node: ts.AwaitExpression, context: FunctionContext): number {
  context.awaiting++;
  const value = walker.expression(node.expression, context);
  context.awaiting--;
  const failure = addNode(walker, context, 'value', node);
  walker.builder.load(value, failure, promiseFailure);
  walker.builder.copy(failure, context.caught);
  stir(context.env, isOver(walker.ts, node.expression) ? 'tick' : 'turn');
  payOwed(walker, context, node, node.expression);
  noteWait(walker, context);
  noteFailing(walker, context);
  return value;
}

function walkName(walker: Walker, name: string, node: ts.Node, context: FunctionContext): number {
  const variable = variableOf(context, name);
  if (variable) {
    noteNamed(walker, context, variable);
    const value = readVariable(walker, context, variable, spanOf(walker, node));
    return walker.scopes.kept.has(node) ? keptValue(walker, context, variable, value, node) : value;
  }
  if (name === 'undefined') return walkConstant(walker, node, context, name, undefined);
  if (name === 'NaN' || name === 'Infinity') return addNode(walker, context, 'literal', node, name);
  if (name === 'exports') return walker.exportsNode;
  if (name === '__dirname' || name === '__filename') return walkText(walker, ownPath(walker, name), node, context);
  return addNode(walker, context, 'global', node, name);
}

// import.meta  →  an object that knows where the file stands
function walkMeta(walker: Walker, node: ts.Node, context: FunctionContext): number {
  const { builder } = walker;
  const meta = addNode(walker, context, 'object', node);
  for (const field of ['url', 'filename', 'dirname']) {
    builder.store(walkText(walker, ownPath(walker, `__${field}`), node, context), meta, field);
  }
  return meta;
}

// Relative to the scanned root, with a slash in front.
function ownPath(walker: Walker, name: string): string {
  const { fileName } = walker.file;
  return name === '__dirname' ? `/${fileName.replace(/\/?[^/]*$/, '') || '.'}` : `/${fileName}`;
}

function walkConstant(
  walker: Walker,
  node: ts.Node,
  context: FunctionContext,
  name: string,
  value: boolean | null | undefined,
): number {
  const literal = addNode(walker, context, 'literal', node, name);
  walker.builder.setConstant(literal, encoded(value));
  return literal;
}

function walkText(walker: Walker, text: string, node: ts.Node, context: FunctionContext): number {
  const literal = addNode(walker, context, 'literal', node);
  walker.builder.setText(literal, text);
  if (text === '') walker.builder.setConstant(literal, encoded(text));
  return literal;
}

function loadField(
  walker: Walker,
  object: ts.Expression,
  field: string,
  at: ts.Node,
  context: FunctionContext,
): number {
  const { builder } = walker;
  const above = object.kind === walker.ts.SyntaxKind.SuperKeyword ? variableOf(context, 'super') : undefined;
  const base = above
    ? readVariable(walker, context, above, spanOf(walker, object))
    : walker.expression(object, context);
  notePart(walker, context, object);
  // A short object is part of the span, so that a report shows `account.balance` and not only `balance`.
  const from = at.end - object.end < 40 && object.end - object.pos < 40 ? object : at;
  const span = { start: from.getStart(walker.file), end: at.end };
  const result = builder.node('member', span, context.index, field);
  builder.load(base, result, field);
  return result;
}

// `a${x}b`  →  derived from x; the texts around each hole are kept as evidence
function walkTemplate(walker: Walker, node: ts.TemplateExpression, context: FunctionContext): number {
  const { builder } = walker;
  const result = addNode(walker, context, 'template', node);
  const parts: (string | number)[] = [node.head.text];
  for (const span of node.templateSpans) {
    const value = walker.expression(span.expression, context);
    builder.derive(value, result);
    parts.push(value, span.literal.text);
  }
  finishTemplate(walker, result, parts);
  return result;
}

function finishTemplate(walker: Walker, node: number, parts: readonly (string | number)[]): void {
  const { builder } = walker;
  builder.templates.push({ node, parts });
  builder.setText(
    node,
    parts.map((part) => (typeof part === 'string' ? part : (builder.textOf(part) ?? '*'))).join(''),
  );
}

function walkBinary(walker: Walker, node: ts.BinaryExpression, context: FunctionContext): number {
  const k = walker.ts.SyntaxKind;
  const operator = node.operatorToken.kind;
  switch (operator) {
    case k.EqualsToken: {
      const { rebinds } = context;
      const { aliases } = context.env;
      const value = walker.expression(node.right, context);
      const isPlain = rebinds === context.rebinds;
      walker.assign(node.left, value, context);
      if (isPlain) noteAssigned(walker, node.left, node.right, context, aliases);
      const variable = walker.ts.isIdentifier(node.left) && variableOf(context, node.left.text);
      if (variable) noteConstant(walker, variable, foldConstant(walker, node.right, context), context);
      return value;
    }
    case k.CommaToken:
      walker.expression(node.left, context);
      return walker.expression(node.right, context);
    case k.AmpersandAmpersandToken:
    case k.BarBarToken:
    case k.QuestionQuestionToken:
      return walkLogical(walker, node, context);
    case k.AmpersandAmpersandEqualsToken:
    case k.BarBarEqualsToken:
    case k.QuestionQuestionEqualsToken: {
      // x ||= v  →  x = x || v
      const result = walkLogical(walker, node, context);
      walker.assign(node.left, result, context, 'change');
      return result;
    }
    case k.PlusToken:
      return walkConcat(walker, node, context);
    case k.MinusToken:
      return walkMinus(walker, node, context);
    case k.AsteriskToken:
    case k.SlashToken:
    case k.PercentToken:
    case k.AsteriskAsteriskToken:
    case k.BarToken:
    case k.AmpersandToken:
    case k.CaretToken:
    case k.LessThanLessThanToken:
    case k.GreaterThanGreaterThanToken:
    case k.GreaterThanGreaterThanGreaterThanToken:
      return deriveBoth(walker, node, 'value', context);
    default:
      if (operator >= k.FirstCompoundAssignment && operator <= k.LastCompoundAssignment) {
        // x += v  →  x = x + v
        const sign = walker.ts.tokenToString(operator)?.slice(0, -1) ?? '';
        const before = foldConstant(walker, node.left, context);
        const result = deriveBoth(walker, node, operator === k.PlusEqualsToken ? 'template' : 'value', context);
        const after = foldBinary(sign, before, foldConstant(walker, node.right, context));
        walker.assign(node.left, result, context, 'change');
        noteCounted(walker, node.left, after, context);
        return result;
      }
      // A comparison says something about the value, but is not the value.
      walker.expression(node.left, context);
      walker.expression(node.right, context);
      if (operator === k.InKeyword || operator === k.InstanceOfKeyword) noteFailing(walker, context);
      return addNode(walker, context, 'literal', node);
  }
}

// number.slice(number.length - 4): where the end of a text begins is told by its constant part, `*.length-4`
function walkMinus(walker: Walker, node: ts.BinaryExpression, context: FunctionContext): number {
  const { ts } = walker;
  const { left, right } = node;
  const result = deriveBoth(walker, node, 'value', context);
  const isLength = ts.isPropertyAccessExpression(left) && left.name.text === 'length';
  if (isLength && ts.isNumericLiteral(right)) walker.builder.setText(result, `*.length-${right.text}`);
  return result;
}

// i++, total += 2  →  what the variable holds from here on
function noteCounted(
  walker: Walker,
  target: ts.Expression,
  value: Constant | undefined,
  context: FunctionContext,
): void {
  const variable = walker.ts.isIdentifier(target) && variableOf(context, target.text);
  if (variable) noteConstant(walker, variable, value, context);
}

function deriveBoth(
  walker: Walker,
  node: ts.BinaryExpression,
  kind: 'value' | 'template',
  context: FunctionContext,
): number {
  const left = walker.expression(node.left, context);
  const right = walker.expression(node.right, context);
  const result = addNode(walker, context, kind, node);
  walker.builder.derive(left, result);
  walker.builder.derive(right, result);
  if (kind === 'template') finishTemplate(walker, result, [partOf(walker, left), partOf(walker, right)]);
  return result;
}

// a + 'b' + c  →  one template; a long chain is walked without recursion
function walkConcat(walker: Walker, node: ts.BinaryExpression, context: FunctionContext): number {
  const { ts, builder } = walker;
  const operands: ts.Expression[] = [];
  let at: ts.Expression = node;
  while (ts.isBinaryExpression(at) && at.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    operands.push(at.right);
    at = at.left;
  }
  operands.push(at);
  const result = addNode(walker, context, 'template', node);
  const parts: (string | number)[] = [];
  for (const operand of operands.reverse()) {
    const value = walker.expression(operand, context);
    builder.derive(value, result);
    parts.push(partOf(walker, value, operand));
  }
  finishTemplate(walker, result, parts);
  return result;
}

function partOf(walker: Walker, value: number, operand?: ts.Expression): string | number {
  if (operand && !walker.ts.isLiteralExpression(operand)) return value;
  return (operand && walker.builder.textOf(value)) ?? value;
}

function walkUnary(walker: Walker, node: ts.PrefixUnaryExpression, context: FunctionContext): number {
  const k = walker.ts.SyntaxKind;
  const counted = foldConstant(walker, node.operand, context);
  const operand = walker.expression(node.operand, context);
  if (node.operator === k.ExclamationToken) return addNode(walker, context, 'literal', node);
  const result = addNode(walker, context, 'value', node);
  walker.builder.derive(operand, result);
  if (node.operator === k.MinusToken && walker.ts.isNumericLiteral(node.operand))
    walker.builder.setText(result, `-${node.operand.text}`);
  if (node.operator === k.PlusPlusToken || node.operator === k.MinusMinusToken) {
    walker.assign(node.operand, result, context, 'change');
    const operator = node.operator === k.PlusPlusToken ? '+' : '-';
    noteCounted(walker, node.operand, foldBinary(operator, counted, exact(1)), context);
  }
  return result;
}

// <Text label={x}>{y}</Text>  →  an object that holds x under its name and derives from y
function walkJsx(walker: Walker, node: ts.Node, context: FunctionContext): number {
  const { ts, builder } = walker;
  if (ts.isJsxExpression(node)) {
    return node.expression ? walker.expression(node.expression, context) : addNode(walker, context, 'literal', node);
  }
  const result = addNode(walker, context, 'object', node);
  const opening = ts.isJsxElement(node) ? node.openingElement : ts.isJsxSelfClosingElement(node) ? node : undefined;
  for (const attribute of opening?.attributes.properties ?? []) {
    if (ts.isJsxSpreadAttribute(attribute)) builder.copy(walker.expression(attribute.expression, context), result);
    else if (attribute.initializer)
      builder.store(walker.expression(attribute.initializer, context), result, attribute.name.getText(walker.file));
  }
  for (const child of ts.isJsxElement(node) || ts.isJsxFragment(node) ? node.children : []) {
    if (!ts.isJsxText(child)) builder.derive(walker.expression(child, context), result);
  }
  return result;
}
