// What a function knows of variables that others can change as well: from where it has given one a value until something
// else may have run (a call, an await), the variable holds that value and nothing else.

import type { ts } from 'ts-morph';
import type { Env, Place, Settled } from './env.ts';
import { plainExpression } from './syntax.ts';
import type { Scope, Variable } from './variables.ts';

/** Nobody else can have changed the variable since now. */
export function settle(env: Env, variable: Variable, how: Settled): void {
  if (env.settled.get(variable) === how || variable.isRestless) return;
  env.settled = new Map(env.settled).set(variable, how);
}

/** A field was written: where the object is one that other names have as well, those are not certain any more. */
export function unsettleInside({ env }: { readonly env: Env }, places: readonly Place[]): void {
  unsettle(env, (variable, how) => how === 'inside' && !places.some(({ path }) => path.root === variable));
}

/**
 * What may change a variable behind a function's back: all else may run (await), all but timers (`await null`), a call, a write
 * to another object's field.
 */
export type Stir = 'turn' | 'tick' | 'call' | 'field';

const stirs: readonly Stir[] = ['turn', 'call', 'field'];

/** Something else may have run; during a call, not yet those functions that only the event loop calls. */
export function stir(env: Env, by: Stir): void {
  unsettle(env, (variable, how) => {
    if (by === 'turn' || how === 'inside') return true;
    return by === 'tick' ? !variable.isTimed : by === 'call' && variable.isQuick;
  });
}

function unsettle(env: Env, isLost: (variable: Variable, how: Settled) => boolean): void {
  const lost = [...env.settled].filter(([variable, how]) => isLost(variable, how)).map(([variable]) => variable);
  if (lost.length === 0) return;
  const settled = new Map(env.settled);
  for (const variable of lost) settled.delete(variable);
  env.settled = settled;
}

const laterMethods = new Set(['then', 'catch', 'finally', 'nextTick']);
const laterFunctions = new Set(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']);

/** What is given to the call is run by the event loop, when everything that runs now has ended or waits. */
export function runsLater(ts_: typeof ts, { expression }: ts.CallExpression): boolean {
  if (ts_.isIdentifier(expression)) return laterFunctions.has(expression.text);
  return ts_.isPropertyAccessExpression(expression) && laterMethods.has(expression.name.text);
}

const timers = new Set(['setTimeout', 'setInterval', 'setImmediate']);

/** What is given to the call is run by a timer. */
export function runsByTimer(ts_: typeof ts, { expression }: ts.CallExpression): boolean {
  return ts_.isIdentifier(expression) && timers.has(expression.text);
}

/** What is given to the call runs before any timer: queueMicrotask(run), process.nextTick(run), Promise.resolve().then(run). */
export function runsSoon(ts_: typeof ts, { expression }: ts.CallExpression): boolean {
  if (ts_.isIdentifier(expression)) return expression.text === 'queueMicrotask';
  if (!ts_.isPropertyAccessExpression(expression)) return false;
  return (
    expression.name.text === 'nextTick' ||
    (laterMethods.has(expression.name.text) && isOver(ts_, expression.expression))
  );
}

/** A value that is there already: `await null`, `await Promise.resolve(page)`. */
export function isOver(ts_: typeof ts, node: ts.Expression): boolean {
  const plain = plainExpression(ts_, node);
  if (ts_.isLiteralExpression(plain) || plain.kind === ts_.SyntaxKind.NullKeyword) return true;
  if (ts_.isIdentifier(plain)) return plain.text === 'undefined';
  if (!ts_.isCallExpression(plain) || !ts_.isPropertyAccessExpression(plain.expression)) return false;
  const { expression, name } = plain.expression;
  const isResolved = ts_.isIdentifier(expression) && expression.text === 'Promise' && name.text === 'resolve';
  return isResolved && plain.arguments.every((argument) => isOver(ts_, argument));
}

const conversions = new Set(['toString', 'toJSON', 'valueOf']);

/** The scope lies in a function that may run without a call in the text. */
export function isRestless(ts_: typeof ts, scope: Scope, { func }: Variable): boolean {
  for (let at: Scope | undefined = scope; at && at.func !== func; at = at.parent) {
    const node = at.func;
    if (ts_.isAccessor(node)) return true;
    if (!ts_.isMethodDeclaration(node) && !ts_.isFunctionDeclaration(node) && !ts_.isFunctionExpression(node)) continue;
    if (node.asteriskToken || (node.name && (ts_.isComputedPropertyName(node.name) || isConversion(ts_, node.name))))
      return true;
  }
  return false;
}

function isConversion(ts_: typeof ts, name: ts.PropertyName): boolean {
  return ts_.isIdentifier(name) && conversions.has(name.text);
}

/** What the code of a loop does to what is settled, beside what it assigns by name. */
export function stirOfLoop(ts_: typeof ts, loop: ts.Node): Stir | undefined {
  const found = new Set<Stir>();
  const look = (node: ts.Node): void => {
    if (ts_.isFunctionLike(node) || ts_.isClassLike(node)) return;
    if (ts_.isAwaitExpression(node) || ts_.isYieldExpression(node)) found.add('turn');
    else if (ts_.isForOfStatement(node) && node.awaitModifier) found.add('turn');
    else if (ts_.isCallExpression(node) || ts_.isNewExpression(node) || ts_.isTaggedTemplateExpression(node)) {
      if (!isHarmless(ts_, node)) found.add('call');
    } else if (ts_.isBinaryExpression(node) && isPart(ts_, node.left)) found.add('field');
    ts_.forEachChild(node, look);
  };
  look(loop);
  return stirs.find((one) => found.has(one));
}

function isPart(ts_: typeof ts, node: ts.Expression): boolean {
  return ts_.isPropertyAccessExpression(node) || ts_.isElementAccessExpression(node);
}

const plainFunctions = new Set([
  'String',
  'Number',
  'Boolean',
  'parseInt',
  'parseFloat',
  'isNaN',
  'encodeURIComponent',
]);
const plainHolders = new Set(['console', 'JSON', 'Math', 'Object', 'Number', 'String', 'Date', 'Array']);
const plainMethods = new Set([
  'trim',
  'toFixed',
  'toUpperCase',
  'toLowerCase',
  'toLocaleString',
  'toISOString',
  'padStart',
  'padEnd',
  'slice',
  'substring',
  'split',
  'join',
  'includes',
  'startsWith',
  'endsWith',
  'charAt',
  'repeat',
]);

/** A call of the language's own functions, which runs nothing else: it is given no function. */
export function isHarmless(ts_: typeof ts, node: ts.Node): boolean {
  if (!ts_.isCallExpression(node)) return false;
  const { expression } = node;
  if (node.arguments.some((argument) => !isPlain(ts_, argument))) return false;
  if (ts_.isIdentifier(expression)) return plainFunctions.has(expression.text);
  if (!ts_.isPropertyAccessExpression(expression)) return false;
  const holder = expression.expression;
  return (ts_.isIdentifier(holder) && plainHolders.has(holder.text)) || plainMethods.has(expression.name.text);
}

function isPlain(ts_: typeof ts, node: ts.Expression): boolean {
  const plain = plainExpression(ts_, node);
  return !ts_.isFunctionLike(plain) && !ts_.isSpreadElement(plain);
}
