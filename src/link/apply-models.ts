// Library calls → edges: the flows of the models that describe them.

import type { CallPattern, Place } from '../model/api-path.ts';
import { keyOf, parsePlace } from '../model/api-path.ts';
import { anyElement, iteratorField } from '../model/flow-graph.ts';
import { labelOfMove, placesOf } from '../model/list-places.ts';
import type { ModelRule } from '../model/rule.ts';
import { giveForm } from './forms.ts';
import { answerOf, methodsOf } from './implicit.ts';
import { anyKey } from './key-text.ts';
import { holds } from './model-conditions.ts';
import { noteDrops } from './model-drops.ts';
import { fieldsOf, slotsOf, splitKeyed } from './model-keys.ts';
import type { Part } from './model-parts.ts';
import { partOfField } from './model-parts.ts';
import type { End, Flow, ModelState } from './model-places.ts';
import { bindNames, callbacksOf, remember, sourcesOf, targetsOf } from './model-places.ts';
import { noteOverlay } from './overlays.ts';
import { fieldOfKey } from './shared.ts';
import type { Tree } from './tree.ts';

/** Adds the edges of a model's flows to a call. */
export function applyModel(state: ModelState, index: number, pattern: CallPattern, rule: ModelRule): void {
  const names = bindNames(pattern);
  noteDrops(state, index, names, rule);
  connectThrown(state, index);
  for (const { text, unless, only, arrow, left, right } of flowsOf(rule)) {
    if (unless.some((one) => holds(state, index, names, one) !== false)) continue;
    if (only && holds(state, index, names, only) !== true) continue;
    for (const from of left) {
      for (const to of right) {
        const one = { state, index, names, from, to, text };
        if (arrow === '<->') lend(one);
        if (arrow === '=>') layOver(one);
        else if (arrow === '^>') inherit(one);
        else if (from.form) giveForm(one, from.form);
        else if (from.method) applyMethod(one, from.method);
        else if (from.root.startsWith('@')) take(one);
        else applyFlow(one);
      }
    }
  }
}

/** A flow of a rule, taken apart. */
interface ParsedFlow {
  readonly text: string;
  readonly unless: readonly string[];
  readonly only: string | undefined;
  readonly arrow: '<->' | '=>' | '^>' | '->';
  readonly left: readonly Place[];
  readonly right: readonly Place[];
}

const parsedFlows = new WeakMap<ModelRule, readonly ParsedFlow[]>();

function flowsOf(rule: ModelRule): readonly ParsedFlow[] {
  let flows = parsedFlows.get(rule);
  if (!flows) {
    flows = rule.flow.map((text) => {
      const [whole = '', unless] = text.split(' unless ');
      const [flow = '', only] = whole.split(' if ');
      const arrow = (['<->', '=>', '^>'] as const).find((one) => flow.includes(one)) ?? '->';
      const [left = '', right = ''] = flow.split(arrow === '->' ? /[~-]>/ : arrow);
      const conditions = unless?.split(',').map((one) => one.trim()) ?? [];
      return { text, unless: conditions, only: only?.trim(), arrow, left: parsePlace(left), right: parsePlace(right) };
    });
    parsedFlows.set(rule, flows);
  }
  return flows;
}

