// The coarse reach: every node that some source can reach along any edges, no fields, no calls; linear.

import type { Marks } from '../model/marks.ts';
import type { Program } from '../model/program.ts';

/** 1 for each node that a source reaches. */
export function reachFromSources(program: Program, marks: Marks): Uint8Array {
  const outStart = new Int32Array(program.nodeCount + 1);
  for (const from of program.inFrom) outStart[from + 1] = (outStart[from + 1] ?? 0) + 1;
  for (let node = 0; node < program.nodeCount; node++)
    outStart[node + 1] = (outStart[node + 1] ?? 0) + (outStart[node] ?? 0);
  const next = outStart.slice();
  const outTo = new Int32Array(program.inFrom.length);
  for (let to = 0; to < program.nodeCount; to++) {
    for (let i = program.inStart[to] ?? 0; i < (program.inStart[to + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? 0;
      const at = next[from] ?? 0;
      next[from] = at + 1;
      outTo[at] = to;
    }
  }
  const reached = new Uint8Array(program.nodeCount);
  const queue = [...marks.sources.keys()];
  for (const node of queue) reached[node] = 1;
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    for (let i = outStart[node] ?? 0; i < (outStart[node + 1] ?? 0); i++) {
      const to = outTo[i] ?? 0;
      if (reached[to] === 1) continue;
      reached[to] = 1;
      queue.push(to);
    }
  }
  return reached;
}
