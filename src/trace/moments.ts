// When the body of a module has read a value: what a call that stands later in it gives to other modules is not in it.
// `const early = current; setCurrent(balance); show(early)`. A body runs once, from its beginning to its end.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { programOps, spanOfNode } from '../model/program.ts';

/** A module's body, and which of its statements has read the value. */
export interface Moment {
  readonly body: number;
  readonly at: number;
  /** What another name of an object was given to a call as: that it was read before says nothing of the object. */
  readonly isLast: boolean;
}

/** What changes as long as the program runs has no moment of its own. */
const lasting: ReadonlySet<number> = new Set([
  nodeKinds.cell,
  nodeKinds.object,
  nodeKinds.array,
  nodeKinds.exports,
  nodeKinds.instance,
  nodeKinds.function,
  nodeKinds.class,
]);

/**
 * The moment at a node on the way back; `isWhole` where the value itself is wanted, and no part of it, `isStored` where it was
 * put into an object.
 */
export function momentAt(
  program: Program,
  before: Moment | undefined,
  node: number,
  isWhole: boolean,
  isStored: boolean,
): Moment | undefined {
  const body = program.owners[node] ?? 0;
  const { parent = 0, isAsync = false, generator = -1 } = program.functions[body] ?? {};
  if (isAsync || generator >= 0 || isPromise(program, node)) return undefined;
  if (parent >= 0 || (before && before.body !== body)) return before;
  if (lasting.has(program.kinds[node] ?? 0) || node >= program.extra) return undefined;
  // What is read of an object has been read when it was used.
  if (!isWhole || before?.isLast || isImported(program, node)) return before;
  const isLast = isStored && program.kinds[node] === nodeKinds.after;
  return { body, at: statementOf(program, node), isLast };
}

/** True where a call stands behind the moment in the same body: it has not been made yet. */
export function isLater(program: Program, moment: Moment | undefined, call: number): boolean {
  const { node = -1, owner = -1 } = program.calls[call] ?? {};
  if (!moment || owner !== moment.body || node < 0 || node >= program.extra) return false;
  return statementOf(program, node) > moment.at;
}

// Within one statement (a loop, an `if`), nothing is said to be earlier.
function statementOf(program: Program, node: number): number {
  const { file, start } = spanOfNode(program, node);
  const ends = program.files[file]?.statements ?? [];
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}

// What a promise holds comes later than the promise.
function isPromise({ callOf, calls, kinds }: Program, node: number): boolean {
  const call = kinds[node] === nodeKinds.call ? calls[callOf.get(node) ?? -1] : undefined;
  return call?.paths.some((path) => path.startsWith('global#Promise')) ?? false;
}

// import { current } from './state': read when it is used
function isImported({ kinds, inStart, inOp, inFrom }: Program, node: number): boolean {
  if (kinds[node] === nodeKinds.import) return true;
  for (let i = inStart[node] ?? 0; i < (inStart[node + 1] ?? 0); i++)
    if (inOp[i] === programOps.load && kinds[inFrom[i] ?? 0] === nodeKinds.import) return true;
  return false;
}
