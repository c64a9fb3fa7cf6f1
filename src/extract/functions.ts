// Functions → records with their parameters, results, `this`, and what they change of them.

import type { ts } from 'ts-morph';
import { noteWriter } from './captured.ts';
import type { FunctionContext, Walker } from './context.ts';
import {
  addNode,
  cellOf,
  mergeNode,
  noteNamed,
  noteWait,
  setVersion,
  spanOf,
  takeSnapshot,
  variableOf,
} from './context.ts';
import { inScope } from './control.ts';
import { decorateParameter } from './decorators.ts';
import { Env } from './env.ts';
import { placesOfYields } from './generators.ts';
import { answersOf } from './guards.ts';
import { changedByTwins } from './kept.ts';
import { payOwed } from './owed.ts';
import { propertyKey } from './patterns.ts';
import { surelySet } from './setters.ts';
import { noteReturned, truthOfReturns } from './truths.ts';
import { noteType } from './types.ts';
import type { Scope, Variable } from './variables.ts';
import { writePath } from './writes.ts';

/** What a caller adds to the walk of a function. */
export interface FunctionSetting {
  readonly cls: number;
  /** A value for `this` (an object literal's method), or -1. */
  readonly self: number;
  readonly name: string;
  /** Run before and after the body: field initialisers of a class, and what they see of the instance. */
  prologue(context: FunctionContext): void;
  epilogue(context: FunctionContext): void;
}

export const plainSetting: FunctionSetting = { cls: -1, self: -1, name: '', prologue: () => {}, epilogue: () => {} };

/** The node of a function value; its body is walked as well. */
export function walkFunctionValue(
  walker: Walker,
  node: ts.FunctionLikeDeclaration,
  outer: FunctionContext,
  cls: number,
  self: number,
): number {
  const name = node.name && !walker.ts.isComputedPropertyName(node.name) ? propertyKey(walker, node.name, outer) : '';
  const value = addNode(walker, outer, 'function', node, name);
  walkFunction(walker, node, outer, value, { ...plainSetting, cls, self, name });
  if (!walker.ts.isFunctionDeclaration(node)) takeSnapshot(walker, outer, node);
  return value;
}

export function openContext(
  walker: Walker,
  func: ts.Node,
  index: number,
  scope: Scope,
  isGenerator: boolean,
  around: FunctionContext | undefined,
): FunctionContext {
  const span = spanOf(walker, func);
  return {
    index,
    scopeFunc: func,
    around,
    lifted: new Set(walker.scopes.lifted.byFunction.get(func)),
    scope,
    env: new Env(),
    isDead: false,
    generator: isGenerator ? walker.builder.node('self', span, index, '') : -1,
    yields: isGenerator ? placesOfYields(walker, func) : new Map(),
    ret: walker.builder.node('return', span, index, ''),
    caught: walker.builder.node('return', span, index, 'throw'),
    returnEnvs: [],
    answers: undefined,
    thrownEnvs: [],
    targets: [],
    handlers: [],
    narrowed: walker.facts.narrowed.get(func) ?? new Map(),
    rebound: new Set(),
    replaced: new Map(),
    truths: [],
    rebinds: 0,
    tails: new Map(),
    waiting: new Map(),
    loopStart: 0,
    loops: [],
    exported: walker.exportsNode,
    between: new Map(),
    hasWaited: false,
    awaiting: 0,
    owed: [],
    unnamed: new Map(),
  };
}

export function walkFunction(
  walker: Walker,
  node: ts.FunctionLikeDeclaration,
  outer: FunctionContext,
  value: number,
  setting: FunctionSetting,
): number {
  const { builder } = walker;
  const index = builder.reserveFunction();
  walker.indexOf.set(node, index);
  const scope = walker.scopes.scopeOf.get(node) ?? outer.scope;
  // What was asked before the function was made still holds when it runs.
  if (outer.narrowed.size > 0) walker.facts.narrowed.set(node, outer.narrowed);
  if (outer.loops.length > 0 || walker.facts.repeated.has(outer.scopeFunc)) walker.facts.repeated.add(node);
  walker.pending.push(() => walkBody(walker, node, index, outer, scope, value, setting));
  return index;
}

