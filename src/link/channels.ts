// Event emitters: what is published under a constant name reaches those who subscribed to that name.

import type { ModelRule } from '../model/rule.ts';
import type { ModelState } from './apply-models.ts';
import { callbacksOf } from './apply-models.ts';

/** Joins publishers and subscribers by event name. Imprecise: all emitters of the tree are one (fixtures/flows/emitters). */
export function connectChannels(state: ModelState, matched: readonly (readonly ModelRule[])[]): void {
  const { tree } = state.graph;
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
      for (const { func, bound } of callbacksOf(state, argument)) {
        for (const publisher of publishers) {
          tree.functions[func]?.params.slice(bound).forEach((param, i) => {
            tree.edge('exit', tree.calls[publisher]?.args[i + 1] ?? -1, param, publisher);
          });
        }
      }
    }
  });
}
