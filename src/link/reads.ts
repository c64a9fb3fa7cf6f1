// What a piece of linking has looked at, so that it is done again only when it would see something else.
// Everything that it may look at only grows, and says how far it has grown: the same sizes are the same things.

/** How far the thing of this number has grown: what a node holds, edges into a node, fields of an object. */
export type SizeOf = (index: number) => number;

interface Look {
  /** Pairs: number of the thing and its kind, and its size when it was first looked at. */
  readonly seen: readonly number[];
  readonly stamp: number;
}

/** Owned by one `link` call. What is looked at is told by the things themselves, while somebody records. */
export class Reads {
  private readonly kinds: SizeOf[] = [];
  /** For each kind and thing, the last recording that has noted it. */
  private readonly noted: number[][] = [];
  private seen: number[] | undefined;
  private run = 0;

  /** Registers a kind of things and returns its number. */
  add(kind: SizeOf): number {
    this.noted.push([]);
    return this.kinds.push(kind) - 1;
  }

  /** Is told before something is looked at. */
  note(kind: number, index: number): void {
    if (!this.seen || index < 0) return;
    const noted = this.noted[kind] as number[];
    if (noted[index] === this.run) return;
    noted[index] = this.run;
    this.seen.push(index * maxKinds + kind, this.kinds[kind]?.(index) ?? 0);
  }

  /** Work in numbered pieces, each of which is done again only when it would see something else. */
  pieces(): Pieces {
    return new Pieces(this);
  }

  /** Does some work and returns what it looked at. */
  record(work: () => void): readonly number[] {
    const seen: number[] = [];
    this.seen = seen;
    this.run++;
    work();
    this.seen = undefined;
    return seen;
  }

  /** True when nothing of it has grown since. */
  isSame(seen: readonly number[]): boolean {
    for (let i = 0; i < seen.length; i += 2) {
      const thing = seen[i] ?? 0;
      if (this.kinds[thing % maxKinds]?.(Math.floor(thing / maxKinds)) !== seen[i + 1]) return false;
    }
    return true;
  }
}

const maxKinds = 8;

/** What pieces of work have looked at. */
export class Pieces {
  private readonly reads: Reads;
  private readonly looks: (Look | undefined)[] = [];

  constructor(reads: Reads) {
    this.reads = reads;
  }

  /** Does a piece, unless all that it looked at the last time, and the stamp, are as they were. */
  redo(piece: number, stamp: number, work: () => void): void {
    const last = this.looks[piece];
    if (last && last.stamp === stamp && this.reads.isSame(last.seen)) return;
    this.looks[piece] = { seen: this.reads.record(work), stamp };
  }
}
