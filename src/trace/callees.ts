// Which functions a call really calls, and which run of the surrounding code made them, seen from a search's own context:
// the called value is followed backwards to the functions and classes it can come from.
// `const full = box(); const empty = box(); full.take()` calls the closure of the first run only.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { callsBy, isNested, programOps } from '../model/program.ts';
import type { FieldNames } from './field-names.ts';
import type { EndsAt, Follow, Visit } from './keys.ts';
import { Keys } from './keys.ts';
import type { KnownValues } from './known.ts';
import { Lengths } from './lengths.ts';
import type { CallStacks, FieldStacks } from './stacks.ts';
import { anyCaller, leaveFrames, wholeValue } from './stacks.ts';
import type { Move } from './turns.ts';
import { TurnMoves } from './turns.ts';

/** A function, and the call stack of the code that made it; -1 where that is not known. */
export interface Callee {
  readonly func: number;
  readonly calls: number;
}

const budget = 600;
/** More contexts than this for one captured variable are taken for any. */
const maxContexts = 8;
/** With more callers than this, they are not asked which function each of them makes a call run. */
const maxCallers = 16;
/** Questions that a question may raise, one within the other. */
const maxDepth = 3;

/** Answers for one `Searcher`, whose stacks it shares. */
export class Callees {
  readonly turns: TurnMoves;
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly calls: CallStacks;
  private readonly names: FieldNames;
  private readonly values: KnownValues;
  private readonly keys: Keys;
  private callers: ReadonlyMap<number, readonly number[]> | undefined;
  private givers: ReadonlyMap<number, readonly number[]> | undefined;
  private depth = 0;
  private cuts = 0;
  private readonly texts = new Map<string, readonly number[] | undefined>();
  private readonly known = new Map<string, readonly Callee[] | undefined>();
  private readonly lengths = new Map<string, number | undefined>();

  constructor(program: Program, fields: FieldStacks, calls: CallStacks, names: FieldNames, values: KnownValues) {
    this.program = program;
    this.fields = fields;
    this.calls = calls;
    this.names = names;
    this.values = values;
    const follow: Follow = (start, at, endsAt) => this.follow(start, at, endsAt);
    this.keys = new Keys(program, fields, names, follow);
    const lengths = new Lengths(program, fields, follow, (one, visit) => this.endsAt(one, [], visit));
    this.turns = new TurnMoves(program, fields, calls, names, (list, at) =>
      this.ask(this.lengths, `${list}/${at}`, () => lengths.of(list, at)),
    );
  }

  /** False when a call, made in this context, surely does not run the function. */
  mayCall(call: number, func: number, calls: number): boolean {
    const one = this.program.calls[call];
    if (!one) return true;
    const candidates = one.targets.includes(func)
      ? one.targets
      : (one.callbacks.find((list) => list.includes(func)) ?? []);
    if (candidates.length <= 1) return true;
    const found = this.calledBy(call, func, calls);
    return !found || found.some((callee) => callee.func === func);
  }

  /** The moves between turns, to functions that the call may run. */
  movesFrom(node: number, fields: number, calls: number): readonly Move[] | undefined {
    return this.turns
      .from(node, fields, calls)
      ?.filter(
        (move) =>
          move.op !== programOps.enter ||
          this.mayCall(move.label, this.program.owners[move.node] ?? 0, this.calls.rest(move.calls)),
      );
  }

  /**
   * The stacks of code that calls a function at a call: where the called value is a parameter of the code around the call,
   * only who gave this function for it counts; where it depends on the caller (`for (const f of table[name]) f(v)`),
   * only who makes it this function.
   */
  callersGiving(call: number, func: number): readonly number[] {
    const { program } = this;
    const { callee = -1, owner = -1, targets = [] } = program.calls[call] ?? {};
    if (callee < 0) return [anyCaller];
    const position = program.functions[owner]?.params.indexOf(callee) ?? -1;
    const giving = this.callersOf(owner).filter((one) => program.calls[one]?.callbacks[position]?.includes(func));
    if (giving.length > 0) return giving.map((one) => this.calls.push(one, owner, anyCaller));
    const runs = targets.length > 1 ? this.runsOf(owner) : [];
    const making = runs.filter((stack) => this.mayCall(call, func, stack));
    return making.length === 0 || making.length === runs.length ? [anyCaller] : making;
  }

