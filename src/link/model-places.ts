// What the names of a call pattern stand for in a call: arguments, parameters of callbacks, what callbacks give back.

import type { CallPattern, ParameterPattern, Place } from '../model/api-path.ts';
import { anyElement } from '../model/flow-graph.ts';
import type { CallGraph } from './connect.ts';
import { addCall, givenBefore } from './connect.ts';
import { addFunction } from './made.ts';
import type { PointsTo } from './points-to.ts';
import type { SharedPlaces } from './shared.ts';
import type { TreeCall } from './tree.ts';

/** Where a name of a pattern stands in a call. */
export interface Binding {
  /** Argument index; `rest` for this and all that follow. */
  readonly argument: number;
  readonly rest: boolean;
  /** Parameter index of the callback in that argument, or -1 for the argument itself. */
  readonly parameter: number;
  /** That parameter and all that follow. */
  readonly restParameter: boolean;
  /** Argument index of a function given to the callback (`executor(resolve(value))`), or -1. */
  readonly inner: number;
  readonly innerArgument: number;
  /** The field of the argument that the function lies in, or ''. */
  readonly field: string;
}

export interface ModelState {
  readonly graph: CallGraph;
  readonly pointsTo: PointsTo;
  /** What has been added already: calls are looked at again when more callbacks become known. */
  readonly done: Set<string>;
  /** Functions given to callbacks, by call and place. */
  readonly given: Map<string, number>;
  readonly shared: SharedPlaces;
  /** Functions of the tree that a call may reach, as far as they are known. */
  targetsOf(call: number): readonly number[];
  /** For results of calls: values that gave what their own method (`toJSON`) says. */
  readonly answered: Map<number, Set<number>>;
  /** For results of calls that turn a value into a text: the value, and the method that objects within it may have. */
  readonly written: Map<number, Map<number, string>>;
  /** True when what can be known of keys is known: then an unknown key is any key. */
  readonly isLate: boolean;
}

/** A node that a place stands for, and its position among the values of a rest name. */
export interface End {
  readonly node: number;
  readonly position: number;
  readonly isParameter: boolean;
  /** The list that a spread argument is an element of. */
  readonly list?: number;
}

/** One flow of a model, for one call: from a place to a place. */
export interface Flow {
  readonly state: ModelState;
  readonly index: number;
  readonly names: ReadonlyMap<string, Binding>;
  readonly from: Place;
  readonly to: Place;
  readonly text: string;
}

const bindings = new WeakMap<CallPattern, ReadonlyMap<string, Binding>>();

/** The names of a call pattern and where they stand. */
export function bindNames(pattern: CallPattern): ReadonlyMap<string, Binding> {
  let names = bindings.get(pattern);
  if (!names) {
    names = namesOf(pattern);
    bindings.set(pattern, names);
  }
  return names;
}

