// Loops that write the same place of every element: `for (const row of rows) row.line = v`, `for (let i = 0; i < list.length; i++)
// list[i] = v`, `for (const key in o) delete o[key]`. After such a loop nothing of what stood there is left.
// Knows only what is written in the loop's own block, and nothing of loops that may stop early.

import type { ts } from 'ts-morph';
import { anyElement, computedNames } from '../model/flow-graph.ts';
import { foldConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, isLocal, readVariable, spanOf, variableOf } from './context.ts';
import type { VariablePath } from './env.ts';
import { isSamePath } from './env.ts';
import { pathOf } from './patterns.ts';
import { isTransparent } from './syntax.ts';
import { writePath } from './writes.ts';

/** What a loop goes through: all elements of a list, or all fields of an object. */
interface Walked {
  readonly path: VariablePath;
  /** The names of an element, and of its place. */
  readonly element?: string;
  readonly place?: string;
}

type Place = ts.PropertyAccessExpression | ts.ElementAccessExpression;

interface Write {
  readonly place: Place;
  readonly isDelete: boolean;
}

/** Assignments that may leave what stands there. */
const maybes = new Set(['&&=', '||=', '??=']);

/** After a loop: what each turn surely wrote is all that stands there. */
export function writeEach(walker: Walker, node: ts.IterationStatement, context: FunctionContext): void {
  clear(walker, node.statement, context, () => walkedBy(walker, node, context));
}

/** list.forEach((row) => { row.line = v; }) is such a loop. */
export function writeEachCalled(walker: Walker, node: ts.CallExpression, context: FunctionContext): void {
  const { ts } = walker;
  const { expression } = node;
  const [callback] = node.arguments;
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'forEach' || !callback) return;
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return;
  clear(walker, callback.body, context, () => {
    const path = pathOf(walker, expression.expression, context);
    const [element, place] = callback.parameters.map(({ name }) => (ts.isIdentifier(name) ? name.text : undefined));
    return path && { path, ...(element ? { element } : {}), ...(place ? { place } : {}) };
  });
}

function clear(walker: Walker, body: ts.Node, context: FunctionContext, find: () => Walked | undefined): void {
  const writes = context.isDead ? [] : surelyWritten(walker, body);
  const walked = writes.length > 0 && !leavesEarly(walker, body) ? find() : undefined;
  if (!walked || !isLocal(context, walked.path.root)) return;
  for (const { place, isDelete } of writes) {
    const field = fieldOfEach(walker, place, walked, context);
    if (field === undefined || !(isDelete || walker.facts.written.has(place))) continue;
    if (new Rest(walker, walked, place, field, context).leavesItSo(body))
      clearEach(walker, walked.path, field, place, context);
  }
}

// '' for the element itself, or the name of its field; undefined for another place.
function fieldOfEach(walker: Walker, place: Place, walked: Walked, context: FunctionContext): string | undefined {
  const { ts } = walker;
  if (isEach(walker, place, walked, context)) return '';
  if (!ts.isPropertyAccessExpression(place)) return undefined;
  return isEach(walker, place.expression, walked, context) ? place.name.text : undefined;
}

// row, rows[at]
function isEach(walker: Walker, node: ts.Expression, walked: Walked, context: FunctionContext): boolean {
  const { ts } = walker;
  if (isTransparent(ts, node)) return isEach(walker, node.expression as ts.Expression, walked, context);
  if (ts.isIdentifier(node)) return node.text === walked.element;
  if (!ts.isElementAccessExpression(node) || !ts.isIdentifier(node.argumentExpression)) return false;
  const path = pathOf(walker, node.expression, context);
  return node.argumentExpression.text === walked.place && path !== undefined && isSamePath(path, walked.path);
}

