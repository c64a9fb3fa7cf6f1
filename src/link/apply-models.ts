// Library calls → edges: the flows of a matching model, or the default (receiver and arguments reach the result,
// arguments reach the receiver, a callback is fed from the receiver).

import type { CallPattern, ParameterPattern, Place } from '../model/api-path.ts';
import { parsePlace } from '../model/api-path.ts';
import { anyElement } from '../model/flow-graph.ts';
import type { ModelRule } from '../model/rule.ts';
import type { CallGraph } from './connect.ts';
import type { PointsTo } from './points-to.ts';

/** Where a name of a pattern stands in a call. */
interface Binding {
  /** Argument index; `rest` for this and all that follow. */
  readonly argument: number;
  readonly rest: boolean;
  /** Parameter index of the callback in that argument, or -1 for the argument itself. */
  readonly parameter: number;
  /** Argument index of a function given to the callback (`executor(resolve(value))`), or -1. */
  readonly inner: number;
  readonly innerArgument: number;
}

export interface ModelState {
  readonly graph: CallGraph;
  readonly pointsTo: PointsTo;
  /** What has been added already: calls are looked at again when more callbacks become known. */
  readonly done: Set<string>;
  /** Functions given to callbacks, by call and place. */
  readonly given: Map<string, number>;
}

/** The names of a call pattern and where they stand. */
export function bindNames(pattern: CallPattern): Map<string, Binding> {
  const names = new Map<string, Binding>();
  function bind(parameter: ParameterPattern, binding: Binding): void {
    if (parameter.name !== '') names.set(parameter.name, binding);
  }
  pattern.parameters.forEach((parameter, argument) => {
    const outer = { argument, rest: parameter.rest, parameter: -1, inner: -1, innerArgument: -1 };
    bind(parameter, outer);
    parameter.callback?.forEach((one, i) => {
      bind(one, { ...outer, parameter: i });
      one.callback?.forEach((value, j) => {
        bind(value, { ...outer, parameter: i, inner: i, innerArgument: j });
      });
    });
  });
  return names;
}

/** A function of the tree given to a call, and how many of its parameters `bind` has filled. */
export interface Callback {
  readonly func: number;
  readonly bound: number;
}

/** Functions of the tree that an argument may be. */
export function callbacksOf(state: ModelState, argument: number): Callback[] {
  return state.pointsTo.tokensOf(argument).flatMap((token) => {
    if (token.kind === 'function') return [{ func: token.func, bound: 0 }];
    return token.kind === 'partial' ? [{ func: token.func, bound: bindCallback(state, token.func, token.binds) }] : [];
  });
}

// Who calls a bound function is not seen: what was bound is there for every call. Returns the number of bound arguments.
function bindCallback({ graph, done }: ModelState, func: number, binds: readonly number[]): number {
  const { tree } = graph;
  const calls = binds.flatMap((bind) => tree.calls[bind] ?? []);
  const given = calls.flatMap((call) => call.args.slice(1));
  const key = `bound:${func}:${binds.join()}`;
  const target = tree.functions[func];
  if (!target || done.has(key)) return given.length;
  done.add(key);
  tree.edge('copy', calls[0]?.args[0] ?? -1, target.self, 0);
  given.forEach((value, i) => {
    tree.edge('copy', value, target.params[i] ?? -1, 0);
  });
  return given.length;
}

/** Adds the edges of a model's flows to a call. */
export function applyModel(state: ModelState, index: number, pattern: CallPattern, rule: ModelRule): void {
  const names = bindNames(pattern);
  connectThrown(state, index);
  for (const text of rule.flow) {
    const [left = '', right = ''] = text.split('->');
    for (const from of parsePlace(left)) {
      for (const to of parsePlace(right)) applyFlow(state, index, names, from, to, text);
    }
  }
}

