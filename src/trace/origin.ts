// Where a datum comes from at last: the ends of the backward search from it.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Marks } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import type { Origin } from '../model/rule.ts';
import type { Search } from './search.ts';

/**
 * `stored` or `api` as soon as one end is; else `inbound` when the user typed it; else `public` when all ends are public.
 * An unknown end counts as stored: silence about it would hide a leak.
 */
export function classifyOrigin(program: Program, marks: Marks, search: Search): Origin {
  const found = new Set<Origin>();
  const behind = new Set<number>();
  let isUnknown = false;
  search.states.forEach((state, at) => {
    if (behind.has(state.parent)) {
      behind.add(at);
      return;
    }
    const origin = marks.origins.get(state.node);
    if (origin) {
      found.add(origin);
      behind.add(at);
    } else if (isOpenEnd(program, state.node)) isUnknown = true;
  });
  if (found.has('stored')) return 'stored';
  if (found.has('api')) return 'api';
  if (found.has('inbound')) return 'inbound';
  if (found.has('public') && !isUnknown) return 'public';
  return 'stored';
}

// A value that nothing in the tree gives: a parameter without callers, a global, a package's result.
function isOpenEnd(program: Program, node: number): boolean {
  if ((program.inStart[node] ?? 0) !== (program.inStart[node + 1] ?? 0)) return false;
  const kind = program.kinds[node];
  return kind === nodeKinds.parameter || kind === nodeKinds.call || kind === nodeKinds.import;
}
