// Library calls → edges: the flows of a matching model, or the default (receiver and arguments reach the result,
// arguments reach the receiver, a callback is fed from the receiver).

import type { CallPattern, ParameterPattern, Place } from '../model/api-path.ts';
import { keyOf, parsePlace } from '../model/api-path.ts';
import { anyElement } from '../model/flow-graph.ts';
import type { ModelRule } from '../model/rule.ts';
import type { CallGraph } from './connect.ts';
import { anyKey, pathKey } from './key-text.ts';
import type { PointsTo } from './points-to.ts';
import type { SharedPlaces } from './shared.ts';
import { fieldOfKey } from './shared.ts';

/** Where a name of a pattern stands in a call. */
interface Binding {
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
}

export interface ModelState {
  readonly graph: CallGraph;
  readonly pointsTo: PointsTo;
  /** What has been added already: calls are looked at again when more callbacks become known. */
  readonly done: Set<string>;
  /** Functions given to callbacks, by call and place. */
  readonly given: Map<string, number>;
  readonly shared: SharedPlaces;
  /** True when what can be known of keys is known: then an unknown key is any key. */
  isLate: boolean;
}

/** A node that a place stands for, and its position among the values of a rest name. */
interface End {
  readonly node: number;
  readonly position: number;
  readonly isParameter: boolean;
}

