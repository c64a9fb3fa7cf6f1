// Interned stacks: chains of fields (what is wanted of a value) and chains of calls (how the search got into a function).
// Equal stacks have equal numbers, so that a state of the search is a few numbers.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { isNested, programOps } from '../model/program.ts';

/** Field stack 0: the value as a whole, with anything in it. */
export const wholeValue = 0;
/** Field stack 1: something in the value, at a place that is no longer known. */
export const somewhereInside = 1;
/** Field stack 2: what an unknown method of the value may give back; all of it, but nothing that other methods were given. */
export const methodValue = 2;

const maxFields = 12;
const maxExclusions = 3;
const nothing: ReadonlySet<number> = new Set();

/** Interned field stacks. Owned by one `trace` call. */
export class FieldStacks {
  private readonly tops: number[] = [-1, -1, -1];
  private readonly rests: number[] = [0, 0, 0];
  private readonly depths: number[] = [0, 0, 0];
  private readonly index = new Map<number, Map<number, number>>();
  /** Fields left out of a whole value, by stack. */
  private readonly leftOut = new Map<number, ReadonlySet<number>>();
  private readonly leftOutIndex = new Map<string, number>();

  /** True when the value as a whole is wanted (perhaps without some fields). */
  isWhole(stack: number): boolean {
    return stack === wholeValue || stack === methodValue || this.leftOut.has(stack);
  }

  /** The whole value, without these fields as well. */
  exclude(fields: ReadonlySet<number>, stack: number): number {
    // Imprecise: of many writes in a row, the first few count (fixtures/flows/objects).
    if (stack === methodValue || (this.depths[stack] ?? 0) >= maxExclusions) return stack;
    return this.without(new Set([...this.excluded(stack), ...fields]), stack);
  }

  /** The whole value without these fields, one step behind a stack that may lack others. */
  without(fields: ReadonlySet<number>, stack: number): number {
    const known = this.excluded(stack);
    if (fields.size > 0 && known.size === fields.size && [...fields].every((field) => known.has(field))) return stack;
    const depth = (this.depths[stack] ?? 0) + 1;
    if (fields.size === 0 || depth > maxExclusions) return wholeValue;
    const all = [...fields].sort((a, b) => a - b);
    const key = `${depth}:${all.join()}`;
    let found = this.leftOutIndex.get(key);
    if (found === undefined) {
      found = this.tops.length;
      this.tops.push(-1);
      this.rests.push(wholeValue);
      this.depths.push(depth);
      this.leftOut.set(found, new Set(all));
      this.leftOutIndex.set(key, found);
    }
    return found;
  }

  /** The fields that are left out of a whole value. */
  excluded(stack: number): ReadonlySet<number> {
    return this.leftOut.get(stack) ?? nothing;
  }

  /** The stack with a field on top; too deep ones end in `somewhereInside`. */
  push(field: number, rest: number): number {
    const depth = this.isWhole(rest) ? 0 : (this.depths[rest] ?? 0);
    if (depth >= maxFields) return somewhereInside;
    let byRest = this.index.get(field);
    if (!byRest) {
      byRest = new Map();
      this.index.set(field, byRest);
    }
    let stack = byRest.get(rest);
    if (stack === undefined) {
      stack = this.tops.length;
      this.tops.push(field);
      this.rests.push(rest);
      this.depths.push(depth + 1);
      byRest.set(rest, stack);
    }
    return stack;
  }

  /** The field on top; -1 when there is none. */
  top(stack: number): number {
    return this.tops[stack] ?? -1;
  }

  rest(stack: number): number {
    return this.rests[stack] ?? 0;
  }

  /** True when a field is somewhere on the stack. */
  has(stack: number, field: number): boolean {
    for (let at = stack; this.top(at) >= 0; at = this.rest(at)) if (this.top(at) === field) return true;
    return false;
  }

  of(fields: readonly number[]): number {
    return fields.reduceRight((rest, field) => this.push(field, rest), wholeValue);
  }
}

/** Call stack 0: the caller is not known. */
export const anyCaller = 0;

/** More ways back into a recursion than this are not told apart. */
const maxAgain = 8;
const maxCalls = 14;

/** A frame that is not told apart by turns of a callback. */
export const noTurn = -1;
/** Longer lists have no turns. */
export const maxTurns = 16;

/**
 * Interned call stacks; each frame is a call and the function it entered, for one element of a list perhaps (its turn).
 * A turn of a loop is a frame as well; its number stands behind those of the calls. Owned by one `trace` call.
 */
export class CallStacks {
  private readonly firstLoop: number;
  private readonly calls: number[] = [-1];
  private readonly funcs: number[] = [-1];
  private readonly rests: number[] = [0];
  private readonly turns: number[] = [noTurn];
  /** For each stack, the stacks with one frame more, by that frame. */
  private readonly index: Map<number, number>[] = [new Map()];
  /** For the stacks that recursion has gone back to, the stacks that it came from. */
  private readonly again = new Map<number, number[]>();
  /** How many such stacks are known; what was found out before one of them became known may lack something. */
  recursions = 0;

  /** `firstLoop` is the number of calls in the program. */
  constructor(firstLoop: number) {
    this.firstLoop = firstLoop;
  }

