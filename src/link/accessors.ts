// Getters and setters: a read of a field that has one is a call, and so is a write.

import { getterField, nodeKinds, setterField } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { CallGraph } from './connect.ts';
import { addCall, connectFunction, recordCall } from './connect.ts';
import type { ModelState } from './model-places.ts';
import { isPutBack } from './outside.ts';
import type { PointsTo } from './points-to.ts';
import type { Tree } from './tree.ts';

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
    for (const func of accessorsOf(pointsTo, base, name, 'get').found)
      connectGetter(graph, pointsTo, base, result, func);
  }
}

function namesOfGetters({ classes, strings }: Tree): ReadonlySet<string> {
  const start = getterField('');
  const put = strings.flatMap((text) => (text.startsWith(start) ? [text.slice(start.length)] : []));
  const members = classes.flatMap((cls) => cls.members.flatMap(({ kind, name }) => (kind === 'get' ? [name] : [])));
  return new Set([...put, ...members]);
}

// The getters or setters of a field: of a value's classes, and those put into the object. `isAlways` where each of its objects has one.
function accessorsOf(
  pointsTo: PointsTo,
  node: number,
  name: string,
  kind: 'get' | 'set',
): { readonly found: readonly number[]; readonly isAlways: boolean } {
  const tokens = pointsTo.tokensOf(node);
  if (tokens.length === 0) return { found: [], isAlways: false };
  const own = pointsTo
    .tokensInField(node, kind === 'get' ? getterField(name) : setterField(name))
    .flatMap((token) => (token.kind === 'function' ? [token.func] : []));
  const byToken = tokens.map((token) => {
    if (token.kind === 'object') return own;
    if (token.kind !== 'instance' && token.kind !== 'class') return [];
    const members = pointsTo.lineage(token.cls).flatMap((cls) => cls.members);
    const isStatic = token.kind === 'class';
    const accessor = members.find((one) => one.name === name && one.isStatic === isStatic && one.kind === kind);
    return accessor ? [accessor.func] : own;
  });
  return { found: [...new Set([...own, ...byToken.flat()])], isAlways: byToken.every((funcs) => funcs.length > 0) };
}

function connectGetter(graph: CallGraph, pointsTo: PointsTo, base: number, result: number, getter: number): void {
  const { tree } = graph;
  const owner = tree.owners[result] ?? 0;
  const index = recordCall(graph, { node: result, callee: -1, receiver: base, name: '', args: [], owner });
  connectFunction(graph, pointsTo, index, getter, { self: base, selfAfter: -1, args: [], argsAfter: [], spreads: [] });
}

/** letter.line = text  →  the setter of `line` is called. Last, since edges are put out of force. */
export function connectSetters(state: ModelState, fileEdges: number): void {
  const { graph, pointsTo } = state;
  const { tree } = graph;
  const before = new Map<number, number>();
  const getters = namesOfGetters(tree);
  for (let i = 0; i < fileEdges; i += 4) if (tree.edges[i] === programOps.except) before.set(tree.edges[i + 2] ?? 0, i);
  for (let i = 0; i < fileEdges; i += 4) {
    if (tree.edges[i] !== programOps.store) continue;
    const [value, object] = [tree.edges[i + 1] ?? 0, tree.edges[i + 2] ?? 0];
    const field = tree.edges[i + 3] ?? 0;
    const name = tree.strings[field] ?? '';
    const { found: setters, isAlways } = accessorsOf(pointsTo, object, name, 'set');
    if (setters.length === 0) {
      // What only a getter answers for keeps its value; a part of what it gives may change.
      const isWritten = tree.kinds[object] === nodeKinds.after || tree.kinds[object] === nodeKinds.cell;
      if (isWritten && tree.kinds[value] !== nodeKinds.after && getters.has(name) && accessorsOf(pointsTo, object, name, 'get').isAlways)
        tree.edges[i + 2] = tree.node(value, 0);
      continue;
    }
    // Nothing lies under the name: only the getter answers.
    if (isAlways && !isPutBack(state, value, field)) tree.edges[i + 2] = tree.node(value, 0);
    const copied = before.get(object);
    const self = copied === undefined ? object : (tree.edges[copied + 1] ?? object);
    const index = addCall(graph, value, tree.owners[value] ?? 0, [], self);
    const left = tree.node(object, tree.owners[value] ?? 0);
    for (const func of setters) {
      connectFunction(graph, pointsTo, index, func, { self, selfAfter: -1, args: [value], argsAfter: [], spreads: [] });
      const { selfAfter = -1 } = tree.functions[func] ?? {};
      if (selfAfter >= 0) tree.edge('enter', selfAfter, left, index);
      else tree.edge('copy', self, left, 0);
    }
    // What the object is now is what the setter has left of it.
    if (copied !== undefined) tree.edges[copied] = programOps.same;
    tree.edge('except', left, object, tree.string(name));
  }
}
