// Edges by target while the tree still grows: for whoever looks backwards before it is frozen.

import type { Tree } from './tree.ts';

/** Incoming edges of every node; catches up with the tree when asked. Owned by one `link` call. */
export class Incoming {
  private readonly tree: Tree;
  private readonly lists: (number[] | undefined)[] = [];
  private seen = 0;

  constructor(tree: Tree) {
    this.tree = tree;
  }

  /** Offsets in `tree.edges` of the edges into a node. */
  of(node: number): readonly number[] {
    const { edges } = this.tree;
    for (; this.seen < edges.length; this.seen += 4) {
      const to = edges[this.seen + 2] ?? 0;
      const list = this.lists[to];
      if (list) list.push(this.seen);
      else this.lists[to] = [this.seen];
    }
    return this.lists[node] ?? [];
  }
}