// Object.assign(target, ...sources)  →  fields that a later source is known to have hide those of the earlier ones
function layOver({ state, index, names, from, to, text }: Flow): void {
  const { shared, graph } = state;
  const call = graph.tree.calls[index];
  if (!call || (!state.isLate && shared.fieldsOf(call.args[0] ?? -1) === undefined)) return;
  const hiddenFrom = (position: number): string[] =>
    call.args.flatMap((argument, i) =>
      i < position || call.spreads.includes(i) ? [] : (shared.fieldsOf(argument) ?? []),
    );
  const laidOver = (position: number): number[] =>
    call.args.filter((_, i) => i >= position && !call.spreads.includes(i));
  const isSource = names.get(from.root)?.rest ?? false;
  for (const source of sourcesOf(state, index, names, from)) {
    const at = call.args.indexOf(source.node);
    const hidden = at < 0 ? [] : hiddenFrom(at + 1);
    // Of a source, only its fields come into the other object.
    const path = hidden.length > 0 || isSource ? [`!${hidden.join('|')}`] : [];
    for (const target of targetsOf(state, index, names, to)) {
      const after = call.argsAfter.indexOf(target.node);
      if (after >= 0) {
        graph.hidden.set(target.node, hiddenFrom(after + 1));
        noteOverlay(graph.overlays, target.node, call.args[after] ?? -1, laidOver(after + 1));
      }
      const end = { node: target.node, path: [] };
      const value = connect(state, index, text, { node: source.node, path }, end, target.isParameter);
      if (value !== undefined && at >= 0) noteOverlay(graph.overlays, target.node, value, laidOver(at + 1));
    }
  }
}

// prototype ^> result: the right side is an object of its own, whose prototype is the left side
function inherit({ state, index, names, from, to, text }: Flow): void {
  const { tree } = state.graph;
  const like = tree.calls[index]?.node ?? -1;
  for (const source of sourcesOf(state, index, names, from)) {
    for (const target of targetsOf(state, index, names, to)) {
      remember(state, `${index}:${text}:${source.node}:${target.node}`, () => {
        const prototype = loadPath(state, index, source.node, from.path);
        if (target.node === like) state.pointsTo.seed(like, { kind: 'object', node: like });
        tree.edge('inherit', prototype, loadPath(state, index, target.node, to.path), 0);
        if (to.path.length === 0) return target.node;
        const heir = tree.node(like, tree.owners[like] ?? 0);
        tree.edge('inherit', prototype, heir, 0);
        tree.edge('copy', storePath(state, index, heir, to.path), target.node, 0);
        return heir;
      });
    }
  }
}

