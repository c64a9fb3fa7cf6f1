// A call and a function of the scanned tree that it may reach → edges for arguments, results, exceptions and changed objects.

import { programOps } from '../model/program.ts';
import type { PointsTo, Token } from './points-to.ts';
import type { Tree } from './tree.ts';

/** Call graph under construction. Owned by one `link` call. */
export interface CallGraph {
  readonly tree: Tree;
  /** For each call, the functions it may reach. */
  readonly targets: Set<number>[];
  /** For each call, the ApiPaths of its callee. */
  readonly paths: Set<string>[];
}

/** How the arguments of a call line up with the parameters of its target. */
interface Arrangement {
  /** The receiver, or -1. */
  readonly self: number;
  readonly args: readonly number[];
  readonly argsAfter: readonly number[];
  readonly spread: number;
}

/** Connects a call with what its callee turned out to be. */
export function connectCallee(graph: CallGraph, pointsTo: PointsTo, index: number, token: Token): void {
  const { tree } = graph;
  const call = tree.calls[index];
  if (!call) return;
  const plain: Arrangement = { self: call.receiver, args: call.args, argsAfter: call.argsAfter, spread: call.spread };
  switch (token.kind) {
    case 'function':
      if (call.isNew) pointsTo.seed(call.node, { kind: 'object', node: call.node });
      return connectFunction(
        graph,
        pointsTo,
        index,
        token.func,
        call.isNew ? { ...plain, self: -1 } : plain,
        call.isNew,
      );
    case 'class':
      if (!call.isNew && call.name !== 'super') return;
      if (call.isNew) pointsTo.seed(call.node, { kind: 'instance', cls: token.cls });
      return connectFunction(
        graph,
        pointsTo,
        index,
        tree.classes[token.cls]?.ctor ?? -1,
        call.isNew ? { ...plain, self: -1 } : plain,
        call.isNew,
      );
    case 'bound':
      return connectBound(graph, pointsTo, index, token.func, token.how, plain);
    case 'api': {
      graph.paths[index]?.add(token.path);
      pointsTo.seedPath(call.node, call.isNew ? token.path : `${token.path}()`);
      return;
    }
    case 'instance':
    case 'prototype':
    case 'object':
      return;
    default: {
      const never: never = token;
      return never;
    }
  }
}

// f.call(self, a, b), f.apply(self, list), f.bind(self)
function connectBound(
  graph: CallGraph,
  pointsTo: PointsTo,
  index: number,
  func: number,
  how: string,
  plain: Arrangement,
): void {
  const { tree } = graph;
  const call = tree.calls[index];
  if (!call) return;
  const [self = -1, ...rest] = plain.args;
  if (how === 'bind') {
    // Imprecise: arguments given to `bind` are not put before those of the call (fixtures/flows/functions).
    pointsTo.seed(call.node, { kind: 'function', func });
    const target = tree.functions[func];
    if (target && self >= 0) tree.edge('copy', self, target.self, 0);
    return;
  }
  const after = plain.argsAfter.slice(1);
  const shifted = { self, args: rest, argsAfter: after, spread: how === 'apply' ? 0 : plain.spread - 1 };
  connectFunction(graph, pointsTo, index, func, shifted, false);
}

function connectFunction(
  graph: CallGraph,
  pointsTo: PointsTo,
  index: number,
  func: number,
  arrangement: Arrangement,
  isNew: boolean,
): void {
  const { tree } = graph;
  const call = tree.calls[index];
  const target = tree.functions[func];
  const targets = graph.targets[index];
  if (!call || !target || !targets || targets.has(func)) return;
  targets.add(func);
  target.params.forEach((param, i) => {
    if (i === target.rest) connectRest(graph, pointsTo, index, param, i, arrangement);
    else if (arrangement.spread >= 0 && i >= arrangement.spread) {
      const element = tree.node(call.node, call.owner);
      tree.edge('load', arrangement.args[arrangement.spread] ?? -1, element, tree.string('[]'));
      tree.edge('exit', element, param, index);
    } else tree.edge('exit', arrangement.args[i] ?? -1, param, index);
  });
  tree.edge('enter', isNew ? target.selfAfter : target.ret, call.node, index);
  tree.edge('enter', target.thrown, call.caught, index);
  if (arrangement.self >= 0) tree.edge('exit', arrangement.self, target.self, index);
  if (isNew && target.cls < 0) pointsTo.seed(target.self, { kind: 'object', node: call.node });
  tree.edge('enter', target.selfAfter, call.receiverAfter, index);
  target.paramsAfter.forEach((after, i) => {
    tree.edge('enter', after, arrangement.argsAfter[i] ?? -1, index);
  });
}

