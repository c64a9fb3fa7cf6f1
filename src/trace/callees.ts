// Which functions a call really calls, and which run of the surrounding code made them, seen from a search's own context:
// the called value is followed backwards to the functions and classes it can come from.
// `const full = box(); const empty = box(); full.take()` calls the closure of the first run only.

import type { Program } from '../model/program.ts';
import { isNested, programOps } from '../model/program.ts';
import { BoundObjects } from './bound.ts';
import type { Callers } from './callers.ts';
import type { Callee } from './ends.ts';
import { Ends } from './ends.ts';
import type { FieldNames } from './field-names.ts';
import type { EndsAt, Follow, TextAt, Visit } from './keys.ts';
import { Keys } from './keys.ts';
import type { KnownValues } from './known.ts';
import { Lengths } from './lengths.ts';
import { Listings } from './listings.ts';
import type { Move } from './move.ts';
import { Questions } from './questions.ts';
import type { CallStacks, FieldStacks } from './stacks.ts';
import { anyCaller, isOtherSelf, leaveEach, leaveFrames, wholeValue } from './stacks.ts';
import { TurnMoves } from './turns.ts';
import type { Versions } from './versions.ts';
import { nowhere } from './versions.ts';

const budget = 600;
/** More contexts than this for one captured variable are taken for any. */
const maxContexts = 8;
/** With more callers than this, they are not asked which function each of them makes a call run. */
const maxCallers = 16;
/** Functions within one another that are looked out of. */
const maxAround = 4;
/** In more contexts than this, it is not asked what a value is there: any that it can be counts. */
const maxAsked = 64;

/** Answers for one `Searcher`, whose stacks it shares. */
export class Callees {
  readonly turns: TurnMoves;
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly calls: CallStacks;
  private readonly names: FieldNames;
  private readonly values: KnownValues;
  private readonly versions: Versions;
  private readonly keys: Keys;
  private readonly ends: Ends;
  private readonly callers: Callers;
  private readonly listings: Listings;
  private readonly bound: BoundObjects;
  private readonly questions = new Questions();
  private readonly texts = new Map<string, readonly number[] | undefined>();
  private readonly known = new Map<string, readonly Callee[] | undefined>();
  /** How many contexts a value was asked for in. */
  private readonly asked = new Map<number, number>();
  private readonly lengths = new Map<string, number | undefined>();
  private readonly ownNames = new Map<string, readonly string[] | undefined>();
  private readonly listed = new Map<string, readonly string[] | undefined>();
  private readonly giving = new Map<string, readonly number[] | undefined>();
  private readonly beside = new Map<string, readonly number[] | undefined>();
  private readonly binds = new Map<string, readonly number[] | undefined>();

  constructor(
    program: Program,
    fields: FieldStacks,
    calls: CallStacks,
    names: FieldNames,
    values: KnownValues,
    versions: Versions,
    callers: Callers,
  ) {
    this.program = program;
    this.fields = fields;
    this.calls = calls;
    this.names = names;
    this.values = values;
    this.versions = versions;
    this.callers = callers;
    const follow: Follow = (start, at, endsAt, part) => this.follow(start, at, endsAt, part);
    this.ends = new Ends(program, fields, calls, names);
    const endsAt: EndsAt = (one, visit) => this.ends.at(one, [], visit);
    this.bound = new BoundObjects(program, fields, follow, endsAt);
    const lengthOf = (list: number, at: number): number | undefined =>
      this.questions.ask(this.lengths, `${list}/${at}`, () => lengths.of(list, at));
    this.listings = new Listings(program, fields, calls, names, values, {
      follow,
      endsAt,
      lengthOf,
      textOf: (node, part, at) => this.textOf(node, part, at),
      namesOf: (object, at, find) => this.questions.ask(this.ownNames, `${object}/${at}`, find),
    });
    const lengths = new Lengths(program, fields, follow, endsAt, this.listings);
    this.turns = new TurnMoves(program, fields, calls, names, lengthOf, this.listings);
    const textAt: TextAt = (node, part, at) => this.listings.textAt(node, part, at);
    this.keys = new Keys(program, fields, names, follow, textAt);
    values.lookInto({
      textAt,
      movesFrom: (node, part, at) => this.turns.from(node, part, at),
      textsIn: (list, at) => this.questions.ask(this.listed, `${list}/${at}`, () => this.listings.textsIn(list, at)),
    });
  }

  /** Forgets all answers: recursion has become known that they may lack. */
  forget(): void {
    const { texts, known, lengths, ownNames, listed, giving, beside, binds } = this;
    for (const answers of [texts, known, lengths, ownNames, listed, giving, beside, binds]) answers.clear();
  }