// rows'  =  rows without the field of each element; rows'[].field = what was written
function clearEach(walker: Walker, path: VariablePath, field: string, place: Place, context: FunctionContext): void {
  const { builder } = walker;
  let before = readVariable(walker, context, path.root, spanOf(walker, place));
  for (const above of path.fields) {
    const inner = addNode(walker, context, 'after', place);
    builder.load(before, inner, above);
    before = inner;
  }
  const after = addNode(walker, context, 'after', place);
  if (field === '') {
    const names = addNode(walker, context, 'after', place);
    builder.load(before, names, computedNames);
    builder.store(names, after, computedNames);
    builder.same(before, after);
  } else builder.exceptOfEach(before, after, field);
  const written = walker.facts.written.get(place);
  if (written !== undefined) {
    let value = written;
    if (field !== '') {
      value = addNode(walker, context, 'after', place);
      builder.store(written, value, field);
    }
    builder.store(value, after, anyElement);
  }
  writePath(walker, context, path, after, place, 'grown');
}

// The places that the statements of a block write in any case: the targets of assignments, and what is deleted.
function surelyWritten(walker: Walker, body: ts.Node): Write[] {
  const { ts } = walker;
  const statements: readonly ts.Node[] = ts.isBlock(body) ? body.statements : [body];
  return statements.flatMap((statement) => {
    let expression = ts.isExpressionStatement(statement) ? statement.expression : statement;
    while (ts.isParenthesizedExpression(expression)) expression = expression.expression;
    // list[at] ??= v may leave it as it is.
    const isSure =
      !ts.isBinaryExpression(expression) || !maybes.has(ts.tokenToString(expression.operatorToken.kind) ?? '');
    const target = isSure ? writtenBy(walker, expression) : undefined;
    if (!target || !(ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target))) return [];
    return [{ place: target, isDelete: ts.isDeleteExpression(expression) }];
  });
}

/** What else a loop does with the list and its elements: another write to the same place would be lost. */
class Rest {
  private readonly walker: Walker;
  private readonly walked: Walked;
  private readonly place: Place;
  private readonly field: string;
  private readonly context: FunctionContext;
  private isAfter = false;
  private isHarmless = true;

  constructor(walker: Walker, walked: Walked, place: Place, field: string, context: FunctionContext) {
    this.walker = walker;
    this.walked = walked;
    this.place = place;
    this.field = field;
    this.context = context;
  }

  leavesItSo(body: ts.Node): boolean {
    this.look(body);
    return this.isHarmless;
  }

  private look(node: ts.Node): void {
    const { ts } = this.walker;
    if (!this.isHarmless) return;
    const target = writtenBy(this.walker, node);
    if (target === this.place) {
      if (ts.isBinaryExpression(node)) this.look(node.right);
      this.isAfter = true;
      return;
    }
    if (target && this.isMentioned(target)) this.isHarmless = false;
    else if (ts.isPropertyAccessExpression(node) && this.isElement(node.expression)) return;
    else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) this.lookAtCall(node);
    else if (this.isElement(node)) this.isHarmless = this.field === '' || !this.isAfter;
    else if (ts.isPropertyAccessExpression(node) && node.name.text === 'length') return;
    else if (this.isList(node)) this.isHarmless = false;
    else ts.forEachChild(node, (child) => this.look(child));
  }

  // row.fill()  →  may write any field of it
  private lookAtCall(node: ts.CallExpression): void {
    const { expression } = node.expression as ts.PropertyAccessExpression;
    const isChange = this.field !== '' && this.isAfter && this.isElement(expression);
    if (isChange || this.isList(expression)) this.isHarmless = false;
    else this.look(expression);
    for (const argument of node.arguments) this.look(argument);
  }

  private isElement(node: ts.Node): boolean {
    return isEach(this.walker, node as ts.Expression, this.walked, this.context);
  }

  // The list, or an object that it lies in.
  private isList(node: ts.Node): boolean {
    const { path } = this.walked;
    const own = pathOf(this.walker, node, this.context);
    if (own?.root !== path.root) return false;
    return own.fields.every((field, i) => i >= path.fields.length || path.fields[i] === field);
  }

  // row.line, rows[0], rows[0].line
  private isMentioned(target: ts.Expression): boolean {
    const { ts } = this.walker;
    for (let at = target; ; at = at.expression) {
      if (this.isElement(at) || this.isList(at)) return true;
      if (!ts.isPropertyAccessExpression(at) && !ts.isElementAccessExpression(at)) return false;
    }
  }
}

