// What a search takes for granted on its way: tests that were passed, and which method an object has.
// `if (isLoud) text = …; if (!isLoud) send(text)` is no way, and neither is one through a branch that the caller's constant
// argument excludes, or from one class's method into another's.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program, ProgramTest } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import { Bearers } from './bearers.ts';
import type { Fact, KnownValues } from './known.ts';
import { fits, isTrue } from './known.ts';
import type { Moment } from './moments.ts';
import { isLater, momentAt } from './moments.ts';
import type { Move } from './move.ts';
import type { CallStacks, FieldStacks } from './stacks.ts';
import { somewhereInside, wholeValue } from './stacks.ts';

/** Nothing is assumed. */
export const noAssumption = 0;

/** No way: two assumptions exclude one another. */
export const impossible = -1;

/** Assumptions of one way, and sets of assumptions of one search; of more, some are dropped, and more ways count. */
const maxFacts = 4;
const maxSets = 50_000;
/** How far back it is looked whether a tested value is a parameter. */
const maxSteps = 8;

/** An object whose method was run: what is wanted of it, by which it is told from what lies in it or around it, and its class. */
interface Receiver {
  readonly wanted: number;
  /** One of these. */
  readonly classes: readonly number[];
}

interface Assumed {
  readonly facts: readonly Fact[];
  readonly receiver: Receiver | undefined;
  /** When a module's body has read the value. */
  readonly moment: Moment | undefined;
}

const nothing: Assumed = { facts: [], receiver: undefined, moment: undefined };

/** Interned sets of assumptions; owned by one `Searcher`. */
export class Assumptions {
  private readonly program: Program;
  private readonly calls: CallStacks;
  private readonly fields: FieldStacks;
  private readonly values: KnownValues;
  private readonly bearers: Bearers;
  private readonly sets: Assumed[] = [nothing];
  private readonly index = new Map<string, number>([['', noAssumption]]);
  private readonly bySubject = new Map<number, ProgramTest[]>();
  private readonly isUsefulAt = new Map<number, boolean>();

  constructor(program: Program, fields: FieldStacks, calls: CallStacks, values: KnownValues) {
    this.program = program;
    this.fields = fields;
    this.calls = calls;
    this.bearers = new Bearers(program);
    this.values = values;
    for (const test of program.tests) {
      if (test.isOfTurn || test.list >= 0) continue;
      const list = this.bySubject.get(test.subject);
      if (list) list.push(test);
      else this.bySubject.set(test.subject, [test]);
    }
  }

  /** After the tests of a way, passed in this context. */
  pass(assumed: number, way: number, calls: number): number {
    if (way === 0) return assumed;
    const { receiver, moment } = this.at(assumed);
    let { facts } = this.at(assumed);
    for (const index of this.program.ways[way] ?? []) {
      const test = this.program.tests[index];
      if (!test) continue;
      const isPassed = this.values.passes(test, calls);
      if (isPassed === false) return impossible;
      if (isPassed || test.isOfTurn || test.list >= 0) continue;
      if (facts.some((fact) => excludes(fact, test))) return impossible;
      if (this.isUseful(test)) facts = withFact(facts, test);
    }
    return this.intern(facts, receiver, moment);
  }

  /** On entering a function: what was assumed of another run of it does not hold here. */
  enter(assumed: number, func: number): number {
    return this.keep(assumed, (fact) => this.program.owners[fact.subject] !== func);
  }

  /** Into what a call's function left of its receiver, of which some fields are wanted. */
  enterReceiver(assumed: number, call: number, node: number, fields: number): number {
    const { owners, functions } = this.program;
    const func = owners[node] ?? 0;
    const { receiver } = this.at(assumed);
    const isReceiver = receiver?.wanted === fields && isLike(this.program, node, functions[func]?.selfAfter ?? -1);
    const left = isReceiver ? this.narrow(assumed, fields, this.bearers.at(call, func)) : assumed;
    return left === impossible ? impossible : this.enter(left, func);
  }

