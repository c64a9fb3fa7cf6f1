// A callback that runs once for each element of a known list, seen from a search's context: the turns are told apart.
// `steps.reduce((text, step) => step(text), start)`: what the last step gives back is the result, what the step before it
// gives back is `text` in its turn, and `step` is the element at the turn's place.

import { nodeKinds } from '../model/flow-graph.ts';
import type { ListPart, Program, Turns } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { FieldNames } from './field-names.ts';
import type { Listings } from './listings.ts';
import type { Move } from './move.ts';
import type { CallStacks, FieldStacks } from './stacks.ts';
import { anyCaller, noTurn } from './stacks.ts';

/** Names that an element is given one after the other. */
const maxCopies = 4;

/** Moves for one `Searcher`, whose stacks it shares. */
export class TurnMoves {
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly calls: CallStacks;
  private readonly names: FieldNames;
  private readonly lengthOf: (list: number, calls: number) => number | undefined;
  private readonly listings: Listings;

  /** `lengthOf` says how many elements a list has in a context, where that is known. */
  constructor(
    program: Program,
    fields: FieldStacks,
    calls: CallStacks,
    names: FieldNames,
    lengthOf: (list: number, calls: number) => number | undefined,
    listings: Listings,
  ) {
    this.program = program;
    this.fields = fields;
    this.calls = calls;
    this.names = names;
    this.lengthOf = lengthOf;
    this.listings = listings;
  }

  /** The moves from a value, instead of edges into it; undefined where it has nothing to do with turns, or the turn is not known. */
  from(node: number, fields: number, calls: number): readonly Move[] | undefined {
    const { program } = this;
    const call = program.kinds[node] === nodeKinds.call ? program.callOf.get(node) : undefined;
    if (call !== undefined)
      return this.listings.has(node) ? this.listings.from(node, fields, calls) : this.fromResult(call, fields, calls);
    const parts = program.lists.get(node);
    if (parts) return this.fromParts(parts, fields, calls);
    return program.loops.has(node) ? this.fromLoop(node, fields, calls) : this.fromParameter(node, fields, calls);
  }

  /**
   * The stacks of all turns of a callback, seen from the code around the call that runs it; undefined where they are not known.
   * `givers` are the calls that it is given to.
   */
  ofCallback(func: number, givers: readonly number[], calls: number): readonly number[] | undefined {
    const [call = -1, ...others] = givers;
    const { turns, owner } = this.program.calls[call] ?? {};
    const top = this.calls.outOfLoops(calls);
    const isAround = top === anyCaller || this.calls.func(top) === owner;
    const isOne = others.length === 0 && turns?.callbacks.length === 1 && turns.callbacks[0] === func;
    const length = isOne && isAround ? this.lengthOf(turns.list, calls) : undefined;
    if (length === undefined) return undefined;
    return Array.from({ length }, (_, turn) => this.calls.push(call, func, calls, turn));
  }

  /** The stacks of all turns of a loop, seen from the code around it, where the value is the element that it goes on with. */
  ofElement(value: number, calls: number): readonly number[] | undefined {
    const { program } = this;
    let node = value;
    for (let step = 0; step < maxCopies && !program.loops.has(node); step++) {
      const start = program.inStart[node] ?? 0;
      if ((program.inStart[node + 1] ?? 0) !== start + 1 || program.inOp[start] !== programOps.copy) return undefined;
      node = program.inFrom[start] ?? 0;
    }
    const place = program.loops.get(node);
    if (!place || place.head || place.isOfNames) return undefined;
    const length = this.lengthOf(place.list, calls);
    if (length === undefined) return undefined;
    const frame = program.calls.length + place.loop;
    const owner = program.owners[node] ?? 0;
    return Array.from({ length }, (_, turn) => this.calls.push(frame, owner, calls, turn));
  }

  /** False for an edge that the moves stand for: of a call's model, or any edge of another value. */
  keepsEdge(node: number, from: number, op: number): boolean {
    if (this.program.lists.has(node) || this.listings.has(node)) return false;
    const start = this.program.calls[this.program.callOf.get(node) ?? -1]?.turns?.start;
    return start !== undefined && (op !== programOps.copy || (from < this.program.extra && from !== start));
  }

  // From the result of a call.
  private fromResult(call: number, fields: number, calls: number): readonly Move[] | undefined {
    const turns = this.program.calls[call]?.turns;
    if (!turns) return undefined;
    if (turns.total >= 0) {
      const length = this.lengthOf(turns.list, calls);
      return length === undefined
        ? undefined
        : this.before(call, turns, turns.isBackward ? -1 : length, length, fields, calls);
    }
    // rows.map(make)[1]
    const place = this.names.textOf(this.fields.top(fields));
    const length = /^\d+$/.test(place) ? this.lengthOf(turns.list, calls) : undefined;
    if (length === undefined) return undefined;
    return Number(place) < length ? this.into(call, turns, Number(place), this.fields.rest(fields), calls) : [];
  }

