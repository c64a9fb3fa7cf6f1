// The categories that barriers on a way have stopped; what one stops depends on the function that a call runs there.

import { nodeKinds } from '../model/flow-graph.ts';
import type { BarrierMark, Marks } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import type { Callees } from './callees.ts';

/** Everything is stopped. */
export const allStopped = -1;

/** Interned lists of categories; the first is empty. Owned by one `Searcher`. */
export class Stops {
  private readonly program: Program;
  private readonly marks: Marks;
  private readonly callees: Callees;
  private readonly lists: (readonly string[] | undefined)[] = [[]];

  constructor(program: Program, marks: Marks, callees: Callees) {
    this.program = program;
    this.marks = marks;
    this.callees = callees;
  }

  /** The categories; undefined means all. */
  at(stopped: number): readonly string[] | undefined {
    return this.lists[stopped];
  }

  /** The stops behind a value, seen in the context `calls`. */
  behind(node: number, calls: number, stopped: number): number {
    const { program, marks } = this;
    if (program.kinds[node] !== nodeKinds.call) return stopped;
    const call = program.callOf.get(node);
    if (call === undefined) return stopped;
    const barrier = marks.barriers.get(call) ?? this.inContext(call, calls);
    if (!barrier) return stopped;
    // The answer of a guard is not the value.
    if (barrier.isGuard || !barrier.stops) return allStopped;
    const all = [...new Set([...(this.lists[stopped] ?? []), ...barrier.stops])].sort();
    const known = this.lists.findIndex((one) => one?.join() === all.join());
    if (known >= 0) return known;
    this.lists.push(all);
    return this.lists.length - 1;
  }

  // for (const step of [greet, maskNumber]) text = step(text)
  private inContext(call: number, calls: number): BarrierMark | undefined {
    const marks = this.marks.conditionalBarriers.get(call);
    const paths = marks && this.callees.pathsCalled(call, calls);
    const [first, ...others] = paths?.map((path) => marks?.get(path)) ?? [];
    return others.every((one) => one === first) ? first : undefined;
  }
}