  /** From `this` in a method to the receiver of a call, where other objects that it may be have another method. */
  leaveReceiver(assumed: number, call: number, method: number, fields: number): number {
    // In a tree of objects that call one another, each object would be one to tell apart.
    const { recursive } = this.values;
    const isOne = !recursive.has(method) && !recursive.has(this.program.calls[call]?.owner ?? -1);
    const isInside = fields === somewhereInside || this.fields.isWhole(fields);
    return isOne && !isInside ? this.narrow(assumed, fields, this.bearers.at(call, method)) : assumed;
  }

  /** At an object that `new` makes. */
  atNew(assumed: number, node: number, fields: number): number {
    if (this.at(assumed).receiver?.wanted !== fields) return assumed;
    const cls = this.bearers.madeAt(node);
    return this.narrow(assumed, fields, cls === undefined ? undefined : [cls]);
  }

  /**
   * At a value that a module's body may have read. `inside` is what was wanted of the object that it was put into, if it was: a
   * part that others may still change has no moment.
   */
  atMoment(assumed: number, node: number, fields: number, inside: number | undefined): number {
    const { facts, receiver, moment } = this.at(assumed);
    const isStored = inside !== undefined;
    const before = isStored && this.fields.isWhole(inside) ? undefined : moment;
    const now = momentAt(this.program, before, node, this.fields.isWhole(fields), isStored);
    return now === moment ? assumed : this.intern(facts, receiver, now);
  }

  private narrow(assumed: number, wanted: number, classes: readonly number[] | undefined): number {
    const { facts, receiver, moment } = this.at(assumed);
    // Of objects within one another the innermost is told apart, so that trees of objects stay few sets.
    if (!classes || (receiver && receiver.wanted !== wanted)) return assumed;
    const left = receiver ? receiver.classes.filter((cls) => classes.includes(cls)) : classes;
    return left.length === 0 ? impossible : this.intern(facts, { wanted, classes: left }, moment);
  }

  /** Where this is wanted: an object of which more was wanted is behind. */
  within(assumed: number, fields: number): number {
    const { facts, receiver, moment } = this.at(assumed);
    if (!receiver) return assumed;
    for (let at = fields; this.fields.top(at) >= 0; at = this.fields.rest(at))
      if (at === receiver.wanted) return assumed;
    return this.intern(facts, undefined, moment);
  }

  /** From a parameter of a function to the argument of a call, made in the context `calls`. */
  leave(assumed: number, func: number, call: number, calls: number): number {
    const { program } = this;
    const { receiver, moment } = this.at(assumed);
    if (isLater(program, moment, call)) return impossible;
    const inside = this.calls.push(call, func, calls);
    let facts: readonly Fact[] = [];
    for (const fact of this.at(assumed).facts) {
      if (program.owners[fact.subject] !== func) {
        facts = withFact(facts, fact);
        continue;
      }
      const value = this.values.constantOf(fact.subject, wholeValue, inside);
      if (value !== undefined) {
        if (!fits(fact, value)) return impossible;
        continue;
      }
      const argument = this.argumentOf(fact.subject, call);
      const outer = { ...fact, subject: argument };
      if (facts.some((one) => excludes(one, outer))) return impossible;
      if (argument >= 0 && this.isUseful(outer)) facts = withFact(facts, outer);
    }
    return this.pass(this.intern(facts, receiver, moment), program.calls[call]?.way ?? 0, calls);
  }

  /** To a value of another function, without a call: nothing is known of the run. */
  move(assumed: number, from: number, to: number): number {
    return this.program.owners[from] === this.program.owners[to] ? assumed : this.keep(assumed, () => false);
  }

