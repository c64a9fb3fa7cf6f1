// Where a datum comes from at last: the ends of the backward search from it.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Marks } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { textOfNode } from '../model/program.ts';
import type { Origin } from '../model/rule.ts';
import type { Search } from './search.ts';

/**
 * `stored` or `api` as soon as one end is; else `inbound` when the user typed it; else `public` when all ends are public.
 * An unknown end counts as stored: silence about it would hide a leak. Where all ends are words of the program, it is a `label`.
 */
export function classifyOrigin(program: Program, marks: Marks, search: Search): Origin | 'label' {
  const found = new Set<Origin>();
  let isLabel = false;
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
    else if (state.passed === 0 && isWord(program, state.node)) isLabel = true;
    else if (isEnd(program, state.node)) isUnknown = true;
  });
  if (isLabel && found.size === 0 && !isUnknown && !search.isCut) return 'label';
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

function isEnd(program: Program, node: number): boolean {
  return (program.inStart[node] ?? 0) === (program.inStart[node + 1] ?? 0);
}

// A constant text without figures: 'Balance', '€'. `undefined` and the like say nothing.
function isWord(program: Program, node: number): boolean {
  const text = textOfNode(program, node);
  return isEnd(program, node) && program.kinds[node] === nodeKinds.literal && text !== undefined && !/\d/.test(text);
}