  // The stacks of a function's callers; a callback runs where the code around it does. None where they are too many.
  private runsOf(func: number): readonly number[] {
    const { program } = this;
    const stacks = this.callersOf(func).map((one) => this.calls.push(one, func, anyCaller));
    for (const one of program.inlineFunctions.has(func) ? this.givenTo(func) : [])
      for (const outer of this.runsOf(program.calls[one]?.owner ?? -1)) stacks.push(this.calls.push(one, func, outer));
    return stacks.length > maxCallers ? [] : stacks;
  }

  /** The stacks to look at what is stored under a computed key: where the caller is not known, each of them, with its own key. */
  storing(value: number, calls: number): readonly number[] {
    const owner = this.program.owners[value] ?? -1;
    if (!this.program.keys.has(value) || this.leave(calls, value) !== anyCaller) return [calls];
    const callers = this.callersOf(owner);
    if (callers.length === 0 || callers.length > maxContexts) return [calls];
    return callers.map((call) => this.calls.push(call, owner, anyCaller));
  }

  private callersOf(func: number): readonly number[] {
    this.callers ??= callsBy(this.program, (call) => call.targets);
    return this.callers.get(func) ?? [];
  }

  // The calls that a function is an argument of.
  private givenTo(func: number): readonly number[] {
    this.givers ??= callsBy(this.program, (call) => call.callbacks.flat());
    return this.givers.get(func) ?? [];
  }

  /** The contexts in which the function that a call runs was made; undefined when they are not known. */
  contextsOf(call: number, func: number, calls: number): readonly number[] | undefined {
    const found = this.calledBy(call, func, calls)?.filter((callee) => callee.func === func);
    if (!found || found.length === 0 || found.some((callee) => callee.calls < 0)) return undefined;
    return [...new Set(found.map((callee) => callee.calls))];
  }

  /** The stacks for a variable of the code around a function: the run of that code which made the function, where it can be told. */
  contextsAt(calls: number, node: number): readonly number[] {
    const { program } = this;
    const owner = program.owners[node] ?? 0;
    let stacks: readonly number[] = [calls];
    for (let func = this.calls.func(calls); calls !== anyCaller && isNested(program, func, owner); ) {
      const around = program.functions[func]?.parent ?? -1;
      const made = stacks.flatMap((stack) => this.madeIn(stack, func) ?? [-1]);
      if (made.length === 0 || made.length > maxContexts || made.includes(-1)) return [this.leave(calls, node)];
      stacks = [...new Set(made)];
      if (around === owner) return stacks.map((stack) => this.leave(stack, node));
      func = around;
    }
    return [this.leave(calls, node)];
  }

  private madeIn(stack: number, func: number): readonly number[] | undefined {
    const own = this.calls.outOfLoops(stack);
    if (own === anyCaller) return [anyCaller];
    if (this.calls.func(own) !== func) return undefined;
    return this.contextsOf(this.calls.call(own), func, this.calls.rest(own));
  }

  private calledBy(call: number, func: number, calls: number): readonly Callee[] | undefined {
    const one = this.program.calls[call];
    if (!one) return undefined;
    if (one.targets.includes(func)) {
      // f.call(…), f.apply(…)
      const called = one.name === 'call' || one.name === 'apply' ? one.receiver : one.callee;
      return called < 0 ? undefined : this.valuesOf(called, calls);
    }
    const position = one.callbacks.findIndex((list) => list.includes(func));
    return position < 0 ? undefined : this.valuesOf(one.args[position] ?? -1, calls);
  }

  private valuesOf(node: number, calls: number): readonly Callee[] | undefined {
    return this.ask(this.known, `${node}/${calls}`, () => {
      const found: Callee[] = [];
      return this.follow(node, calls, (one, visit) => this.endsAt(one, found, visit)) && found.length > 0
        ? found
        : undefined;
    });
  }