  /** False when a call, made in this context, surely does not run the function. */
  mayCall(call: number, func: number, calls: number): boolean {
    const one = this.program.calls[call];
    if (!one) return true;
    const isTarget = one.targets.includes(func);
    const candidates = isTarget ? one.targets : (one.callbacks.find((list) => list.includes(func)) ?? []);
    if (candidates.length <= 1 && !(isTarget && one.receiver < 0 && one.paths.length > 0)) return true;
    const found = this.calledBy(call, func, calls);
    return !found || found.length === 0 || found.some((callee) => callee.func === func);
  }

  /** The moves between turns, to functions that the call may run. */
  movesFrom(node: number, fields: number, calls: number): readonly Move[] | undefined {
    return this.turns
      .from(node, fields, calls)
      ?.filter(
        (move) =>
          move.op !== programOps.enter ||
          this.calls
            .outOf(move.calls)
            .some((outside) => this.mayCall(move.label, this.program.owners[move.node] ?? 0, outside)),
      );
  }

  /**
   * The stacks of code that calls a function at a call: where the called value is a parameter of the code around the call,
   * only who gave this function for it counts; where it depends on the caller (`for (const f of table[name]) f(v)`),
   * only who makes it this function.
   */
  callersGiving(call: number, func: number): readonly number[] {
    const { program } = this;
    const { callee = -1, owner = -1 } = program.calls[call] ?? {};
    if (callee < 0) return [anyCaller];
    const position = program.functions[owner]?.params.indexOf(callee) ?? -1;
    const giving = this.callers.of(owner).filter((one) => program.calls[one]?.callbacks[position]?.includes(func));
    if (giving.length > 0) return giving.map((one) => this.calls.push(one, owner, anyCaller));
    return this.questions.ask(this.giving, `${call}/${func}`, () => this.runsGiving(call, func)) ?? [anyCaller];
  }

  // Of the runs of the code around a call, those that make it this function; undefined where that is each of them.
  private runsGiving(call: number, func: number): readonly number[] | undefined {
    const { callee = -1, owner = -1 } = this.program.calls[call] ?? {};
    const runs = this.runsOrAny(owner).flatMap((run) => this.turns.ofElement(callee, run) ?? [run]);
    if (runs.length < 2 || runs.length > maxCallers) return undefined;
    const found = runs.map((stack) => this.calledBy(call, func, stack));
    const isSure = found.map((callees) => callees?.some((callee) => callee.func === func) ?? false);
    if (!isSure.includes(true)) return undefined;
    const making = runs.filter((_, i) => isSure[i] || !found[i]);
    return making.length === runs.length ? undefined : making;
  }

  // The stacks of a function's callers; a callback runs where the code around it does. None where they are too many, or the function calls itself.
  private runsOf(func: number, depth = maxAround): readonly number[] {
    const { program } = this;
    if (this.values.recursive.has(func)) return [];
    const stacks = this.callers.of(func).map((one) => this.calls.push(one, func, anyCaller));
    for (const one of depth > 0 && program.inlineFunctions.has(func) ? this.callers.givenTo(func) : [])
      for (const outer of this.runsOrAny(program.calls[one]?.owner ?? -1, depth - 1)) {
        // Each turn of `steps.reduce((text, step) => step(text), text)` is a run of its own.
        const turns = this.turns.ofCallback(func, [one], outer);
        stacks.push(...(turns ?? (outer === anyCaller ? [] : [this.calls.push(one, func, outer)])));
      }
    return stacks.length > maxCallers ? [] : stacks;
  }

  // The same; where there are none, any run.
  private runsOrAny(func: number, depth = maxAround): readonly number[] {
    const runs = this.runsOf(func, depth);
    return runs.length > 0 || this.values.recursive.has(func) ? runs : [anyCaller];
  }

  /** The stacks to look at what is stored under a computed key: where the caller is not known, each of them, with its own key. */
  storing(value: number, calls: number): readonly number[] {
    if (!this.program.keys.has(value)) return [calls];
    const owner = this.program.owners[value] ?? -1;
    const top = this.calls.outOfLoops(this.leave(calls, value));
    if (top !== anyCaller && this.calls.func(top) === owner) return [calls];
    // In a turn of a loop, the element says which key it is.
    if (top !== calls && this.keysOf(this.names.anyField, value, calls)[0] !== this.names.anyField) return [calls];
    const turns = this.turns.ofCallback(owner, this.callers.givenTo(owner), calls);
    const all = this.callers.of(owner);
    if (turns || all.length === 0 || all.length > maxContexts) return turns ?? [calls];
    const isMeant = (call: number): boolean => top === anyCaller || this.isSameRun(call, owner, top, anyCaller);
    return all.filter(isMeant).map((call) => this.calls.push(call, owner, anyCaller));
  }

