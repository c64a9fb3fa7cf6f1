// Event emitters: what is published under a constant name reaches those who subscribed to that name.

import type { ModelRule } from '../model/rule.ts';
import type { CallGraph } from './connect.ts';
import type { PointsTo } from './points-to.ts';

/** Joins publishers and subscribers by event name. Imprecise: all emitters of the tree are one (fixtures/flows/emitters). */
export function connectChannels(
  graph: CallGraph,
  pointsTo: PointsTo,
  matched: readonly (readonly ModelRule[])[],
): void {
  const { tree } = graph;
  const published = new Map<string, number[]>();
  tree.calls.forEach((call, index) => {
    if (!matched[index]?.some((rule) => rule.channel === 'publish')) return;
    const event = tree.textOf(call.args[0] ?? -1);
    if (event) published.set(event, [...(published.get(event) ?? []), index]);
  });
  tree.calls.forEach((call, index) => {
    if (!matched[index]?.some((rule) => rule.channel === 'subscribe')) return;
    const publishers = published.get(tree.textOf(call.args[0] ?? -1) ?? '') ?? [];
    for (const argument of call.args.slice(1)) {
      for (const token of pointsTo.tokensOf(argument)) {
        if (token.kind !== 'function') continue;
        for (const publisher of publishers) {
          tree.functions[token.func]?.params.forEach((param, i) => {
            tree.edge('exit', tree.calls[publisher]?.args[i + 1] ?? -1, param, publisher);
          });
        }
      }
    }
  });
}