function walkBody(
  walker: Walker,
  node: ts.FunctionLikeDeclaration,
  index: number,
  outer: FunctionContext,
  scope: Scope,
  value: number,
  setting: FunctionSetting,
): void {
  const { ts, builder } = walker;
  const context = openContext(walker, node, index, scope, Boolean(node.asteriskToken), outer);
  const handedIn = takeOver(walker, node, context);
  const isArrow = ts.isArrowFunction(node);
  const self = !scope.names.has('this') ? -1 : bindSelf(walker, node, context, setting.self);
  // const make = function step() { … step() … }
  const own = ts.isFunctionExpression(node) && node.name ? scope.names.get(node.name.text) : undefined;
  if (own) setVersion(walker, context, own, value, spanOf(walker, node));
  const { params, variables, rest, all } = bindParameters(walker, node, context);
  setting.prologue(context);
  const { body } = node;
  if (body && ts.isBlock(body)) inScope(walker, body, context, () => walker.statements(body.statements, context));
  else if (body) {
    context.awaiting++;
    builder.copy(walker.expression(body, context), context.ret);
    context.awaiting--;
    noteReturned(walker, body, context);
  }
  for (const variable of [...context.unnamed.keys()]) noteNamed(walker, context, variable);
  setting.epilogue(context);
  if (!context.isDead) {
    payOwed(walker, context, node);
    noteWait(walker, context);
  }
  const ends: Env[] = context.isDead ? context.returnEnvs : [context.env, ...context.returnEnvs];
  noteWriter(walker, context, ends);
  const selfVariable = context.scope.names.get('this');
  const set = surelySet(walker, node);
  builder.functions[index] = {
    name: builder.string(setting.name),
    node: value,
    parent: outer.index,
    params,
    rest,
    all,
    ret: context.ret,
    thrown: context.caught,
    self,
    selfAfter: finalVersion(walker, context, selfVariable, self, ends, node),
    paramsAfter: params.map((param, i) => finalVersion(walker, context, variables[i], param, ends, node)),
    handedIn: [...handedIn, ...set.map(() => -1)],
    handedOut: [
      ...[...context.lifted].map((variable, i) =>
        lastVersion(walker, context, variable, handedIn[i] ?? -1, ends, node),
      ),
      ...set.map((variable) => leftIn(walker, context, variable, ends, node)),
    ],
    cls: setting.cls,
    answers: answersOf(walker, node, context),
    truth: truthOfReturns(walker, node, context),
    generator: context.generator,
    isAsync:
      ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((one) => one.kind === ts.SyntaxKind.AsyncKeyword),
    isArrow,
    start: node.getStart(walker.file),
    end: node.end,
  };
}

// Variables of the function around it begin as what the caller has.
function takeOver(walker: Walker, node: ts.Node, context: FunctionContext): number[] {
  return [...context.lifted].map((variable) => {
    const given = addNode(walker, context, 'parameter', node, variable.name);
    setVersion(walker, context, variable, given, spanOf(walker, node));
    return given;
  });
}

function bindSelf(walker: Walker, node: ts.Node, context: FunctionContext, given: number): number {
  const self = addNode(walker, context, 'self', node, 'this');
  if (given >= 0) walker.builder.copy(given, self);
  const variable = context.scope.names.get('this');
  if (variable) setVersion(walker, context, variable, self, spanOf(walker, node));
  return self;
}

interface BoundParameters {
  readonly params: number[];
  /** The variable of each parameter that is a plain name. */
  readonly variables: (Variable | undefined)[];
  readonly rest: number;
  readonly all: number;
}

function bindParameters(walker: Walker, node: ts.FunctionLikeDeclaration, context: FunctionContext): BoundParameters {
  const { ts, builder } = walker;
  const params: number[] = [];
  const variables: (Variable | undefined)[] = [];
  let rest = -1;
  for (const parameter of node.parameters) {
    const name = ts.isIdentifier(parameter.name) ? parameter.name.text : '';
    if (name === 'this') continue;
    const param = addNode(walker, context, 'parameter', parameter, name);
    if (parameter.dotDotDotToken) rest = params.length;
    params.push(param);
    if (parameter.type) noteType(walker, context, param, parameter.type);
    decorateParameter(walker, parameter, param, context);
    let value = param;
    if (parameter.initializer) {
      value = addNode(walker, context, 'value', parameter, name);
      builder.copy(param, value);
      builder.fallback(walker.expression(parameter.initializer, context), value, params.length - 1);
    }
    const variable = name ? variableOf(context, name) : undefined;
    variables.push(variable);
    if (variable) setVersion(walker, context, variable, value, spanOf(walker, parameter));
    else walker.bind(parameter.name, value, context);
    if (ts.isParameterPropertyDeclaration(parameter, node)) {
      const self = variableOf(context, 'this');
      if (self) writePath(walker, context, { root: self, fields: [name] }, value, parameter);
    }
  }
  return { params, variables, rest, all: bindArguments(walker, node, context) };
}

