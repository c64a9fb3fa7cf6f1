// An object after a call that may run one of several functions: what it was before counts only where one that leaves it as it
// is may run here. `for (const step of steps) step(page)`: in the turn of the step that writes `page.line`, the old line is gone.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';

/** True when every function that the call before this version runs, in this context, says what the object is now. */
export function isReplaced(program: Program, node: number, mayRun: (call: number, func: number) => boolean): boolean {
  if (program.kinds[node] !== nodeKinds.after) return false;
  const replacing = new Set<number>();
  let call = -1;
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
    if (program.inOp[i] !== programOps.enter) continue;
    call = program.inLabel[i] ?? -1;
    replacing.add(program.owners[program.inFrom[i] ?? 0] ?? 0);
  }
  const { targets = [], models = [] } = program.calls[call] ?? {};
  if (models.length > 0 || targets.length < 2) return false;
  return targets.every((func) => replacing.has(func) || !mayRun(call, func));
}
