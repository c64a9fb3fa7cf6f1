// The precise backward search: from a value, and the fields wanted of it, to the places it can come from.
// State = node, field stack, call stack (matched call and return), categories stopped so far, send site so far.
// Each case is headed by the edge and what it means when it is walked backwards.

import { asText } from '../model/api-path.ts';
import { nodeKinds, promiseFailure } from '../model/flow-graph.ts';
import type { Marks } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import { Assumptions, impossible } from './assumptions.ts';
import { Callees } from './callees.ts';
import { Callers } from './callers.ts';
import { CapturedStates } from './captured.ts';
import type { FieldNames } from './field-names.ts';
import { KnownValues } from './known.ts';
import { MadeHere } from './made-here.ts';
import { OwnFields } from './own-fields.ts';
import { Quads } from './quads.ts';
import { isReplaced } from './replaced.ts';
import type { Place } from './seen.ts';
import { leadingTo, Seen } from './seen.ts';
import { liftSite } from './send-site.ts';
import {
  anyCaller,
  CallStacks,
  FieldStacks,
  isOtherSelf,
  leaveFrames,
  methodValue,
  somewhereInside,
  wholeValue,
} from './stacks.ts';
import { allStopped, Stops } from './stops.ts';
import { nowhere, Versions } from './versions.ts';
import { textField, Wanted } from './wanted.ts';

/** One visited state; `parent` is the state nearer to the sink. */
export interface State extends Place {
  readonly node: number;
  readonly fields: number;
  readonly calls: number;
  /** Index in `stops`; 0 for none. */
  readonly stopped: number;
  /** The tests that were passed on the way, and the method that an object has (Assumptions). */
  readonly assumed: number;
  readonly parent: number;
  /** The edge from this node to the parent's. */
  readonly op: number;
  readonly label: number;
  /** How far the search has gone: calls entered or left, library calls passed. */
  readonly crossed: number;
  readonly passed: number;
  /** Callers or fields have not been told apart on the way. */
  readonly isVague: boolean;
  /** The call that hands the value on, seen from here; -1 in a search that does not ask for it. */
  readonly site: number;
  readonly isOpen: boolean;
}

export interface Search {
  /** Those behind fewer unknown calls first, then in the order of their distance from the start. */
  readonly states: readonly State[];
  /** Pairs of states: the second is one step behind the first. */
  readonly links: readonly number[];
  readonly seen: Seen;
  readonly isCut: boolean;
}

/** States of all send sites of one sink. */
const maxSiteStates = 100_000;

/** A search that meets recursion is done again with what it has learnt of it. */
const maxRounds = 4;

/** Numbers of elements say nothing about the elements. */
const countFields: readonly string[] = ['length', 'size', 'byteLength'];

/** Calls entered or left, and unknown library calls passed, on one way. Those of real bots have at most 7 and 5. */
const maxCrossed = 40;
const maxPassed = 8;

/** Everything that searches share. Owned by one `trace` call. */
export class Searcher {
  readonly fields = new FieldStacks();
  readonly calls: CallStacks;
  private readonly known: KnownValues;
  private readonly callees: Callees;
  private readonly assumptions: Assumptions;
  private readonly program: Program;
  private readonly marks: Marks;
  private readonly names: FieldNames;
  readonly wanted: Wanted;
  private readonly versions: Versions;
  private readonly failure: number;
  private readonly textLabel: number;
  private readonly counts: ReadonlySet<number>;
  private readonly madeHere: MadeHere;
  private readonly own: OwnFields;
  private readonly stops: Stops;
  private readonly captured: CapturedStates;
  /** Nodes that a source reaches at all; undefined when the search must not be narrowed. */
  private readonly reachable: Uint8Array | undefined;

  constructor(program: Program, marks: Marks, reachable: Uint8Array | undefined, names: FieldNames) {
    this.program = program;
    this.marks = marks;
    this.calls = new CallStacks(program.calls.length);
    this.reachable = reachable;
    this.names = names;
    this.wanted = new Wanted(this.fields, names);
    this.versions = new Versions(program, marks, names);
    this.known = new KnownValues(program, this.fields, this.calls, names);
    this.own = new OwnFields(program, this.fields, this.calls, names, this.known.recursive);
    this.madeHere = new MadeHere(program);
    const callers = new Callers(program);
    this.callees = new Callees(program, this.fields, this.calls, names, this.known, this.versions, callers);
    this.stops = new Stops(program, marks, this.callees);
    this.captured = new CapturedStates(program, this.calls, this.known.recursive, callers);
    this.assumptions = new Assumptions(program, this.fields, this.calls, this.known);
    this.failure = this.fieldNumber(promiseFailure);
    this.textLabel = names.numberOf(asText);
    this.counts = new Set(countFields.map((name) => names.numberOf(name)));
  }

