// Where ways part and meet: branches, jumps out of loops and switches, code that can never run.

import type { ts } from 'ts-morph';
import type { FunctionContext, JumpTarget, Walker } from './context.ts';
import { mergeEnvs } from './context.ts';
import { Env } from './env.ts';
import { narrow } from './guards.ts';

/** Walks something in the scope that a node opens. */
export function inScope<T>(walker: Walker, node: ts.Node, context: FunctionContext, inside: () => T): T {
  const outer = context.scope;
  context.scope = walker.scopes.scopeOf.get(node) ?? outer;
  const result = inside();
  context.scope = outer;
  return result;
}

/** Goes on from where several ways end; with none, nothing that follows can run. */
export function meet(walker: Walker, context: FunctionContext, ends: readonly Env[], at: ts.Node): void {
  context.isDead = ends.length === 0;
  if (ends.length > 0) context.env = mergeEnvs(walker, context, ends, at);
}

/** A copy of an environment in which a condition is true (or false). */
export function envWhere(
  walker: Walker,
  context: FunctionContext,
  env: Env,
  condition: ts.Expression | undefined,
  holds: boolean,
): Env {
  const { env: before, narrowed } = context;
  context.env = new Env(env);
  if (condition) narrow(walker, context, condition, holds);
  const narrower = context.env;
  context.env = before;
  context.narrowed = narrowed;
  return narrower;
}

/** if (condition) A else B: each way starts from here; afterwards both meet. A way whose answer is undefined in `ways` is never taken. */
export function fork(
  walker: Walker,
  context: FunctionContext,
  condition: ts.Expression,
  ways: readonly { readonly holds: boolean; walk(): void }[],
  at: ts.Node,
): void {
  if (context.isDead) return;
  const { env: before, narrowed } = context;
  const ends: { readonly env: Env; readonly narrowed: FunctionContext['narrowed'] }[] = [];
  for (const { holds, walk } of ways) {
    context.env = new Env(before);
    context.narrowed = narrowed;
    context.isDead = false;
    narrow(walker, context, condition, holds);
    walk();
    if (!context.isDead) ends.push({ env: context.env, narrowed: context.narrowed });
  }
  const [only] = ends;
  context.narrowed = only && ends.length === 1 ? only.narrowed : narrowed;
  meet(
    walker,
    context,
    ends.map((end) => end.env),
    at,
  );
}

export function openTarget(context: FunctionContext, label: string, isLoop: boolean): JumpTarget {
  const target: JumpTarget = { label, isLoop, breaks: [], continues: [] };
  context.targets.push(target);
  return target;
}

/** Ends a statement that `break` can leave. */
export function closeTarget(walker: Walker, context: FunctionContext, target: JumpTarget, at: ts.Node): void {
  context.targets.pop();
  meet(walker, context, context.isDead ? target.breaks : [context.env, ...target.breaks], at);
}

/** break, continue */
export function walkJump(
  walker: Walker,
  node: ts.BreakStatement | ts.ContinueStatement,
  context: FunctionContext,
): void {
  const isBreak = walker.ts.isBreakStatement(node);
  const label = node.label?.text ?? '';
  const target = context.targets.findLast((one) => (label === '' ? one.isLoop || isBreak : one.label === label));
  if (target) (isBreak ? target.breaks : target.continues).push(new Env(context.env));
  context.isDead = true;
}