function bindArguments(walker: Walker, node: ts.Node, context: FunctionContext): number {
  const variable = context.scope.names.get('arguments');
  if (!variable || !walker.scopes.usesArguments.has(node)) return -1;
  const all = addNode(walker, context, 'parameter', node, 'arguments');
  setVersion(walker, context, variable, all, spanOf(walker, node));
  return all;
}

// What a caller's object looks like after the call; -1 when the function leaves it alone.
export function finalVersion(
  walker: Walker,
  context: FunctionContext,
  variable: Variable | undefined,
  initial: number,
  ends: readonly Env[],
  at: ts.Node,
): number {
  if (!variable || initial < 0 || context.rebound.has(variable) || variable.isReplaced) return -1;
  if (variable.shared) return cellOf(walker, variable, spanOf(walker, at));
  const last = lastVersion(walker, context, variable, initial, ends, at);
  const changed = changedByTwins(walker, variable, ends, at);
  if (changed.length === 0) return last;
  return mergeNode(walker, context, variable, [last < 0 ? initial : last, ...changed], at);
}

// The version of a variable when the function ends; -1 when it is the first one.
function lastVersion(
  walker: Walker,
  context: FunctionContext,
  variable: Variable,
  initial: number,
  ends: readonly Env[],
  at: ts.Node,
): number {
  // Whoever does not wait for an async function goes on where it waits.
  const between = context.between.get(variable) ?? [];
  const versions = [...ends.map((env) => env.get(variable) ?? initial), ...between];
  if (versions.every((version) => version === initial)) return -1;
  const ways = ends.map((env) => env.tests);
  return mergeNode(walker, context, variable, versions, at, ways);
}

// What a setter leaves in a variable of the code around; any value of it, where it is not known to be the setter's.
function leftIn(
  walker: Walker,
  context: FunctionContext,
  variable: Variable,
  ends: readonly Env[],
  at: ts.Node,
): number {
  const isKnown = ends.every((env) => env.has(variable) && env.settled.get(variable) === 'whole');
  return isKnown ? lastVersion(walker, context, variable, -1, ends, at) : cellOf(walker, variable, spanOf(walker, at));
}

/** Walks the statements of a file as function 0. */
export function walkModule(walker: Walker, context: FunctionContext): void {
  const { builder, file } = walker;
  builder.statements.push(...file.statements.map((one) => one.end));
  walker.statements(file.statements, context);
  payOwed(walker, context, file);
  noteWait(walker, context);
  for (const variable of [...context.unnamed.keys()]) noteNamed(walker, context, variable);
  for (let i = 0; i < walker.pending.length; i++) walker.pending[i]?.();
  builder.functions[0] = {
    name: 0,
    node: -1,
    parent: -1,
    params: [],
    rest: -1,
    all: -1,
    ret: context.ret,
    thrown: context.caught,
    self: -1,
    selfAfter: -1,
    paramsAfter: [],
    handedIn: [],
    handedOut: [],
    cls: -1,
    answers: [],
    truth: -1,
    generator: -1,
    isAsync: false,
    isArrow: false,
    start: 0,
    end: file.end,
  };
}

/** The context of a file's top level. */
export function moduleContext(walker: Walker): FunctionContext {
  const index = walker.builder.reserveFunction();
  walker.indexOf.set(walker.file, index);
  const scope = walker.scopes.scopeOf.get(walker.file);
  if (!scope) throw new Error('a file has no scope');
  const context = openContext(walker, walker.file, index, scope, false, undefined);
  const self = scope.names.get('this');
  if (self) setVersion(walker, context, self, walker.exportsNode, { start: 0, end: 0 });
  return context;
}