  fieldNumber(name: string): number {
    return name === asText ? textField : this.names.numberOf(name);
  }

  /** True where a field that is wanted may be the one of this name. */
  mayBe(wanted: number, name: string): boolean {
    return wanted >= 0 && this.names.meets(wanted, this.fieldNumber(name));
  }

  /** The categories that barriers on the way have stopped; undefined means all. */
  stoppedBy(stopped: number): readonly string[] | undefined {
    return this.stops.at(stopped);
  }

  /**
   * Searches from a value, at most `budget` states. `calls` is what is known of the caller, `call` the call that the value
   * is given to (-1: none).
   */
  run(node: number, fields: number, calls: number, budget: number, call = -1): Search {
    let found: Search;
    let { recursions } = this.calls;
    for (let round = 1; ; round++) {
      found = this.runOnce(node, fields, calls, budget, call);
      if (found.isCut || this.calls.recursions === recursions || round >= maxRounds) return found;
      recursions = this.calls.recursions;
      this.callees.forget();
    }
  }

  private runOnce(node: number, fields: number, calls: number, budget: number, call: number): Search {
    const { owner = -1, way = 0 } = this.program.calls[call] ?? {};
    // The tests of another function's run say nothing.
    const assumed = owner === this.program.owners[node] ? this.assumptions.pass(0, way, calls) : 0;
    if (assumed === impossible) return { states: [], links: [], seen: new Seen(this.fields), isCut: false };
    const states: State[] = [];
    const links: number[] = [];
    const seen = new Seen(this.fields);
    const waiting = Array.from({ length: maxPassed + 1 }, (): number[] => []);
    let isCut = false;
    const visit = (wanted: State): void => {
      if (this.reachable && this.reachable[wanted.node] === 0) return;
      let index = seen.indexOf(wanted);
      if (index === undefined) {
        if (states.length >= budget) {
          isCut = true;
          return;
        }
        index = states.length;
        states.push(seen.admit(wanted, index));
        waiting[wanted.passed]?.push(index);
      }
      if (wanted.parent >= 0) links.push(wanted.parent, index);
    };
    visit({
      node,
      fields,
      calls,
      stopped: 0,
      assumed,
      parent: -1,
      op: -1,
      label: 0,
      crossed: 0,
      passed: 0,
      isVague: false,
      site: -1,
      isOpen: false,
    });
    // What lies behind fewer unknown calls comes first: should the search be cut, it is the unlikely that is left out.
    for (let passed = 0; passed <= maxPassed; passed++)
      for (const at of waiting[passed] ?? []) this.expand(states, at, visit);
    return { states, links, seen, isCut };
  }

  /**
   * Searches again, only where a hit lies behind, and tells send sites apart: a value that several calls of a wrapper
   * hand on has a way to each of them. `site` is the call that the value is given to.
   */
  runSites(search: Search, hits: readonly number[], site: number): readonly State[] {
    const behind = leadingTo(search.links, hits);
    const [start] = search.states;
    const states: State[] = [];
    const visited = new Quads();
    const visit = (wanted: State): void => {
      const index = search.seen.indexOf(wanted) ?? -1;
      const known = behind.has(index) ? search.states[index] : undefined;
      if (!known || states.length >= maxSiteStates) return;
      if (visited.add(index, wanted.site, wanted.isOpen ? 1 : 0, wanted.calls) === undefined) return;
      const isVague = wanted.isVague || known.isVague;
      const isSame = known.fields === wanted.fields && isVague === wanted.isVague;
      states.push(isSame ? wanted : { ...wanted, fields: known.fields, isVague });
    };
    if (start) visit({ ...start, site, isOpen: true });
    for (let at = 0; at < states.length; at++) this.expand(states, at, visit);
    return states;
  }