// The target of an assignment, or what is deleted or counted.
function writtenBy({ ts }: Walker, node: ts.Node): ts.Expression | undefined {
  const k = ts.SyntaxKind;
  if (ts.isDeleteExpression(node)) return node.expression;
  if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node))
    return node.operator === k.PlusPlusToken || node.operator === k.MinusMinusToken ? node.operand : undefined;
  if (!ts.isBinaryExpression(node)) return undefined;
  const { kind } = node.operatorToken;
  return kind >= k.FirstAssignment && kind <= k.LastAssignment ? node.left : undefined;
}

// break, continue, and what comes back from a function that was left
function leavesEarly({ ts }: Walker, body: ts.Node): boolean {
  let found = false;
  const look = (node: ts.Node): void => {
    if (found || ts.isFunctionLike(node)) return;
    found = ts.isBreakStatement(node) || ts.isContinueStatement(node) || ts.isReturnStatement(node);
    ts.forEachChild(node, look);
  };
  look(body);
  return found;
}

function walkedBy(walker: Walker, node: ts.IterationStatement, context: FunctionContext): Walked | undefined {
  const { ts } = walker;
  if (ts.isForStatement(node)) return walkedByCounting(walker, node, context);
  if (!ts.isForOfStatement(node) && !ts.isForInStatement(node)) return undefined;
  if (!ts.isVariableDeclarationList(node.initializer)) return undefined;
  const name = node.initializer.declarations[0]?.name;
  const { expression } = node;
  if (name && ts.isIdentifier(name)) {
    const keyed = ts.isForInStatement(node) ? expression : argumentOf(walker, expression, 'keys', context);
    const path = pathOf(walker, keyed ?? expression, context);
    return path && (keyed ? { path, place: name.text } : { path, element: name.text });
  }
  // for (const [key, row] of Object.entries(rows))
  const listed = argumentOf(walker, expression, 'entries', context);
  const path = listed && pathOf(walker, listed, context);
  const [key, row] = (name && ts.isArrayBindingPattern(name) ? name.elements : []).map((one) =>
    ts.isBindingElement(one) && ts.isIdentifier(one.name) ? one.name.text : undefined,
  );
  return path && { path, ...(key ? { place: key } : {}), ...(row ? { element: row } : {}) };
}

// Object.keys(o), Object.entries(o), list.entries()
function argumentOf(
  { ts }: Walker,
  node: ts.Expression,
  method: string,
  context: FunctionContext,
): ts.Expression | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression, name } = node.expression;
  if (name.text !== method) return undefined;
  const isObject = ts.isIdentifier(expression) && expression.text === 'Object' && !variableOf(context, 'Object');
  return isObject ? node.arguments[0] : expression;
}

// for (let at = 0; at < list.length; at++)
function walkedByCounting(walker: Walker, node: ts.ForStatement, context: FunctionContext): Walked | undefined {
  const { ts } = walker;
  const k = ts.SyntaxKind;
  const { initializer, condition, incrementor } = node;
  const declared = initializer && ts.isVariableDeclarationList(initializer) ? initializer.declarations[0] : undefined;
  if (!declared?.initializer || !ts.isIdentifier(declared.name) || !condition || !incrementor) return undefined;
  const place = declared.name.text;
  const start = foldConstant(walker, declared.initializer, context);
  const isCounter = (one: ts.Expression): boolean => ts.isIdentifier(one) && one.text === place;
  const isStep =
    (ts.isPostfixUnaryExpression(incrementor) || ts.isPrefixUnaryExpression(incrementor)) &&
    incrementor.operator === k.PlusPlusToken &&
    isCounter(incrementor.operand);
  if (!isStep || start?.kind !== 'exact' || start.value !== 0 || !ts.isBinaryExpression(condition)) return undefined;
  const { left, operatorToken, right } = condition;
  if (operatorToken.kind !== k.LessThanToken || !isCounter(left)) return undefined;
  if (!ts.isPropertyAccessExpression(right) || right.name.text !== 'length') return undefined;
  const path = pathOf(walker, right.expression, context);
  return path && { path, place };
}
