// A callback that runs once for each element of a known list, seen from a search's context: the turns are told apart.
// `steps.reduce((text, step) => step(text), start)`: what the last step gives back is the result, what the step before it
// gives back is `text` in its turn, and `step` is the element at the turn's place.

import type { Program, Turns } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { CallStacks, FieldStacks } from './stacks.ts';
import { noTurn } from './stacks.ts';

/** A place to go on at, and the edge that leads there. */
export interface Move {
  readonly node: number;
  readonly fields: number;
  readonly calls: number;
  readonly op: number;
}

/** Moves for one `Searcher`, whose stacks it shares. */
export class TurnMoves {
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly calls: CallStacks;
  private readonly fieldNumbers: ReadonlyMap<string, number>;
  private readonly lengthOf: (list: number, calls: number) => number | undefined;

  /** `lengthOf` says how many elements a list has in a context, where that is known. */
  constructor(
    program: Program,
    fields: FieldStacks,
    calls: CallStacks,
    fieldNumbers: ReadonlyMap<string, number>,
    lengthOf: (list: number, calls: number) => number | undefined,
  ) {
    this.program = program;
    this.fields = fields;
    this.calls = calls;
    this.fieldNumbers = fieldNumbers;
    this.lengthOf = lengthOf;
  }

  /** From the result of such a call, instead of the edges of its model; undefined where the turns are not known. */
  fromResult(call: number, fields: number, calls: number): readonly Move[] | undefined {
    const turns = this.program.calls[call]?.turns;
    if (!turns) return undefined;
    if (turns.total >= 0) {
      const length = this.lengthOf(turns.list, calls);
      return length === undefined
        ? undefined
        : this.before(call, turns, turns.isBackward ? -1 : length, length, fields, calls);
    }
    // rows.map(make)[1]
    const place = Number(this.program.strings[this.fields.top(fields)] ?? '');
    const isPlace = this.fields.top(fields) >= 0 && Number.isInteger(place) && place >= 0;
    const length = isPlace ? this.lengthOf(turns.list, calls) : undefined;
    if (length === undefined) return undefined;
    return place < length ? this.into(call, turns, place, this.fields.rest(fields), calls) : [];
  }

  /** From a parameter of the callback, in a known turn; undefined for any other value. */
  fromParameter(node: number, fields: number, calls: number): readonly Move[] | undefined {
    const turn = this.calls.turn(calls);
    const call = this.calls.call(calls);
    const turns = turn === noTurn ? undefined : this.program.calls[call]?.turns;
    const params = this.program.functions[this.calls.func(calls)]?.params ?? [];
    if (!turns || (node !== params[turns.item] && node !== params[turns.total])) return undefined;
    const outside = this.calls.rest(calls);
    if (node === params[turns.item]) return this.element(turns, turn, fields, outside);
    const length = this.lengthOf(turns.list, outside);
    return length === undefined ? undefined : this.before(call, turns, turn, length, fields, outside);
  }

  /** False for the edges of a model that the moves stand for. */
  keepsEdge(call: number, from: number, op: number): boolean {
    const start = this.program.calls[call]?.turns?.start;
    return op !== programOps.copy || (from < this.program.extra && from !== start);
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
        ? [{ node: turns.start, fields, calls, op: programOps.copy }]
        : this.into(call, turns, place, fields, calls);
    // Without a start, the first element is what the second turn is given.
    if (isOver) return [];
    return place === first ? this.element(turns, first, fields, calls) : this.into(call, turns, place, fields, calls);
  }

  private into(call: number, turns: Turns, turn: number, fields: number, calls: number): readonly Move[] {
    return turns.callbacks.map((func) => ({
      node: this.program.functions[func]?.ret ?? -1,
      fields,
      calls: this.calls.push(call, func, calls, turn),
      op: programOps.enter,
    }));
  }

  private element(turns: Turns, turn: number, fields: number, calls: number): readonly Move[] {
    const label = this.fieldNumbers.get(String(turn)) ?? -2;
    return [{ node: turns.list, fields: this.fields.push(label, fields), calls, op: programOps.exit }];
  }
}