// JSON.stringify(letter)  →  letter.toJSON()
function applyMethod({ state, index, names, from, to, text }: Flow, method: string): void {
  for (const source of sourcesOf(state, index, names, from)) {
    const answer = answerOf(state, source.node, method);
    for (const target of answer < 0 ? targetsOf(state, index, names, to) : []) {
      const written = state.written.get(target.node) ?? new Map<number, string>();
      state.written.set(target.node, written.set(source.node, method));
    }
    if (answer < 0) continue;
    for (const target of targetsOf(state, index, names, to)) {
      connect(state, index, text, { node: answer, path: [] }, { node: target.node, path: to.path }, target.isParameter);
      state.answered.set(target.node, (state.answered.get(target.node) ?? new Set()).add(source.node));
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

function applyFlow(flow: Flow): void {
  const { state, index, names, from, to, text } = flow;
  if (to.path.some((field) => keyOf(field)?.startsWith('+'))) return applyPairs(flow);
  const isPut = to.root.startsWith('@');
  for (const source of sourcesOf(state, index, names, from)) {
    const fromPaths = fieldsOf(state, index, names, from.path, source.position);
    fromPaths.forEach((fromPath, i) => {
      const slots = isPut ? slotsOf(state, index, names, to, source.position) : [];
      const targets: (End & { readonly path: readonly string[] })[] = slots.map(({ keys, path }) => ({
        node: state.shared.put(to.root, keys),
        position: 0,
        isParameter: false,
        path,
      }));
      for (const target of isPut ? [] : targetsOf(state, index, names, to)) {
        const isRest = names.get(to.root)?.rest || names.get(to.root)?.restParameter;
        const paths = fieldsOf(state, index, names, to.path, isRest ? target.position : source.position);
        // object[*names] -> result[*names]: each field goes to its own
        const isPaired = fromPaths.length > 1 && paths.length === fromPaths.length;
        for (const path of isPaired ? paths.slice(i, i + 1) : paths) targets.push({ ...target, path });
      }
      for (const { node, isParameter, path } of targets) {
        // push(...list): the elements of the list, one after the other
        const isSpread =
          source.list !== undefined && fromPath.length === 0 && placesOf(path.at(-1) ?? '') !== undefined;
        const from = isSpread ? { node: source.list, path: ['@0..'] } : { node: source.node, path: fromPath };
        connect(state, index, text, from, { node, path: isSpread ? beginningAt(path) : path }, isParameter);
      }
    });
  }
}

// pairs[].1 -> result[+0]: each value under the key that stands beside it, where the pairs can be seen;
// list[] -> result[+].value: each at its own place.
function applyPairs({ state, index, names, from, to, text }: Flow): void {
  const { shared } = state;
  for (const source of sourcesOf(state, index, names, from)) {
    // What an object's own iterator gives is not what lies in its fields.
    const isIterated = methodsOf(state.pointsTo, source.node, iteratorField).length > 0;
    const places = isIterated ? undefined : shared.placesOf(source.node);
    if (!places && !state.isLate) continue;
    const values = places?.map(({ node, field }) => ({ node, path: from.path.slice(1), place: field })) ?? [
      { node: source.node, path: from.path, place: anyElement },
    ];
    for (const target of targetsOf(state, index, names, to)) {
      for (const value of values) {
        const path = to.path.map((field) => {
          const key = keyOf(field);
          if (!key?.startsWith('+')) return field;
          return key === '+' ? value.place : fieldOfKey(places ? shared.keysAt(value.node, [key.slice(1)]) : [anyKey]);
        });
        connect(state, index, text, value, { node: target.node, path }, target.isParameter);
      }
    }
  }
}

// @jobs[name] -> job.data, @files[from] -> @files[to]
function take({ state, index, names, from, to, text }: Flow): void {
  if (to.root.startsWith('@')) {
    for (const { keys, path } of slotsOf(state, index, names, from, 0)) {
      for (const other of slotsOf(state, index, names, to, 0)) {
        const source = { node: state.shared.take(from.root, keys), path };
        connect(state, index, text, source, { node: state.shared.put(to.root, other.keys), path: other.path }, false);
      }
    }
    return;
  }
  for (const target of targetsOf(state, index, names, to)) {
    for (const { keys, path } of slotsOf(state, index, names, from, target.position)) {
      const source = { node: state.shared.take(from.root, keys), path };
      for (const fields of fieldsOf(state, index, names, to.path, target.position))
        connect(state, index, text, source, { node: target.node, path: fields }, target.isParameter);
    }
  }
}

// @state[name] <-> result, this[] <-> element: the right side is the object that lies on the left side
function lend({ state, index, names, from, to, text }: Flow): void {
  if (!from.root.startsWith('@')) return;
  const { shared } = state;
  for (const target of targetsOf(state, index, names, to)) {
    for (const { keys } of slotsOf(state, index, names, from, target.position))
      shared.lend(shared.put(from.root, keys), placeAt(state, index, text, target.node, to.path));
  }
}

// result.port1 on the right side of `<->`: a value that lies there
function placeAt(state: ModelState, index: number, text: string, holder: number, path: readonly string[]): number {
  if (path.length === 0) return holder;
  return remember(state, `${index}:${text}:${holder}`, () => {
    const part = state.graph.tree.node(holder, 0);
    state.graph.tree.edge('copy', storePath(state, index, part, path), holder, 0);
    return part;
  });
}

interface Holder {
  readonly node: number;
  readonly path: readonly string[];
}

// Returns the value that now reaches the target; undefined where it did before.
function connect(
  state: ModelState,
  index: number,
  text: string,
  source: Holder,
  target: Holder,
  isParameter: boolean,
): number | undefined {
  const key = `${index}:${text}:${source.node}.${source.path.join('.')}:${target.node}.${target.path.join('.')}`;
  if (state.done.has(key)) return undefined;
  state.done.add(key);
  const [from, to] = [partOfField(source.path.at(-1)), partOfField(target.path.at(-1))];
  const isMove = from !== undefined && to !== undefined;
  const read = loadPath(state, index, source.node, isMove ? source.path.slice(0, -1) : source.path);
  const made = text.includes('~>') ? textOf(state, index, read) : read;
  const moved = isMove ? movePart(state, index, made, from, to) : made;
  const value = storePath(state, index, moved, isMove ? target.path.slice(0, -1) : target.path);
  state.graph.tree.edge(isParameter ? 'exit' : 'copy', value, target.node, isParameter ? index : 0);
  // listeners.get(name).push(listener)  →  the list that lies there has it, whoever reads it next
  const { receiver = -1, receiverAfter = -1 } = state.graph.tree.calls[index] ?? {};
  if (target.node === receiverAfter && target.path.length === 1 && placesOf(target.path[0] ?? '') !== undefined)
    state.pointsTo.addMove(value, receiver);
  return value;
}

// list[start..end] -> result[0..]: elements at other places of a list that is new, or the same one later on
function movePart(state: ModelState, index: number, list: number, from: Part, to: Part): number {
  const { tree } = state.graph;
  const call = tree.calls[index];
  const moved = tree.node(call?.node ?? 0, call?.owner ?? 0);
  const isReversed = from.from > from.to;
  const places = isReversed ? { from: from.to, to: from.from } : { from: from.from, to: from.to };
  const order = from.isLoose || to.isLoose ? 'loose' : isReversed ? 'reversed' : 'same';
  tree.edge('move', list, moved, tree.string(labelOfMove({ places, at: to.from, order })));
  state.pointsTo.seed(moved, { kind: 'object', node: moved });
  return moved;
}

// [2]  →  [2..]; [2..]  →  somewhere from 2 on
function beginningAt(path: readonly string[]): readonly string[] {
  const { from = 0, to = 0 } = placesOf(path.at(-1) ?? '') ?? {};
  return [...path.slice(0, -1), `@${from}..${to === from + 1 ? '' : '?'}`];
}

// this ~> result: a text that is made of the value, not the object itself
function textOf(state: ModelState, index: number, value: number): number {
  const { tree } = state.graph;
  const text = tree.node(tree.calls[index]?.node ?? 0, tree.calls[index]?.owner ?? 0);
  tree.edge('derive', value, text, 0);
  return text;
}

// A new object with the fields of another one but some.
function leaveOut(tree: Tree, value: number, part: number, fields: string): void {
  tree.spread.add(part);
  tree.edge('except', value, part, tree.string(fields));
}

function loadPath(state: ModelState, index: number, node: number, path: readonly string[]): number {
  const { tree } = state.graph;
  let value = node;
  for (const { field, key } of path.map(splitKeyed)) {
    const part = tree.node(tree.calls[index]?.node ?? 0, tree.calls[index]?.owner ?? 0);
    if (key >= 0) tree.keys.set(part, key);
    if (field.startsWith('!')) leaveOut(tree, value, part, field.slice(1));
    else tree.edge('load', value, part, tree.string(field));
    value = part;
  }
  return value;
}

function storePath(state: ModelState, index: number, node: number, path: readonly string[]): number {
  const { tree } = state.graph;
  let value = node;
  for (const { field, key } of path.map(splitKeyed).reverse()) {
    const holder = tree.node(tree.calls[index]?.node ?? 0, tree.calls[index]?.owner ?? 0);
    if (key >= 0) {
      const own = tree.node(tree.calls[index]?.node ?? 0, tree.calls[index]?.owner ?? 0);
      tree.edge('copy', value, own, 0);
      tree.keys.set(own, key);
      value = own;
    }
    tree.edge('store', value, holder, tree.string(field));
    state.pointsTo.seed(holder, { kind: 'object', node: holder });
    value = holder;
  }
  return value;
}
