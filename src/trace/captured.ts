// In which order calls change a variable that the closures of one run share: `a.set(v); a.reset(); a.get()` finds what `reset`
// left. Asked only where every function that gives the variable a value is a member of one literal that its run makes, and every
// call of such a function is a call on a variable that is seen to hold what a run made; else all that was ever put there counts.

import type { CapturedRecord } from '../model/flow-graph.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { Callers } from './callers.ts';
import type { CallStacks } from './stacks.ts';
import { anyCaller } from './stacks.ts';

/** Versions of a variable that are looked at for one call. */
const maxVersions = 200;

/** A value that a variable may hold, and the stack it is to be looked at in (undefined: as any variable of the code around). */
export interface Held {
  readonly node: number;
  readonly calls: number | undefined;
}

/** What was done to the object that a call is made on, since it was made. */
interface Past {
  /** Calls that gave the variable another value, of which each may be the last one. */
  readonly changes: readonly number[];
  /** It may be as it was when it was made. */
  readonly isNew: boolean;
}

/** Answers for one `Searcher`, whose stacks it shares. */
export class CapturedStates {
  private readonly program: Program;
  private readonly stacks: CallStacks;
  private readonly recursive: ReadonlySet<number>;
  private readonly byCell = new Map<number, CapturedRecord>();
  private readonly holders = new Map<CapturedRecord, ReadonlySet<number> | undefined>();
  private readonly pasts = new Map<string, Past | undefined>();
  private readonly callers: Callers;
  private readonly afters = new Map<number, { readonly call: number; readonly before: number }>();

  constructor(program: Program, stacks: CallStacks, recursive: ReadonlySet<number>, callers: Callers) {
    this.program = program;
    this.stacks = stacks;
    this.recursive = recursive;
    this.callers = callers;
    for (const one of program.captured)
      for (const cell of [one.cell, one.foreign, ...one.cells]) if (cell >= 0) this.byCell.set(cell, one);
    if (this.byCell.size === 0) return;
    program.calls.forEach((call, index) => {
      if (call.receiverAfter >= 0) this.afters.set(call.receiverAfter, { call: index, before: call.receiver });
      call.argsAfter.forEach((after, i) => {
        if (after >= 0) this.afters.set(after, { call: index, before: call.args[i] ?? -1 });
      });
    });
  }

  /** What a variable holds where an inner function (`reader`) looks at one of its cells; undefined where any of its values counts. */
  heldAt(cell: number, reader: number, stack: number): readonly Held[] | undefined {
    const record = this.byCell.get(cell);
    const top = record && this.stacks.outOfLoops(stack);
    if (!record || !top || top === anyCaller) return undefined;
    const func = this.program.owners[reader] ?? 0;
    if (this.stacks.func(top) !== func || this.program.functions[func]?.parent !== record.owner) return undefined;
    const [outside = anyCaller, ...others] = this.stacks.outOf(top);
    const call = this.stacks.call(top);
    if (others.length > 0 || !this.program.calls[call]?.targets.includes(func)) return undefined;
    const past = this.isOrdered(record) ? this.pastOf(record, call) : undefined;
    if (!past) return undefined;
    // What the reader itself has left before it looks.
    const held: Held[] = this.versionsOf(record, func).map((node) => ({ node, calls: stack }));
    for (const change of past.changes)
      for (const target of this.program.calls[change]?.targets ?? [])
        for (const node of this.versionsOf(record, target))
          held.push({ node, calls: this.stacks.push(change, target, this.stacks.outOfLoops(outside)) });
    if (past.isNew) held.push(...this.first(record, cell).map((node) => ({ node, calls: undefined })));
    return held;
  }

  private versionsOf(record: CapturedRecord, func: number): readonly number[] {
    return record.writers.find((writer) => writer.func === func)?.versions ?? [];
  }

