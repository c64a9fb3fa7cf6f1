// try A catch (e) B finally C  →  B sees each variable in any state that A gave it; C runs on every way out.

import type { ts } from 'ts-morph';
import type { FunctionContext, Handled, Walker } from './context.ts';
import { addNode, changedIn, isLocal, mergeEnvs } from './context.ts';
import { inScope, meet } from './control.ts';
import { Env, mergeAliases } from './env.ts';
import { openHandler, showHandled } from './failing.ts';
import type { Variable } from './variables.ts';

export function walkTry(walker: Walker, node: ts.TryStatement, context: FunctionContext): void {
  const { narrowed } = context;
  const leave = node.finallyBlock ? openFinally(walker, node, node.finallyBlock, context) : undefined;
  const before = new Env(context.env);
  const outerCaught = context.caught;
  const thrown = node.catchClause ? addNode(walker, context, 'value', node.catchClause) : outerCaught;
  const isVisible = (one: Variable): boolean => !isLocal(context, one) || before.has(one);
  const handled = openHandler(walker, context, changedIn(walker, context, node).filter(isVisible), node);
  context.caught = thrown;
  inScope(walker, node.tryBlock, context, () => walker.statements(node.tryBlock.statements, context));
  context.handlers.pop();
  context.caught = outerCaught;
  context.narrowed = narrowed;
  const ends = context.isDead ? [] : [context.env];
  const handlerEnv = new Env(before);
  handlerEnv.settled = new Map();
  showHandled(handlerEnv, handled);
  handlerEnv.aliases = mergeAliases([before, context.env]);
  const thrownBefore = context.thrownEnvs.length;
  const failed = new Env();
  if (node.catchClause) {
    const clause = node.catchClause;
    const inCatch = leave ? openHandler(walker, context, [...handled.keys()], clause) : new Map<Variable, Handled>();
    context.env = new Env(handlerEnv);
    context.isDead = false;
    inScope(walker, clause, context, () => {
      if (clause.variableDeclaration) walker.bind(clause.variableDeclaration.name, thrown, context);
      walker.statements(clause.block.statements, context);
    });
    if (leave) context.handlers.pop();
    showHandled(failed, inCatch);
    if (!context.isDead) ends.push(context.env);
    context.narrowed = narrowed;
  }
  const inHandler = context.thrownEnvs.slice(thrownBefore);
  if (!leave) meet(walker, context, ends, node);
  else if (node.catchClause) leave(ends, handlerEnv, inHandler, failed);
  else leave(ends, handlerEnv, [handlerEnv], handlerEnv);
}

/**
 * Notes every way out from here on; the result walks the block for all of them: where the blocks before it end, where they
 * throw (`thrown`), and what an exception may find then (`failed`).
 */
function openFinally(
  walker: Walker,
  node: ts.TryStatement,
  block: ts.Block,
  context: FunctionContext,
): (ends: readonly Env[], handlerEnv: Env, thrown: readonly Env[], failed: Env) => void {
  const { ret, caught, narrowed } = context;
  // The handlers around see what this block has left.
  const handlers = context.handlers.splice(0);
  const lists = [context.returnEnvs, ...context.targets.flatMap((target) => [target.breaks, target.continues])];
  const starts = lists.map((list) => list.length);
  const isOverriding = neverGoesOn(walker, block);
  if (isOverriding) {
    // What was returned or thrown before is dropped.
    if (context.generator < 0) context.ret = addNode(walker, context, 'value', block);
    context.caught = addNode(walker, context, 'value', block);
  }
  return (ends, handlerEnv, thrown, failed) => {
    context.ret = ret;
    context.caught = caught;
    context.handlers.push(...handlers);
    const left = lists.map((list, i) => list.splice(starts[i] ?? 0));
    const isOpen = ends.length > 0;
    const own = isOpen ? mergeEnvs(walker, context, ends, block) : handlerEnv;
    // An exception that nobody catches comes by as well.
    const ways = [...(isOpen ? [own] : []), ...left.flat(), ...thrown];
    if (ways.length === 0) ways.push(handlerEnv);
    const start = mergeEnvs(walker, context, ways, block);
    context.isDead = false;
    context.env = new Env(start);
    inScope(walker, block, context, () => walker.statements(block.statements, context));
    context.narrowed = narrowed;
    const end = context.env;
    if (context.isDead) return feedHandlers(walker, node, handlers, [end]);
    const leaving = left.map((envs) => envs.map((env) => after(env, start, end)));
    leaving.forEach((envs, i) => {
      lists[i]?.push(...envs);
    });
    const goesOn = isOpen ? [after(own, start, end)] : [];
    const failing = [...thrown, failed].map((env) => after(env, start, end));
    feedHandlers(walker, node, handlers, [...goesOn, ...leaving.flat(), ...failing]);
    context.isDead = !isOpen;
    for (const env of goesOn) context.env = env;
  };
}

// What may stand in the variables when one of the handlers around is reached.
function feedHandlers(
  walker: Walker,
  node: ts.TryStatement,
  handlers: FunctionContext['handlers'],
  envs: readonly Env[],
): void {
  for (const variable of walker.scopes.changedIn.get(node) ?? []) {
    const versions = new Set(envs.flatMap((env) => env.get(variable) ?? []));
    for (const handled of handlers) {
      const one = handled.get(variable);
      if (one && variable.shared) one.isSettled = false;
      for (const version of one ? versions : []) walker.builder.copy(version, one?.merge ?? -1);
    }
  }
}

// What the block changed is as the block left it; the rest is as it was on this way.
function after(env: Env, start: Env, end: Env): Env {
  const result = new Env(env);
  result.aliases = mergeAliases([env, end]);
  result.settled = end.settled;
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