  private expand(states: readonly State[], at: number, visit: (state: State) => void): void {
    const { program } = this;
    const state = states[at];
    if (!state) return;
    const { node, fields: wanted, calls } = state;
    const stopped = this.stops.behind(node, calls, state.stopped);
    const isPut = state.op === programOps.store || state.op === programOps.move;
    const inside = isPut ? (states[state.parent]?.fields ?? wholeValue) : undefined;
    const assumedNow = this.assumptions.atMoment(state.assumed, node, wanted, inside);
    const assumedHere = this.assumptions.atNew(assumedNow, node, wanted);
    if (stopped === allStopped || assumedHere === impossible) return;
    const arrive = (
      from: number,
      nextFields: number,
      nextCalls: number,
      op: number,
      label: number,
      assumed: number,
    ): void => {
      const crossed = state.crossed + (op === programOps.enter || op === programOps.exit ? 1 : 0);
      const passed = state.passed + (op === programOps.library || op === programOps.absorb ? 1 : 0);
      // Unsound: a longer way than any that was seen to be real is not followed (fixtures/flows/unknown-calls).
      if (crossed > maxCrossed || passed > maxPassed) return;
      const { site, isOpen } = state.isOpen ? liftSite(program, state, node, from, op, label) : state;
      visit({
        node: from,
        fields: nextFields,
        calls: nextCalls,
        stopped,
        assumed: this.assumptions.within(assumed, nextFields),
        parent: at,
        op,
        label,
        crossed,
        passed,
        isVague: state.isVague,
        site,
        isOpen,
      });
    };
    const step: typeof arrive = (from, nextFields, nextCalls, op, label, assumed) => {
      if (this.reachable && this.reachable[from] === 0) return;
      const version = this.versions.behind(from, this.fields.top(nextFields));
      if (version === from) arrive(from, nextFields, nextCalls, op, label, assumed);
      else if (version !== nowhere)
        for (const stack of this.callees.contextsAt(nextCalls, version))
          arrive(version, nextFields, stack, op, label, assumed);
    };
    const go = (from: number, nextFields: number, nextCalls: number, op: number, label: number): void => {
      const assumed = this.assumptions.move(assumedHere, node, from);
      for (const stack of this.callees.contextsAt(nextCalls, from)) step(from, nextFields, stack, op, label, assumed);
    };
    const moves = this.callees.movesFrom(node, wanted, calls);
    const isOwn = this.isOwnHere(node, calls);
    for (const move of moves ?? []) {
      const assumed = this.assumptions.take(assumedHere, node, move);
      if (assumed === impossible) continue;
      for (const stack of this.callees.contextsAt(move.calls, move.node))
        step(move.node, move.fields, stack, move.op, move.label, assumed);
    }
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? 0;
      const op = program.inOp[i] ?? 0;
      const label = program.inLabel[i] ?? 0;
      if (moves && !this.callees.turns.keepsEdge(node, from, op)) continue;
      if (isOwn && op !== programOps.enter) continue;
      const fields = this.own.uncovered(node, from, wanted, calls);
      if (fields < 0) continue;
      switch (op) {
        // to = from, where the tests of a way were passed
        case programOps.copy:
          if (isOtherSelf(program, this.calls, node, from, calls) || this.isReplacedHere(node, calls)) break;
          if (label === 0) {
            const held = this.captured.heldAt(from, node, calls) ?? [{ node: from, calls: undefined }];
            for (const one of held)
              if (one.calls === undefined) go(one.node, fields, calls, op, label);
              else step(one.node, fields, one.calls, op, label, this.assumptions.move(assumedHere, node, one.node));
          } else {
            // The tests are those of the function that the value comes from.
            const assumed = this.assumptions.pass(this.assumptions.move(assumedHere, node, from), label, calls);
            if (assumed === impossible) break;
            for (const stack of this.callees.contextsAt(calls, from)) step(from, fields, stack, op, label, assumed);
          }
          break;
        // to = `${from}`: whatever is in from
        case programOps.derive:
          if (this.wanted.isOfText(fields))
            go(from, fields === methodValue ? methodValue : wholeValue, calls, op, label);
          break;
        // to = from.label
        case programOps.load:
          if (this.counts.has(label)) break;
          for (const field of this.callees.keysOf(label, node, calls))
            go(from, this.fields.push(field === this.textLabel ? textField : field, fields), calls, op, label);
          break;
        // to.label = from
        case programOps.store: {
          for (const stack of this.callees.storing(from, calls)) {
            const ways = this.callees.keysOf(label, from, stack).map((field) => this.wanted.inside(fields, field));
            for (const inside of new Set(ways)) if (inside >= 0) go(from, inside, stack, op, label);
          }
          break;
        }
        // to = from without some fields
        case programOps.except: {
          const before = this.wanted.except(fields, label, () => this.callees.leftOut(label, node, calls));
          if (before >= 0) go(from, before, calls, op, label);
          break;
        }
        // elements of to = elements of from, from other places
        case programOps.move: {
          const before = this.wanted.moved(fields, label);
          if (before >= 0) go(from, before, calls, op, label);
          break;
        }
        // if (isSafe(from)) to
        case programOps.guard:
          if (!this.marks.barriers.get(label)?.isGuard) go(from, fields, calls, op, label);
          break;
        // function f(to = from), const { to = from } = …
        case programOps.fallback:
          if (this.known.mayFallBack(node, label, calls)) go(from, fields, calls, op, label);
          break;
        // call result = function's return
        case programOps.enter: {
          if (this.isDead(from, fields)) break;
          const func = program.owners[from] ?? 0;
          if (!this.callees.mayCall(label, func, this.leave(calls, node))) break;
          const assumed = this.assumptions.enterReceiver(assumedHere, label, from, fields);
          if (assumed === impossible) break;
          step(from, fields, this.calls.push(label, func, this.leave(calls, node)), op, label, assumed);
          break;
        }
        // parameter = call's argument
        case programOps.exit:
          this.exit(state, label, (next) => {
            const func = program.owners[node] ?? 0;
            const left = this.assumptions.leave(assumedHere, func, label, next);
            const isReceiver = left !== impossible && program.functions[func]?.self === node;
            const assumed = isReceiver ? this.assumptions.leaveReceiver(left, label, func, fields) : left;
            if (assumed === impossible) return;
            for (const stack of this.callees.contextsOfBound(label, from, next))
              step(from, fields, stack, op, label, assumed);
          });
          break;
        // any instance of the class
        case programOps.root:
          if (calls === anyCaller && !this.fields.isWhole(fields)) go(from, fields, calls, op, label);
          break;
        // to = Object.create(from): a field that is wanted by its name
        case programOps.inherit:
          if (!this.fields.isWhole(fields)) go(from, fields, calls, op, label);
          break;
        // an unknown function's result: anything of its arguments
        case programOps.library:
          if (!this.fields.has(fields, this.failure))
            go(from, program.calls[label]?.receiver === from ? methodValue : wholeValue, calls, op, label);
          break;
        // an unknown method may keep its arguments in the receiver
        case programOps.absorb:
          if (this.keepsArguments(label, fields)) go(from, wholeValue, calls, op, label);
          break;
        default:
          break;
      }
    }
  }

  // Whether a question of the context is worth asking at all.
  private isDead(node: number, fields: number): boolean {
    if (this.reachable && this.reachable[node] === 0) return true;
    return this.versions.behind(node, this.fields.top(fields)) === nowhere;
  }

  // for (const step of [String, greet]) step(text)  →  in the second turn, what `String` gives does not count
  private isOwnHere(node: number, calls: number): boolean {
    const call = this.program.kinds[node] === nodeKinds.call ? (this.program.callOf.get(node) ?? -1) : -1;
    const { targets = [], models = [], receiver = -1 } = this.program.calls[call] ?? {};
    return receiver < 0 && targets.length > 0 && models.length > 0 && this.callees.isOwn(call, calls);
  }

  private isReplacedHere(node: number, calls: number): boolean {
    return isReplaced(this.program, node, (call, func) => this.callees.mayCall(call, func, this.leave(calls, node)));
  }

  // `embed.setTitle(x)` keeps x in the embed; a method of a client does not give back what another one was given.
  private keepsArguments(call: number, fields: number): boolean {
    if (!this.fields.isWhole(fields)) return false;
    if (fields !== methodValue) return true;
    return this.madeHere.isReceiver(call);
  }

  // Matched call and return: a parameter leads back to the call that was entered; with no such call, to every call.
  private exit(state: State, call: number, go: (calls: number) => void): void {
    const { program } = this;
    const func = program.owners[state.node] ?? 0;
    const top = this.calls.outOfLoops(state.calls);
    if (top === anyCaller) for (const stack of this.callees.callersGiving(call, func)) go(stack);
    else if (this.calls.func(top) === func) {
      // A method that was entered where it was bound: who calls it is not known, but its object is.
      const { name, targets = [] } = program.calls[this.calls.call(top)] ?? {};
      const isBound = name === 'bind' && !targets.includes(func) && state.node !== program.functions[func]?.self;
      if (isBound) go(anyCaller);
      if (this.calls.call(top) !== call) return;
      for (const outside of this.calls.outOf(top)) go(outside);
    } else for (const stack of this.callees.callersBeside(call, func, top)) go(stack);
  }

  private leave(calls: number, node: number): number {
    return leaveFrames(this.program, this.calls, calls, node);
  }

  /** True when the value itself is wanted, or its text. */
  isValue(fields: number): boolean {
    return this.fields.isWhole(fields) || fields === somewhereInside || this.fields.top(fields) === textField;
  }
}
