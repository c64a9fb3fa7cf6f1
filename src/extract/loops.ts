// Loops → each variable that a turn changes is a merge of what it was before and after a turn;
// what is known of the condition says whether the body runs at all, and whether the loop ever ends by itself.

import type { ts } from 'ts-morph';
import type { LoopRecord } from '../model/flow-graph.ts';
import { anyElement, computedNames } from '../model/flow-graph.ts';
import { noteEach, notePossible } from './aliases.ts';
import { foldCondition } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, changedIn, heldVersion, isLocal, mergeNode, noteWait, readVariable, spanOf } from './context.ts';
import { envWhere, inScope, meet, openTarget } from './control.ts';
import { walkDeclarations } from './declarations.ts';
import { writeEach } from './each.ts';
import { Env } from './env.ts';
import { noteFailing } from './failing.ts';
import { keepFrozen } from './frozen.ts';
import { payOwed } from './owed.ts';
import { cutList, pathOf } from './patterns.ts';
import { isEmptyList } from './settings.ts';
import { stir, stirOfLoop } from './settled.ts';
import { isTransparent } from './syntax.ts';
import type { Variable } from './variables.ts';

/** while (c) S, do S while (c), for (…; c; …) S, for (x of xs) S, for (k in o) S */
export function walkLoop(walker: Walker, node: ts.IterationStatement, context: FunctionContext, label: string): void {
  if (context.loops.length === 0) context.loopStart = walker.builder.size;
  inScope(walker, node, context, () => {
    if (walker.ts.isDoStatement(node)) walkDo(walker, node, context, label);
    else walkHeaded(walker, node as HeadedLoop, context, label);
  });
}

type HeadedLoop = ts.WhileStatement | ts.ForStatement | ts.ForOfStatement | ts.ForInStatement;

function walkHeaded(walker: Walker, node: HeadedLoop, context: FunctionContext, label: string): void {
  const { ts } = walker;
  const each = ts.isForOfStatement(node) || ts.isForInStatement(node) ? node : undefined;
  const iterated = each ? walker.expression(each.expression, context) : -1;
  if (ts.isForStatement(node) && node.initializer) {
    if (ts.isVariableDeclarationList(node.initializer)) walkDeclarations(walker, node.initializer, context);
    else walker.expression(node.initializer, context);
  }
  const condition = ts.isForStatement(node) ? node.condition : ts.isWhileStatement(node) ? node.expression : undefined;
  const isEndless = (): boolean => !each && (!condition || foldCondition(walker, condition, context) === true);
  const starts = condition ? foldCondition(walker, condition, context) : each ? undefined : true;
  if (each && isEmptyList(walker, each.expression, context)) return;
  if (leavesAtOnce(walker, node.statement, context)) {
    if (condition) walker.expression(condition, context);
    return;
  }
  if (starts === false && condition) {
    walker.expression(condition, context);
    return;
  }
  const { narrowed, env: before } = context;
  context.env = new Env(before);
  const heads = openHeads(walker, node, context);
  const target = openTarget(context, label, true);
  context.loops.push(node);
  const element = each ? bindEach(walker, each, iterated, context) : -1;
  if (condition) walker.expression(condition, context);
  const ends: Env[] = [];
  const never = isEndless();
  const head = context.env;
  if (!starts && !never) ends.push(envAfter(walker, context, head, condition));
  const exits =
    each && ts.isForOfStatement(each) ? openExits(walker, heads, ends, each, context) : new Map<Variable, number>();
  context.env = envWhere(walker, context, head, condition, true);
  walker.statements([node.statement], context);
  meet(walker, context, context.isDead ? target.continues : [context.env, ...target.continues], node);
  if (!context.isDead) {
    if (ts.isForStatement(node) && node.incrementor) walker.expression(node.incrementor, context);
    if (exits.size > 0) noteLoop(walker, { list: iterated, element }, heads, before, context.env, exits);
    closeHeads(walker, heads, node, context);
    if (starts && !never) ends.push(envAfter(walker, context, context.env, condition));
  }
  context.targets.pop();
  context.loops.pop();
  context.narrowed = narrowed;
  meet(walker, context, [...ends, ...target.breaks], node);
  writeEach(walker, node, context);
}

// for (;;) { if (done) break; … }, where `done` is true before the loop: no turn gets any further.
function leavesAtOnce(walker: Walker, body: ts.Statement, context: FunctionContext): boolean {
  const { ts } = walker;
  const [first] = ts.isBlock(body) ? body.statements : [body];
  if (!first || !ts.isIfStatement(first)) return false;
  const { expression, thenStatement } = first;
  const [left] = ts.isBlock(thenStatement) ? thenStatement.statements : [thenStatement];
  if (!left || !ts.isBreakStatement(left) || left.label || foldCondition(walker, expression, context) !== true)
    return false;
  walker.expression(expression, context);
  return true;
}

// do S while (c)  →  S runs at least once
function walkDo(walker: Walker, node: ts.DoStatement, context: FunctionContext, label: string): void {
  if (leavesAtOnce(walker, node.statement, context)) return;
  const { narrowed } = context;
  const heads = openHeads(walker, node, context);
  const target = openTarget(context, label, true);
  context.loops.push(node);
  walker.statements([node.statement], context);
  meet(walker, context, context.isDead ? target.continues : [context.env, ...target.continues], node);
  const ends: Env[] = [];
  if (!context.isDead) {
    walker.expression(node.expression, context);
    const answer = foldCondition(walker, node.expression, context);
    if (answer !== false) closeHeads(walker, heads, node, context);
    if (answer !== true) ends.push(envAfter(walker, context, context.env, node.expression));
  }
  context.targets.pop();
  context.loops.pop();
  context.narrowed = narrowed;
  meet(walker, context, [...ends, ...target.breaks], node);
}

