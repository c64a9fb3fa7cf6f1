// Bodies of requests × API rules: which company posted what a handler reads, by the words of the handler.

import { nodeKinds } from '../../model/flow-graph.ts';
import type { Program } from '../../model/program.ts';
import { nameOfNode, programOps } from '../../model/program.ts';
import type { ApiRule } from '../../model/rule.ts';
import { createNeighbourhood } from '../neighbourhood.ts';

/** A value that is the body of a request, and whose it is. */
export interface PostedBody {
  readonly node: number;
  readonly apis: readonly ApiRule[];
}

const bodies = /^(?:body|rawBody|query)$/;
const readers = /^(?:json|parse|parseBody|readBody|readValidatedBody|formData|text)$/;
const handed = /^(?:body|payload|event|evt|notification|webhook|dto|ipn|callback)$/;

/** The bodies that a company of `rules` posts. */
export function postedBodies(program: Program, rules: readonly ApiRule[]): readonly PostedBody[] {
  const rows = rules.filter(({ posted }) => posted.length > 0);
  if (rows.length === 0) return [];
  const isBeside = createNeighbourhood(
    program,
    rows.flatMap(({ posted }) => posted),
  );
  const known = new Map<number, readonly ApiRule[]>();
  const ofFunction = (owner: number): readonly ApiRule[] => {
    const found = known.get(owner) ?? rows.filter(({ posted }) => isBeside({ owner, targets: [] }, posted));
    known.set(owner, found);
    return found;
  };
  const found: PostedBody[] = [];
  for (let node = 0; node < program.nodeCount; node++) {
    if (!isBody(program, node)) continue;
    const apis = ofFunction(program.owners[node] ?? -1);
    if (apis.length > 0) found.push({ node, apis });
  }
  return found;
}

// req.body, { body }, await c.req.json(), JSON.parse(text), handle(payload)
function isBody(program: Program, node: number): boolean {
  const call = program.calls[program.callOf.get(node) ?? -1];
  if (call) return readers.test(call.name);
  if (program.kinds[node] === nodeKinds.parameter && handed.test(nameOfNode(program, node))) return true;
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++)
    if (program.inOp[i] === programOps.load && bodies.test(program.strings[program.inLabel[i] ?? 0] ?? '')) return true;
  return false;
}
