// What a call changed of an object → whoever may be that object. What the call only kept is left out, so that two objects
// one of which was given to a call are not tied together.

import { nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { Incoming } from './incoming.ts';
import type { Tree } from './tree.ts';

/** Versions of one object that are looked through within a function, and functions within one another. */
const maxVersions = 60;
const maxDepth = 4;

/** Adds the edges; to be called when calls and models are connected, before what is unchanged is kept. */
export function connectChanged(tree: Tree, incoming: Incoming): Changes {
  const { edges } = tree;
  const end = edges.length;
  const handed = new Map<number, number>();
  for (const call of tree.calls) {
    call.handedAfter.forEach((after, i) => {
      handed.set(after, call.handed[i] ?? -1);
    });
  }
  const changes = new Changes(tree, incoming, handed);
  for (let i = 0; i < end; i += 4) {
    if (edges[i] === programOps.changed) changes.pass(edges[i + 1] ?? 0, edges[i + 2] ?? 0, 0);
  }
  return changes;
}

/** What functions do to the objects that they are given. */
export class Changes {
  private readonly tree: Tree;
  private readonly incoming: Incoming;
  private readonly handed: ReadonlyMap<number, number>;
  /** For the last version of an object in a function, a node that holds only what the function changed. */
  private readonly changedIn = new Map<number, number>();

  constructor(tree: Tree, incoming: Incoming, handed: ReadonlyMap<number, number>) {
    this.tree = tree;
    this.incoming = incoming;
    this.handed = handed;
  }

  /** Passes on what reached a version of an object other than from the version before it. */
  pass(after: number, to: number, depth: number): void {
    const { tree } = this;
    const before = this.handed.get(after) ?? this.incoming.before(after);
    for (const i of [...this.incoming.of(after)]) {
      const [op, from, label] = [tree.edges[i] ?? 0, tree.edges[i + 1] ?? 0, tree.edges[i + 3] ?? 0];
      if (op === programOps.changed || from === before) continue;
      if (op === programOps.store && this.isRebuilt(from, label, (one) => one === before))
        this.passPart(from, to, label, depth);
      else tree.edges.push(op, op === programOps.enter ? this.within(from, depth) : from, to, label);
    }
  }

  // f(page.lines)  →  of the lines, what the call changed
  private passPart(after: number, to: number, label: number, depth: number): void {
    if (depth > maxDepth) return;
    const { tree } = this;
    const part = tree.node(after, tree.owners[after] ?? 0);
    const { length } = tree.edges;
    this.pass(after, part, depth + 1);
    if (tree.edges.length > length) tree.edge('store', part, to, label);
  }

  // True where a field was only put back: it is a later version of what was there.
  private isRebuilt(after: number, label: number, isObject: (node: number) => boolean): boolean {
    const { tree } = this;
    const before = tree.kinds[after] === nodeKinds.after ? this.incoming.before(after) : -1;
    if (before < 0) return false;
    return this.incoming.of(before).some((i) => {
      const [op, from] = [tree.edges[i], tree.edges[i + 1] ?? -1];
      return op === programOps.load && isObject(from) && tree.edges[i + 3] === label;
    });
  }

  /** The last version of a parameter or a handed variable → what its function did to it. */
  within(last: number, depth = 0): number {
    const { tree } = this;
    const known = this.changedIn.get(last);
    if (known !== undefined) return known;
    const versions = depth < maxDepth ? this.versionsOf(last) : undefined;
    if (!versions) return last;
    // The versions once more, without what the function was given: a later write still hides an earlier one.
    const changes = new Map([...versions].map((version) => [version, tree.node(version, tree.owners[version] ?? 0)]));
    const changed = changes.get(last) ?? last;
    this.changedIn.set(last, changed);
    for (const [version, change] of changes) {
      const before = this.handed.get(version) ?? this.incoming.before(version);
      if (before >= 0) {
        this.pass(version, change, depth + 1);
        tree.edge('copy', changes.get(before) ?? -1, change, 0);
        continue;
      }
      for (const i of [...this.incoming.of(version)]) {
        const [op, from, label] = [tree.edges[i] ?? 0, tree.edges[i + 1] ?? 0, tree.edges[i + 3] ?? 0];
        const isObject = (one: number): boolean => versions.has(one) || this.isGiven(one);
        if (op === programOps.store && this.isRebuilt(from, label, isObject)) this.passPart(from, change, label, depth);
        else if (op === programOps.store) tree.edges.push(op, from, change, label);
        else if (isKept(op) && changes.has(from)) tree.edges.push(op, changes.get(from) ?? 0, change, label);
      }
    }
    return changed;
  }

  private isGiven(node: number): boolean {
    const kind = this.tree.kinds[node];
    return kind === nodeKinds.parameter || kind === nodeKinds.self;
  }

  // All versions of a variable from its last one back to what the function was given; undefined where that is not all of it.
  private versionsOf(last: number): ReadonlySet<number> | undefined {
    const { tree } = this;
    const name = tree.names[last];
    const versions = new Set([last]);
    let isGiven = false;
    for (const version of versions) {
      if (versions.size > maxVersions) return undefined;
      const before = this.handed.get(version) ?? this.incoming.before(version);
      if (before >= 0) versions.add(before);
      if (this.isGiven(version)) {
        versions.delete(version);
        isGiven = true;
        continue;
      }
      for (const i of this.incoming.of(version)) {
        const [op, from] = [tree.edges[i] ?? 0, tree.edges[i + 1] ?? 0];
        if (!isKept(op)) continue;
        // Another object was put in its place, or it is seen through another name.
        if (tree.owners[from] !== tree.owners[last] || (tree.names[from] !== name && !isVersion(tree, from)))
          return undefined;
        versions.add(from);
      }
    }
    return isGiven ? versions : undefined;
  }
}

// The object is the same, perhaps without a field.
function isKept(op: number): boolean {
  return op === programOps.copy || op === programOps.except || op === programOps.guard;
}

// Versions of an object after a write to a field have no name of their own.
function isVersion(tree: Tree, node: number): boolean {
  return tree.kinds[node] === nodeKinds.after || tree.kinds[node] === nodeKinds.value;
}