  /** True when a call, made in this context, runs functions of the tree and nothing else. */
  isOwn(call: number, calls: number): boolean {
    const { callee = -1 } = this.program.calls[call] ?? {};
    const found = callee < 0 ? undefined : this.valuesOf(callee, calls);
    return found !== undefined && found.length > 0 && found.every(({ func }) => func >= 0);
  }

  /** The ApiPaths of what a call runs in this context; undefined where that is not known, or not a library's. */
  pathsCalled(call: number, calls: number): readonly string[] | undefined {
    const { callee = -1 } = this.program.calls[call] ?? {};
    const found = callee < 0 ? undefined : this.valuesOf(callee, calls);
    const paths = found?.flatMap(({ path }) => path ?? []);
    return paths && paths.length > 0 && paths.length === found?.length ? paths : undefined;
  }

  /** The contexts in which the function that a call runs was made; undefined when they are not known. */
  contextsOf(call: number, func: number, calls: number): readonly number[] | undefined {
    const found = this.calledBy(call, func, calls)?.filter((callee) => callee.func === func);
    if (!found || found.length === 0 || found.some((callee) => callee.calls < 0)) return undefined;
    return [...new Set(found.map((callee) => callee.calls))];
  }

  /** The stacks for the object that a called function is bound to: those of the code that bound it, where they can be told. */
  contextsOfBound(call: number, node: number, calls: number): readonly number[] {
    const bind = this.program.bounds.get(node);
    const { callee = -1 } = this.program.calls[call] ?? {};
    const found =
      bind === undefined
        ? undefined
        : this.questions.ask(this.binds, `${callee}/${bind}/${calls}`, () =>
            this.bound.contextsOf(callee, bind, calls),
          );
    return found ? [...found].flatMap((stack) => this.contextsAt(stack, node)) : this.contextsAt(calls, node);
  }

  /** The stacks for a variable of the code around a function: the run of that code which made the function, where it can be told. */
  contextsAt(calls: number, node: number): readonly number[] {
    const { program } = this;
    const owner = program.owners[node] ?? 0;
    let stacks: readonly number[] = [calls];
    for (let func = this.calls.func(calls); calls !== anyCaller && isNested(program, func, owner); ) {
      const around = program.functions[func]?.parent ?? -1;
      const made = stacks.flatMap((stack) => this.madeIn(stack, func) ?? [-1]);
      if (made.length === 0 || made.length > maxContexts || made.includes(-1)) return this.leaveEach(calls, node);
      stacks = [...new Set(made)];
      if (around === owner) return stacks.flatMap((stack) => this.leaveEach(stack, node));
      func = around;
    }
    return this.leaveEach(calls, node);
  }

  private madeIn(stack: number, func: number): readonly number[] | undefined {
    const own = this.calls.outOfLoops(stack);
    if (own === anyCaller) return [anyCaller];
    if (this.calls.func(own) !== func) return undefined;
    const found = this.calls.outOf(own).map((outside) => this.contextsOf(this.calls.call(own), func, outside));
    return found.some((contexts) => !contexts) ? undefined : found.flatMap((contexts) => contexts ?? []);
  }

  /**
   * The stacks of code that calls a function which was reached sideways, through a variable that it shares with others:
   * that code may run one that another run has made.
   */
  callersBeside(call: number, func: number, stack: number): readonly number[] {
    const known = this.questions.ask(this.beside, `${call}/${func}/${stack}`, () => {
      if (!this.isSameRun(call, func, stack, anyCaller)) return [];
      const { owner = -1 } = this.program.calls[call] ?? {};
      // Within the same run of the code around both, the stack says who called.
      if (isNested(this.program, owner, this.calls.func(stack))) return undefined;
      const runs = this.runsOf(owner);
      const found = runs.map((run) => this.calledBy(call, func, run));
      // Where some run has one of these functions, a run that has none does not call it.
      const isAnySure = found.some((callees) => callees?.some((callee) => callee.func === func));
      const same = runs.filter((run, i) =>
        isAnySure && found[i]?.length === 0 ? false : this.isSameRun(call, func, stack, run),
      );
      return runs.length < 2 || same.length === runs.length ? undefined : same;
    });
    return known ?? [stack];
  }

