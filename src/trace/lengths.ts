// How many elements a list has, seen from a search's own context: where each way back ends at one literal.

import { nodeKinds } from '../model/flow-graph.ts';
import { labelOfMove, movedFrom, placesOf } from '../model/list-places.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { EndsAt, Follow } from './keys.ts';
import type { Listings } from './listings.ts';
import type { FieldStacks } from './stacks.ts';
import { maxTurns } from './stacks.ts';

/** The move of a copy: all elements to their own places. */
const everyPlace = labelOfMove(movedFrom(0));

/** Lists within a list that are asked for their lengths. */
const maxLists = 32;

interface Part {
  readonly node: number;
  readonly calls: number;
}

interface Written {
  readonly length: number;
  readonly spread: readonly Part[];
}

/** Answers for one `Callees`, which follows values backwards for it. */
export class Lengths {
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly follow: Follow;
  private readonly endsAt: EndsAt;
  private readonly listings: Pick<Listings, 'lengthAt'>;

  /** `endsAt` says of what holds the list whether the way ends there. */
  constructor(
    program: Program,
    fields: FieldStacks,
    follow: Follow,
    endsAt: EndsAt,
    listings: Pick<Listings, 'lengthAt'>,
  ) {
    this.program = program;
    this.fields = fields;
    this.follow = follow;
    this.endsAt = endsAt;
    this.listings = listings;
  }

  /** The length, where the list is one literal (or rest parameter) in this context, or put together of such lists. */
  of(list: number, calls: number): number | undefined {
    let length = 0;
    let rest: Part[] = [{ node: list, calls }];
    for (let steps = 0; rest.length > 0; steps++) {
      const [first, ...others] = rest;
      const one = first && steps < maxLists ? this.writtenAt(first.node, first.calls) : undefined;
      if (!one || length + one.length > maxTurns) return undefined;
      length += one.length;
      rest = [...one.spread, ...others];
    }
    return length;
  }

  // The elements that are written out in a list, and the lists that are spread in it.
  private writtenAt(list: number, calls: number): Written | undefined {
    const found = new Map<string, Written>();
    const isKnown = this.follow(list, calls, (one) => {
      const parts = this.fields.isWhole(one.fields) ? this.program.lists.get(one.node) : undefined;
      if (parts) {
        const spread = parts.filter((part) => part.isSpread).map(({ node }) => ({ node, calls: one.calls }));
        found.set(`${one.node}/${one.calls}`, { length: parts.length - spread.length, spread });
        return 'end';
      }
      const listed = this.fields.isWhole(one.fields) ? this.listings.lengthAt(one.node, one.calls) : undefined;
      if (listed !== undefined && listed >= 0) {
        found.set(`${one.node}/${one.calls}`, { length: listed, spread: [] });
        return 'end';
      }
      // What a library makes of a list, or gives with one in it, may be longer or shorter.
      if (this.isLibraryCall(one.node)) return 'unknown';
      if (!this.fields.isWhole(one.fields)) return this.endsAt(one, () => {});
      if (this.isResized(one.node)) return 'unknown';
      const length = this.writtenLength(one.node);
      if (length === undefined) return 'open';
      if (length >= 0) found.set(`${one.node}/${one.calls}`, { length, spread: [] });
      return length < 0 ? 'unknown' : 'end';
    });
    const [written, ...others] = found.values();
    return isKnown && others.length === 0 ? written : undefined;
  }

  // The number of elements that are stored here one by one; -1 where their places are not all known, undefined where none is stored.
  private writtenLength(node: number): number | undefined {
    const { program } = this;
    const places = new Set<string>();
    let isOther = false;
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      if (program.inOp[i] === programOps.store) places.add(program.strings[program.inLabel[i] ?? 0] ?? '');
      else if (!this.isUnchanged(program.inFrom[i] ?? 0, node)) isOther = true;
    }
    if (places.size === 0) return program.kinds[node] === nodeKinds.array && !isOther ? 0 : undefined;
    const isList = !isOther && places.size <= maxTurns && [...places].every((place) => Number(place) < places.size);
    return isList ? places.size : -1;
  }

  // list.shift(), list.pop(), const [first, ...others] = list  →  what comes after has another number of elements, or may have
  private isResized(node: number): boolean {
    const { program } = this;
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const label = program.strings[program.inLabel[i] ?? 0] ?? '';
      if (program.inOp[i] === programOps.move && label !== everyPlace) return true;
      if (program.inOp[i] === programOps.except && label.split('|').some((field) => placesOf(field))) return true;
    }
    return false;
  }

  // [first, second].map(make)  →  the list after a call that did nothing to it
  private isUnchanged(after: number, node: number): boolean {
    const { program } = this;
    for (let i = program.inStart[after] ?? 0; i < (program.inStart[after + 1] ?? 0); i++)
      if (program.inFrom[i] !== node || program.inOp[i] !== programOps.copy) return false;
    return true;
  }

  private isLibraryCall(node: number): boolean {
    const call = this.program.calls[this.program.callOf.get(node) ?? -1];
    return this.program.kinds[node] === nodeKinds.call && (call?.targets.length ?? 0) === 0;
  }
}