  // [...steps, last][2], where it is known how long `steps` is
  private fromParts(parts: readonly ListPart[], fields: number, calls: number): readonly Move[] | undefined {
    const text = this.names.textOf(this.fields.top(fields));
    if (!/^\d+$/.test(text)) return undefined;
    const [op, label] = [programOps.copy, 0];
    const rest = this.fields.rest(fields);
    let place = Number(text);
    for (const { node, isSpread } of parts) {
      const length = isSpread ? this.lengthOf(node, calls) : 1;
      if (length === undefined) return undefined;
      if (place < length) return [{ node, fields: isSpread ? this.placeField(place, rest) : rest, calls, op, label }];
      place -= length;
    }
    return [];
  }

  // From a parameter of the callback, in a known turn.
  private fromParameter(node: number, fields: number, calls: number): readonly Move[] | undefined {
    const own = this.calls.outOfLoops(calls);
    const [turn, call] = [this.calls.turn(own), this.calls.call(own)];
    if (turn === noTurn) return undefined;
    const { turns } = this.program.calls[call] ?? {};
    if (!turns) return this.listings.fromEntry(node, fields, calls);
    const params = this.program.functions[this.calls.func(own)]?.params ?? [];
    if (node !== params[turns.item] && node !== params[turns.total]) return undefined;
    const outsides = this.calls.outOf(own);
    if (node === params[turns.item])
      return outsides.flatMap((outside) => this.element(call, turns, turn, fields, outside));
    const moves = outsides.map((outside) => {
      const length = this.lengthOf(turns.list, outside);
      return length === undefined ? undefined : this.before(call, turns, turn, length, fields, outside);
    });
    return moves.some((one) => !one) ? undefined : moves.flatMap((one) => one ?? []);
  }

  // From the element of a loop, or from a variable that a loop changes.
  private fromLoop(node: number, fields: number, calls: number): readonly Move[] | undefined {
    const place = this.program.loops.get(node);
    if (!place) return undefined;
    const { loop, list, head, isOfNames } = place;
    const frame = this.program.calls.length + loop;
    const owner = this.program.owners[node] ?? 0;
    const { copy: op } = programOps;
    if (head?.exit === node) {
      const length = isOfNames ? this.listings.fieldsOf(list, calls)?.length : this.lengthOf(list, calls);
      if (length === undefined) return undefined;
      if (length === 0) return [{ node: head.before, fields, calls, op, label: 0 }];
      return [{ node: head.back, fields, calls: this.calls.push(frame, owner, calls, length - 1), op, label: 0 }];
    }
    const here = this.calls.inLoop(calls, frame);
    if (here < 0) return undefined;
    const [turn, outside] = [this.calls.turn(here), this.calls.rest(here)];
    if (!head && isOfNames) return undefined;
    if (!head) return [{ node: list, fields: this.placeField(turn, fields), calls: outside, op, label: 0 }];
    if (turn === 0) return [{ node: head.before, fields, calls: outside, op, label: 0 }];
    return [{ node: head.back, fields, calls: this.calls.push(frame, owner, outside, turn - 1), op, label: 0 }];
  }

  // What the turn before this one gave back; in the first one, what the turns start with.
  private before(
    call: number,
    turns: Turns,
    turn: number,
    length: number,
    fields: number,
    calls: number,
  ): readonly Move[] {
    const place = turns.isBackward ? turn + 1 : turn - 1;
    const first = turns.isBackward ? length - 1 : 0;
    const isOver = place < 0 || place >= length;
    if (turns.start >= 0)
      return isOver
        ? [{ node: turns.start, fields, calls, op: programOps.exit, label: call }]
        : this.into(call, turns, place, fields, calls);
    // Without a start, the first element is what the second turn is given.
    if (isOver) return [];
    return place === first
      ? this.element(call, turns, first, fields, calls)
      : this.into(call, turns, place, fields, calls);
  }

  private into(call: number, turns: Turns, turn: number, fields: number, calls: number): readonly Move[] {
    return turns.callbacks.map((func) => ({
      node: this.program.functions[func]?.ret ?? -1,
      fields,
      calls: this.calls.push(call, func, calls, turn),
      op: programOps.enter,
      label: call,
    }));
  }

  private element(call: number, turns: Turns, turn: number, fields: number, calls: number): readonly Move[] {
    return [{ node: turns.list, fields: this.placeField(turn, fields), calls, op: programOps.exit, label: call }];
  }

  private placeField(place: number, fields: number): number {
    return this.fields.push(this.names.numberOf(String(place)), fields);
  }
}
