// What a search takes for granted on its way: tests that were passed. `if (isLoud) text = …; if (!isLoud) send(text)` is no way,
// and neither is one through a branch that the caller's constant argument excludes.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program, ProgramTest } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { Fact, KnownValues } from './known.ts';
import { fits, isTrue } from './known.ts';
import type { CallStacks } from './stacks.ts';
import { wholeValue } from './stacks.ts';
import type { Move } from './turns.ts';

/** Nothing is assumed. */
export const noAssumption = 0;

/** No way: two assumptions exclude one another. */
export const impossible = -1;

/** Assumptions of one way, and sets of assumptions of one search; of more, some are dropped, and more ways count. */
const maxFacts = 4;
const maxSets = 50_000;
/** How far back it is looked whether a tested value is a parameter. */
const maxSteps = 8;

/** Interned sets of assumptions; owned by one `Searcher`. */
export class Assumptions {
  private readonly program: Program;
  private readonly calls: CallStacks;
  private readonly values: KnownValues;
  private readonly sets: (readonly Fact[])[] = [[]];
  private readonly index = new Map<string, number>([['', noAssumption]]);
  private readonly bySubject = new Map<number, ProgramTest[]>();
  private readonly isUsefulAt = new Map<number, boolean>();

  constructor(program: Program, calls: CallStacks, values: KnownValues) {
    this.program = program;
    this.calls = calls;
    this.values = values;
    for (const test of program.tests) {
      const list = this.bySubject.get(test.subject);
      if (list) list.push(test);
      else this.bySubject.set(test.subject, [test]);
    }
  }

  /** After the tests of a way, passed in this context. */
  pass(assumed: number, way: number, calls: number): number {
    if (way === 0) return assumed;
    let facts = this.sets[assumed] ?? [];
    for (const index of this.program.ways[way] ?? []) {
      const test = this.program.tests[index];
      if (!test) continue;
      const value = this.values.constantOf(test.subject, wholeValue, calls);
      if (value !== undefined) {
        if (!fits(test, value)) return impossible;
        continue;
      }
      if (facts.some((fact) => excludes(fact, test))) return impossible;
      if (this.isUseful(test)) facts = withFact(facts, test);
    }
    return this.intern(facts);
  }

  /** On entering a function: what was assumed of another run of it does not hold here. */
  enter(assumed: number, func: number): number {
    return this.keep(assumed, (fact) => this.program.owners[fact.subject] !== func);
  }

  /** From a parameter of a function to the argument of a call, made in the context `calls`. */
  leave(assumed: number, func: number, call: number, calls: number): number {
    const { program } = this;
    const inside = this.calls.push(call, func, calls);
    let facts: readonly Fact[] = [];
    for (const fact of this.sets[assumed] ?? []) {
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
    return this.pass(this.intern(facts), program.calls[call]?.way ?? 0, calls);
  }

  /** To a value of another function, without a call: nothing is known of the run. */
  move(assumed: number, from: number, to: number): number {
    return this.program.owners[from] === this.program.owners[to] ? assumed : noAssumption;
  }

  /** By a move from one turn to another, or out of them: what was assumed in one does not hold in the next. */
  take(assumed: number, from: number, { node, calls, op, label }: Move): number {
    const { owners, loops } = this.program;
    if (op === programOps.enter) return this.enter(assumed, owners[node] ?? 0);
    if (op === programOps.exit) return this.leave(assumed, owners[from] ?? 0, label, calls);
    return loops.has(from) ? noAssumption : this.move(assumed, from, node);
  }

  private keep(assumed: number, isKept: (fact: Fact) => boolean): number {
    const facts = this.sets[assumed] ?? [];
    return facts.every(isKept) ? assumed : this.intern(facts.filter(isKept));
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

  private intern(facts: readonly Fact[]): number {
    const key = facts.map(({ subject, constant, holds }) => `${subject}/${constant}/${holds}`).join();
    let set = this.index.get(key);
    if (set === undefined) {
      if (this.sets.length >= maxSets) return noAssumption;
      set = this.sets.push(facts) - 1;
      this.index.set(key, set);
    }
    return set;
  }
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
