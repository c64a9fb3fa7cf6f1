// What a call changed of an object → whoever may be that object. What the call only kept is left out, so that two objects
// one of which was given to a call are not tied together.

import { programOps } from '../model/program.ts';
import type { Tree } from './tree.ts';

/** Adds the edges; to be called when calls and models are connected, before what is unchanged is kept. */
export function connectChanged(tree: Tree): void {
  const { edges } = tree;
  const wanted = new Map<number, number[]>();
  const end = edges.length;
  for (let i = 0; i < end; i += 4) {
    if (edges[i] !== programOps.changed) continue;
    const [after, to] = [edges[i + 1] ?? 0, edges[i + 2] ?? 0];
    wanted.set(after, [...(wanted.get(after) ?? []), to]);
  }
  if (wanted.size === 0) return;
  const before = new Map<number, number>();
  for (const call of tree.calls) {
    before.set(call.receiverAfter, call.receiver);
    call.argsAfter.forEach((after, i) => {
      before.set(after, call.args[i] ?? -1);
    });
    call.handedAfter.forEach((after, i) => {
      before.set(after, call.handed[i] ?? -1);
    });
  }
  for (let i = 0; i < end; i += 4) {
    const [op, from, to, label] = [edges[i] ?? 0, edges[i + 1] ?? 0, edges[i + 2] ?? 0, edges[i + 3] ?? 0];
    if (op === programOps.changed || before.get(to) === from) continue;
    for (const place of wanted.get(to) ?? []) edges.push(op, from, place, label);
  }
}
