// Objects that lie within what is turned into a text and have a `toJSON` of their own: `JSON.stringify({ letter })`.
// The text has what the method says, and nothing else of that object.

import { asText } from '../model/api-path.ts';
import { isAside } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import { allHave, answerOf, writtenNames } from './implicit.ts';
import type { ModelState } from './model-places.ts';
import type { PointsTo } from './points-to.ts';
import type { Token } from './tokens.ts';

/** Objects within objects that are looked at. */
const maxDepth = 3;
const maxFields = 16;

/** Last, since edges are led another way. */
export function narrowParts(state: ModelState): void {
  const { tree } = state.graph;
  const length = tree.edges.length;
  const names = writtenNames(tree);
  const parts = new Map<string, Parts>();
  for (let i = 0; i < length; i += 4) {
    const [op, from, to] = [tree.edges[i], tree.edges[i + 1] ?? 0, tree.edges[i + 2] ?? 0];
    const method = op === programOps.copy ? state.written.get(to)?.get(from) : undefined;
    if (method === undefined || !names.has(method)) continue;
    const known = parts.get(method) ?? new Parts(state.pointsTo, method);
    parts.set(method, known);
    const answered = known.of(state.pointsTo.tokensOf(from), 0);
    if (answered.length > 0) tree.edges[i + 1] = viewOf(state, from, method, answered);
  }
}

/** A field that is to be answered by its object's own method; or its own such fields. */
interface Answered {
  readonly field: string;
  readonly parts: readonly Answered[] | undefined;
}

// The object as its text has it.
function viewOf(state: ModelState, node: number, method: string, parts: readonly Answered[]): number {
  const { graph, pointsTo } = state;
  const { tree } = graph;
  const owner = tree.owners[node] ?? 0;
  const views = parts.map(({ field, parts: inner }) => {
    const part = tree.node(node, owner);
    tree.edge('load', node, part, tree.string(field));
    pointsTo.addNewEdges();
    pointsTo.solve();
    return { field, view: inner ? viewOf(state, part, method, inner) : answerAt(state, part, method) };
  });
  const whole = tree.node(node, owner);
  tree.edge('except', node, whole, tree.string(views.map(({ field }) => field).join('|')));
  for (const { field, view } of views) tree.edge('store', view, whole, tree.string(field));
  return whole;
}

/** Objects with a method of this name, as parts of others. Owned by one `narrowParts` call. */
class Parts {
  private readonly pointsTo: PointsTo;
  private readonly method: string;
  /** How many objects lie between one and the nearest such part. */
  private readonly depths: ReadonlyMap<Token, number>;

  constructor(pointsTo: PointsTo, method: string) {
    this.pointsTo = pointsTo;
    this.method = method;
    this.depths = depthsOf(pointsTo, method);
  }

  /** The fields within these objects that all of them answer by the method. */
  of(objects: readonly Token[], depth: number): readonly Answered[] {
    const { pointsTo, method } = this;
    if (!objects.some((token) => this.holds(token, maxDepth - depth + 1))) return [];
    const fields = pointsTo.fieldNames(objects);
    if (fields.size > maxFields) return [];
    return [...fields].flatMap((field): Answered[] => {
      if (isAside(field)) return [];
      const part = [...new Set(pointsTo.tokensInFields(objects, field))];
      if (allHave(pointsTo, part, method)) return [{ field, parts: undefined }];
      const parts = depth < maxDepth ? this.of(part, depth + 1) : [];
      return parts.length > 0 ? [{ field, parts }] : [];
    });
  }

  // True when such a part lies within so many objects; what a copy holds is not told apart.
  private holds(token: Token, most: number): boolean {
    return token.kind === 'copied' || (this.depths.get(token) ?? most + 1) <= most;
  }
}

// Objects that have the method are at 0, what holds one of them in a field is at 1.
function depthsOf(pointsTo: PointsTo, method: string): Map<Token, number> {
  const depths = new Map<Token, number>();
  const contents = [...pointsTo.contents()].filter(({ held }) => held.length > 0);
  const has = (token: Token): boolean =>
    token.kind === 'instance' &&
    pointsTo.lineage(token.cls).some(({ members }) => members.some(({ name }) => name === method));
  for (const { holder, field, held } of contents) {
    if (field === method) depths.set(holder, 0);
    for (const token of held) if (has(token)) depths.set(token, 0);
  }
  for (let depth = 0; depth <= maxDepth; depth++)
    for (const { holder, held } of contents)
      if (!depths.has(holder) && held.some((token) => depths.get(token) === depth)) depths.set(holder, depth + 1);
  return depths;
}

// What the method says, and what stands there and is no object.
function answerAt(state: ModelState, node: number, method: string): number {
  const { tree } = state.graph;
  const owner = tree.owners[node] ?? 0;
  const [view, text] = [tree.node(node, owner), tree.node(node, owner)];
  tree.edge('copy', answerOf(state, node, method), view, 0);
  tree.edge('load', node, text, tree.string(asText));
  tree.edge('copy', text, view, 0);
  return view;
}