  // A question that is asked while it is being answered, or too deep within others, has no answer there.
  private ask<Answer>(
    known: Map<string, Answer | undefined>,
    key: string,
    answer: () => Answer | undefined,
  ): Answer | undefined {
    if (known.has(key)) return known.get(key);
    if (this.depth >= maxDepth) {
      this.cuts++;
      return undefined;
    }
    const { cuts } = this;
    known.set(key, undefined);
    this.depth++;
    const found = answer();
    this.depth--;
    if (found === undefined && this.cuts > cuts && this.depth > 0) known.delete(key);
    else known.set(key, found);
    return found;
  }

  // Follows a value backwards; false where a part of the way cannot be seen.
  private follow(start: number, startCalls: number, endsAt: EndsAt): boolean {
    const seen = new Set<string>();
    const queue: Visit[] = [];
    const visit = (node: number, fields: number, calls: number): void => {
      const key = `${node}/${fields}/${calls}`;
      if (seen.has(key)) return;
      seen.add(key);
      queue.push({ node, fields, calls });
    };
    visit(start, wholeValue, startCalls);
    for (let at = 0; at < queue.length; at++) {
      const one = queue[at];
      if (!one || at >= budget) return false;
      const moves = this.turns.from(one.node, one.fields, one.calls);
      for (const move of moves ?? [])
        for (const stack of this.contextsAt(move.calls, move.node)) visit(move.node, move.fields, stack);
      if (moves) continue;
      const ended = endsAt(one, visit);
      if (ended === 'unknown' || (ended === 'open' && !this.expand(one, visit))) return false;
    }
    return true;
  }

  // A function or class at the end of the way; `open` where the way goes on.
  private endsAt(
    { node, fields, calls }: Visit,
    found: Callee[],
    visit: (node: number, fields: number, calls: number) => void,
  ): 'end' | 'open' | 'unknown' {
    const { program } = this;
    const kind = program.kinds[node];
    const name = this.names.textOf(this.fields.top(fields));
    const isMember = !this.fields.isWhole(fields) && this.fields.isWhole(this.fields.rest(fields));
    if (kind === nodeKinds.function) {
      const func = program.functionOf.get(node);
      if (!this.fields.isWhole(fields)) return 'open';
      if (func === undefined) return 'unknown';
      found.push({ func, calls });
      return 'end';
    }
    if (kind === nodeKinds.class) {
      const members = program.classes[program.classOf.get(node) ?? -1];
      const inner = this.fields.rest(fields);
      const isInherited = name === 'prototype' && !this.fields.isWhole(inner);
      const method = isInherited
        ? members?.methods.get(this.names.textOf(this.fields.top(inner)))
        : isMember
          ? members?.statics.get(name)
          : undefined;
      if (method !== undefined) found.push({ func: method, calls: -1 });
      return method === undefined ? 'open' : 'end';
    }
    if (kind === nodeKinds.instance || kind === nodeKinds.global) return 'unknown';
    // What `new` was called on is a fresh object.
    if (kind === nodeKinds.self && this.isConstruction(node, calls)) {
      const method = isMember ? this.methodOf(program.owners[node] ?? 0, name) : undefined;
      if (method !== undefined) found.push({ func: method, calls: -1 });
      return 'end';
    }
    if (kind !== nodeKinds.call) return 'open';
    const call = program.calls[program.callOf.get(node) ?? -1];
    if (!call) return 'open';
    if (call.name === 'bind' && call.targets.length === 0) {
      visit(call.receiver, fields, calls);
      return 'end';
    }
    // What a library's call gives is seen where a rule describes it.
    if (call.targets.length === 0 && call.models.length > 0)
      return program.inStart[node] === program.inStart[node + 1] && call.isNew ? 'end' : 'open';
    if (!call.isNew) return call.targets.length > 0 ? 'open' : 'unknown';
    if (call.targets.length === 0) return 'unknown';
    for (const target of call.targets) {
      if ((program.functions[target]?.cls ?? -1) < 0) {
        visit(call.callee, this.fields.push(this.names.numberOf('prototype'), fields), calls);
        continue;
      }
      const method = isMember ? this.methodOf(target, name) : undefined;
      if (method !== undefined) found.push({ func: method, calls: -1 });
    }
    return 'open';
  }