function namesOf(pattern: CallPattern): Map<string, Binding> {
  const names = new Map<string, Binding>();
  function bind(parameter: ParameterPattern, binding: Binding): void {
    if (parameter.name !== '') names.set(parameter.name, binding);
  }
  function bindCallback(parameter: ParameterPattern, outer: Binding): void {
    bind(parameter, outer);
    parameter.callback?.forEach((one, i) => {
      bind(one, { ...outer, parameter: i, restParameter: one.rest });
      one.callback?.forEach((value, j) => {
        bind(value, { ...outer, parameter: i, inner: i, innerArgument: j });
      });
    });
  }
  pattern.parameters.forEach((parameter, argument) => {
    const { rest } = parameter;
    const outer = { argument, rest, parameter: -1, restParameter: false, inner: -1, innerArgument: -1, field: '' };
    bindCallback(parameter, outer);
    parameter.fields?.forEach((one) => {
      bindCallback(one, { ...outer, field: one.name });
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
    return token.kind === 'partial' ? [{ func: token.func, bound: bindGiven(state, token.func, token.binds) }] : [];
  });
}

// Who calls a bound function is not seen: what was bound is there for every call. Returns the number of bound arguments.
function bindGiven({ graph, done }: ModelState, func: number, binds: readonly number[]): number {
  const { tree } = graph;
  const given = givenBefore(tree, binds);
  const key = `bound:${func}:${binds.join()}`;
  const target = tree.functions[func];
  if (!target || done.has(key)) return given.length;
  done.add(key);
  const bind = tree.calls[binds[0] ?? -1];
  tree.edge('copy', tree.bound.get(binds[0] ?? -1) ?? -1, target.self, 0);
  tree.edge('enter', target.selfAfter, bind?.argsAfter[0] ?? -1, binds[0] ?? -1);
  given.forEach((value, i) => {
    tree.edge('copy', value, target.params[i] ?? -1, 0);
  });
  return given.length;
}

// Nodes that a place of the left side stands for, before its fields.
export function sourcesOf(state: ModelState, index: number, names: ReadonlyMap<string, Binding>, place: Place): End[] {
  const { tree } = state.graph;
  const call = tree.calls[index];
  if (!call) return [];
  const plain = (node: number): End[] => (node < 0 ? [] : [{ node, position: 0, isParameter: false }]);
  if (place.given !== undefined) return plain(handedOut(state, index, names, place, place.given));
  if (place.root === 'this') return plain(call.receiver);
  if (place.root === 'result') return plain(call.node);
  if (place.root === 'all') return call.args.flatMap((_, i) => plain(argumentValue(state, index, i)));
  const binding = names.get(place.root);
  if (!binding) return [];
  return argumentsAt(call.args, binding).flatMap((i) => {
    const argument = partOf(state, index, call.args[i] ?? -1, binding.field);
    const ends = (nodes: readonly number[]): End[] =>
      nodes.filter((node) => node >= 0).map((node) => ({ node, position: i - binding.argument, isParameter: false }));
    if (place.isSelf)
      return ends(callbacksOf(state, argument).map(({ func }) => leaving(state, index, func, 'selfAfter')));
    if (place.isThrow)
      return ends(callbacksOf(state, argument).map(({ func }) => leaving(state, index, func, 'thrown')));
    if (place.isReturn) {
      const made = calledBy(state, index, i);
      return ends([
        ...callbacksOf(state, argument).map(({ func }) => leaving(state, index, func, 'ret')),
        ...(made ? [made.node] : []),
      ]);
    }
    if (binding.parameter < 0 && !binding.field && call.spreads.includes(i))
      return ends([argumentValue(state, index, i)]).map((end) => ({ ...end, list: argument }));
    if (binding.parameter < 0) return ends([argument]);
    if (binding.inner >= 0) return ends([givenValue(state, index, argument, binding)]);
    // What the callback leaves in its parameter.
    return ends(
      callbacksOf(state, argument).map(({ func, bound }) => leaving(state, index, func, binding.parameter + bound)),
    );
  });
}

function argumentsAt(args: readonly number[], { argument, rest }: Binding): number[] {
  if (!rest) return args[argument] === undefined ? [] : [argument];
  return args.map((_, i) => i).filter((i) => i >= argument);
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

/** A field of an argument; the argument itself for ''. */
export function partOf(state: ModelState, index: number, argument: number, field: string): number {
  if (field === '' || argument < 0) return argument;
  const { tree } = state.graph;
  return remember(state, `${index}:part:${argument}:${field}`, () => {
    const part = tree.node(argument, tree.calls[index]?.owner ?? 0);
    tree.edge('load', argument, part, tree.string(field));
    return part;
  });
}

// What a callback gives back, or leaves in the object that is one of its parameters; -1 when it leaves it alone.
export function leaving(
  state: ModelState,
  index: number,
  func: number,
  what: number | 'ret' | 'thrown' | 'selfAfter',
): number {
  const { tree } = state.graph;
  const call = tree.calls[index];
  const from = typeof what === 'string' ? tree.functions[func]?.[what] : tree.functions[func]?.paramsAfter[what];
  if (from === undefined || from < 0) return -1;
  return remember(state, `${index}:${what}:${func}`, () => {
    const value = tree.node(call?.node ?? 0, call?.owner ?? 0);
    tree.edge('enter', from, value, index);
    return value;
  });
}

// new Promise((resolve) => resolve(v))  →  a made-up function is given to the callback; its parameter is v
function givenValue(state: ModelState, index: number, argument: number, binding: Binding): number {
  const { tree } = state.graph;
  const call = tree.calls[index];
  const key = `${index}:given:${binding.argument}:${binding.parameter}`;
  const made = remember(state, key, () => addFunction(tree, call?.node ?? 0, call?.owner ?? 0));
  for (const { func, bound } of callbacksOf(state, argument)) {
    const param = tree.functions[func]?.params[binding.parameter + bound] ?? -1;
    const edge = `${key}:${func}:${bound}`;
    if (state.done.has(edge)) continue;
    state.done.add(edge);
    state.pointsTo.seed(param, { kind: 'function', func: made });
    tree.edge('exit', tree.functions[made]?.node ?? -1, param, index);
  }
  return tree.functions[made]?.params[binding.innerArgument] ?? -1;
}

// result.resolve(0), done(1)  →  a made-up function lies there; its parameter is what the bot's code calls it with
function handedOut(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  place: Place,
  position: number,
): number {
  const { tree } = state.graph;
  const call = tree.calls[index];
  const like = call?.node ?? 0;
  const func = remember(state, `${index}:out:${place.root}.${place.path.join('.')}`, () => {
    const made = addFunction(tree, like, call?.owner ?? 0);
    let value = tree.functions[made]?.node ?? -1;
    state.pointsTo.seed(value, { kind: 'function', func: made });
    for (const field of [...place.path].reverse()) {
      const holder = tree.node(like, call?.owner ?? 0);
      state.pointsTo.seed(holder, { kind: 'object', node: holder });
      tree.edge('store', value, holder, tree.string(field));
      value = holder;
    }
    const holder = place.root === 'result' ? like : (call?.args[names.get(place.root)?.argument ?? -1] ?? -1);
    tree.edge('copy', value, holder, 0);
    return made;
  });
  return tree.functions[func]?.params[position] ?? -1;
}

export function remember(state: ModelState, key: string, make: () => number): number {
  let value = state.given.get(key);
  if (value === undefined) {
    value = make();
    state.given.set(key, value);
  }
  return value;
}

// Nodes that a place of the right side stands for, before its fields.
export function targetsOf(state: ModelState, index: number, names: ReadonlyMap<string, Binding>, place: Place): End[] {
  const { tree } = state.graph;
  const call = tree.calls[index];
  if (!call) return [];
  const plain = (node: number): End[] => (node < 0 ? [] : [{ node, position: 0, isParameter: false }]);
  if (place.root === 'this') return plain(call.receiverAfter >= 0 ? call.receiverAfter : call.receiver);
  // super(message)  →  what `new` would make is `this` from here on
  if (place.root === 'result') return plain(call.name === 'super' ? call.receiverAfter : call.node);
  const binding = names.get(place.root);
  if (!binding) return [];
  return argumentsAt(call.args, binding).flatMap((i) => {
    const argument = partOf(state, index, call.args[i] ?? -1, binding.field);
    const after = call.argsAfter[i] ?? -1;
    if (place.isSelf)
      return callbacksOf(state, argument).flatMap(({ func }) => {
        const node = tree.functions[func]?.self ?? -1;
        return node < 0 ? [] : [{ node, position: 0, isParameter: true }];
      });
    if (binding.parameter < 0) return plain(after >= 0 ? after : argument);
    const made = calledBy(state, index, i);
    if (made && binding.inner < 0) return plain(made.args[binding.parameter] ?? -1);
    return callbacksOf(state, argument).flatMap(({ func, bound }) => {
      const first = binding.parameter + bound;
      const params = tree.functions[func]?.params ?? [];
      return params.slice(first, binding.restParameter ? params.length : first + 1).map((node, position) => ({
        node,
        position,
        isParameter: true,
      }));
    });
  });
}

// rows.map(String), loading.then(send): a package's function in a callback's place is called there.
export function calledBy(state: ModelState, index: number, i: number): TreeCall | undefined {
  const { tree } = state.graph;
  const call = tree.calls[index];
  const argument = call?.args[i] ?? -1;
  if (!call || argument < 0 || !state.isLate) return undefined;
  const known = state.given.get(`${index}:called:${i}`);
  if (known !== undefined) return tree.calls[known];
  const paths = state.pointsTo.tokensOf(argument).flatMap((token) => (token.kind === 'api' ? [token.path] : []));
  if (paths.length === 0 || callbacksOf(state, argument).length > 0) return undefined;
  state.given.set(`${index}:called:${i}`, addCall(state.graph, argument, call.owner, paths));
  return tree.calls[tree.calls.length - 1];
}
