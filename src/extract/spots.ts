// Functions that are called where they are written, `(() => { … })()`: their bodies are walked as a part of the code around
// them, so that all that is known there is known inside, and the other way round.

import type { ts } from 'ts-morph';
import { plainExpression } from './syntax.ts';

/** A function that nobody but the call around it can see. */
export type SpotFunction = ts.ArrowFunction | ts.FunctionExpression;

/**
 * The function that a call calls on the spot, where its body may as well stand there: it has no `this` and no `arguments` of
 * its own, does not call itself, is no generator, and is waited for if it is async.
 */
export function spotOf(ts_: typeof ts, node: ts.CallExpression, isAwaited: boolean): SpotFunction | undefined {
  const callee = plainExpression(ts_, node.expression);
  if (!ts_.isArrowFunction(callee) && !ts_.isFunctionExpression(callee)) return undefined;
  if (callee.asteriskToken || node.questionDotToken) return undefined;
  const isAsync = callee.modifiers?.some((one) => one.kind === ts_.SyntaxKind.AsyncKeyword) ?? false;
  if (isAsync && !isAwaited) return undefined;
  if (node.arguments.some((one) => ts_.isSpreadElement(one))) return undefined;
  if (callee.parameters.some((one) => one.dotDotDotToken || one.initializer)) return undefined;
  return ts_.isFunctionExpression(callee) && speaksOfItself(ts_, callee) ? undefined : callee;
}

function speaksOfItself(ts_: typeof ts, func: ts.FunctionExpression): boolean {
  const own = func.name?.text;
  const look = (node: ts.Node, hasSelf: boolean): boolean => {
    if (ts_.isIdentifier(node)) return node.text === own || (hasSelf && node.text === 'arguments');
    if (hasSelf && (node.kind === ts_.SyntaxKind.ThisKeyword || ts_.isMetaProperty(node))) return true;
    const isOther = ts_.isFunctionLike(node) && !ts_.isArrowFunction(node);
    return ts_.forEachChild(node, (child) => look(child, hasSelf && !isOther) || undefined) ?? false;
  };
  return func.parameters.some((one) => look(one, true)) || look(func.body, true);
}
