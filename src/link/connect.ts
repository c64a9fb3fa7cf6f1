// A call and a function of the scanned tree that it may reach → edges for arguments, results, exceptions and changed objects.

import type { FunctionForm } from '../model/api-path.ts';
import { anyElement, nodeKinds, promiseFailure } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { Arrangement } from './arguments.ts';
import { leaveRest, listFrom, valuesAt } from './arguments.ts';
import { addFunction } from './made.ts';
import type { Overlays } from './overlays.ts';
import type { PointsTo, Token } from './points-to.ts';
import type { Tree, TreeCall } from './tree.ts';

/** What a call of a generator gives. */
export const generatorPath = 'global#Generator';

/** Call graph under construction. Owned by one `link` call. */
export interface CallGraph {
  readonly tree: Tree;
  /** For each call, the functions it may reach. */
  readonly targets: Set<number>[];
  /** For each call, the ApiPaths of its callee. */
  readonly paths: Set<string>[];
  /** Calls whose arguments are not their target's parameters one by one. */
  readonly rearranged: Set<number>;
  /** For each call, paths below its receiver that it takes away. */
  readonly drops: Map<number, readonly (readonly string[])[]>;
  /** Fields that a call lays over those of an argument, by the argument's version after the call. */
  readonly hidden: Map<number, readonly string[]>;
  /** For an object, what comes into it by a call, and the objects whose fields are laid over that. */
  readonly overlays: Overlays;
  /** For an object's version after a call, how many of the call's targets say what it is. */
  readonly replaced: Map<number, number>;
}

/** Connects a call with what its callee turned out to be. */
export function connectCallee(graph: CallGraph, pointsTo: PointsTo, index: number, token: Token): void {
  const { tree } = graph;
  const call = tree.calls[index];
  if (!call) return;
  const { args, argsAfter, spreads } = call;
  const self = call.isNew ? -1 : call.receiver;
  const plain: Arrangement = { self, selfAfter: call.receiverAfter, args, argsAfter, spreads };
  switch (token.kind) {
    case 'function':
      if (call.isNew)
        return connectFunction(graph, pointsTo, index, token.func, {
          ...plain,
          self: bear(graph, pointsTo, call, token.func),
        });
      return connectFunction(graph, pointsTo, index, token.func, plain);
    case 'class':
      if (!call.isNew && call.name !== 'super') return;
      if (call.isNew) pointsTo.seed(call.node, { kind: 'instance', cls: token.cls });
      return connectFunction(graph, pointsTo, index, tree.classes[token.cls]?.ctor ?? -1, plain);
    case 'partial':
      graph.rearranged.add(index);
      if (token.form === 'curried')
        return connectCurried(graph, pointsTo, index, token, bindArguments(graph.tree, token.binds, plain));
      return connectPartial(graph, pointsTo, index, token, bindArguments(graph.tree, token.binds, plain));
    case 'bound':
      return connectBound(graph, pointsTo, index, token, plain);
    case 'api': {
      graph.paths[index]?.add(token.path);
      // Each object that a package makes is one of its own.
      if (call.isNew) pointsTo.seed(call.node, { kind: 'object', node: call.node });
      pointsTo.seedPath(call.node, call.isNew ? token.path : `${token.path}()`);
      // So is what a function makes that rules give a type: `createClient()`.
      if (!call.isNew && pointsTo.isTyped(`${token.path}()`))
        pointsTo.seed(call.node, { kind: 'object', node: call.node });
      return;
    }
    case 'instance':
    case 'copied':
    case 'prototype':
    case 'object':
      return;
    default: {
      const never: never = token;
      return never;
    }
  }
}

// new F()  →  F is called on a new object, whose prototype is F.prototype
function bear({ tree }: CallGraph, pointsTo: PointsTo, call: TreeCall, func: number): number {
  const prototype = tree.node(call.node, call.owner);
  const made = tree.node(call.node, call.owner);
  tree.kinds[made] = nodeKinds.object;
  tree.edge('load', call.callee, prototype, tree.string('prototype'));
  tree.edge('inherit', prototype, made, 0);
  // F leaves it as it was born.
  if ((tree.functions[func]?.selfAfter ?? -1) < 0) tree.edge('inherit', prototype, call.node, 0);
  for (const node of [made, call.node]) pointsTo.seed(node, { kind: 'object', node: call.node });
  return made;
}

