// The conditions of a model's flows: `unless done`, `if replacer[]`.

import { anyElement } from '../model/flow-graph.ts';
import { answerOf } from './implicit.ts';
import { fieldsOf } from './model-keys.ts';
import type { Binding, ModelState } from './model-places.ts';
import { callbacksOf, partOf } from './model-places.ts';

/**
 * `done`: it is given; `replacer.return`: it is a function of the tree; `replacer[]`: a list of known texts;
 * `value.toJSON()`: it has such a method; `url/[?#]/`: what is known of the beginning of its text fits the expression.
 * Undefined as long as more may become known.
 */
export function holds(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  condition: string,
): boolean | undefined {
  const { tree } = state.graph;
  const [, name = '', what = ''] = /^(\w+)(.*)$/.exec(condition) ?? [];
  if (what === '') return isGiven(state, index, names, name);
  const argument = tree.calls[index]?.args[names.get(name)?.argument ?? -1];
  if (argument === undefined) return false;
  if (what.startsWith('/')) {
    const [beginning = ''] = (tree.strings[tree.texts[argument] ?? 0] ?? '').split('*');
    return new RegExp(what.slice(1, -1)).test(beginning);
  }
  if (!state.isLate) return undefined;
  if (what === '.return') return callbacksOf(state, argument).length > 0;
  if (what.endsWith('()')) return answerOf(state, argument, what.slice(1, -2)) >= 0;
  const fields = fieldsOf(state, index, names, [`[*${name}]`], 0);
  return fields.length > 0 && fields.every(([field]) => field !== anyElement);
}

// then(undefined, failed)  →  `done` is not given
function isGiven(state: ModelState, index: number, names: ReadonlyMap<string, Binding>, name: string): boolean {
  const { tree } = state.graph;
  const call = tree.calls[index];
  const binding = names.get(name);
  const node = call?.args[binding?.argument ?? -1];
  if (node === undefined) return call?.spreads.length !== 0;
  if (binding?.field) return callbacksOf(state, partOf(state, index, node, binding.field)).length > 0;
  const called = tree.strings[tree.names[node] ?? 0];
  return called !== 'undefined' && called !== 'null';
}
