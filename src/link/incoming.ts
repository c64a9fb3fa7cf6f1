// Edges by target while the tree still grows: for whoever looks backwards before it is frozen.

import type { Lists } from './lists.ts';
import { addTo } from './lists.ts';
import type { Tree } from './tree.ts';

interface Version {
  readonly before: number;
  readonly call: number;
  readonly position: number;
}

/** Incoming edges of every node; catches up with the tree when asked. Owned by one `link` call. */
export class Incoming {
  private readonly tree: Tree;
  private readonly lists: Lists = [];
  private seen = 0;
  private readonly versions = new Map<number, Version>();

  private readonly reads: number;

  constructor(tree: Tree) {
    this.tree = tree;
    this.reads = tree.reads.add((node) => this.known(node).length);
    tree.calls.forEach((one, call) => {
      this.versions.set(one.receiverAfter, { before: one.receiver, call, position: -1 });
      one.argsAfter.forEach((after, position) => {
        this.versions.set(after, { before: one.args[position] ?? -1, call, position });
      });
    });
  }

  /** What an object was before the call that this is its version after; -1 when it is none. */
  before(node: number): number {
    return this.versions.get(node)?.before ?? -1;
  }

  /** The call that an object is the version after, and which argument it is (-1 for the receiver). */
  callOf(node: number): Pick<Version, 'call' | 'position'> | undefined {
    return this.versions.get(node);
  }

  /** Offsets in `tree.edges` of the edges into a node. */
  of(node: number): readonly number[] {
    this.tree.reads.note(this.reads, node);
    return this.known(node);
  }

  private known(node: number): readonly number[] {
    const { edges } = this.tree;
    for (; this.seen < edges.length; this.seen += 4) addTo(this.lists, edges[this.seen + 2] ?? 0, this.seen);
    return this.lists[node] ?? none;
  }
}

const none: readonly number[] = [];
