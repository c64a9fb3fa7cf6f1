// What is needed to tell in which order calls change a variable that the functions of one run share:
// `const a = make(); a.set(v); a.reset(); a.get()`. Notes its cells, and what each inner function leaves in it (`trace/captured.ts`).

import type { CapturedRecord } from '../model/flow-graph.ts';
import type { FunctionContext, Walker } from './context.ts';
import type { Env } from './env.ts';
import { capturedOf } from './facts.ts';

/** Notes what a function leaves in the variables around it, when it ends. */
export function noteWriter(walker: Walker, context: FunctionContext, ends: readonly Env[]): void {
  for (const [variable, versions] of context.replaced) {
    const last = ends.map((env) => env.get(variable));
    // Who throws may not have come so far.
    const isSure = context.thrownEnvs.length === 0 && last.length > 0 && last.every((version) => version !== undefined);
    const left = isSure ? last.flatMap((version) => version ?? []) : versions;
    capturedOf(walker.facts, variable).writers.set(context.index, { versions: [...new Set(left)], isSure });
  }
}

/** The records of a file: of variables that inner functions give other values, and do nothing else with. */
export function capturedRecords({ facts, indexOf }: Walker): CapturedRecord[] {
  return [...facts.captured].flatMap(([variable, { cells, writers, handed, isChanged }]) => {
    if (isChanged || writers.size === 0) return [];
    const all = [...writers].map(([func, writer]) => ({ func, ...writer }));
    const { cell, foreign } = variable;
    const owner = indexOf.get(variable.func) ?? -1;
    return owner < 0 ? [] : [{ owner, cell, foreign, cells: [...cells], handed: [...handed], writers: all }];
  });
}
