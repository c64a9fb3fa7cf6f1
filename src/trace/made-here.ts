// Whether an object is made in the function that uses it: what methods keep in a builder comes out of it, in a client it does not.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';

/** Answers for one `Searcher`. */
export class MadeHere {
  private readonly program: Program;
  private readonly known = new Map<number, boolean>();

  constructor(program: Program) {
    this.program = program;
  }

  /** True for the receiver of a call that the code around the call has made, by a call or a literal. */
  isReceiver(call: number): boolean {
    let isLocal = this.known.get(call);
    if (isLocal === undefined) {
      isLocal = isMadeHere(this.program, this.program.calls[call]?.receiver ?? -1);
      this.known.set(call, isLocal);
    }
    return isLocal;
  }
}

function isMadeHere(program: Program, start: number): boolean {
  const seen = new Set([start]);
  for (const node of seen) {
    const kind = program.kinds[node];
    if (kind === nodeKinds.call || kind === nodeKinds.object || kind === nodeKinds.array) return true;
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const op = program.inOp[i];
      const from = program.inFrom[i] ?? 0;
      const isSame = op === programOps.copy || op === programOps.except || op === programOps.guard;
      if (isSame && program.owners[from] === program.owners[start]) seen.add(from);
    }
  }
  return false;
}
