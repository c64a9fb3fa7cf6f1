// Calls whose callback runs once for each element of a list, from their models: which parameter is the element,
// which is what the turn before gave back. `steps.reduce((text, step) => step(text), start)`

import { parseCallPatterns } from '../model/api-path.ts';
import type { Turns } from '../model/program.ts';
import type { ModelRule } from '../model/rule.ts';
import type { Binding, ModelState } from './model-places.ts';
import { bindNames, callbacksOf } from './model-places.ts';

/** The turns of a call; undefined where no model tells, or where something else than functions of the tree is called. */
export function turnsOf(state: ModelState, index: number, models: readonly ModelRule[]): Turns | undefined {
  const call = state.graph.tree.calls[index];
  const rule = models.find((one) => one.turns !== '');
  const [pattern] = rule ? parseCallPatterns(rule.call) : [];
  if (!call || !rule || !pattern || call.spreads.length > 0) return undefined;
  const names = bindNames(pattern);
  const flows = rule.flow.map((text) => text.split(/ <?-> /));
  const [place = '', element = ''] =
    flows.find(([left = '', right]) => left.endsWith('[]') && inCallback(names, right)) ?? [];
  const item = names.get(element);
  if (!item) return undefined;
  const total = flows.find(([left = '', right]) => left.endsWith('.return') && inCallback(names, right))?.[1];
  const start = flows.find(([left = '', right]) => right === total && /^\w+$/.test(left))?.[0] ?? '';
  const list = place.slice(0, -2);
  const argument = call.args[item.argument] ?? -1;
  const callbacks = callbacksOf(state, argument);
  const isOwn = state.pointsTo.tokensOf(argument).every((token) => token.kind === 'function');
  if (callbacks.length === 0 || !isOwn) return undefined;
  return {
    list: list === 'this' ? call.receiver : (call.args[names.get(list)?.argument ?? -1] ?? -1),
    callbacks: callbacks.map(({ func }) => func),
    item: item.parameter,
    total: names.get(total ?? '')?.parameter ?? -1,
    start: call.args[names.get(start)?.argument ?? -1] ?? -1,
    isBackward: rule.turns === 'backward',
    isChoosing: rule.turns === 'chosen',
  };
}

function inCallback(names: ReadonlyMap<string, Binding>, name = ''): boolean {
  return (names.get(name)?.parameter ?? -1) >= 0;
}
