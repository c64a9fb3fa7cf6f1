// What an object is known to be where it is handed over: the fields it is given anywhere on the way there, and constants.

import type { ParameterPattern } from '../model/api-path.ts';
import { matchesWildcard, parsePlace } from '../model/api-path.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import { fieldBefore, moveOfLabel } from '../model/list-places.ts';
import type { Program } from '../model/program.ts';
import { programOps, spanOfNode, textOfNode } from '../model/program.ts';
import { foldText } from './fold-text.ts';
import type { CallReading, Holder } from './nodes-of.ts';
import { holdersOf } from './nodes-of.ts';

const maxVisits = 300;
const maxCopies = 8;

/** True when the object at a place is given a field of this name, or the fields `a.b` below each other. */
export function hasKey(program: Program, holder: Holder, key: string): boolean {
  const fields = key.split('.');
  const [last = ''] = fields.splice(-1);
  const seen = new Set<string>();
  const queue: Holder[] = [];
  const visit = (one: Holder): void => {
    if (seen.size >= maxVisits) return;
    const id = `${one.node}/${one.path.join('.')}`;
    if (seen.has(id)) return;
    seen.add(id);
    queue.push(one);
  };
  visit({ node: holder.node, path: [...holder.path, ...fields] });
  for (const { node, path } of queue) {
    const [top, ...rest] = path;
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? 0;
      const label = program.strings[program.inLabel[i] ?? 0] ?? '';
      switch (program.inOp[i]) {
        case programOps.store:
          if (top === undefined && label === last) return true;
          if (top !== undefined && (top === label || label === '[]' || top === '[]')) visit({ node: from, path: rest });
          break;
        case programOps.load:
          visit({ node: from, path: [label, ...path] });
          break;
        case programOps.move: {
          const before = top === undefined ? undefined : fieldBefore(moveOfLabel(label), top);
          if (before !== undefined) visit({ node: from, path: [before, ...rest] });
          break;
        }
        case programOps.derive:
        case programOps.absorb:
          break;
        case programOps.library:
          // What an unknown function makes of its arguments may be anything; a chain is still what it began as.
          if (program.calls[program.inLabel[i] ?? 0]?.receiver === from) visit({ node: from, path });
          break;
        default:
          visit({ node: from, path });
      }
    }
  }
  return false;
}

/** True when each place of a `where` holds one of the texts it names. `holdersOf` gives what a place's root stands for. */
export function fitsConstants(
  program: Program,
  where: Readonly<Record<string, readonly string[]>>,
  holdersOf: (root: string) => readonly Holder[],
): boolean {
  return Object.entries(where).every(([text, wanted]) =>
    parsePlace(text).some((place) =>
      holdersOf(place.root).some(({ node, path }) =>
        isOneOf(constantOf(program, { node, path: [...path, ...place.path] }), wanted),
      ),
    ),
  );
}

/** The same for a call, whose arguments have the names of its pattern. */
export function fitsCall(
  program: Program,
  reading: CallReading,
  parameters: readonly ParameterPattern[],
  where: Readonly<Record<string, readonly string[]>>,
): boolean {
  return fitsConstants(program, where, (root) =>
    holdersOf(program, reading, parameters, { root, isReturn: false, isThrow: false, path: [] }),
  );
}

// The constant that a value is, as it is written: a text, a pattern, a number with its sign.
function constantOf(program: Program, { node, path }: Holder): string | undefined {
  if (path.length > 0) return foldText(program, node, path);
  const seen = new Set([node]);
  for (const at of seen) {
    const found =
      program.kinds[at] === nodeKinds.literal
        ? textOfNode(program, at)
        : (negativeNumber(program, at) ?? lengthLess(program, at));
    if (found !== undefined) return found;
    // What a call makes of texts (`path.join`) is none of them.
    if (program.callOf.has(at)) continue;
    for (let i = program.inStart[at] ?? 0; i < (program.inStart[at + 1] ?? 0) && seen.size < maxCopies; i++) {
      if (program.inOp[i] === programOps.copy) seen.add(program.inFrom[i] ?? 0);
    }
  }
  return foldText(program, node, []);
}

// -4: a value that is derived from nothing but the number one character further on.
function negativeNumber(program: Program, node: number): string | undefined {
  const start = program.inStart[node] ?? 0;
  if ((program.inStart[node + 1] ?? 0) - start !== 1 || program.inOp[start] !== programOps.derive) return undefined;
  const number = program.inFrom[start] ?? 0;
  const text = program.kinds[number] === nodeKinds.literal ? textOfNode(program, number) : undefined;
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const [outer, inner] = [spanOfNode(program, node), spanOfNode(program, number)];
  return inner.start === outer.start + 1 && inner.end === outer.end ? `-${text}` : undefined;
}

// number.length - 4
function lengthLess(program: Program, node: number): string | undefined {
  const text = textOfNode(program, node);
  return text !== undefined && /^\*\.length-\d+$/.test(text) ? text : undefined;
}

function isOneOf(text: string | undefined, wanted: readonly string[]): boolean {
  return text !== undefined && wanted.some((pattern) => pattern === text || matchesWildcard(pattern, text));
}
