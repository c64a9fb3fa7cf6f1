// What is sent into a generator: `next(v)` and `throw(e)` reach the `yield` of the body that made the generator's object.

import { anyElement, generatorFields } from '../model/flow-graph.ts';
import type { CallGraph } from './connect.ts';
import { generatorPath } from './connect.ts';
import type { PointsTo } from './points-to.ts';

const sent: Readonly<Record<string, string>> = {
  [`${generatorPath}.next`]: generatorFields.given,
  [`${generatorPath}.throw`]: generatorFields.thrown,
};

/** Adds the edges; to be called when calls are connected. */
export function connectGenerators({ tree, targets, paths }: CallGraph, pointsTo: PointsTo): void {
  const called = new Set(targets.flatMap((list) => [...list]));
  tree.calls.forEach((call, index) => {
    const [value = -1] = call.args;
    for (const path of paths[index] ?? []) {
      const field = sent[path];
      if (!field) continue;
      for (const token of pointsTo.tokensOf(call.receiver))
        if (token.kind === 'object') tree.edge('store', value, token.node, tree.string(field));
    }
  });
  // Who runs a generator that is given away (`co`, a saga) sends back what it has yielded.
  tree.functions.forEach((func, index) => {
    if (func.generator < 0 || called.has(index)) return;
    const yielded = tree.node(func.generator, index);
    tree.edge('load', func.ret, yielded, tree.string(anyElement));
    tree.edge('store', yielded, func.generator, tree.string(generatorFields.given));
  });
}