  // False where a call, made in the context `at`, surely runs a function that another run has made.
  private isSameRun(call: number, func: number, stack: number, at: number): boolean {
    const contexts = this.contextsOf(call, func, at);
    return (
      !contexts ||
      contexts.some(
        (one) =>
          one === anyCaller ||
          this.calls.func(one) !== this.calls.func(stack) ||
          this.calls.call(one) === this.calls.call(stack),
      )
    );
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

  // None where nothing was ever put there.
  private valuesOf(node: number, calls: number): readonly Callee[] | undefined {
    const asked = this.asked.get(node) ?? 0;
    const key = `${node}/${asked < maxAsked ? calls : anyCaller}`;
    if (!this.known.has(key)) this.asked.set(node, asked + 1);
    return this.questions.ask(this.known, key, () => {
      const found: Callee[] = [];
      const at = asked < maxAsked ? calls : anyCaller;
      return this.follow(node, at, (one, visit) => this.ends.at(one, found, visit)) ? found : undefined;
    });
  }

  // Follows a value backwards; false where a part of the way cannot be seen.
  private follow(start: number, startCalls: number, endsAt: EndsAt, startFields = wholeValue): boolean {
    const seen = new Set<string>();
    const queue: Visit[] = [];
    const arrive = (node: number, fields: number, calls: number): void => {
      const key = `${node}/${fields}/${calls}`;
      if (queue.length > budget || seen.has(key)) return;
      seen.add(key);
      queue.push({ node, fields, calls });
    };
    const visit = (node: number, fields: number, calls: number): void => {
      const version = this.versions.behind(node, this.fields.top(fields));
      if (version === node) arrive(node, fields, calls);
      else if (version !== nowhere) for (const stack of this.contextsAt(calls, version)) arrive(version, fields, stack);
    };
    visit(start, startFields, startCalls);
    for (let at = 0; at < queue.length; at++) {
      const one = queue[at];
      if (!one || queue.length > budget || this.questions.isOver()) return false;
      // A list as a whole is asked about, not its elements.
      const isList = this.fields.isWhole(one.fields) && this.listings.has(one.node);
      const moves = isList ? undefined : this.turns.from(one.node, one.fields, one.calls);
      for (const move of moves ?? [])
        for (const stack of this.contextsAt(move.calls, move.node)) visit(move.node, move.fields, stack);
      if (moves) continue;
      const ended = endsAt(one, visit);
      if (ended === 'unknown' || (ended === 'open' && !this.expand(one, visit))) return false;
    }
    return true;
  }

  // False when the value may be one that cannot be seen.
  private expand(
    { node, fields, calls }: Visit,
    visit: (node: number, fields: number, calls: number) => void,
  ): boolean {
    const { program } = this;
    const start = program.inStart[node] ?? 0;
    const end = program.inStart[node + 1] ?? 0;
    if (start === end) return !this.ends.isOpen(node);
    const go = (from: number, wanted: number, at = calls): void => {
      for (const stack of this.contextsAt(at, from)) visit(from, wanted, stack);
    };
    for (let i = start; i < end; i++) {
      const from = program.inFrom[i] ?? 0;
      const label = program.inLabel[i] ?? 0;
      switch (program.inOp[i]) {
        case programOps.copy:
          if (this.values.isOpen(label, calls) && !isOtherSelf(this.program, this.calls, node, from, calls))
            go(from, fields);
          break;
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
        case programOps.enter: {
          const func = program.owners[from] ?? 0;
          const outside = this.leave(calls, node);
          if (this.mayCall(label, func, outside)) visit(from, fields, this.calls.push(label, func, outside));
          break;
        }
        case programOps.exit: {
          const top = this.calls.outOfLoops(calls);
          const func = program.owners[node] ?? 0;
          if (top === anyCaller) visit(from, fields, top);
          else if (this.calls.func(top) !== func) {
            for (const stack of this.callersBeside(label, func, top)) visit(from, fields, stack);
          } else if (this.calls.call(top) === label)
            for (const outside of this.calls.outOf(top)) visit(from, fields, outside);
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
    return this.questions.ask(this.texts, `${key}/${calls}`, () => this.keys.textsOf(key, calls)) ?? [label];
  }

  // The one text that a part of a value is.
  private textOf(node: number, part: number, calls: number): string | undefined {
    const found = this.questions.ask(this.texts, `${node}.${part}/${calls}`, () =>
      this.keys.textsOf(node, calls, part),
    );
    return found?.length === 1 ? this.names.textOf(found[0] ?? 0) : undefined;
  }

  /** The fields that an `except` edge leaves out: those of its label, or the one that its key is here. */
  leftOut(label: number, left: number, calls: number): ReadonlySet<number> {
    if (!this.program.keys.has(left)) return this.names.exceptions(label);
    const fields = this.keysOf(this.names.anyField, left, calls);
    return new Set(fields.length === 1 && fields[0] !== this.names.anyField ? fields : []);
  }

  private leave(calls: number, node: number): number {
    return leaveFrames(this.program, this.calls, calls, node);
  }

  private leaveEach(calls: number, node: number): readonly number[] {
    return leaveEach(this.program, this.calls, calls, node);
  }
}