/** The names of a call pattern and where they stand. */
export function bindNames(pattern: CallPattern): Map<string, Binding> {
  const names = new Map<string, Binding>();
  function bind(parameter: ParameterPattern, binding: Binding): void {
    if (parameter.name !== '') names.set(parameter.name, binding);
  }
  pattern.parameters.forEach((parameter, argument) => {
    const { rest } = parameter;
    const outer = { argument, rest, parameter: -1, restParameter: false, inner: -1, innerArgument: -1 };
    bind(parameter, outer);
    parameter.callback?.forEach((one, i) => {
      bind(one, { ...outer, parameter: i, restParameter: one.rest });
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
    const isLent = text.includes('<->');
    const [left = '', right = ''] = text.split(isLent ? '<->' : '->');
    for (const from of parsePlace(left)) {
      for (const to of parsePlace(right)) {
        const flow = { state, index, names, from, to, text };
        if (isLent) lend(flow);
        else if (from.root.startsWith('@')) take(flow);
        else applyFlow(flow);
      }
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

interface Flow {
  readonly state: ModelState;
  readonly index: number;
  readonly names: ReadonlyMap<string, Binding>;
  readonly from: Place;
  readonly to: Place;
  readonly text: string;
}

function applyFlow({ state, index, names, from, to, text }: Flow): void {
  const isPut = to.root.startsWith('@');
  for (const source of sourcesOf(state, index, names, from)) {
    for (const fromPath of fieldsOf(state, index, names, from.path, source.position)) {
      const slots = isPut ? slotsOf(state, index, names, to, source.position) : [];
      const targets: (End & { readonly path: readonly string[] })[] = slots.map(({ keys, path }) => ({
        node: state.shared.put(to.root, keys),
        position: 0,
        isParameter: false,
        path,
      }));
      for (const target of isPut ? [] : targetsOf(state, index, names, to)) {
        for (const path of fieldsOf(state, index, names, to.path, target.position)) targets.push({ ...target, path });
      }
      for (const { node, isParameter, path } of targets)
        connect(state, index, text, { node: source.node, path: fromPath }, { node, path }, isParameter);
    }
  }
}

// @jobs[name] -> job.data
function take({ state, index, names, from, to, text }: Flow): void {
  for (const target of targetsOf(state, index, names, to)) {
    for (const { keys, path } of slotsOf(state, index, names, from, target.position)) {
      const source = { node: state.shared.take(from.root, keys), path };
      for (const fields of fieldsOf(state, index, names, to.path, target.position))
        connect(state, index, text, source, { node: target.node, path: fields }, target.isParameter);
    }
  }
}

// @state[name] <-> result
function lend({ state, index, names, from, to }: Flow): void {
  for (const target of targetsOf(state, index, names, to)) {
    for (const { keys } of slotsOf(state, index, names, from, target.position))
      state.shared.lend(from.root, keys, target.node);
  }
}

interface Holder {
  readonly node: number;
  readonly path: readonly string[];
}

function connect(
  state: ModelState,
  index: number,
  text: string,
  source: Holder,
  target: Holder,
  isParameter: boolean,
): void {
  const key = `${index}:${text}:${source.node}.${source.path.join('.')}:${target.node}.${target.path.join('.')}`;
  if (state.done.has(key)) return;
  state.done.add(key);
  const value = storePath(state, index, loadPath(state, index, source.node, source.path), target.path);
  state.graph.tree.edge(isParameter ? 'exit' : 'copy', value, target.node, isParameter ? index : 0);
}

// The fields of a place; none as long as a key of it is not known.
function fieldsOf(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  path: readonly string[],
  position: number,
): (readonly string[])[] {
  const fields: string[] = [];
  for (const field of path) {
    const key = keyOf(field);
    const texts = key === undefined ? [field] : textsOf(state, index, names, key, position);
    if (texts.length === 0) return [];
    fields.push(key === undefined ? field : fieldOfKey(texts));
  }
  return [fields];
}

// The keys that follow the name of a shared place, in all their combinations, and the fields below.
function slotsOf(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  { path }: Place,
  position: number,
): { readonly keys: readonly string[]; readonly path: readonly string[] }[] {
  let combinations: (readonly string[])[] = [[]];
  const count = path.findIndex((field) => keyOf(field) === undefined);
  const keys = count < 0 ? path : path.slice(0, count);
  for (const field of keys) {
    const texts = textsOf(state, index, names, keyOf(field) ?? '', position);
    combinations = combinations.flatMap((before) => texts.map((text) => [...before, text]));
  }
  // An unknown name at an unknown object would be everything at once.
  if (keys[0]?.startsWith('[='))
    combinations = combinations.filter(([object, name]) => object !== anyKey || name !== anyKey);
  return combinations.flatMap((one) =>
    fieldsOf(state, index, names, path.slice(keys.length), position).map((fields) => ({ keys: one, path: fields })),
  );
}

// The texts of a key: of an argument, of a field of the receiver, the identity of an object (`=this`), or the position among the values of a rest name.
function textsOf(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  key: string,
  position: number,
): readonly string[] {
  const isPath = key.startsWith('~');
  const [root = '', ...fields] = key.replace(/^[~=]/, '').split('.');
  const binding = names.get(root);
  if (fields.length === 0 && (binding?.rest || binding?.restParameter)) return [String(position)];
  const holders = sourcesOf(state, index, names, { root, isReturn: false, path: [] });
  if (key.startsWith('=')) return holders.flatMap(({ node }) => state.shared.identitiesOf(node));
  const texts = [...new Set(holders.flatMap(({ node }) => state.shared.keysAt(node, fields)))];
  if (texts.length === 0 || texts.includes(anyKey)) return state.isLate || texts.length === 0 ? [anyKey] : [];
  return isPath ? [...new Set(texts.map(pathKey))] : texts;
}

// Nodes that a place of the left side stands for, before its fields.
function sourcesOf(state: ModelState, index: number, names: ReadonlyMap<string, Binding>, place: Place): End[] {
  const { tree } = state.graph;
  const call = tree.calls[index];
  if (!call) return [];
  const plain = (node: number): End[] => (node < 0 ? [] : [{ node, position: 0, isParameter: false }]);
  if (place.root === 'this') return plain(call.receiver);
  if (place.root === 'result') return plain(call.node);
  if (place.root === 'all') return call.args.flatMap((_, i) => plain(argumentValue(state, index, i)));
  const binding = names.get(place.root);
  if (!binding) return [];
  return argumentsAt(call.args, binding).flatMap((i) => {
    const argument = call.args[i] ?? -1;
    const ends = (nodes: readonly number[]): End[] =>
      nodes.filter((node) => node >= 0).map((node) => ({ node, position: i - binding.argument, isParameter: false }));
    if (place.isReturn) return ends(callbacksOf(state, argument).map(({ func }) => leaving(state, index, func, 'ret')));
    if (binding.parameter < 0) return ends([argumentValue(state, index, i)]);
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

// What a callback gives back, or leaves in the object that is one of its parameters; -1 when it leaves it alone.
function leaving(state: ModelState, index: number, func: number, what: number | 'ret'): number {
  const { tree } = state.graph;
  const call = tree.calls[index];
  const from = what === 'ret' ? tree.functions[func]?.ret : tree.functions[func]?.paramsAfter[what];
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

// Nodes that a place of the right side stands for, before its fields.
function targetsOf(state: ModelState, index: number, names: ReadonlyMap<string, Binding>, place: Place): End[] {
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
    const argument = call.args[i] ?? -1;
    const after = call.argsAfter[i] ?? -1;
    if (binding.parameter < 0) return plain(after >= 0 ? after : argument);
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
  if (!call || call.name === 'super' || call.name === '@') return;
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
      tree.edge('library', leaving(state, index, func, 'ret'), call.node, index);
      if (!feedsCallbacks) continue;
      const fed = tree.node(call.node, call.owner);
      tree.edge('library', call.receiver, fed, index);
      for (const other of call.args) if (other !== argument) tree.edge('library', other, fed, index);
      for (const param of tree.functions[func]?.params ?? []) tree.edge('exit', fed, param, index);
    }
  }
}