  /** Recursion does not pile up frames: a frame that is there already is gone back to. */
  push(call: number, func: number, rest: number, turn = noTurn): number {
    for (let at = rest; at !== anyCaller; at = this.rest(at)) {
      if (this.call(at) !== call || this.func(at) !== func || this.turn(at) !== turn) continue;
      if (!this.isLoop(at)) this.noteAgain(at, rest);
      return at;
    }
    const kept = this.depth(rest) >= maxCalls ? this.withoutLast(rest) : rest;
    // Calls of a program are fewer than 2 ** 22, functions than 2 ** 26.
    const frame = (call * (maxTurns + 1) + turn + 1) * 0x4000000 + func;
    const longer = this.index[kept];
    let stack = longer?.get(frame);
    if (stack === undefined) {
      stack = this.calls.length;
      this.calls.push(call);
      this.funcs.push(func);
      this.rests.push(kept);
      this.turns.push(turn);
      this.index.push(new Map());
      longer?.set(frame, stack);
    }
    return stack;
  }

  call(stack: number): number {
    return this.calls[stack] ?? -1;
  }

  func(stack: number): number {
    return this.funcs[stack] ?? -1;
  }

  rest(stack: number): number {
    return this.rests[stack] ?? 0;
  }

  /** The stacks that the frame on top may lead out to: with recursion, other runs of the same functions as well. */
  outOf(stack: number): readonly number[] {
    const again = this.again.get(stack);
    return again ? [this.rest(stack), ...again] : [this.rest(stack)];
  }

  private noteAgain(stack: number, from: number): void {
    const known = this.again.get(stack);
    if (known && (known.length >= maxAgain || known.includes(from))) return;
    this.recursions++;
    if (known) known.push(from);
    else this.again.set(stack, [from]);
  }

  /** Which element of the list the callback on top is called for. */
  turn(stack: number): number {
    return this.turns[stack] ?? noTurn;
  }

  /** The stack with the frame of a loop on top, out of loops within it; -1 where there is none. */
  inLoop(stack: number, loop: number): number {
    let at = stack;
    while (this.isLoop(at) && this.call(at) !== loop) at = this.rest(at);
    return this.isLoop(at) ? at : -1;
  }

  /** The stack without the loops of the function on top. */
  outOfLoops(stack: number): number {
    let at = stack;
    while (this.isLoop(at)) at = this.rest(at);
    return at;
  }

  private isLoop(stack: number): boolean {
    return this.call(stack) >= this.firstLoop;
  }

  private depth(stack: number): number {
    let depth = 0;
    for (let at = stack; at !== anyCaller; at = this.rest(at)) depth++;
    return depth;
  }

  // Forgets the outermost frame: what lies beyond may then be any caller.
  private withoutLast(stack: number): number {
    const frames: [number, number, number][] = [];
    for (let at = stack; at !== anyCaller; at = this.rest(at))
      frames.push([this.call(at), this.func(at), this.turn(at)]);
    frames.pop();
    return frames.reduceRight((rest, [call, func, turn]) => this.push(call, func, rest, turn), anyCaller);
  }
}

/**
 * The stack after a move to a value of another function without a call (a captured variable, a shared object):
 * frames that the value does not lie within are over. Functions nested in the frame's function may be reached sideways.
 */
export function leaveFrames(program: Program, stacks: CallStacks, calls: number, node: number): number {
  const owner = program.owners[node] ?? 0;
  let at = calls;
  while (at !== anyCaller && !isAround(program, stacks.func(at), owner)) at = stacks.rest(at);
  return inTurn(program, stacks, at, node);
}

// A variable that functions share is one in all turns of the loops that stand around its uses, not around its declaration.
function inTurn(program: Program, stacks: CallStacks, calls: number, node: number): number {
  const isOne = program.kinds[node] === nodeKinds.cell && !program.turnCells.has(node);
  return isOne ? stacks.outOfLoops(calls) : calls;
}

/** All stacks after such a move, where recursion leaves more than one. */
export function leaveEach(program: Program, stacks: CallStacks, calls: number, node: number): readonly number[] {
  const only = leaveFrames(program, stacks, calls, node);
  if (only === calls || stacks.recursions === 0) return [only];
  const owner = program.owners[node] ?? 0;
  const found = new Set<number>();
  const seen = new Set([calls]);
  for (const at of seen) {
    if (at === anyCaller || isAround(program, stacks.func(at), owner)) found.add(inTurn(program, stacks, at, node));
    else for (const out of stacks.outOf(at)) seen.add(out);
  }
  return [...found];
}

function isAround(program: Program, func: number, owner: number): boolean {
  return func === owner || isNested(program, owner, func);
}

/** True for the object that a method is written in, where this run of it is called on an object that is known. */
export function isOtherSelf(
  program: Program,
  stacks: CallStacks,
  self: number,
  object: number,
  calls: number,
): boolean {
  if (program.kinds[self] !== nodeKinds.self || program.kinds[object] !== nodeKinds.object) return false;
  const top = stacks.outOfLoops(calls);
  if (top === anyCaller || stacks.func(top) !== program.owners[self]) return false;
  for (let i = program.inStart[self] ?? 0; i < (program.inStart[self + 1] ?? 0); i++)
    if (program.inOp[i] === programOps.exit && program.inLabel[i] === stacks.call(top)) return true;
  return false;
}
