// try A catch (e) B finally C  →  B sees each variable in any state that A gave it; C runs on every way out.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, changedIn, mergeEnvs, mergeNode } from './context.ts';
import { inScope, meet } from './control.ts';
import { Env, mergeAliases } from './env.ts';
import type { Variable } from './variables.ts';

export function walkTry(walker: Walker, node: ts.TryStatement, context: FunctionContext): void {
  const { narrowed } = context;
  const leave = node.finallyBlock ? openFinally(walker, node.finallyBlock, context) : undefined;
  const before = new Env(context.env);
  const outerCaught = context.caught;
  const thrown = node.catchClause ? addNode(walker, context, 'value', node.catchClause) : outerCaught;
  const merges = new Map<Variable, number>();
  for (const variable of changedIn(walker, context, node)) {
    const version = before.get(variable);
    if (version !== undefined) merges.set(variable, mergeNode(walker, context, variable, [version], node));
  }
  context.caught = thrown;
  context.tryMerges.push(merges);
  inScope(walker, node.tryBlock, context, () => walker.statements(node.tryBlock.statements, context));
  context.tryMerges.pop();
  context.caught = outerCaught;
  context.narrowed = narrowed;
  const ends = context.isDead ? [] : [context.env];
  const handlerEnv = new Env(before);
  for (const [variable, merge] of merges) handlerEnv.set(variable, merge);
  handlerEnv.aliases = mergeAliases([before, context.env]);
  if (node.catchClause) {
    const clause = node.catchClause;
    context.env = new Env(handlerEnv);
    context.isDead = false;
    inScope(walker, clause, context, () => {
      if (clause.variableDeclaration) walker.bind(clause.variableDeclaration.name, thrown, context);
      walker.statements(clause.block.statements, context);
    });
    if (!context.isDead) ends.push(context.env);
    context.narrowed = narrowed;
  }
  if (leave) leave(ends, handlerEnv, !node.catchClause);
  else meet(walker, context, ends, node);
}

/** Notes every way out from here on; the result walks the block for all of them. */
function openFinally(
  walker: Walker,
  block: ts.Block,
  context: FunctionContext,
): (ends: readonly Env[], handlerEnv: Env, isThrough: boolean) => void {
  const { ret, caught, narrowed } = context;
  const lists = [context.returnEnvs, ...context.targets.flatMap((target) => [target.breaks, target.continues])];
  const starts = lists.map((list) => list.length);
  const isOverriding = neverGoesOn(walker, block);
  if (isOverriding) {
    // What was returned or thrown before is dropped.
    if (context.generator < 0) context.ret = addNode(walker, context, 'value', block);
    context.caught = addNode(walker, context, 'value', block);
  }
  return (ends, handlerEnv, isThrough) => {
    context.ret = ret;
    context.caught = caught;
    const left = lists.map((list, i) => list.splice(starts[i] ?? 0));
    const isOpen = ends.length > 0;
    const own = isOpen ? mergeEnvs(walker, context, ends, block) : handlerEnv;
    // An exception that nobody catches comes by as well.
    const ways = [...(isOpen ? [own] : []), ...left.flat()];
    if (isThrough || ways.length === 0) ways.push(handlerEnv);
    const start = mergeEnvs(walker, context, ways, block);
    context.isDead = false;
    context.env = new Env(start);
    inScope(walker, block, context, () => walker.statements(block.statements, context));
    context.narrowed = narrowed;
    if (context.isDead) return;
    const end = context.env;
    left.forEach((envs, i) => {
      lists[i]?.push(...envs.map((env) => after(env, start, end)));
    });
    context.isDead = !isOpen;
    if (isOpen) context.env = after(own, start, end);
  };
}

// What the block changed is as the block left it; the rest is as it was on this way.
function after(env: Env, start: Env, end: Env): Env {
  const result = new Env(env);
  result.aliases = mergeAliases([env, end]);
  for (const [variable, version] of end) if (start.get(variable) !== version) result.set(variable, version);
  return result;
}

// finally { return … }
function neverGoesOn({ ts }: Walker, block: ts.Block): boolean {
  return block.statements.some(
    (statement) =>
      ts.isReturnStatement(statement) ||
      ts.isThrowStatement(statement) ||
      ts.isBreakStatement(statement) ||
      ts.isContinueStatement(statement),
  );
}
