// Functions and classes → records with their parameters, results, `this`, and what they change of them.

import type { ts } from 'ts-morph';
import type { ClassMember } from '../model/flow-graph.ts';
import type { Env, FunctionContext, Walker } from './context.ts';
import {
  addNode,
  cellOf,
  noteNamed,
  notHanded,
  readVariable,
  setVersion,
  spanOf,
  takeSnapshot,
  variableOf,
  writePath,
} from './context.ts';
import { propertyKey } from './patterns.ts';
import type { Scope, Variable } from './scopes.ts';
import { noteType } from './types.ts';

/** What a caller adds to the walk of a function. */
interface FunctionSetting {
  readonly cls: number;
  /** A value for `this` (an object literal's method), or -1. */
  readonly self: number;
  readonly name: string;
  /** Runs before the body: field initialisers of a class. */
  prologue(context: FunctionContext): void;
}

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
  walkFunction(walker, node, outer, value, { cls, self, name, prologue: () => {} });
  if (!walker.ts.isFunctionDeclaration(node)) takeSnapshot(walker, outer, node);
  return value;
}

function openContext(
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
    env: new Map(),
    isDead: false,
    isGenerator,
    ret: walker.builder.node('return', span, index, ''),
    caught: walker.builder.node('return', span, index, 'throw'),
    returnEnvs: [],
    targets: [],
    tryMerges: [],
    aliases: new Map(),
    rebound: new Set(),
    tails: new Map(),
    loops: [],
    unnamed: new Map(),
  };
}

function walkFunction(
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
  const self = isArrow ? -1 : bindSelf(walker, node, context, setting.self);
  const { params, variables, rest, all } = bindParameters(walker, node, context);
  setting.prologue(context);
  const { body } = node;
  if (body && ts.isBlock(body)) walker.statements(body.statements, context);
  else if (body) builder.copy(walker.expression(body, context), context.ret);
  for (const variable of [...context.unnamed.keys()]) noteNamed(walker, context, variable);
  const ends: Env[] = context.isDead ? context.returnEnvs : [context.env, ...context.returnEnvs];
  const selfVariable = isArrow ? undefined : context.scope.names.get('this');
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
    handedIn,
    handedOut: [...context.lifted].map((variable, i) =>
      lastVersion(walker, context, variable, handedIn[i] ?? -1, ends, node),
    ),
    cls: setting.cls,
    isGenerator: Boolean(node.asteriskToken),
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
function finalVersion(
  walker: Walker,
  context: FunctionContext,
  variable: Variable | undefined,
  initial: number,
  ends: readonly Env[],
  at: ts.Node,
): number {
  if (!variable || initial < 0 || context.rebound.has(variable)) return -1;
  if (variable.shared) return cellOf(walker, variable, spanOf(walker, at));
  return lastVersion(walker, context, variable, initial, ends, at);
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
  const versions = new Set(ends.map((env) => env.get(variable) ?? initial));
  if (versions.size === 0 || (versions.size === 1 && versions.has(initial))) return -1;
  const merged = addNode(walker, context, 'value', at, variable.name);
  for (const version of versions) walker.builder.copy(version, merged);
  return merged;
}

/** The node of a class value; members are functions whose `this` is an instance (or the class, if static). */
export function walkClassValue(walker: Walker, node: ts.ClassLikeDeclaration, outer: FunctionContext): number {
  const { ts, builder } = walker;
  const name = node.name?.text ?? '';
  const value = addNode(walker, outer, 'class', node, name);
  const instance = addNode(walker, outer, 'instance', node, name);
  const clauses = node.heritageClauses ?? [];
  const extended = clauses.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const implemented = clauses
    .filter((clause) => clause.token === ts.SyntaxKind.ImplementsKeyword)
    .flatMap((clause) => clause.types.map((type) => type.expression.getText(walker.file)));
  const base = extended ? walker.expression(extended.expression, outer) : -1;
  const cls = builder.classes.length;
  builder.classes.push({ name: 0, node: value, base: -1, ctor: -1, members: [], instance: -1, implemented: [] });
  const scope = walker.scopes.scopeOf.get(node) ?? outer.scope;
  if (base >= 0) bindSuper(walker, node, scope, base, outer);
  const own = scope.names.get(name);
  if (own && ts.isClassExpression(node)) builder.copy(value, cellOf(walker, own, spanOf(walker, node)));
  const outside = outer.scope;
  outer.scope = scope;
  const ctor = walkConstructor(walker, node, outer, cls, value, scope);
  const members: ClassMember[] = [];
  for (const member of node.members) {
    const isStatic =
      ts.canHaveModifiers(member) && Boolean(member.modifiers?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword));
    if (ts.isPropertyDeclaration(member) && isStatic && member.initializer) {
      builder.store(walker.expression(member.initializer, outer), value, propertyKey(walker, member.name, outer));
    } else if (ts.isClassStaticBlockDeclaration(member)) walker.statements(member.body.statements, outer);
    if (!(ts.isMethodDeclaration(member) || ts.isGetAccessor(member) || ts.isSetAccessor(member)) || !member.body)
      continue;
    const key = propertyKey(walker, member.name, outer);
    const method = addNode(walker, outer, 'function', member, key);
    const func = walkFunction(walker, member, outer, method, { cls, self: -1, name: key, prologue: () => {} });
    takeSnapshot(walker, outer, member);
    const kind = ts.isGetAccessor(member) ? 'get' : ts.isSetAccessor(member) ? 'set' : 'method';
    members.push({ name: builder.string(key), func, isStatic, kind });
  }
  outer.scope = outside;
  builder.classes[cls] = { name: builder.string(name), node: value, base, ctor, members, instance, implemented };
  const fields = node.members.flatMap((member) =>
    member.name && ts.isIdentifier(member.name) && !ts.isMethodDeclaration(member) ? [member.name.text] : [],
  );
  if (name && fields.length > 0) builder.declarations.push({ name, members: fields });
  return value;
}

