// Objects that are changed where nobody holds them by name: `get().line = x`, `rows.find(…).line = x`, `settings.line = x` on an
// import. The change goes to the place where the object was made, so that whoever holds it sees it.
// Imprecise: such a change counts for reads before it as well (fixtures/flows/mutation).

import { nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { CallGraph } from './connect.ts';
import type { PointsTo, Token } from './points-to.ts';
import type { Tree } from './tree.ts';

const maxWay = 60;

/** Adds the edges; to be called when calls and models are connected. */
export function connectHeap({ tree, targets }: CallGraph, pointsTo: PointsTo): void {
  const leftBehind = new Set(tree.functions.flatMap((func) => [func.selfAfter, ...func.paramsAfter]));
  const heap: Heap = {
    tree,
    pointsTo,
    targets,
    into: edgesBy(tree, 2),
    from: edgesBy(tree, 1),
    callOf: new Map(),
    leftBehind,
  };
  tree.calls.forEach((call, index) => {
    heap.callOf.set(call.node, index);
  });
  // What a receiver or an argument was before the call that changed it.
  const before = new Map(
    tree.calls.flatMap((call): [number, number][] => [
      [call.receiverAfter, call.receiver],
      ...call.argsAfter.map((after, i): [number, number] => [after, call.args[i] ?? -1]),
    ]),
  );
  const made = instancesOf(tree, targets);
  const escapes = new Map<number, boolean>();
  const { edges } = tree;
  const end = edges.length;
  for (let i = 0; i < end; i += 4) {
    const [op, from, to, label] = [edges[i] ?? 0, edges[i + 1] ?? 0, edges[i + 2] ?? 0, edges[i + 3] ?? 0];
    if (!isChange(heap, op, from, to)) continue;
    const places = heldElsewhere(heap, before.get(to) ?? to).flatMap((holder) =>
      objectsOf(heap, made, holder.node).filter((place) => !isFresh(heap, escapes, place, holder.maker)),
    );
    for (const place of new Set(places)) {
      if (place < 0 || place === to) continue;
      tree.edge(op === programOps.store ? 'store' : op === programOps.enter ? 'enter' : 'copy', from, place, label);
    }
  }
}

function instancesOf(tree: Tree, targets: Heap['targets']): ReadonlyMap<number, readonly number[]> {
  const made = new Map<number, number[]>();
  tree.calls.forEach((call, index) => {
    for (const func of call.isNew ? (targets[index] ?? []) : []) {
      const cls = tree.functions[func]?.cls ?? -1;
      if (cls >= 0) made.set(cls, [...(made.get(cls) ?? []), call.node]);
    }
  });
  return made;
}

interface Heap {
  readonly tree: Tree;
  readonly pointsTo: PointsTo;
  readonly targets: readonly ReadonlySet<number>[];
  /** Edges (their places in the list) by the node they lead to, and by the node they come from. */
  readonly into: ReadonlyMap<number, readonly number[]>;
  readonly from: ReadonlyMap<number, readonly number[]>;
  readonly callOf: Map<number, number>;
  /** What functions leave of `this` and of their parameters. */
  readonly leftBehind: ReadonlySet<number>;
}

/** A value that holds the changed object; `maker` is the call that gave it, or -1. */
interface Holder {
  readonly node: number;
  readonly maker: number;
}

// A store of a new value, what a model puts into a receiver, or what an own function leaves of it;
// not the outer objects that a change rebuilds.
function isChange({ tree, into }: Heap, op: number, from: number, to: number): boolean {
  const kind = tree.kinds[to];
  if (to >= tree.extra) return false;
  if (op === programOps.enter) return kind === nodeKinds.after;
  if (op === programOps.store) {
    if (tree.kinds[from] === nodeKinds.after || kind === nodeKinds.exports) return false;
    // The cell of a variable that another function changes.
    if (kind === nodeKinds.cell) return into.get(to)?.some((i) => tree.edges[i] === programOps.same) ?? false;
    return kind !== nodeKinds.object && kind !== nodeKinds.array;
  }
  return op === programOps.copy && from >= tree.extra && (kind === nodeKinds.after || kind === nodeKinds.call);
}

// Where the changed object came from, if that is a call, a collection, a choice of several, or another file.
// What is reached by fields from a variable, a parameter or `this` is written back by the versions of that.
function heldElsewhere(heap: Heap, changed: number): Holder[] {
  const { tree, targets, into, callOf } = heap;
  const found: Holder[] = [];
  const seen = new Set([changed]);
  const way: { readonly node: number; readonly level: number; readonly isMerged: boolean }[] = [
    { node: changed, level: -1, isMerged: false },
  ];
  for (let at = 0; at < way.length && at < maxWay; at++) {
    const { node, level, isMerged } = way[at] ?? { node: 0, level: -1, isMerged: false };
    const holder = level >= 0 ? level : node;
    const kind = tree.kinds[node];
    const call = kind === nodeKinds.call ? (callOf.get(node) ?? -1) : -1;
    if (kind === nodeKinds.import) found.push({ node: holder, maker: -1 });
    if (call >= 0 && tree.calls[call]?.isNew) continue;
    if (call >= 0 && (targets[call]?.size ?? 0) > 0) found.push({ node: holder, maker: call });
    const edges = (into.get(node) ?? []).filter((i) => isHeld(tree.edges[i] ?? 0) || tree.edges[i] === programOps.load);
    const isChoice = isMerged || (edges.length > 1 && kind !== nodeKinds.after && kind !== nodeKinds.call);
    for (const i of into.get(node) ?? []) {
      const [op, from, label] = [tree.edges[i] ?? 0, tree.edges[i + 1] ?? 0, tree.edges[i + 3] ?? 0];
      const isGiven = op === programOps.exit && kind === nodeKinds.parameter;
      if (isGiven && !targets[label]?.has(tree.owners[node] ?? -1)) found.push({ node: holder, maker: -1 });
      if (op === programOps.load && (node >= tree.extra || (kind === nodeKinds.member && isChoice)))
        found.push({ node: holder, maker: -1 });
      else if ((op === programOps.load || isHeld(op)) && !seen.has(from) && tree.owners[from] === tree.owners[node]) {
        seen.add(from);
        way.push({ node: from, level: op === programOps.load && level < 0 ? node : level, isMerged: isChoice });
      }
    }
  }
  return found;
}

function isSame(op: number): boolean {
  return op === programOps.copy || op === programOps.except || op === programOps.guard;
}

// The same, and the two cells of one variable.
function isHeld(op: number): boolean {
  return isSame(op) || op === programOps.same;
}

// const page = {}; return page  →  each call gives another page, unless it is kept somewhere.
function isFresh(heap: Heap, escapes: Map<number, boolean>, place: number, maker: number): boolean {
  const { tree, targets } = heap;
  if (maker < 0 || !targets[maker]?.has(tree.owners[place] ?? -1)) return false;
  let isKept = escapes.get(place);
  if (isKept === undefined) {
    isKept = escapesFrom(heap, place);
    escapes.set(place, isKept);
  }
  return !isKept;
}

function escapesFrom({ tree, from, leftBehind }: Heap, place: number): boolean {
  const seen = new Set([place]);
  for (const node of seen) {
    if (leftBehind.has(node)) return true;
    for (const i of from.get(node) ?? []) {
      const [op, to] = [tree.edges[i] ?? 0, tree.edges[i + 2] ?? 0];
      if (!(isSame(op) || op === programOps.store)) continue;
      const kind = tree.kinds[to];
      if (kind === nodeKinds.cell || kind === nodeKinds.class || kind === nodeKinds.exports) return true;
      if (tree.owners[to] === tree.owners[place]) seen.add(to);
    }
  }
  return false;
}

// The places where the objects that a value may be are made: by the calls that gave it, else by the call graph's knowledge.
function objectsOf(heap: Heap, made: ReadonlyMap<number, readonly number[]>, start: number): number[] {
  const { tree, pointsTo, into } = heap;
  const found: number[] = [];
  const seen = new Set([start]);
  for (const node of seen) {
    const kind = tree.kinds[node];
    if (kind === nodeKinds.object || kind === nodeKinds.array) {
      found.push(node);
      continue;
    }
    const edges = into.get(node) ?? [];
    const isOpaque =
      tree.newCalls.has(node) || edges.length === 0 || edges.some((i) => tree.edges[i] === programOps.load);
    if (isOpaque || seen.size > maxWay) {
      found.push(...pointsTo.tokensOf(node).flatMap((token) => placesOf(tree, made, token)));
      continue;
    }
    for (const i of edges) {
      const op = tree.edges[i] ?? 0;
      if (isHeld(op) || op === programOps.enter || op === programOps.exit) seen.add(tree.edges[i + 1] ?? 0);
    }
  }
  return found;
}

// Where the objects of a token are made.
function placesOf(tree: Tree, made: ReadonlyMap<number, readonly number[]>, token: Token): readonly number[] {
  if (token.kind === 'object') return [token.node];
  if (token.kind === 'class') return [tree.classes[token.cls]?.node ?? -1];
  if (token.kind !== 'instance') return [];
  const calls = made.get(token.cls) ?? [];
  return calls.length === 1 ? calls : [tree.classes[token.cls]?.instance ?? -1];
}

// The places of edges in the list, by one of their two nodes: 1 is where they come from, 2 where they lead to.
function edgesBy(tree: Tree, end: 1 | 2): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (let i = 0; i < tree.edges.length; i += 4) {
    const node = tree.edges[i + end] ?? 0;
    const list = found.get(node);
    if (list) list.push(i);
    else found.set(node, [i]);
  }
  return found;
}
