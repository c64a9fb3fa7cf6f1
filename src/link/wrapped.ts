// What an unknown function of a package makes of a handler is still that handler: `bot.command('new', limited(add))`.

import { programOps } from '../model/program.ts';
import type { Callback, ModelState } from './model-places.ts';
import { callbacksOf } from './model-places.ts';

const maxHops = 8;

/** Functions of the tree that an argument may be, or that nothing else than an unknown call has made it of. */
export function handlersOf(state: ModelState, argument: number): readonly Callback[] {
  const own = callbacksOf(state, argument);
  return own.length > 0 ? own : wrappedIn(state, argument, maxHops);
}

function wrappedIn(state: ModelState, node: number, hops: number): readonly Callback[] {
  if (hops === 0) return [];
  const { tree } = state.graph;
  return state.shared.incoming.of(node).flatMap((i): readonly Callback[] => {
    const [op, from = -1, , label = -1] = tree.edges.slice(i, i + 4);
    if (op === programOps.copy) return wrappedIn(state, from, hops - 1);
    // What a method of a package's object makes of its receiver is no handler.
    if (op !== programOps.library || tree.calls[label]?.receiver === from) return [];
    const given = callbacksOf(state, from);
    return given.length > 0 ? given : wrappedIn(state, from, hops - 1);
  });
}
