// Edges by target while the tree still grows: for whoever looks backwards before it is frozen.

import type { Tree } from './tree.ts';

/** Incoming edges of every node; catches up with the tree when asked. Owned by one `link` call. */
export class Incoming {
  private readonly tree: Tree;
  private readonly lists: (number[] | undefined)[] = [];
  private seen = 0;
  private readonly versions = new Map<number, number>();

  private readonly reads: number;

  constructor(tree: Tree) {
    this.tree = tree;
    this.reads = tree.reads.add((node) => this.known(node).length);
    for (const call of tree.calls) {
      this.versions.set(call.receiverAfter, call.receiver);
      call.argsAfter.forEach((after, i) => {
        this.versions.set(after, call.args[i] ?? -1);
      });
    }
  }

  /** What an object was before the call that this is its version after; -1 when it is none. */
  before(node: number): number {
    return this.versions.get(node) ?? -1;
  }

  /** Offsets in `tree.edges` of the edges into a node. */
  of(node: number): readonly number[] {
    this.tree.reads.note(this.reads, node);
    return this.known(node);
  }

  private known(node: number): readonly number[] {
    const { edges } = this.tree;
    for (; this.seen < edges.length; this.seen += 4) {
      const to = edges[this.seen + 2] ?? 0;
      const list = this.lists[to];
      if (list) list.push(this.seen);
      else this.lists[to] = [this.seen];
    }
    return this.lists[node] ?? none;
  }
}

const none: readonly number[] = [];