// rows.forEach(() => { throw … })  →  the exception comes out of the call
function connectThrown(state: ModelState, index: number): void {
  const { tree } = state.graph;
  const call = tree.calls[index];
  for (const argument of call?.args ?? []) {
    for (const { func } of callbacksOf(state, argument)) {
      const key = `${index}:thrown:${func}`;
      if (state.done.has(key)) continue;
      state.done.add(key);
      tree.edge('enter', tree.functions[func]?.thrown ?? -1, call?.caught ?? -1, index);
    }
  }
}

function applyFlow(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  from: Place,
  to: Place,
  text: string,
): void {
  for (const source of sourcesOf(state, index, names, from)) {
    for (const target of targetsOf(state, index, names, to)) {
      const key = `${index}:${text}:${source}:${target.node}`;
      if (state.done.has(key)) continue;
      state.done.add(key);
      const read = loadPath(state, index, source, from.path);
      const value = storePath(state, index, read, to.path);
      state.graph.tree.edge(target.isParameter ? 'exit' : 'copy', value, target.node, target.isParameter ? index : 0);
    }
  }
}

// Nodes that a place of the left side stands for, before its fields.
function sourcesOf(state: ModelState, index: number, names: ReadonlyMap<string, Binding>, place: Place): number[] {
  const { tree } = state.graph;
  const call = tree.calls[index];
  if (!call) return [];
  if (place.root === 'this') return call.receiver < 0 ? [] : [call.receiver];
  if (place.root === 'result') return [call.node];
  if (place.root === 'all') return call.args.map((_, i) => argumentValue(state, index, i));
  const binding = names.get(place.root);
  if (!binding) return [];
  const indices = binding.rest ? call.args.map((_, i) => i).filter((i) => i >= binding.argument) : [binding.argument];
  return indices.flatMap((i) => {
    const argument = call.args[i];
    if (argument === undefined) return [];
    if (place.isReturn) return callbacksOf(state, argument).map(({ func }) => returned(state, index, func));
    if (binding.parameter < 0) return [argumentValue(state, index, i)];
    if (binding.inner < 0) return [];
    return [givenValue(state, index, argument, binding)];
  });
}

function argumentValue(state: ModelState, index: number, i: number): number {
  const { tree } = state.graph;
  const call = tree.calls[index];
  const argument = call?.args[i] ?? -1;
  if (!call?.spreads.includes(i)) return argument;
  const key = `${index}:spread:${i}`;
  return remember(state, key, () => {
    const element = tree.node(call.node, call.owner);
    tree.edge('load', argument, element, tree.string(anyElement));
    return element;
  });
}

function returned(state: ModelState, index: number, func: number): number {
  const { tree } = state.graph;
  const call = tree.calls[index];
  return remember(state, `${index}:return:${func}`, () => {
    const value = tree.node(call?.node ?? 0, call?.owner ?? 0);
    tree.edge('enter', tree.functions[func]?.ret ?? -1, value, index);
    return value;
  });
}

// new Promise((resolve) => resolve(v))  →  a made-up function is given to the callback; its parameter is v
function givenValue(state: ModelState, index: number, argument: number, binding: Binding): number {
  const { tree } = state.graph;
  const call = tree.calls[index];
  const key = `${index}:given:${binding.argument}:${binding.parameter}`;
  const made = remember(state, key, () => {
    const func = tree.functions.length;
    const owner = call?.owner ?? 0;
    const params = [0, 1, 2].map(() => tree.node(call?.node ?? 0, func));
    const ret = tree.node(call?.node ?? 0, func);
    const nodes = { node: tree.node(call?.node ?? 0, owner), ret, thrown: -1, self: -1, selfAfter: -1 };
    tree.functions.push({
      name: 'callback',
      parent: owner,
      params,
      rest: -1,
      all: -1,
      isArrow: false,
      paramsAfter: [],
      handedIn: [],
      handedOut: [],
      answers: [],
      cls: -1,
      ...nodes,
    });
    return func;
  });
  for (const { func, bound } of callbacksOf(state, argument)) {
    const param = tree.functions[func]?.params[binding.parameter + bound] ?? -1;
    state.pointsTo.seed(param, { kind: 'function', func: made });
  }
  return tree.functions[made]?.params[binding.innerArgument] ?? -1;
}

