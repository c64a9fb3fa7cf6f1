// The send site: the call in the bot's own code that hands the datum on. From the sink outwards, each parameter that is
// passed on unchanged makes the call that gave it the send site.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { isNested, programOps } from '../model/program.ts';

/** Steps on which a value stays what it is, or becomes part of an object. */
const passingOps: ReadonlySet<number> = new Set([
  programOps.copy,
  programOps.guard,
  programOps.store,
  programOps.except,
]);
const maxSteps = 200;

/** The send site so far; `isOpen` while it may still be lifted to a caller. */
export interface SendSite {
  /** A call; -1 where nobody asks. */
  readonly site: number;
  readonly isOpen: boolean;
}

/** The send site after one more step outwards, from `before` to `after`. */
export function liftSite(
  program: Program,
  { site, isOpen }: SendSite,
  before: number,
  after: number,
  op: number,
  label: number,
): SendSite {
  switch (op) {
    case programOps.derive:
      return { site, isOpen: program.kinds[before] !== nodeKinds.template };
    case programOps.root:
      return { site, isOpen: false };
    case programOps.enter:
      return { site, isOpen: isCallback(program, after, before) || (isOpen && passesOn(program, label, after)) };
    case programOps.exit:
      // What an object holds is not handed over by a call of its method.
      if (program.kinds[before] === nodeKinds.self || program.shared.has(before)) return { site, isOpen: false };
      return { site: isWrapperCall(program, label, before, site) ? label : site, isOpen };
    default:
      return { site, isOpen };
  }
}

// titles.map((title) => …) inside a wrapper still passes on what the wrapper was given.
function isCallback(program: Program, inside: number, outside: number): boolean {
  return isNested(program, program.owners[inside] ?? -1, program.owners[outside] ?? -1);
}

const decorators = new WeakMap<Program, Map<number, boolean>>();

// channel.send({ embeds: [branded(embed)] })  →  what the helper gives back is, or holds, what it was given
function passesOn(program: Program, call: number, result: number): boolean {
  // method.call(this, text)  →  which function that is, the wrapper was given
  if (program.calls[call]?.isRearranged || program.calls[call]?.targets.length !== 1) return false;
  const known = decorators.get(program) ?? new Map<number, boolean>();
  decorators.set(program, known);
  const found = known.get(result) ?? reachesParameter(program, result);
  known.set(result, found);
  return found;
}

function reachesParameter(program: Program, result: number): boolean {
  const owner = program.owners[result] ?? -1;
  const seen = new Set([result]);
  for (const node of seen) {
    if (program.kinds[node] === nodeKinds.parameter) return true;
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? -1;
      if (passingOps.has(program.inOp[i] ?? -1) && program.owners[from] === owner) seen.add(from);
    }
    if (seen.size > maxSteps) return false;
  }
  return false;
}

// A wrapper is a function of the bot's own that holds the send site so far and is called here; a library's callback is none.
function isWrapperCall(program: Program, call: number, parameter: number, site: number): boolean {
  const owner = program.owners[parameter] ?? -1;
  const inside = program.calls[site]?.owner ?? -1;
  // A function written where it is given away is no wrapper: who calls it hands a value back.
  if (program.inlineFunctions.has(owner)) return false;
  // A variable of the function around it is no argument.
  if (program.functions[owner]?.handedIn.includes(parameter)) return false;
  const holds = inside === owner || isNested(program, inside, owner);
  return holds && (program.calls[call]?.targets.includes(owner) ?? false);
}