// f.bind(self, a)(b)  →  f called on self with a, b
function bindArguments(tree: Tree, binds: readonly number[], plain: Arrangement): Arrangement {
  const [first = -1] = binds;
  const given = givenBefore(tree, binds);
  const spreads = plain.spreads.map((i) => i + given.length);
  return {
    self: tree.bound.get(first) ?? plain.self,
    selfAfter: binds.length > 0 ? (tree.calls[first]?.argsAfter[0] ?? -1) : plain.selfAfter,
    args: [...given, ...plain.args],
    argsAfter: [...given.map(() => -1), ...plain.argsAfter],
    spreads,
  };
}

/** Arguments that earlier calls have given: `f.bind(self, a)`, and `f(a)` of a curried function (negative numbers). */
export function givenBefore(tree: Tree, binds: readonly number[]): number[] {
  return binds.flatMap((bind) =>
    bind < 0 ? (tree.calls[~bind]?.args ?? []) : (tree.calls[bind]?.args.slice(1) ?? []),
  );
}

// f.call(self, a, b), f.apply(self, list), f.bind(self, a)
function connectBound(
  graph: CallGraph,
  pointsTo: PointsTo,
  index: number,
  token: Token & { readonly kind: 'bound' },
  plain: Arrangement,
): void {
  if (token.how === 'bind') {
    const node = graph.tree.calls[index]?.node ?? -1;
    if (token.binds.length === 0) bindSelf(graph.tree, pointsTo, index);
    const binds = [...token.binds, index];
    return pointsTo.seed(node, { kind: 'partial', func: token.func, binds, form: token.form });
  }
  const [self = -1, ...args] = plain.args;
  const spreads = token.how === 'apply' ? [0] : plain.spreads.flatMap((i) => (i > 0 ? [i - 1] : []));
  const [selfAfter = -1, ...argsAfter] = plain.argsAfter;
  const shifted = { self, selfAfter, args, argsAfter, spreads };
  graph.rearranged.add(index);
  connectForm(graph, pointsTo, index, token, bindArguments(graph.tree, token.binds, shifted));
}

// f.bind(self)  →  what `this` is in f: the object after the call, and what is changed of it later (heap.ts)
function bindSelf(tree: Tree, pointsTo: PointsTo, index: number): void {
  const { args: [self = -1] = [], argsAfter: [after = -1] = [], owner = 0 } = tree.calls[index] ?? {};
  if (self < 0 || tree.bound.has(index)) return;
  const held = tree.node(self, owner);
  tree.kinds[held] = nodeKinds.cell;
  tree.bound.set(index, held);
  tree.edge('copy', after < 0 ? self : after, held, 0);
  pointsTo.addNewEdges();
}

// A call that is known to reach the function itself (a method under the same name) reaches the bound one as well.
function connectPartial(
  graph: CallGraph,
  pointsTo: PointsTo,
  index: number,
  token: Token & { readonly kind: 'partial' },
  bound: Arrangement,
): void {
  const { tree, targets } = graph;
  const isReached = targets[index]?.has(token.func) ?? false;
  connectForm(graph, pointsTo, index, token, bound);
  const target = tree.functions[token.func];
  if (!isReached || !target || !tree.bound.has(token.binds[0] ?? -1)) return;
  tree.edge('exit', bound.self, target.self, index);
  tree.edge('enter', target.selfAfter, bound.selfAfter, index);
}

// curry(join)(a)(b)  →  join(a, b)
function connectCurried(
  graph: CallGraph,
  pointsTo: PointsTo,
  index: number,
  token: Token & { readonly kind: 'partial' },
  plain: Arrangement,
): void {
  const isWhole =
    plain.args.length >= (graph.tree.functions[token.func]?.params.length ?? 0) || plain.spreads.length > 0;
  if (isWhole) return connectFunction(graph, pointsTo, index, token.func, plain);
  const node = graph.tree.calls[index]?.node ?? -1;
  pointsTo.seed(node, { ...token, binds: [...token.binds, ~index] });
}

