// Functions that no file holds: what a library hands out (`resolve` of a promise) or puts behind the arguments of a call.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Tree } from './tree.ts';

/** Adds a function with three parameters, and returns its index. */
export function addFunction(tree: Tree, like: number, owner: number): number {
  const func = tree.functions.length;
  const params = [0, 1, 2].map(() => tree.node(like, func));
  const node = tree.node(like, owner);
  tree.kinds[node] = nodeKinds.function;
  tree.functions.push({
    name: 'callback',
    parent: owner,
    node,
    params,
    rest: -1,
    all: -1,
    ret: tree.node(like, func),
    thrown: -1,
    self: -1,
    selfAfter: -1,
    generator: -1,
    isAsync: false,
    isArrow: false,
    paramsAfter: [],
    handedIn: [],
    handedOut: [],
    answers: [],
    truth: -1,
    cls: -1,
  });
  return func;
}
