// Edges by where they start, and calls by what they are given: for walks from a value to whoever uses it.

import type { Program } from '../../model/program.ts';
import { programOps } from '../../model/program.ts';

export interface Outgoing {
  /** Edges out of node n stand at start[n] … start[n + 1]; each is an index into `inOp` and `inLabel`. */
  readonly start: Int32Array;
  readonly edge: Int32Array;
  readonly to: Int32Array;
  /** Calls by the nodes of their arguments and of their receivers. */
  readonly given: ReadonlyMap<number, readonly number[]>;
  readonly asked: ReadonlyMap<number, readonly number[]>;
}

export function outgoingOf(program: Program): Outgoing {
  const count = program.inFrom.length;
  const start = new Int32Array(program.nodeCount + 1);
  for (const from of program.inFrom) start[from + 1] = (start[from + 1] ?? 0) + 1;
  for (let node = 0; node < program.nodeCount; node++) start[node + 1] = (start[node + 1] ?? 0) + (start[node] ?? 0);
  const next = start.slice();
  const edge = new Int32Array(count);
  const to = new Int32Array(count);
  for (let node = 0; node < program.nodeCount; node++) {
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? 0;
      const at = next[from] ?? 0;
      next[from] = at + 1;
      edge[at] = i;
      to[at] = node;
    }
  }
  const given = new Map<number, number[]>();
  const asked = new Map<number, number[]>();
  program.calls.forEach((call, index) => {
    for (const arg of call.args) add(given, arg, index);
    if (call.receiver >= 0) add(asked, call.receiver, index);
  });
  return { start, edge, to, given, asked };
}

function add(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** The fields of an object or a list that is written in place. */
export function fieldsOf(program: Program, node: number): [string, number][] {
  const found: [string, number][] = [];
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
    if (program.inOp[i] === programOps.store)
      found.push([program.strings[program.inLabel[i] ?? 0] ?? '', program.inFrom[i] ?? 0]);
  }
  return found;
}