// function f(...rest), called f(a, b)  →  rest = [a, b]
function connectRest(
  graph: CallGraph,
  pointsTo: PointsTo,
  index: number,
  param: number,
  first: number,
  arrangement: Arrangement,
): void {
  const { tree } = graph;
  const call = tree.calls[index];
  if (!call) return;
  const list = tree.node(call.node, call.owner);
  pointsTo.seed(list, { kind: 'object', node: list });
  arrangement.args.forEach((arg, i) => {
    if (i < first) return;
    if (arrangement.spread >= 0 && i >= arrangement.spread) {
      const element = tree.node(call.node, call.owner);
      tree.edge('load', arg, element, tree.string('[]'));
      tree.edge('store', element, list, tree.string('[]'));
    } else tree.edge('store', arg, list, tree.string(String(i - first)));
  });
  if (arrangement.spread >= 0 && arrangement.spread < first) {
    tree.edge('copy', arrangement.args[arrangement.spread] ?? -1, list, 0);
  }
  tree.edge('exit', list, param, index);
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

/** The receiver and the arguments of a call as they were, where no target replaces them. */
export function keepUnchanged(graph: CallGraph): void {
  const { tree } = graph;
  tree.calls.forEach((call, index) => {
    const targets = [...(graph.targets[index] ?? [])].flatMap((func) => tree.functions[func] ?? []);
    if (call.receiverAfter >= 0 && (targets.length === 0 || targets.some((one) => one.selfAfter < 0))) {
      tree.edge('copy', call.receiver, call.receiverAfter, 0);
    }
    call.argsAfter.forEach((after, i) => {
      if (after < 0) return;
      if (targets.length > 0 && targets.every((one) => (one.paramsAfter[i] ?? -1) >= 0)) return;
      tree.edge('copy', call.args[i] ?? -1, after, 0);
    });
  });
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

/** get balance() { … }  →  a read of `.balance` is a call. */
export function connectGetters(graph: CallGraph, pointsTo: PointsTo): void {
  const { tree } = graph;
  const { edges } = tree;
  const length = edges.length;
  for (let i = 0; i < length; i += 4) {
    if (edges[i] !== programOps.load) continue;
    const [base, result] = [edges[i + 1] ?? 0, edges[i + 2] ?? 0];
    if (result >= tree.extra) continue;
    const name = tree.strings[edges[i + 3] ?? 0] ?? '';
    for (const token of pointsTo.tokensOf(base)) {
      if (token.kind !== 'instance' && token.kind !== 'class') continue;
      const getter = pointsTo
        .lineage(token.cls)
        .flatMap((cls) => cls.members.filter((one) => one.name === name && one.kind === 'get'))[0];
      if (getter) connectGetter(graph, pointsTo, base, result, getter.func);
    }
  }
}

function connectGetter(graph: CallGraph, pointsTo: PointsTo, base: number, result: number, getter: number): void {
  const { tree } = graph;
  const index = tree.calls.length;
  tree.calls.push({
    node: result,
    callee: -1,
    receiver: base,
    name: '',
    args: [],
    spread: -1,
    isNew: false,
    receiverAfter: -1,
    argsAfter: [],
    handedTo: -1,
    handed: [],
    handedAfter: [],
    caught: -1,
    owner: tree.owners[result] ?? 0,
  });
  graph.targets.push(new Set());
  graph.paths.push(new Set());
  connectFunction(graph, pointsTo, index, getter, { self: base, args: [], argsAfter: [], spread: -1 }, false);
}