// super.m  →  a member of the base class's prototype, or of the base class in a static method
function bindSuper(
  walker: Walker,
  node: ts.ClassLikeDeclaration,
  scope: Scope,
  base: number,
  outer: FunctionContext,
): void {
  const variable = scope.names.get('super');
  if (!variable?.captured) return;
  const prototype = addNode(walker, outer, 'member', node, 'prototype');
  walker.builder.load(base, prototype, 'prototype');
  const cell = cellOf(walker, variable, spanOf(walker, node));
  walker.builder.copy(prototype, cell);
  walker.builder.copy(base, cell);
}

// class C { f = v; constructor() { … } }  →  one function that first sets the fields; made up where there is none
function walkConstructor(
  walker: Walker,
  node: ts.ClassLikeDeclaration,
  outer: FunctionContext,
  cls: number,
  value: number,
  classScope: Scope,
): number {
  const { ts } = walker;
  const explicit = node.members.find(
    (member): member is ts.ConstructorDeclaration => ts.isConstructorDeclaration(member) && Boolean(member.body),
  );
  const setting: FunctionSetting = {
    cls,
    self: -1,
    name: 'constructor',
    prologue: (context) => initialiseFields(walker, node, context, classScope),
  };
  if (explicit) {
    const index = walker.builder.functions.length;
    walker.indexOf.set(node, index);
    takeSnapshot(walker, outer, explicit);
    return walkFunction(walker, explicit, outer, value, setting);
  }
  const index = walker.builder.reserveFunction();
  walker.indexOf.set(node, index);
  const context = openContext(walker, node, index, classScope, false, outer);
  const self = addNode(walker, context, 'self', node, 'this');
  const variable = classScope.names.get('this');
  if (variable) setVersion(walker, context, variable, self, spanOf(walker, node));
  const args = addNode(walker, context, 'parameter', node, '');
  const base =
    walker.ts.isClassLike(node) &&
    node.heritageClauses?.some((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword);
  if (base && variable) callBaseConstructor(walker, node, context, self, args, variable);
  initialiseFields(walker, node, context, classScope);
  walker.builder.functions[index] = {
    name: walker.builder.string('constructor'),
    node: value,
    parent: outer.index,
    params: [args],
    rest: 0,
    all: -1,
    ret: context.ret,
    thrown: context.caught,
    self,
    selfAfter: finalVersion(walker, context, variable, self, [context.env], node),
    paramsAfter: [-1],
    handedIn: [],
    handedOut: [],
    cls,
    isGenerator: false,
    isArrow: false,
    start: node.getStart(walker.file),
    end: node.end,
  };
  return index;
}

// class B extends A {}  →  constructor(...args) { super(...args) }
function callBaseConstructor(
  walker: Walker,
  node: ts.Node,
  context: FunctionContext,
  self: number,
  args: number,
  variable: Variable,
): void {
  const { builder } = walker;
  const result = addNode(walker, context, 'call', node, 'super');
  const receiverAfter = addNode(walker, context, 'after', node);
  setVersion(walker, context, variable, receiverAfter, spanOf(walker, node));
  builder.calls.push({
    node: result,
    callee: -1,
    receiver: self,
    name: builder.string('super'),
    args: [args],
    spreads: [0],
    isNew: false,
    receiverAfter,
    argsAfter: [-1],
    ...notHanded,
    caught: context.caught,
    owner: context.index,
  });
}

// f = v  →  this.f = v, with v in the scope of the class
function initialiseFields(
  walker: Walker,
  node: ts.ClassLikeDeclaration,
  context: FunctionContext,
  classScope: Scope,
): void {
  const { ts, builder } = walker;
  const self = context.scope.names.get('this');
  const classSelf = classScope.names.get('this');
  if (!self || !classSelf) return;
  const span = spanOf(walker, node);
  const isSame = self === classSelf;
  const inner: FunctionContext = isSame
    ? context
    : {
        ...context,
        scopeFunc: node,
        scope: classScope,
        env: new Map([[classSelf, readVariable(walker, context, self, span)]]),
      };
  for (const member of node.members) {
    if (!ts.isPropertyDeclaration(member)) continue;
    if (member.modifiers?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword)) continue;
    const value = member.initializer
      ? walker.expression(member.initializer, inner)
      : addNode(walker, context, 'value', member, propertyKey(walker, member.name, context));
    if (member.type) noteType(walker, inner, value, member.type);
    if (!member.initializer && !member.type) continue;
    writePath(walker, context, { root: self, fields: [propertyKey(walker, member.name, context)] }, value, member);
  }
  // Arrow functions in the initialisers see the instance as it is later on.
  if (!isSame && classSelf.captured) {
    builder.copy(readVariable(walker, context, self, span), cellOf(walker, classSelf, span));
  }
}

/** Walks the statements of a file as function 0. */
export function walkModule(walker: Walker, context: FunctionContext): void {
  const { builder, file } = walker;
  walker.statements(file.statements, context);
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
    isGenerator: false,
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