  // The versions that the function around has made, as one of its cells shows them.
  private first(record: CapturedRecord, cell: number): readonly number[] {
    if (cell === record.foreign) return [];
    if (cell !== record.cell) return [cell];
    const { program } = this;
    const found: number[] = [];
    for (let i = program.inStart[cell] ?? 0; i < (program.inStart[cell + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? 0;
      if (from !== record.foreign && program.inOp[i] === programOps.copy) found.push(from);
    }
    return found;
  }

  // True when every call that changes the variable is seen to be one on what some run made.
  private isOrdered(record: CapturedRecord): boolean {
    return this.holdersOf(record) !== undefined;
  }

  /** The literals that hold the functions which change the variable; undefined where these go elsewhere as well. */
  private holdersOf(record: CapturedRecord): ReadonlySet<number> | undefined {
    if (this.holders.has(record)) return this.holders.get(record);
    this.holders.set(record, undefined);
    const { program } = this;
    const holders = new Set<number>();
    if (record.handed.some((node) => this.isChangedBy(node))) return undefined;
    for (const { func } of record.writers) {
      if (program.functions[func]?.parent !== record.owner || this.recursive.has(func)) return undefined;
      if (this.callers.givenTo(func).length > 0 || !this.liesIn(func, holders)) return undefined;
    }
    this.holders.set(record, holders);
    const isKnown = record.writers.every(({ func }) =>
      this.callers.of(func).every((call) => this.pastOf(record, call) !== undefined),
    );
    if (!isKnown) this.holders.set(record, undefined);
    return isKnown ? holders : undefined;
  }

  // A call that was given what the variable holds may have changed it.
  private isChangedBy(after: number): boolean {
    const { program } = this;
    for (let i = program.inStart[after] ?? 0; i < (program.inStart[after + 1] ?? 0); i++)
      if (program.inOp[i] !== programOps.copy) return true;
    return false;
  }

  // function set() {}; return { set }  →  follows the function to the literal
  private liesIn(func: number, holders: Set<number>): boolean {
    const { program } = this;
    const seen = new Set([program.functions[func]?.node ?? -1]);
    let isHeld = false;
    for (const node of seen) {
      for (const { to, op } of this.usesOf(node)) {
        if (op === programOps.copy && program.owners[to] === program.owners[node]) seen.add(to);
        else if (op === programOps.store && program.kinds[to] === nodeKinds.object) {
          holders.add(to);
          isHeld = true;
        } else if (op !== programOps.same) return false;
      }
    }
    return isHeld;
  }

  private uses: Map<number, { readonly to: number; readonly op: number }[]> | undefined;

  // Edges are kept by their targets: those that begin at functions, and what these are copied to, are turned round once.
  private usesOf(node: number): readonly { readonly to: number; readonly op: number }[] {
    if (!this.uses) {
      const { program } = this;
      this.uses = new Map();
      const wanted = new Set(
        program.captured.flatMap((one) => one.writers.map(({ func }) => program.functions[func]?.node ?? -1)),
      );
      for (let size = -1; size !== wanted.size; ) {
        size = wanted.size;
        this.uses.clear();
        for (let to = 0; to < program.nodeCount; to++)
          for (let i = program.inStart[to] ?? 0; i < (program.inStart[to + 1] ?? 0); i++) {
            const from = program.inFrom[i] ?? 0;
            if (!wanted.has(from)) continue;
            const op = program.inOp[i] ?? 0;
            const list = this.uses.get(from);
            if (list) list.push({ to, op });
            else this.uses.set(from, [{ to, op }]);
            if (op === programOps.copy) wanted.add(to);
          }
      }
    }
    return this.uses.get(node) ?? [];
  }

  // What was done, before a call, to the object that it is made on: its versions, followed back to where it was made.
  private pastOf(record: CapturedRecord, index: number): Past | undefined {
    const key = `${record.owner}/${record.cell}/${record.foreign}/${index}`;
    if (this.pasts.has(key)) return this.pasts.get(key);
    const past = this.lookBack(record, this.program.calls[index]);
    this.pasts.set(key, past);
    return past;
  }

  private lookBack(record: CapturedRecord, call: LinkedCall | undefined): Past | undefined {
    const { program } = this;
    if (!call || call.receiver < 0 || call.isRearranged || call.isNew) return undefined;
    const holders = this.holders.get(record);
    const changes = new Set<number>();
    let isNew = false;
    const seen = new Set([call.receiver]);
    for (const node of seen) {
      if (seen.size > maxVersions) return undefined;
      const made = program.callOf.get(node);
      if (holders?.has(node) || (made !== undefined && program.calls[made]?.targets.includes(record.owner))) {
        isNew = true;
        continue;
      }
      if (program.owners[node] !== call.owner) return undefined;
      const after = this.afters.get(node);
      if (after) {
        const targets = program.calls[after.call]?.targets ?? [];
        const writers = record.writers.filter(({ func }) => targets.includes(func));
        if (writers.length > 0) changes.add(after.call);
        const isSure = writers.length === targets.length && writers.every((writer) => writer.isSure);
        if (writers.length > 0 && isSure) continue;
        if (after.before < 0) return undefined;
        seen.add(after.before);
        continue;
      }
      const befores = this.versionsBefore(node);
      if (!befores) return undefined;
      for (const before of befores) seen.add(before);
    }
    return { changes: [...changes], isNew };
  }

  // The versions that one is made of; undefined where anything else comes in.
  private versionsBefore(node: number): readonly number[] | undefined {
    const { program } = this;
    const kind = program.kinds[node];
    if (kind !== nodeKinds.value && kind !== nodeKinds.variable && kind !== nodeKinds.after) return undefined;
    const found: number[] = [];
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      switch (program.inOp[i]) {
        case programOps.copy:
        case programOps.guard:
        case programOps.except:
        case programOps.changed:
          found.push(program.inFrom[i] ?? 0);
          break;
        case programOps.store:
        case programOps.same:
          break;
        default:
          return undefined;
      }
    }
    return found.length > 0 ? found : undefined;
  }
}
