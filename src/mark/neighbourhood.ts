// What stands around a call: the fields and texts of the function it is made in, of those around that one, of those they call,
// and of those that call it. It tells whose request a handler answers, where the answer alone does not.

import type { LinkedCall, Program } from '../model/program.ts';

const maxDepth = 4;

/** Tells whether all words of one of these lists (`MESSAGE space`) stand around a call, or around what a function does. */
export type Neighbourhood = (call: Pick<LinkedCall, 'owner' | 'targets'>, wanted: readonly string[]) => boolean;

/** Goes through the whole program once; asked for lists out of `lists`. */
export function createNeighbourhood(program: Program, lists: readonly string[]): Neighbourhood {
  const known = new Map<number, Set<string>>();
  const words = wordsOfFunctions(program, new Set(lists.flatMap((list) => list.split(' '))));
  const callees = program.functions.map(() => new Set<number>());
  const callers = program.functions.map(() => new Set<number>());
  for (const call of program.calls) {
    for (const target of call.targets) {
      callees[call.owner]?.add(target);
      callers[target]?.add(call.owner);
    }
  }

  const around = (func: number): ReadonlySet<string> => {
    const found = known.get(func) ?? new Set<string>();
    if (known.has(func)) return found;
    known.set(func, found);
    const above = closure([func], (one) => aroundOf(program, one));
    for (const one of closure([...above], (at) => callees[at] ?? []))
      for (const word of words[one] ?? []) found.add(word);
    return found;
  };
  // What all callers share is theirs: a helper that also answers other requests is nobody's.
  const isBeside = (func: number, wanted: readonly string[], depth: number): boolean => {
    if (isBody(program, func)) return false;
    const found = around(func);
    if (wanted.some((list) => list.split(' ').every((word) => found.has(word)))) return true;
    const above = [...(callers[func] ?? [])];
    return depth < maxDepth && above.length > 0 && above.every((caller) => isBeside(caller, wanted, depth + 1));
  };
  // A call that a host makes stands in no function: there it is the called one that answers.
  return ({ owner, targets }, wanted) =>
    (isBody(program, owner) ? targets : [owner]).some((func) => isBeside(func, wanted, 0));
}

// The functions that lie around another; a module's body holds handlers of all kinds.
function aroundOf(program: Program, func: number): readonly number[] {
  const parent = program.functions[func]?.parent ?? -1;
  return parent < 0 || isBody(program, parent) ? [] : [parent];
}

function isBody(program: Program, func: number): boolean {
  return (program.functions[func]?.parent ?? -1) < 0;
}

function closure(start: readonly number[], next: (func: number) => Iterable<number>): ReadonlySet<number> {
  const found = new Set(start);
  let last = start;
  for (let depth = 0; depth < maxDepth && last.length > 0; depth++) {
    last = last.flatMap((func) => [...next(func)]).filter((func) => !found.has(func));
    for (const func of last) found.add(func);
  }
  return found;
}

function wordsOfFunctions(program: Program, wanted: ReadonlySet<string>): ReadonlySet<string>[] {
  const words = program.functions.map(() => new Set<string>());
  for (let node = 0; node < program.nodeCount; node++) {
    for (const text of [program.names[node], program.texts[node]]) {
      const word = program.strings[text ?? 0] ?? '';
      if (wanted.has(word)) words[program.owners[node] ?? -1]?.add(word);
    }
  }
  return words;
}