  // False when the value may be one that cannot be seen.
  private expand(
    { node, fields, calls }: Visit,
    visit: (node: number, fields: number, calls: number) => void,
  ): boolean {
    const { program } = this;
    const start = program.inStart[node] ?? 0;
    const end = program.inStart[node + 1] ?? 0;
    if (start === end) return !this.isOpenEnd(node);
    const go = (from: number, wanted: number, at = calls): void => {
      for (const stack of this.contextsAt(at, from)) visit(from, wanted, stack);
    };
    for (let i = start; i < end; i++) {
      const from = program.inFrom[i] ?? 0;
      const label = program.inLabel[i] ?? 0;
      switch (program.inOp[i]) {
        case programOps.copy:
        case programOps.guard:
          go(from, fields);
          break;
        case programOps.fallback:
          if (this.values.mayFallBack(node, label, calls)) go(from, fields);
          break;
        case programOps.inherit:
          if (!this.fields.isWhole(fields)) go(from, fields);
          break;
        case programOps.except:
          if (!this.names.isAmong(this.leftOut(label, node, calls), this.fields.top(fields))) go(from, fields);
          break;
        case programOps.move: {
          const top = this.fields.top(fields);
          const before = top < 0 ? -1 : this.names.before(label, top);
          if (top < 0) go(from, fields);
          else if (before >= 0) go(from, this.fields.push(before, this.fields.rest(fields)));
          break;
        }
        case programOps.load:
          for (const field of this.keysOf(label, node, calls)) go(from, this.fields.push(field, fields));
          break;
        case programOps.store: {
          const top = this.fields.top(fields);
          for (const stack of top < 0 ? [] : this.storing(from, calls))
            if (this.keysOf(label, from, stack).some((field) => this.names.meets(top, field)))
              go(from, this.fields.rest(fields), stack);
          break;
        }
        case programOps.enter:
          visit(from, fields, this.calls.push(label, program.owners[from] ?? 0, this.leave(calls, node)));
          break;
        case programOps.exit: {
          const top = this.calls.outOfLoops(calls);
          if (top === anyCaller || this.calls.func(top) !== program.owners[node]) visit(from, fields, top);
          else if (this.calls.call(top) === label) visit(from, fields, this.calls.rest(top));
          break;
        }
        case programOps.root:
          if (calls === anyCaller) return false;
          break;
        case programOps.library:
          return false;
        default:
          break;
      }
    }
    return true;
  }

  /** The fields that a load or a store means: its label, or what its key is here. */
  keysOf(label: number, value: number, calls: number): readonly number[] {
    const key = label === this.names.anyField ? this.program.keys.get(value) : undefined;
    if (key === undefined) return [label];
    return this.ask(this.texts, `${key}/${calls}`, () => this.keys.textsOf(key, calls)) ?? [label];
  }

  /** The fields that an `except` edge leaves out: those of its label, or the one that its key is here. */
  leftOut(label: number, left: number, calls: number): ReadonlySet<number> {
    if (!this.program.keys.has(left)) return this.names.exceptions(label);
    const fields = this.keysOf(this.names.anyField, left, calls);
    return new Set(fields.length === 1 && fields[0] !== this.names.anyField ? fields : []);
  }

  // A method of the class whose constructor (or other member) a function is.
  private methodOf(func: number, name: string): number | undefined {
    return this.program.classes[this.program.functions[func]?.cls ?? -1]?.methods.get(name);
  }

  private isConstruction(node: number, calls: number): boolean {
    const own = this.calls.outOfLoops(calls);
    return (
      own !== anyCaller &&
      this.calls.func(own) === this.program.owners[node] &&
      (this.program.calls[this.calls.call(own)]?.isNew ?? false)
    );
  }

  private leave(calls: number, node: number): number {
    return leaveFrames(this.program, this.calls, calls, node);
  }

  private isOpenEnd(node: number): boolean {
    const kind = this.program.kinds[node];
    return !(
      kind === nodeKinds.literal ||
      kind === nodeKinds.template ||
      kind === nodeKinds.object ||
      kind === nodeKinds.array ||
      kind === nodeKinds.class ||
      kind === nodeKinds.function ||
      kind === nodeKinds.return ||
      kind === nodeKinds.after
    );
  }
}
