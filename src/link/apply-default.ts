// What is taken for granted of a call that nothing is known of.

import type { ModelState } from './model-places.ts';
import { callbacksOf, leaving } from './model-places.ts';

/** getMoves(iban): a question leaves nothing in who is asked; `getOrCreate(row)`, `findOneAndUpdate(row)` may. */
const asks = /^(?:get|fetch|find|list|retrieve|lookup|request|count|check|GET|HEAD)(?![a-z])(?!.*(?:Or|And)[A-Z])/;

/** The default for a call that nothing is known of. `feedsCallbacks` is false where a rule types the callback's parameters. */
export function applyDefault(state: ModelState, index: number, feedsCallbacks: boolean): void {
  const { tree } = state.graph;
  const call = tree.calls[index];
  if (!call || call.name === 'super' || call.name === '@') return;
  const once = !state.done.has(`${index}:default`);
  state.done.add(`${index}:default`);
  if (once) {
    const isKept = !asks.test(call.name);
    tree.edge('library', call.receiver, call.node, index);
    call.args.forEach((argument) => {
      // Who is given the session is not given what lies in it.
      if (state.shared.isHandle(argument)) return;
      tree.edge('library', argument, call.node, index);
      if (isKept) tree.edge('absorb', argument, call.receiverAfter, index);
    });
  }
  for (const argument of call.args) {
    for (const { func } of callbacksOf(state, argument)) {
      const key = `${index}:default:${func}`;
      if (state.done.has(key)) continue;
      state.done.add(key);
      tree.edge('library', leaving(state, index, func, 'ret'), call.node, index);
      if (!feedsCallbacks) continue;
      const fed = tree.node(call.node, call.owner);
      tree.edge('library', call.receiver, fed, index);
      for (const other of call.args)
        if (other !== argument && !state.shared.isHandle(other)) tree.edge('library', other, fed, index);
      for (const param of tree.functions[func]?.params ?? []) tree.edge('exit', fed, param, index);
    }
  }
}
