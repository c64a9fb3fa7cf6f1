// Objects that lie within what is turned into a text and have a `toJSON` of their own: `JSON.stringify({ letter })`.
// The text has what the method says, and nothing else of that object.

import { asText } from '../model/api-path.ts';
import { isAside } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import { allHave, answerOf, writtenNames } from './implicit.ts';
import type { ModelState } from './model-places.ts';

/** Objects within objects that are looked at. */
const maxDepth = 3;
const maxFields = 16;

/** Last, since edges are led another way. */
export function narrowParts(state: ModelState): void {
  const { tree } = state.graph;
  const length = tree.edges.length;
  const names = writtenNames(tree);
  for (let i = 0; i < length; i += 4) {
    const [op, from, to] = [tree.edges[i], tree.edges[i + 1] ?? 0, tree.edges[i + 2] ?? 0];
    const method = op === programOps.copy ? state.written.get(to)?.get(from) : undefined;
    const view = method === undefined || !names.has(method) ? -1 : viewOf(state, from, method, 0);
    if (view >= 0) tree.edges[i + 1] = view;
  }
}

// The object as its text has it; -1 where nothing in it has such a method.
function viewOf(state: ModelState, node: number, method: string, depth: number): number {
  const { graph, pointsTo } = state;
  const { tree } = graph;
  const owner = tree.owners[node] ?? 0;
  const fields = new Set(pointsTo.fieldTokensOf(node).map(([field]) => field));
  if (fields.size > maxFields) return -1;
  const views: { readonly field: string; readonly view: number }[] = [];
  for (const field of fields) {
    if (isAside(field)) continue;
    const part = tree.node(node, owner);
    tree.edge('load', node, part, tree.string(field));
    pointsTo.addNewEdges();
    pointsTo.solve();
    const view = allHave(state, part, method)
      ? answered(state, part, method)
      : depth < maxDepth
        ? viewOf(state, part, method, depth + 1)
        : -1;
    if (view >= 0) views.push({ field, view });
  }
  if (views.length === 0) return -1;
  const whole = tree.node(node, owner);
  tree.edge('except', node, whole, tree.string(views.map(({ field }) => field).join('|')));
  for (const { field, view } of views) tree.edge('store', view, whole, tree.string(field));
  return whole;
}

// What the method says, and what stands there and is no object.
function answered(state: ModelState, node: number, method: string): number {
  const { tree } = state.graph;
  const owner = tree.owners[node] ?? 0;
  const [view, text] = [tree.node(node, owner), tree.node(node, owner)];
  tree.edge('copy', answerOf(state, node, method), view, 0);
  tree.edge('load', node, text, tree.string(asText));
  tree.edge('copy', text, view, 0);
  return view;
}