// promisify(read)(id)  →  read(id, (error, value) => …), whose value is the result; callbackify is the other way round
function connectForm(
  graph: CallGraph,
  pointsTo: PointsTo,
  index: number,
  { func, form }: { readonly func: number; readonly form?: FunctionForm | undefined },
  plain: Arrangement,
): void {
  const { tree } = graph;
  const call = tree.calls[index];
  if (!form || !call || graph.targets[index]?.has(func)) return connectFunction(graph, pointsTo, index, func, plain);
  const failure = tree.node(call.node, call.owner);
  if (form === 'promised') {
    const made = addFunction(tree, call.node, call.owner);
    const [error = -1, value = -1] = tree.functions[made]?.params ?? [];
    const callback = tree.functions[made]?.node ?? -1;
    pointsTo.seed(callback, { kind: 'function', func: made });
    tree.edge('copy', value, call.node, 0);
    tree.edge('copy', error, failure, 0);
    tree.edge('store', failure, call.node, tree.string(promiseFailure));
    const args = [...plain.args, callback];
    return connectFunction(graph, pointsTo, index, func, { ...plain, args, argsAfter: [] }, false);
  }
  const args = plain.args.slice(0, -1);
  connectFunction(graph, pointsTo, index, func, { ...plain, args });
  const back = addCall(graph, plain.args.at(-1) ?? -1, call.owner, []);
  const [error = -1, value = -1] = tree.calls[back]?.args ?? [];
  tree.edge('copy', call.node, value, 0);
  tree.edge('load', call.node, failure, tree.string(promiseFailure));
  tree.edge('copy', failure, error, 0);
  pointsTo.addCall(back);
}

/** Joins a call with a function it reaches: arguments, `this`, result, exception, and what it changes. */
export function connectFunction(
  graph: CallGraph,
  pointsTo: PointsTo,
  index: number,
  func: number,
  arrangement: Arrangement,
  givesResult = true,
): void {
  const { tree } = graph;
  const call = tree.calls[index];
  const target = tree.functions[func];
  const targets = graph.targets[index];
  if (!call || !target || !targets || targets.has(func)) return;
  targets.add(func);
  target.params.forEach((param, i) => {
    if (i === target.rest) tree.edge('exit', listFrom(tree, pointsTo, index, i, arrangement), param, index);
    else for (const value of valuesAt(tree, index, i, arrangement)) tree.edge('exit', value, param, index);
  });
  if (target.all >= 0) tree.edge('exit', listFrom(tree, pointsTo, index, 0, arrangement), target.all, index);
  if (givesResult) tree.edge('enter', target.ret, call.node, index);
  if (givesResult && call.isNew) tree.edge('enter', target.selfAfter, call.node, index);
  tree.edge('enter', target.thrown, call.caught, index);
  if (target.generator >= 0) {
    pointsTo.seed(call.node, { kind: 'object', node: call.node });
    pointsTo.seedPath(call.node, generatorPath);
    tree.edge('exit', call.node, target.generator, index);
  }
  if (target.isAsync) {
    const failure = tree.node(call.node, call.owner);
    tree.edge('enter', target.thrown, failure, index);
    tree.edge('store', failure, call.node, tree.string(promiseFailure));
  }
  if (arrangement.self >= 0 && (!target.isArrow || isInstance(pointsTo, arrangement.self)))
    tree.edge('exit', arrangement.self, target.self, index);
  const leave = (changed: number, after: number): void => {
    if (changed < 0 || after < 0) return;
    tree.edge('enter', changed, after, index);
    graph.replaced.set(after, (graph.replaced.get(after) ?? 0) + 1);
  };
  leave(target.selfAfter, arrangement.selfAfter);
  target.paramsAfter.forEach((after, i) => {
    if (i === target.rest) leaveRest(tree, index, after, i, arrangement);
    else leave(after, arrangement.argsAfter[i] ?? -1);
  });
}

// An arrow function is called on whatever object it lies in; only an instance is its `this`.
function isInstance(pointsTo: PointsTo, node: number): boolean {
  return pointsTo.tokensOf(node).some((token) => token.kind === 'instance');
}

/** Variables that a call hands to a function declared beside it, and gets back. */
export function connectHanded(tree: Tree): void {
  tree.calls.forEach((call, index) => {
    const target = tree.functions[call.handedTo];
    if (!target) return;
    call.handed.forEach((before, i) => {
      const out = target.handedOut[i] ?? -1;
      tree.edge('exit', before, target.handedIn[i] ?? -1, index);
      if (out >= 0) tree.edge('enter', out, call.handedAfter[i] ?? -1, index);
      else tree.edge('copy', before, call.handedAfter[i] ?? -1, 0);
    });
  });
}

/**
 * The receiver and the arguments of a call as they were, where no target replaces them.
 * The cells of a shared variable have all versions already, in no order: they are told of changes only.
 */
export function keepUnchanged(graph: CallGraph): void {
  const { tree } = graph;
  const isRead = readAlone(tree);
  tree.calls.forEach((call, index) => {
    const count = graph.targets[index]?.size ?? 0;
    const isKept = (after: number): boolean =>
      isRead(after) && !isOneOfMany(tree, after) && (count === 0 || (graph.replaced.get(after) ?? 0) < count);
    if (isKept(call.receiverAfter)) keepReceiver(tree, call, graph.drops.get(index) ?? []);
    call.argsAfter.forEach((after, i) => {
      if (!isKept(after)) return;
      const hidden = graph.hidden.get(after) ?? [];
      if (hidden.length === 0) tree.edge('copy', call.args[i] ?? -1, after, 0);
      else tree.edge('except', call.args[i] ?? -1, after, tree.string(hidden.join('|')));
    });
  });
}

