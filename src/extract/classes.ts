// Classes → records: the constructor with the field initialisers, members as functions, and what `super` and `this` mean in them.

import type { ts } from 'ts-morph';
import type { ClassMember } from '../model/flow-graph.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, cellOf, notHanded, readVariable, setVersion, spanOf, takeSnapshot, variableOf } from './context.ts';
import { decorateMethod, decorateOther } from './decorators.ts';
import { Env } from './env.ts';
import type { FunctionSetting } from './functions.ts';
import { finalVersion, openContext, plainSetting, walkFunction } from './functions.ts';
import { propertyKey } from './patterns.ts';
import { stir } from './settled.ts';
import { declareAbstract } from './type-nodes.ts';
import { declareMembers, noteType } from './types.ts';
import type { Scope, Variable } from './variables.ts';
import { writePath } from './writes.ts';

/** A class whose members are being walked. */
interface ClassInProgress {
  readonly cls: number;
  /** The node of the class. */
  readonly value: number;
  readonly scope: Scope;
  readonly members: ClassMember[];
}

/** The node of a class value; members are functions whose `this` is an instance (or the class, if static). */
export function walkClassValue(walker: Walker, node: ts.ClassLikeDeclaration, outer: FunctionContext): number {
  const { ts, builder } = walker;
  const name = node.name?.text ?? '';
  walker.facts.made.add(node);
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
  const members: ClassMember[] = [];
  const ctor = walkConstructor(walker, node, outer, { cls, value, scope, members });
  // static { Desk.line = v; this.page = v }  →  in the class's own text, its name and `this` mean the class
  const named = name && ts.isClassDeclaration(node) ? variableOf(outer, name) : undefined;
  if (named) setVersion(walker, outer, named, value, spanOf(walker, node));
  const inside: Scope = named ? { ...scope, parent: scope, names: new Map([['this', named]]) } : scope;
  for (const member of node.members) {
    const isStatic =
      ts.canHaveModifiers(member) && Boolean(member.modifiers?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword));
    if (ts.isPropertyDeclaration(member) && isStatic && member.initializer) {
      builder.store(walker.expression(member.initializer, outer), value, propertyKey(walker, member.name, outer));
    } else if (ts.isClassStaticBlockDeclaration(member)) {
      outer.scope = inside;
      walker.statements(member.body.statements, outer);
      outer.scope = scope;
    }
    if (!(ts.isMethodDeclaration(member) || ts.isGetAccessor(member) || ts.isSetAccessor(member)) || !member.body)
      continue;
    const key = propertyKey(walker, member.name, outer);
    const method = addNode(walker, outer, 'function', member, key);
    const func = walkFunction(walker, member, outer, method, { ...plainSetting, cls, name: key });
    takeSnapshot(walker, outer, member);
    const kind = ts.isGetAccessor(member) ? 'get' : ts.isSetAccessor(member) ? 'set' : 'method';
    const decorated = kind === 'method' ? decorateMethod(walker, member, key, method, value, outer) : -1;
    if (kind !== 'method') decorateOther(walker, member, key, value, outer);
    members.push({ name: builder.string(key), func, isStatic, kind, decorated });
  }
  for (const member of node.members) {
    if (ts.isPropertyDeclaration(member))
      decorateOther(walker, member, propertyKey(walker, member.name, outer), value, outer);
  }
  outer.scope = outside;
  decorateOther(walker, node, name, value, outer);
  builder.classes[cls] = { name: builder.string(name), node: value, base, ctor, members, instance, implemented };
  declareAbstract(walker, outer, cls, node.members);
  declareMembers(
    walker,
    name,
    node.members.filter((member) => !ts.isMethodDeclaration(member)),
  );
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
  made: ClassInProgress,
): number {
  const { ts } = walker;
  const { cls, value, scope: classScope } = made;
  const explicit = node.members.find(
    (member): member is ts.ConstructorDeclaration => ts.isConstructorDeclaration(member) && Boolean(member.body),
  );
  const setting: FunctionSetting = {
    cls,
    self: -1,
    name: 'constructor',
    prologue: (context) => initialiseFields(walker, node, context, made),
    epilogue: (context) => showInstance(walker, node, context, classScope),
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
  initialiseFields(walker, node, context, made);
  showInstance(walker, node, context, classScope);
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
    answers: [],
    truth: -1,
    generator: -1,
    isAsync: false,
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
    way: builder.way(context.env.tests),
    owner: context.index,
  });
}

// f = v  →  this.f = v, with v in the scope of the class
function initialiseFields(
  walker: Walker,
  node: ts.ClassLikeDeclaration,
  context: FunctionContext,
  made: ClassInProgress,
): void {
  const { ts } = walker;
  const classScope = made.scope;
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
        env: new Env(),
      };
  if (!isSame) inner.env.set(classSelf, readVariable(walker, context, self, span));
  if (!isSame) stir(context.env, 'turn');
  for (const member of node.members) {
    if (!ts.isPropertyDeclaration(member)) continue;
    const isElsewhere = (one: ts.ModifierLike): boolean =>
      one.kind === ts.SyntaxKind.StaticKeyword || one.kind === ts.SyntaxKind.DeclareKeyword;
    if (member.modifiers?.some(isElsewhere)) continue;
    const key = propertyKey(walker, member.name, context);
    const { initializer } = member;
    // Of a field that is only declared, a decorator may know more; else it is nothing until it is assigned.
    const isFilled = ts.canHaveDecorators(member) && (ts.getDecorators(member)?.length ?? 0) > 0;
    const value = !initializer
      ? addNode(walker, context, isFilled ? 'value' : 'literal', member, key)
      : ts.isArrowFunction(initializer)
        ? arrowField(walker, initializer, inner, key, made)
        : walker.expression(initializer, inner);
    if (member.type) noteType(walker, inner, value, member.type);
    if (!member.initializer && !member.type) continue;
    writePath(walker, context, { root: self, fields: [key] }, value, member);
  }
}

// f = () => this.x  →  a method that keeps its instance wherever it is called
function arrowField(
  walker: Walker,
  node: ts.ArrowFunction,
  context: FunctionContext,
  key: string,
  { cls, scope, members }: ClassInProgress,
): number {
  const value = addNode(walker, context, 'function', node, key);
  const classSelf = scope.names.get('this');
  const self = classSelf ? cellOf(walker, classSelf, spanOf(walker, node)) : -1;
  const func = walkFunction(walker, node, context, value, { ...plainSetting, cls, self, name: key });
  takeSnapshot(walker, context, node);
  members.push({ name: walker.builder.string(key), func, isStatic: false, kind: 'field', decorated: -1 });
  return value;
}

// Arrow functions in the initialisers see the instance as the constructor leaves it.
function showInstance(walker: Walker, node: ts.Node, context: FunctionContext, classScope: Scope): void {
  const self = context.scope.names.get('this') ?? classScope.names.get('this');
  const classSelf = classScope.names.get('this');
  if (!self || !classSelf || (!classSelf.captured && classSelf.cell < 0)) return;
  const span = spanOf(walker, node);
  walker.builder.copy(readVariable(walker, context, self, span), cellOf(walker, classSelf, span));
}
