// Proxies: a read of a field is a call of the handler's `get`, a write one of its `set`.

import { isAside, nodeKinds, proxyFields } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import { addCall, connectFunction } from './connect.ts';
import type { ModelState } from './model-places.ts';
import { isPutBack } from './outside.ts';
import type { Tree } from './tree.ts';

const maxNodes = 64;
const carries: ReadonlySet<number> = new Set([programOps.copy, programOps.enter, programOps.exit]);

/** seen.line  →  handler.get(target, 'line', seen). Last, since edges are put out of force. */
export function connectTraps(state: ModelState, fileEdges: number): void {
  const { graph, pointsTo } = state;
  const { tree } = graph;
  if (tree.stringOf(proxyFields.get) === undefined && tree.stringOf(proxyFields.set) === undefined) return;
  for (let i = 0; i < fileEdges; i += 4) {
    const op = tree.edges[i];
    if (op !== programOps.load && op !== programOps.store) continue;
    const isRead = op === programOps.load;
    const [from, to] = [tree.edges[i + 1] ?? 0, tree.edges[i + 2] ?? 0];
    const [proxy, value] = isRead ? [from, to] : [to, from];
    const name = tree.strings[tree.edges[i + 3] ?? 0] ?? '';
    const trap = isRead ? proxyFields.get : proxyFields.set;
    const found = pointsTo
      .tokensInField(proxy, trap)
      .flatMap((token) => (token.kind === 'function' ? [token.func] : []));
    if (found.length === 0 || isAside(name)) continue;
    const owner = tree.owners[value] ?? 0;
    const [callee, target, key] = [0, 1, 2].map(() => tree.node(value, owner)) as [number, number, number];
    tree.edge('load', proxy, callee, tree.string(trap));
    tree.edge('load', proxy, target, tree.string(proxyFields.target));
    const computed = tree.keys.get(value);
    if (computed === undefined) tree.texts[key] = tree.string(name);
    else tree.edge('copy', computed, key, 0);
    const args = isRead ? [target, key, proxy] : [target, key, value, proxy];
    const index = addCall(graph, callee, owner, [], -1);
    for (const func of found)
      connectFunction(graph, pointsTo, index, func, { self: -1, selfAfter: -1, args, argsAfter: [], spreads: [] });
    if (!isRead) continue;
    const isSurely = isProxy(state, proxy);
    tree.edge('copy', tree.calls[index]?.node ?? -1, value, 0);
    // Nothing but the handler answers.
    if (isSurely) tree.edges[i] = programOps.same;
  }
}

// True for a value that is a proxy with a handler's `get`, wherever it comes from, and was not written to.
function isProxy(state: ModelState, start: number): boolean {
  const { pointsTo, shared, graph } = state;
  const { tree } = graph;
  const seen = new Set([start]);
  let isFound = false;
  for (const node of seen) {
    if (seen.size > maxNodes) return false;
    if (isMade(tree, node) && pointsTo.tokensInField(node, proxyFields.get).length > 0) {
      isFound = true;
      continue;
    }
    const edges = shared.incoming.of(node);
    if (edges.length === 0) return false;
    for (const i of edges) {
      const [op, from, , field] = tree.edges.slice(i, i + 4) as [number, number, number, number];
      if (op === programOps.same || op === programOps.changed) continue;
      if (op === programOps.store && isPutBack(state, from, field)) continue;
      if (!(carries.has(op) || (op === programOps.except && tree.kinds[node] === nodeKinds.after))) return false;
      seen.add(from);
    }
  }
  return isFound;
}

// new Proxy(…)
function isMade(tree: Tree, node: number): boolean {
  return tree.kinds[node] === nodeKinds.call && tree.newCalls.has(node);
}
