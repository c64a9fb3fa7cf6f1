// What lists are put together of: literals with spreads, and what models say is put behind or before the elements of `this`.

import type { LinkedCall, ListPart } from '../model/program.ts';
import type { Tree } from './tree.ts';

/** `this[length+items]`, `this[0+items]` */
const added = /^(\w+) -> this\[(length|0)\+\1\]$/;

/** The parts of lists, by the nodes of literals and of receivers after calls. */
export function listParts(tree: Tree, calls: readonly LinkedCall[]): Map<number, readonly ListPart[]> {
  const found = new Map<number, readonly ListPart[]>();
  tree.files.forEach((file, i) => {
    const base = tree.bases[i] ?? 0;
    for (const { node, parts, spreads } of file.lists)
      found.set(
        node + base,
        parts.map((part, at) => ({ node: part + base, isSpread: spreads.includes(at) })),
      );
  });
  for (const { models, targets, receiver, receiverAfter, args, spreads } of calls) {
    const [model, ...others] = models;
    if (receiver < 0 || receiverAfter < 0 || targets.length > 0 || !model || others.length > 0) continue;
    const [, , place] = model.flow.map((flow) => added.exec(flow)).find((match) => match !== null) ?? [];
    if (!place) continue;
    const items = args.map((node, at) => ({ node, isSpread: spreads.includes(at) }));
    const before = { node: receiver, isSpread: true };
    found.set(receiverAfter, place === '0' ? [...items, before] : [before, ...items]);
  }
  return found;
}
