// What a library call takes away: `map.delete(key)`, `map.set(key, value)`, `url.search = query`.

import { keyOf, parsePlace } from '../model/api-path.ts';
import { anyElement } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { ModelRule } from '../model/rule.ts';
import { fieldsOf } from './model-keys.ts';
import { fieldOfPart, isExactField } from './model-parts.ts';
import type { Binding, ModelState } from './model-places.ts';

/** Notes what lay there before and is gone, where the key is known. */
export function noteDrops(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  rule: ModelRule,
): void {
  const { graph } = state;
  const call = graph.tree.calls[index];
  const drops: string[][] = [];
  for (const place of rule.drop.flatMap((text) => parsePlace(text))) {
    const [path] = fieldsOf(state, index, names, place.path, 0);
    const isKnown = place.path.every((field, i) => keyOf(field) === undefined || isExactField(path?.[i] ?? anyElement));
    if (!path || !isKnown) continue;
    const fields = path.map(fieldOfPart);
    const after = call?.argsAfter[names.get(place.root)?.argument ?? -1] ?? -1;
    if (place.root === 'this') drops.push(fields);
    else if (after >= 0 && fields.length === 1) graph.hidden.set(after, fields);
  }
  if (call?.name.endsWith('=')) dropAssigned(state, call.receiver, drops);
  else graph.drops.set(index, drops);
}

// url.search = query  →  the version of the object that the assignment made has none of these fields of the one before
function dropAssigned({ graph: { tree }, shared }: ModelState, object: number, drops: readonly string[][]): void {
  const fields = drops.flatMap((path) => (path.length === 1 ? path : []));
  if (fields.length === 0) return;
  for (const i of shared.incoming.of(object)) {
    if (tree.edges[i] !== programOps.except) continue;
    const left = tree.strings[tree.edges[i + 3] ?? 0]?.split('|') ?? [];
    tree.edges[i + 3] = tree.string([...new Set([...left, ...fields])].join('|'));
  }
}