// What is known where a loop has ended by its condition: `while (list.length > 0) list.pop()` leaves no elements.
function envAfter(walker: Walker, context: FunctionContext, env: Env, condition: ts.Expression | undefined): Env {
  const ended = envWhere(walker, context, env, condition, false);
  for (const list of condition ? goneThrough(walker, condition) : []) {
    const path = pathOf(walker, list, context);
    const { env: before } = context;
    context.env = ended;
    if (path) cutList(walker, path, 0, list, context);
    context.env = before;
  }
  return ended;
}

// The lists that a condition says to have elements left: rows.length, rows.length > 0
function goneThrough(walker: Walker, condition: ts.Expression): readonly ts.Expression[] {
  const { ts } = walker;
  if (isTransparent(ts, condition)) return goneThrough(walker, condition.expression as ts.Expression);
  if (ts.isPropertyAccessExpression(condition)) return condition.name.text === 'length' ? [condition.expression] : [];
  if (!ts.isBinaryExpression(condition)) return [];
  const { left, operatorToken, right } = condition;
  if (operatorToken.kind === ts.SyntaxKind.BarBarToken)
    return [...goneThrough(walker, left), ...goneThrough(walker, right)];
  const asked = ts.isNumericLiteral(right) ? `${ts.tokenToString(operatorToken.kind)} ${right.text}` : '';
  const isAny = /^(?:(?:>|!==?) 0|>= 1)$/.test(asked);
  return isAny ? goneThrough(walker, left) : [];
}

function openHeads(walker: Walker, node: ts.Node, context: FunctionContext): Map<Variable, number> {
  const heads = new Map<Variable, number>();
  const by = context.env.settled.size > 0 ? stirOfLoop(walker.ts, node) : undefined;
  if (by) stir(context.env, by);
  for (const variable of changedIn(walker, context, node)) {
    const before = heldVersion(context, variable);
    if (before === undefined) continue;
    const head = mergeNode(walker, context, variable, [before], node);
    keepFrozen(walker, context, variable, head);
    heads.set(variable, head);
    context.env.set(variable, head);
  }
  // What a turn before may have assigned.
  if (walker.ts.isForOfStatement(node)) noteTurn(walker, node, context);
  for (const { target, value } of walker.scopes.assignedIn.get(node) ?? [])
    notePossible(walker, target, value, context);
  return heads;
}

function closeHeads(
  walker: Walker,
  heads: ReadonlyMap<Variable, number>,
  node: ts.Node,
  context: FunctionContext,
): void {
  // In the next turn, what was called in this one may have gone on.
  payOwed(walker, context, node);
  for (const [variable, head] of heads) {
    const isForeign = !isLocal(context, variable);
    const back = isForeign ? readVariable(walker, context, variable, spanOf(walker, node)) : context.env.get(variable);
    walker.builder.copy(back ?? head, head);
  }
}

// After the loop, a variable is what the last turn left of it: a node of its own, so that turns can be counted from there.
function openExits(
  walker: Walker,
  heads: ReadonlyMap<Variable, number>,
  ends: readonly Env[],
  node: ts.ForOfStatement,
  context: FunctionContext,
): Map<Variable, number> {
  const exits = new Map<Variable, number>();
  for (const [variable, head] of heads) {
    const exit = mergeNode(walker, context, variable, [head], node);
    for (const env of ends) if (env.get(variable) === head) exits.set(variable, exit);
  }
  for (const env of ends) for (const [variable, exit] of exits) env.set(variable, exit);
  return exits;
}

function noteLoop(
  walker: Walker,
  loop: Pick<LoopRecord, 'list' | 'element'>,
  heads: ReadonlyMap<Variable, number>,
  before: Env,
  back: Env,
  exits: ReadonlyMap<Variable, number>,
): void {
  const known = [...exits].map(([variable, exit]) => {
    const node = heads.get(variable) ?? -1;
    return { node, before: before.get(variable) ?? node, back: back.get(variable) ?? node, exit };
  });
  walker.builder.loops.push({ ...loop, heads: known });
}

// for (const x of xs)  →  x = xs[]; for (const k in o)  →  k is one of its computed names; returns the node of the element
function bindEach(
  walker: Walker,
  node: ts.ForOfStatement | ts.ForInStatement,
  iterated: number,
  context: FunctionContext,
): number {
  const { ts, builder } = walker;
  const element = addNode(walker, context, 'value', node.initializer);
  if (ts.isForOfStatement(node) && node.awaitModifier) {
    payOwed(walker, context, node);
    noteWait(walker, context);
  }
  walker.facts.walked.set(node, iterated);
  noteFailing(walker, context);
  builder.load(iterated, element, ts.isForOfStatement(node) ? anyElement : computedNames);
  if (ts.isVariableDeclarationList(node.initializer)) {
    const [declaration] = node.initializer.declarations;
    if (declaration) walker.bind(declaration.name, element, context);
    if (ts.isForOfStatement(node)) noteTurn(walker, node, context);
  } else walker.assign(node.initializer, element, context);
  return element;
}

// The variable of a turn stands for an element.
function noteTurn(walker: Walker, node: ts.ForOfStatement, context: FunctionContext): void {
  const list = walker.ts.isVariableDeclarationList(node.initializer) ? node.initializer : undefined;
  const [declaration] = list?.declarations ?? [];
  if (declaration) noteEach(walker, declaration.name, node.expression, context);
}
