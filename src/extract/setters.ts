// Functions that surely give a variable of the code around them another value: `const setPage = (next) => { page = next; }`.
// Whoever calls one by its name knows what the variable holds from then on.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, isLocal, setVersion, spanOf } from './context.ts';
import { mayReturn } from './endings.ts';
import { forgetPath } from './env.ts';
import { meaningOf } from './facts.ts';
import { isAsync } from './late.ts';
import { settle, stirOfLoop } from './settled.ts';
import { plainExpression } from './syntax.ts';
import type { Scope, Variable } from './variables.ts';
import { lookUp } from './variables.ts';

/** A call of a setter: the function, and the variables with their versions after the call. */
export interface Setting {
  readonly func: number;
  readonly variables: readonly Variable[];
  readonly after: readonly number[];
}

/** What a call sets, if it is one of a setter; the variables are given their versions by `takeBack`. */
export function settingOf(
  walker: Walker,
  target: ts.Expression,
  call: ts.Node,
  context: FunctionContext,
): Setting | undefined {
  const func = walker.ts.isCallExpression(call) ? calledFunction(walker, target, context.scope) : undefined;
  const index = func ? (walker.indexOf.get(func) ?? -1) : -1;
  if (!func || index < 0) return undefined;
  const variables = surelySet(walker, func);
  if (variables.length === 0) return undefined;
  return { func: index, variables, after: variables.map(({ name }) => addNode(walker, context, 'after', call, name)) };
}

/** The variables are what the setter left. */
export function takeBack(walker: Walker, context: FunctionContext, { variables, after }: Setting, call: ts.Node): void {
  for (const [i, variable] of variables.entries()) {
    const version = after[i] ?? -1;
    forgetPath(context.env, { root: variable, fields: [] });
    if (isLocal(context, variable)) {
      setVersion(walker, context, variable, version, spanOf(walker, call));
      continue;
    }
    context.env.set(variable, version);
    settle(context.env, variable, 'whole');
  }
}

/** The variables of the code around a function that it surely gives a value, after which nothing else may have changed them. */
export function surelySet(walker: Walker, func: ts.FunctionLikeDeclaration): readonly Variable[] {
  const { setters } = walker.facts;
  let found = setters.get(func);
  if (!found) {
    // While it is looked at, a function that calls itself sets nothing.
    setters.set(func, []);
    found = assignedLast(walker, func);
    setters.set(func, found);
  }
  return found;
}

function assignedLast(walker: Walker, func: ts.FunctionLikeDeclaration): Variable[] {
  const { ts, scopes } = walker;
  const scope = scopes.scopeOf.get(func);
  const { body } = func;
  if (!scope || !body || func.asteriskToken || isAsync(ts, func)) return [];
  const handed = scopes.lifted.byFunction.get(func) ?? [];
  const known = new Set<Variable>();
  const forget = (node: ts.Node): void => {
    const stirred = stirOfLoop(ts, node);
    for (const one of known) if (stirred === 'turn' || (stirred === 'call' && one.isQuick)) known.delete(one);
  };
  const note = (node: ts.Expression, at: Scope): void => {
    const plain = plainExpression(ts, node);
    forget(plain);
    const target = assigned(walker, plain);
    if (target) add(lookUp(at, target.text));
    else if (ts.isCallExpression(plain)) {
      const called = calledFunction(walker, plainExpression(ts, plain.expression), at);
      for (const one of called && called !== func ? surelySet(walker, called) : []) add(one);
    }
  };
  const add = (variable: Variable | undefined): void => {
    const isOuter = variable && variable.func !== func && !variable.isImport && !variable.isRestless;
    if (isOuter && !handed.includes(variable)) known.add(variable);
  };
  if (!ts.isBlock(body)) {
    note(body, scope);
    return [...known];
  }
  const inside = scopes.scopeOf.get(body) ?? scope;
  for (const statement of body.statements) {
    if (ts.isExpressionStatement(statement)) note(statement.expression, inside);
    else if (ts.isReturnStatement(statement)) {
      if (statement.expression) note(statement.expression, inside);
      break;
    } else if (!ts.isFunctionDeclaration(statement)) {
      if (mayReturn(ts, statement)) return [];
      forget(statement);
    }
  }
  return [...known];
}

// page = next, page += next
function assigned({ ts }: Walker, node: ts.Expression): ts.Identifier | undefined {
  const k = ts.SyntaxKind;
  if (!ts.isBinaryExpression(node) || !ts.isIdentifier(node.left)) return undefined;
  const { kind } = node.operatorToken;
  const isPlain = kind === k.EqualsToken || (kind >= k.FirstCompoundAssignment && kind <= k.LastCompoundAssignment);
  const isOnOneWay =
    kind === k.BarBarEqualsToken || kind === k.AmpersandAmpersandEqualsToken || kind === k.QuestionQuestionEqualsToken;
  return isPlain && !isOnOneWay ? node.left : undefined;
}

// setPage(…), or page.reset() where `const page = { reset() { … } }` and nobody else is given the page
function calledFunction(walker: Walker, target: ts.Expression, scope: Scope): ts.FunctionLikeDeclaration | undefined {
  const { ts, facts } = walker;
  if (ts.isIdentifier(target)) {
    const variable = lookUp(scope, target.text);
    const meant = variable && meaningOf(facts, variable);
    return meant && isFunction(walker, meant) ? meant : undefined;
  }
  if (!ts.isPropertyAccessExpression(target) || !ts.isIdentifier(target.expression) || target.questionDotToken)
    return undefined;
  const holder = lookUp(scope, target.expression.text);
  const meant = holder && !holder.isRewritten && !holder.isGiven ? facts.declared.get(holder) : undefined;
  if (!meant || !ts.isObjectLiteralExpression(meant)) return undefined;
  const { text } = target.name;
  const isOther = (one: ts.ObjectLiteralElementLike): boolean => !one.name || ts.isComputedPropertyName(one.name);
  const found = meant.properties.filter((one) => isOther(one) || (one.name as ts.Identifier).text === text);
  const [only] = found;
  if (!only || found.length > 1) return undefined;
  if (ts.isMethodDeclaration(only)) return only;
  const value = ts.isPropertyAssignment(only) ? plainExpression(ts, only.initializer) : undefined;
  return value && isFunction(walker, value) ? value : undefined;
}

function isFunction({ ts }: Walker, node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node);
}
