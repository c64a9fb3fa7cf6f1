// Numbers for groups of four whole numbers, in the order of their coming: what a search has visited.
// A table of its own, since the keys of a Map would be texts or fractions, and a large scan asks millions of times.

const firstSize = 32;

/** A growing set of groups of four. Owned by one search. */
export class Quads {
  private size = 0;
  private cells = new Int32Array(firstSize * 4);
  /** Open addressing; 0 is free, else the number of the group plus one. At most half full. */
  private table = new Int32Array(firstSize * 2);

  /** The number of a group; -1 when it was not added. */
  indexOf(a: number, b: number, c: number, d: number): number {
    return (this.table[this.slotOf(a, b, c, d)] ?? 0) - 1;
  }

  /** Adds a group and returns its number; undefined when it is there already. */
  add(a: number, b: number, c: number, d: number): number | undefined {
    const slot = this.slotOf(a, b, c, d);
    if (this.table[slot] !== 0) return undefined;
    const index = this.size++;
    this.cells.set([a, b, c, d], index * 4);
    this.table[slot] = this.size;
    if (this.size * 4 === this.cells.length) this.grow();
    return index;
  }

  private slotOf(a: number, b: number, c: number, d: number): number {
    const { table, cells } = this;
    const mask = table.length - 1;
    let hash =
      Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d) ^ Math.imul(d, 0x27d4eb2f);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = table[slot] ?? 0;
      if (found === 0) return slot;
      const at = (found - 1) * 4;
      if (cells[at] === a && cells[at + 1] === b && cells[at + 2] === c && cells[at + 3] === d) return slot;
    }
  }

  private grow(): void {
    const { cells, size } = this;
    this.cells = new Int32Array(cells.length * 2);
    this.cells.set(cells);
    this.table = new Int32Array(this.table.length * 2);
    for (let index = 0; index < size; index++) {
      const at = index * 4;
      const slot = this.slotOf(cells[at] ?? 0, cells[at + 1] ?? 0, cells[at + 2] ?? 0, cells[at + 3] ?? 0);
      this.table[slot] = index + 1;
    }
  }
}
