// What an async function does after its first `await`: it runs later than whatever follows the call of the function,
// until somebody waits.

import type { ts } from 'ts-morph';
import { isTransparent } from './syntax.ts';

interface Span {
  readonly pos: number;
  readonly end: number;
}

const none: readonly Span[] = [];
const known = new WeakMap<ts.Node, readonly Span[]>();

/** True for what surely runs after an `await` of the function around it. */
export function isAfterAwait(ts_: typeof ts, func: ts.Node, at: ts.Node): boolean {
  let spans = known.get(func);
  if (!spans) {
    spans = lateSpans(ts_, func);
    known.set(func, spans);
  }
  return spans.some(({ pos, end }) => pos <= at.pos && at.end <= end);
}

/** The parts of an async function's body that run after one of its awaits. */
function lateSpans(ts_: typeof ts, func: ts.Node): readonly Span[] {
  if (!ts_.isFunctionLike(func) || !isAsync(ts_, func)) return none;
  const { body } = func as ts.FunctionLikeDeclaration;
  const spans: Span[] = [];
  const statements = (list: readonly ts.Statement[]): void => {
    let isLate = false;
    for (const one of list) {
      if (isLate) spans.push(one);
      else look(one);
      isLate ||= waits(ts_, one);
    }
  };
  const look = (node: ts.Node): void => {
    if (ts_.isFunctionLike(node) || ts_.isClassLike(node)) return;
    if (ts_.isBlock(node)) return statements(node.statements);
    // page = await read(): the assignment comes last
    if (ts_.isBinaryExpression(node) && waits(ts_, node.right)) spans.push(node.left);
    else if (ts_.isCallExpression(node) && node.arguments.some((argument) => waits(ts_, argument))) spans.push(node);
    ts_.forEachChild(node, look);
  };
  if (body) look(body);
  return spans;
}

/** async function … */
export function isAsync(ts_: typeof ts, func: ts.Node): boolean {
  const modifiers = ts_.canHaveModifiers(func) ? (ts_.getModifiers(func) ?? []) : [];
  return modifiers.some((one) => one.kind === ts_.SyntaxKind.AsyncKeyword);
}

// Whether something surely waits: not only on some ways.
function waits(ts_: typeof ts, node: ts.Node): boolean {
  if (ts_.isAwaitExpression(node) || (ts_.isForOfStatement(node) && node.awaitModifier)) return true;
  if (ts_.isFunctionLike(node) || ts_.isClassLike(node)) return false;
  if (isTransparent(ts_, node)) return waits(ts_, node.expression);
  if (ts_.isConditionalExpression(node)) return waits(ts_, node.condition);
  if (ts_.isIfStatement(node) || ts_.isWhileStatement(node) || ts_.isSwitchStatement(node))
    return waits(ts_, node.expression);
  if (ts_.isForOfStatement(node) || ts_.isForInStatement(node)) return waits(ts_, node.expression);
  if (ts_.isForStatement(node)) return node.initializer !== undefined && waits(ts_, node.initializer);
  if (ts_.isTryStatement(node)) {
    const [first] = node.tryBlock.statements;
    return first !== undefined && waits(ts_, first);
  }
  if (ts_.isBinaryExpression(node)) {
    const operator = ts_.tokenToString(node.operatorToken.kind) ?? '';
    if (/^(?:&&|\|\||\?\?)=?$/.test(operator)) return waits(ts_, node.left);
  }
  return ts_.forEachChild(node, (child) => waits(ts_, child) || undefined) ?? false;
}
