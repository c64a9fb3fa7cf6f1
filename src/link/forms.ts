// What libraries make of functions: promisify(read), partial(join, a), curry(join), flow(first, second).

import type { FunctionForm } from '../model/api-path.ts';
import { addCall } from './connect.ts';
import { addFunction } from './made.ts';
import type { Flow, ModelState } from './model-places.ts';
import { callbacksOf, remember, sourcesOf, targetsOf } from './model-places.ts';

/** Puts what a form makes of the functions on the left side of a flow into its right side. */
export function giveForm({ state, index, names, from, to }: Flow, form: FunctionForm): void {
  const { pointsTo } = state;
  const sources = sourcesOf(state, index, names, { ...from, form: undefined }).map(({ node }) => node);
  for (const target of targetsOf(state, index, names, to)) {
    if (form === 'piped' || form === 'composed') {
      if (state.isLate) pipe(state, index, form, sources, target.node);
      continue;
    }
    if (form === 'chained' || form === 'gathered') {
      if (state.isLate) runAll(state, index, form, sources, target.node);
      continue;
    }
    for (const token of sources.flatMap((node) => pointsTo.tokensOf(node))) {
      const given = form === 'partial' ? [index] : [];
      if (token.kind === 'api') pointsTo.seed(target.node, token);
      else if (token.kind === 'function')
        pointsTo.seed(target.node, { kind: 'partial', func: token.func, binds: given, form: ofCall(form) });
      else if (token.kind === 'partial')
        pointsTo.seed(target.node, { ...token, binds: [...token.binds, ...given], form: ofCall(form) ?? token.form });
    }
  }
}

function ofCall(form: FunctionForm): FunctionForm | undefined {
  return form === 'partial' ? undefined : form;
}

// flow(first, second), flow([first, second])  →  a function that calls the first, and the second with its result
function pipe(state: ModelState, index: number, form: FunctionForm, given: readonly number[], target: number): void {
  const { graph, pointsTo, shared } = state;
  const { tree } = graph;
  const steps = given.flatMap((node) => shared.elementsOf(node) ?? [node]);
  if (steps.length === 0) return;
  if (form === 'composed') steps.reverse();
  const owner = tree.calls[index]?.owner ?? 0;
  remember(state, `${index}:${form}:${target}`, () => {
    const made = addFunction(tree, tree.calls[index]?.node ?? 0, owner);
    let values: readonly number[] = tree.functions[made]?.params ?? [];
    for (const step of steps) {
      const call = addCall(graph, step, made, []);
      const { args = [], node = -1 } = tree.calls[call] ?? {};
      values.forEach((value, i) => {
        tree.edge('copy', value, args[i] ?? -1, 0);
      });
      pointsTo.addCall(call);
      values = [node];
    }
    tree.edge('copy', values[0] ?? -1, tree.functions[made]?.ret ?? -1, 0);
    pointsTo.seed(target, { kind: 'function', func: made });
    return made;
  });
}

// waterfall([first, second], end)  →  first((error, value) => second(value, (error, value) => end(error, value)))
function runAll(state: ModelState, index: number, form: FunctionForm, given: readonly number[], end: number): void {
  const { graph, pointsTo, shared } = state;
  const { tree } = graph;
  const steps = given.flatMap((node) => shared.elementsOf(node) ?? []);
  if (steps.length === 0) return;
  const owner = tree.calls[index]?.owner ?? 0;
  const callWith = (callee: number, values: readonly number[]): void => {
    const call = addCall(graph, callee, owner, []);
    values.forEach((value, i) => {
      tree.edge('copy', value, tree.calls[call]?.args[i] ?? -1, 0);
    });
    pointsTo.addCall(call);
  };
  remember(state, `${index}:${form}:${end}`, () => {
    const list = tree.node(end, owner);
    const failure = tree.node(end, owner);
    pointsTo.seed(list, { kind: 'object', node: list });
    let values: readonly number[] = [];
    steps.forEach((step, i) => {
      const made = addFunction(tree, end, owner);
      const { node: callback = -1, params: [error = -1, ...results] = [] } = tree.functions[made] ?? {};
      pointsTo.seed(callback, { kind: 'function', func: made });
      const count = Math.max(
        0,
        ...callbacksOf(state, step).map(({ func }) => tree.functions[func]?.params.length ?? 0),
      );
      const taken = form === 'chained' ? values.slice(0, Math.max(0, count - 1)) : [];
      callWith(step, [...taken, callback]);
      tree.edge('copy', error, failure, 0);
      if (form === 'gathered') tree.edge('store', results[0] ?? -1, list, tree.string(String(i)));
      values = results;
    });
    callWith(end, [failure, ...(form === 'gathered' ? [list] : values)]);
    return list;
  });
}
