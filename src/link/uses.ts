// What is to be done with whatever comes into a node: chains of numbers in one buffer, since a program has millions of them
// and nearly every node has one or two.

/** What a use of a node does with a token. */
export const useKinds = {
  /** It goes on to the target. */
  copy: 0,
  /** It goes on if it is an ApiPath. */
  path: 1,
  /** A copy of its fields goes on. */
  spread: 2,
  /** What lies in its field comes into the target. */
  load: 3,
  /** The target goes into its field. */
  store: 4,
  /** The target is its prototype. */
  above: 5,
  /** The target is a call that it is the callee of. */
  callee: 6,
} as const;

const kindBits = 3;
const fieldsOfUse = 3;

/** The uses of every node, in the order in which they were added. Owned by one `PointsTo`. */
export class Uses {
  private entries = new Int32Array(1 << 14);
  private length = 0;
  /** For each node its last use, whose successor is the first one; -1 where there is none. */
  private last = new Int32Array(1 << 12).fill(-1);

  add(node: number, kind: number, target: number, field = 0): void {
    if (node >= this.last.length) {
      const grown = new Int32Array(Math.max(node + 1, this.last.length * 2)).fill(-1);
      grown.set(this.last);
      this.last = grown;
    }
    const at = this.length;
    this.length += fieldsOfUse;
    if (this.length > this.entries.length) {
      const grown = new Int32Array(this.entries.length * 2);
      grown.set(this.entries);
      this.entries = grown;
    }
    const before = this.last[node] ?? -1;
    this.entries[at] = (field << kindBits) | kind;
    this.entries[at + 1] = target;
    this.entries[at + 2] = before < 0 ? at : (this.entries[before + 2] ?? at);
    if (before >= 0) this.entries[before + 2] = at;
    this.last[node] = at;
  }

  /** The first use of a node; -1 where there is none. */
  first(node: number): number {
    const last = this.last[node] ?? -1;
    return last < 0 ? -1 : (this.entries[last + 2] ?? -1);
  }

  /** The next one of the same node, also of those that have been added meanwhile. */
  next(node: number, use: number): number {
    return this.last[node] === use ? -1 : (this.entries[use + 2] ?? -1);
  }

  kindOf(use: number): number {
    return (this.entries[use] ?? 0) & ((1 << kindBits) - 1);
  }

  fieldOf(use: number): number {
    return (this.entries[use] ?? 0) >> kindBits;
  }

  targetOf(use: number): number {
    return this.entries[use + 1] ?? -1;
  }
}