  /** By a move from one turn to another, or out of them: what was assumed in one does not hold in the next. */
  take(assumed: number, from: number, { node, calls, op, label }: Move): number {
    const { owners, loops } = this.program;
    if (op === programOps.enter) return this.enter(assumed, owners[node] ?? 0);
    if (op === programOps.exit) return this.leave(assumed, owners[from] ?? 0, label, calls);
    return loops.has(from) ? this.keep(assumed, () => false) : this.move(assumed, from, node);
  }

  private keep(assumed: number, isKept: (fact: Fact) => boolean): number {
    const { facts, receiver, moment } = this.at(assumed);
    return facts.every(isKept) ? assumed : this.intern(facts.filter(isKept), receiver, moment);
  }

  private argumentOf(parameter: number, call: number): number {
    const { program } = this;
    for (let i = program.inStart[parameter] ?? 0; i < (program.inStart[parameter + 1] ?? 0); i++)
      if (program.inOp[i] === programOps.exit && program.inLabel[i] === call) return program.inFrom[i] ?? -1;
    return -1;
  }

  // Something else may be decided by it: another test of the value, or a caller's constant.
  private isUseful(test: Fact): boolean {
    const others = this.bySubject.get(test.subject) ?? [];
    return others.some((one) => one.isKept && excludes(one, test)) || this.isGiven(test.subject);
  }

  // True when some caller gives a constant for a value, or something that holds one.
  private isGiven(subject: number): boolean {
    const known = this.isUsefulAt.get(subject);
    if (known !== undefined) return known;
    this.isUsefulAt.set(subject, false);
    const { program } = this;
    const seen = new Set([subject]);
    for (const node of seen) {
      if (seen.size > maxSteps) break;
      for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
        const from = program.inFrom[i] ?? 0;
        const op = program.inOp[i];
        if (op === programOps.exit && this.isConstant(from)) {
          this.isUsefulAt.set(subject, true);
          return true;
        }
        if (op === programOps.copy || op === programOps.load || op === programOps.fallback) seen.add(from);
      }
    }
    return false;
  }

  private isConstant(node: number): boolean {
    const kind = this.program.kinds[node];
    return kind === nodeKinds.literal || kind === nodeKinds.object || this.isGiven(node);
  }

  private at(assumed: number): Assumed {
    return this.sets[assumed] ?? nothing;
  }

  private intern(facts: readonly Fact[], receiver: Receiver | undefined, moment: Moment | undefined): number {
    const tests = facts.map(({ subject, constant, holds }) => `${subject}/${constant}/${holds}`).join();
    const bearer = receiver ? `${receiver.wanted} of ${receiver.classes.join()}: ` : '';
    const key = `${moment ? `${moment.body}@${moment.at}${moment.isLast ? '!' : ''} ` : ''}${bearer}${tests}`;
    let set = this.index.get(key);
    if (set === undefined) {
      if (this.sets.length >= maxSets) return noAssumption;
      set = this.sets.push({ facts, receiver, moment }) - 1;
      this.index.set(key, set);
    }
    return set;
  }
}

// A node of linking's own stands for the version of the object whose place and name it shares.
function isLike({ extra, likeness }: Program, node: number, other: number): boolean {
  return node === other || (node >= extra && other >= 0 && likeness[node - extra] === other);
}

function withFact(facts: readonly Fact[], { subject, constant, holds }: Fact): readonly Fact[] {
  if (facts.length >= maxFacts) return facts;
  if (facts.some((one) => one.subject === subject && one.constant === constant && one.holds === holds)) return facts;
  return [...facts, { subject, constant, holds }].sort(
    (a, b) => a.subject - b.subject || Number(a.holds) - Number(b.holds),
  );
}

function excludes(one: Fact, other: Fact): boolean {
  if (one.subject !== other.subject) return false;
  if (one.constant === other.constant) return one.holds !== other.holds;
  if (one.constant === '') return other.holds && isTrue(other.constant) !== one.holds;
  if (other.constant === '') return one.holds && isTrue(one.constant) !== other.holds;
  return one.holds && other.holds;
}
