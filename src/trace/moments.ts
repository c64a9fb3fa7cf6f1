// When the body of a module has read a value: what a call that stands later in it gives to other modules is not in it.
// `const early = current; setCurrent(balance); show(early)`. A body runs once, from its beginning to its end.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { fileOf, programOps, spanOfNode } from '../model/program.ts';

/** A module's body, and the offset of what has read the value there. */
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
  if ((program.functions[body]?.parent ?? 0) >= 0 || (before && before.body !== body)) return before;
  if (lasting.has(program.kinds[node] ?? 0) || node >= program.extra) return undefined;
  // What is read of an object has been read when it was used.
  if (!isWhole || before?.isLast || isImported(program, node)) return before;
  const isLast = isStored && program.kinds[node] === nodeKinds.after;
  return { body, at: spanOfNode(program, node).start, isLast };
}

/** True where a call stands behind the moment in the same body: it has not been made yet. */
export function isLater(program: Program, moment: Moment | undefined, call: number): boolean {
  const { node = -1, owner = -1 } = program.calls[call] ?? {};
  if (!moment || owner !== moment.body || node < 0 || node >= program.extra) return false;
  const { start } = spanOfNode(program, node);
  if (start <= moment.at) return false;
  const { rounds = [] } = program.files[fileOf(program, node)] ?? {};
  return !rounds.some((from, i) => i % 2 === 0 && from <= moment.at && start < (rounds[i + 1] ?? 0));
}

// import { current } from './state': read when it is used
function isImported({ kinds, inStart, inOp, inFrom }: Program, node: number): boolean {
  if (kinds[node] === nodeKinds.import) return true;
  for (let i = inStart[node] ?? 0; i < (inStart[node + 1] ?? 0); i++)
    if (inOp[i] === programOps.load && kinds[inFrom[i] ?? 0] === nodeKinds.import) return true;
  return false;
}
