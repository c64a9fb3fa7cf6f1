// Which variables stand for all instances of a class, and which for the one that was made for them.

import { nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { CallGraph } from './connect.ts';
import type { Incoming } from './incoming.ts';
import type { PointsTo } from './points-to.ts';
import type { Tree } from './tree.ts';

/** Edges that bring what is not followed further. */
const bringsAny: ReadonlySet<number> = new Set([programOps.exit, programOps.fallback, programOps.library]);
const maxMade = 8;
const maxVersions = 200;

/**
 * A declared type, or a variable that everybody shares, stands for all instances of its class, unless it is seen to hold one
 * that was made for it.
 */
export function seedInstances({ tree }: CallGraph, pointsTo: PointsTo, incoming: Incoming): void {
  for (let node = 0; node < tree.extra; node++) {
    const kind = tree.kinds[node];
    if (kind !== nodeKinds.cell && kind !== nodeKinds.parameter) continue;
    const tokens = pointsTo.tokensOf(node);
    const instances = tokens.flatMap((token) => (token.kind === 'instance' ? [token.cls] : []));
    // A library calls the methods of what extends its class, whichever instance that is.
    const isOwn = kind === nodeKinds.cell && tokens.every((token) => token.kind !== 'api');
    const isOne = instances.length > 0 && kind === nodeKinds.cell && holdsOneMade(tree, incoming, node);
    if (instances.length === 0 || (isOwn && isOne)) continue;
    const any = isOne ? tree.node(node, tree.owners[node] ?? 0) : node;
    for (const cls of instances) tree.edge('root', tree.classes[cls]?.instance ?? -1, any, 0);
    // It is known which object it is, and not what the library has made of it.
    if (isOne) tree.edge('inherit', any, node, 0);
  }
}

// const drafts = new Storage()  →  all versions of the variable are the object of this one `new`
function holdsOneMade(tree: Tree, incoming: Incoming, cell: number): boolean {
  return newsHeldBy(tree, incoming, cell)?.size === 1;
}

/** The places of `new` that all versions of a value come from; undefined where there may be others. */
export function newsHeldBy(tree: Tree, incoming: Incoming, value: number): ReadonlySet<number> | undefined {
  const seen = new Set([value]);
  const made = new Set<number>();
  for (const node of seen) {
    if (tree.newCalls.has(node)) {
      made.add(node);
      continue;
    }
    const into = incoming.of(node);
    const from = into.flatMap((i) => heldBefore(tree, incoming, node, i));
    const before = incoming.before(node);
    if (before >= 0) from.push(before);
    // Nobody assigns the variable in other functions.
    if (into.length === 0 && from.length === 0 && tree.kinds[node] === nodeKinds.cell) continue;
    const isOpen = into.some((i) => bringsAny.has(tree.edges[i] ?? 0));
    if (from.length === 0 || isOpen || made.size > maxMade || seen.size > maxVersions) return undefined;
    for (const one of from) seen.add(one);
  }
  return made;
}

// What an edge brings to a node: the same object, or what a function gives; of a method that gives back `this`, its receiver.
function heldBefore(tree: Tree, incoming: Incoming, node: number, edge: number): readonly number[] {
  const { edges } = tree;
  const [op, from = -1] = [edges[edge], edges[edge + 1]];
  if (op === programOps.load) return exportedAs(tree, incoming, edge);
  if (op === programOps.copy || op === programOps.same) return [from];
  if (op !== programOps.enter || tree.kinds[node] !== nodeKinds.call) return [];
  return givesItself(tree, incoming, from) ? [tree.calls[edges[edge + 3] ?? -1]?.receiver ?? -1] : [from];
}

// return this
function givesItself(tree: Tree, incoming: Incoming, ret: number): boolean {
  const { self = -1, selfAfter = -1 } = tree.functions[tree.owners[ret] ?? -1] ?? {};
  const versionsOf = (node: number): number[] =>
    incoming.of(node).flatMap((i) => (tree.edges[i] === programOps.copy ? [tree.edges[i + 1] ?? -1] : [-1]));
  const own = [self, ...(selfAfter >= 0 ? versionsOf(selfAfter) : [])];
  const given = versionsOf(ret);
  return self >= 0 && given.length > 0 && given.every((node) => own.includes(node));
}

// import { drafts } from './drafts.js'  →  what that file exports under the name
function exportedAs(tree: Tree, incoming: Incoming, load: number): number[] {
  const { edges, kinds } = tree;
  const imported = edges[load + 1] ?? 0;
  if (kinds[imported] !== nodeKinds.import) return [];
  const modules = incoming.of(imported).map((i) => edges[i + 1] ?? 0);
  if (!modules.every((node) => kinds[node] === nodeKinds.exports)) return [];
  return modules.flatMap((node) =>
    incoming.of(node).flatMap((i) => {
      const isNamed = edges[i] === programOps.store && edges[i + 3] === edges[load + 3];
      return isNamed ? [edges[i + 1] ?? 0] : [];
    }),
  );
}
