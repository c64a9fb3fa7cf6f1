// Where something can fail inside a try block, and what the handler finds in the variables then: an assignment of a constant
// does not fail, so that a state which nothing could fail in is not seen.

import type { ts } from 'ts-morph';
import type { FunctionContext, Handled, Walker } from './context.ts';
import { heldVersion, mergeNode, variableOf } from './context.ts';
import type { Env } from './env.ts';
import { keepFrozen } from './frozen.ts';
import { settle } from './settled.ts';
import { plainExpression } from './syntax.ts';
import type { Variable } from './variables.ts';

/** Something can fail here: the handler around it finds the variables as they are now. */
export function noteFailing(walker: Walker, context: FunctionContext): void {
  for (const [variable, handled] of context.handlers.at(-1) ?? []) {
    const version = heldVersion(context, variable);
    if (variable.shared && !context.env.settled.has(variable)) handled.isSettled = false;
    if (version === undefined || handled.met.has(version)) continue;
    handled.met.add(version);
    walker.builder.copy(version, handled.merge, handled.tests.get(version));
  }
}

/** Begins a block whose failures are handled; each variable is to have a version of its own there. */
export function openHandler(
  walker: Walker,
  context: FunctionContext,
  variables: readonly Variable[],
  at: ts.Node,
): Map<Variable, Handled> {
  const handled = new Map<Variable, Handled>();
  for (const variable of variables) {
    const merge = mergeNode(walker, context, variable, [], at);
    keepFrozen(walker, context, variable, merge);
    handled.set(variable, { merge, tests: new Map(), met: new Set(), isSettled: true });
  }
  context.handlers.push(handled);
  return handled;
}

/** The state in which a handler begins, as far as the block may have changed it. */
export function showHandled(env: Env, handled: ReadonlyMap<Variable, Handled>): void {
  for (const [variable, { merge, isSettled }] of handled) {
    env.set(variable, merge);
    if (isSettled && variable.shared) settle(env, variable, 'inside');
  }
}

/** Reads or writes a part of an object: that fails where there is none. */
export function notePart(walker: Walker, context: FunctionContext, object: ts.Expression): void {
  if (context.handlers.length > 0 && !isSurelyObject(walker, context, object)) noteFailing(walker, context);
}

// this.line, settings.line of a `const settings = { … }`, console.log
function isSurelyObject(walker: Walker, context: FunctionContext, object: ts.Expression): boolean {
  const { ts } = walker;
  const plain = plainExpression(ts, object);
  if (plain.kind === ts.SyntaxKind.ThisKeyword || plain.kind === ts.SyntaxKind.SuperKeyword) return true;
  if (!ts.isIdentifier(plain)) return false;
  const variable = variableOf(context, plain.text);
  if (!variable || variable.isImport) return true;
  const meant = walker.facts.declared.get(variable);
  return meant !== undefined && isObject(walker, meant);
}

function isObject({ ts }: Walker, node: ts.Node): boolean {
  return (
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isFunctionLike(node) ||
    ts.isClassLike(node)
  );
}
