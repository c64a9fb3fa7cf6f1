// Functions that may run again before they have ended: those on a cycle of calls (Tarjan's strongly connected components, without recursion).

import type { Program } from '../model/program.ts';

/** The functions that call themselves, at once or by way of others. */
export function recursiveFunctions(program: Program): ReadonlySet<number> {
  const callees: Set<number>[] = program.functions.map(() => new Set());
  for (const call of program.calls) {
    for (const target of [...call.targets, ...call.callbacks.flat()]) callees[call.owner]?.add(target);
  }
  const found = new Set<number>();
  const order = new Int32Array(callees.length);
  const low = new Int32Array(callees.length);
  const isOpen = new Uint8Array(callees.length);
  const open: number[] = [];
  let count = 0;
  for (let start = 0; start < callees.length; start++) {
    if (order[start] !== 0) continue;
    const work: { readonly func: number; readonly rest: Iterator<number> }[] = [];
    const enter = (func: number): void => {
      count++;
      order[func] = count;
      low[func] = count;
      isOpen[func] = 1;
      open.push(func);
      work.push({ func, rest: (callees[func] ?? new Set()).values() });
    };
    enter(start);
    for (let top = work.at(-1); top; top = work.at(-1)) {
      const { func, rest } = top;
      const next = rest.next();
      if (!next.done) {
        const callee = next.value;
        if (callee === func) found.add(func);
        if (order[callee] === 0) enter(callee);
        else if (isOpen[callee] === 1) low[func] = Math.min(low[func] ?? 0, order[callee] ?? 0);
        continue;
      }
      work.pop();
      const caller = work.at(-1)?.func;
      if (caller !== undefined) low[caller] = Math.min(low[caller] ?? 0, low[func] ?? 0);
      if (low[func] === order[func]) close(func, open, isOpen, found);
    }
  }
  return found;
}

// One component is complete; with several functions, all of them are on a cycle.
function close(first: number, open: number[], isOpen: Uint8Array, found: Set<number>): void {
  const component = open.splice(open.lastIndexOf(first));
  for (const func of component) isOpen[func] = 0;
  if (component.length > 1) for (const func of component) found.add(func);
}