function remember(state: ModelState, key: string, make: () => number): number {
  let value = state.given.get(key);
  if (value === undefined) {
    value = make();
    state.given.set(key, value);
  }
  return value;
}

interface Target {
  readonly node: number;
  readonly isParameter: boolean;
}

// Nodes that a place of the right side stands for, before its fields.
function targetsOf(state: ModelState, index: number, names: ReadonlyMap<string, Binding>, place: Place): Target[] {
  const { tree } = state.graph;
  const call = tree.calls[index];
  if (!call) return [];
  const plain = (node: number): Target[] => (node < 0 ? [] : [{ node, isParameter: false }]);
  if (place.root === 'this') return plain(call.receiverAfter >= 0 ? call.receiverAfter : call.receiver);
  // super(message)  →  what `new` would make is `this` from here on
  if (place.root === 'result') return plain(call.name === 'super' ? call.receiverAfter : call.node);
  const binding = names.get(place.root);
  if (!binding) return [];
  const indices = binding.rest ? call.args.map((_, i) => i).filter((i) => i >= binding.argument) : [binding.argument];
  return indices.flatMap((i) => {
    const argument = call.args[i];
    if (argument === undefined) return [];
    if (binding.parameter < 0)
      return plain(
        call.argsAfter[i] !== undefined && (call.argsAfter[i] ?? -1) >= 0 ? (call.argsAfter[i] ?? -1) : argument,
      );
    return callbacksOf(state, argument).flatMap(({ func, bound }) => {
      const node = tree.functions[func]?.params[binding.parameter + bound];
      return node === undefined ? [] : [{ node, isParameter: true }];
    });
  });
}

function loadPath(state: ModelState, index: number, node: number, path: readonly string[]): number {
  const { tree } = state.graph;
  let value = node;
  for (const field of path) {
    const part = tree.node(tree.calls[index]?.node ?? 0, tree.calls[index]?.owner ?? 0);
    tree.edge('load', value, part, tree.string(field));
    value = part;
  }
  return value;
}

function storePath(state: ModelState, index: number, node: number, path: readonly string[]): number {
  const { tree } = state.graph;
  let value = node;
  for (const field of [...path].reverse()) {
    const holder = tree.node(tree.calls[index]?.node ?? 0, tree.calls[index]?.owner ?? 0);
    tree.edge('store', value, holder, tree.string(field));
    state.pointsTo.seed(holder, { kind: 'object', node: holder });
    value = holder;
  }
  return value;
}

/** The default for a call that nothing is known of. `feedsCallbacks` is false where a rule types the callback's parameters. */
export function applyDefault(state: ModelState, index: number, feedsCallbacks: boolean): void {
  const { tree } = state.graph;
  const call = tree.calls[index];
  if (!call || call.name === 'super') return;
  const once = !state.done.has(`${index}:default`);
  state.done.add(`${index}:default`);
  if (once) {
    tree.edge('library', call.receiver, call.node, index);
    call.args.forEach((argument) => {
      tree.edge('library', argument, call.node, index);
      tree.edge('absorb', argument, call.receiverAfter, index);
    });
  }
  for (const argument of call.args) {
    for (const { func } of callbacksOf(state, argument)) {
      const key = `${index}:default:${func}`;
      if (state.done.has(key)) continue;
      state.done.add(key);
      tree.edge('library', returned(state, index, func), call.node, index);
      if (!feedsCallbacks) continue;
      const fed = tree.node(call.node, call.owner);
      tree.edge('library', call.receiver, fed, index);
      for (const other of call.args) if (other !== argument) tree.edge('library', other, fed, index);
      for (const param of tree.functions[func]?.params ?? []) tree.edge('exit', fed, param, index);
    }
  }
}