// The version of an element at an unknown place: what it was is still there in the list.
function isOneOfMany(tree: Tree, after: number): boolean {
  return tree.strings[tree.names[after] ?? 0] === anyElement;
}

// True for a node that something else looks at than the two cells of a variable that functions share.
function readAlone(tree: Tree): (node: number) => boolean {
  const { edges } = tree;
  const cells = new Set<number>();
  for (let i = 0; i < edges.length; i += 4)
    if (edges[i] === programOps.same) cells.add(edges[i + 1] ?? 0).add(edges[i + 2] ?? 0);
  const read = new Uint8Array(tree.kinds.length);
  for (let i = 0; i < edges.length; i += 4) if (!cells.has(edges[i + 2] ?? 0)) read[edges[i + 1] ?? 0] = 1;
  for (const call of tree.calls) for (const node of [call.receiver, ...call.args]) if (node >= 0) read[node] = 1;
  return (node) => read[node] === 1;
}

/** A call that the text does not show: of a package's function that was given to another one. Returns its index. */
export function addCall(
  { tree, targets, paths }: CallGraph,
  callee: number,
  owner: number,
  known: readonly string[],
  receiver = tree.baseOf(callee),
): number {
  const node = tree.node(callee, owner);
  tree.kinds[node] = nodeKinds.call;
  const args = [0, 1, 2].map(() => tree.node(callee, owner));
  const name = tree.strings[tree.names[callee] ?? 0] ?? '';
  return recordCall({ tree, targets, paths }, { node, callee, receiver, name, args, owner }, known);
}

/** Adds a call that the text does not show, with what it is known to call. Returns its index. */
export function recordCall(
  { tree, targets, paths }: Pick<CallGraph, 'tree' | 'targets' | 'paths'>,
  call: Pick<TreeCall, 'node' | 'callee' | 'receiver' | 'name' | 'args' | 'owner'>,
  known: readonly string[] = [],
): number {
  targets.push(new Set());
  paths.push(new Set(known));
  return (
    tree.calls.push({
      ...call,
      spreads: [],
      isNew: false,
      receiverAfter: -1,
      argsAfter: [],
      handedTo: -1,
      handed: [],
      handedAfter: [],
      caught: -1,
      way: 0,
    }) - 1
  );
}

// after = before without the dropped paths (of one field, or of two)
function keepReceiver(tree: Tree, call: TreeCall, drops: readonly (readonly string[])[]): void {
  if (drops.some((path) => path.length === 0)) return;
  const outer = drops.flatMap(([field]) => field ?? []);
  if (outer.length === 0) return tree.edge('copy', call.receiver, call.receiverAfter, 0);
  tree.edge('except', call.receiver, call.receiverAfter, tree.string(outer.join('|')));
  for (const [field = '', inner] of drops) {
    if (inner === undefined) continue;
    const [part, kept] = [tree.node(call.node, call.owner), tree.node(call.node, call.owner)];
    tree.edge('load', call.receiver, part, tree.string(field));
    tree.edge('except', part, kept, tree.string(inner));
    tree.edge('store', kept, call.receiverAfter, tree.string(field));
  }
}

/** Instances of a class: what its methods leave in `this` is what they find there when their caller is not known. */
export function connectInstances(graph: CallGraph, pointsTo: PointsTo): void {
  const { tree } = graph;
  tree.classes.forEach((cls, index) => {
    for (const base of pointsTo.baseClasses(index)) {
      const above = tree.classes[base];
      if (!above) continue;
      tree.edge('copy', above.instance, cls.instance, 0);
      for (const member of above.members) tree.edge('root', cls.instance, tree.functions[member.func]?.self ?? -1, 0);
    }
    for (const func of [cls.ctor, ...cls.members.filter((one) => !one.isStatic).map((one) => one.func)]) {
      const method = tree.functions[func];
      if (!method) continue;
      tree.edge('copy', method.selfAfter, cls.instance, 0);
      if (func !== cls.ctor) tree.edge('root', cls.instance, method.self, 0);
    }
    for (const member of cls.members) {
      if (member.isStatic) tree.edge('root', cls.node, tree.functions[member.func]?.self ?? -1, 0);
    }
  });
}
