// Calls that the text does not show: a write of a field with a setter, a loop over an object with an iterator,
// a value that is awaited and has a `then`, an object that becomes a text.

import { asText } from '../model/api-path.ts';
import { anyElement, iteratorField, setterField } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import { addCall, connectFunction } from './connect.ts';
import { addFunction } from './made.ts';
import type { ModelState } from './model-places.ts';
import { remember } from './model-places.ts';
import type { PointsTo } from './points-to.ts';
import type { Tree } from './tree.ts';

/** Functions of the tree that lie under a name in a value: of its class, or put into the object. */
export function methodsOf(pointsTo: PointsTo, node: number, name: string): number[] {
  const tokens = pointsTo.tokensOf(node);
  if (tokens.length === 0) return [];
  const own = pointsTo.tokensInField(node, name).flatMap((token) => (token.kind === 'function' ? [token.func] : []));
  const inherited = tokens.flatMap((token) => {
    if (token.kind !== 'instance') return [];
    const lineage = pointsTo.lineage(token.cls).flatMap((cls) => cls.members);
    const member = lineage.find((one) => one.name === name && !one.isStatic && one.kind === 'method');
    return member ? [member.func] : [];
  });
  return [...new Set([...own, ...inherited])];
}

/** What the value's own method of this name gives back; -1 where it has none. */
export function answerOf(state: ModelState, node: number, name: string, args: readonly number[] = []): number {
  const { graph, pointsTo } = state;
  const { tree } = graph;
  const functions = methodsOf(pointsTo, node, name);
  if (functions.length === 0) return -1;
  const index = remember(state, `implicit:${node}:${name}`, () => {
    const owner = tree.owners[node] ?? 0;
    const callee = tree.node(node, owner);
    tree.edge('load', node, callee, tree.string(name));
    return addCall(graph, callee, owner, [], node);
  });
  const plain = { self: node, selfAfter: -1, args, argsAfter: [], spreads: [] };
  for (const func of functions) connectFunction(graph, pointsTo, index, func, plain);
  return tree.calls[index]?.node ?? -1;
}

/** Adds what can be seen so far; may be called again. */
export function connectImplicit(state: ModelState): void {
  const { tree } = state.graph;
  const { edges } = tree;
  const element = tree.string(anyElement);
  const length = edges.length;
  const names = writtenNames(tree);
  const hasText = textMethods.some((name) => names.has(name));
  for (let i = 0; i < length; i += 4) {
    const op = edges[i];
    if (op === programOps.load && edges[i + 3] === element)
      connectIterator(state, edges[i + 1] ?? 0, edges[i + 2] ?? 0);
    else if (hasText && op === programOps.derive) connectText(state, edges[i + 1] ?? 0, edges[i + 2] ?? 0, i);
  }
  if (!names.has('then')) return;
  const called = new Set(tree.calls.map((call) => call.callee));
  for (let node = 0; node < tree.extra; node++) connectThenable(state, called, node);
}

const textMethods = ['toString', 'valueOf'] as const;

// Names of class members and of fields that something is put into: a method of another name is nobody's own.
function writtenNames({ classes, edges, strings }: Tree): ReadonlySet<string> {
  const labels = new Set<number>();
  for (let i = 0; i < edges.length; i += 4) if (edges[i] === programOps.store) labels.add(edges[i + 3] ?? 0);
  const names = new Set<string>();
  for (const label of labels) names.add(strings[label] ?? '');
  for (const cls of classes) for (const member of cls.members) names.add(member.name);
  return names;
}

// for (const page of pages)  →  pages[Symbol.iterator]().next().value
function connectIterator(state: ModelState, iterated: number, result: number): void {
  const { graph, done } = state;
  const { tree } = graph;
  const iterator = answerOf(state, iterated, iteratorField);
  const step = answerOf(state, iterator >= 0 ? iterator : iterated, 'next');
  if (iterator < 0 && step < 0) return;
  const key = `iterated:${iterated}:${result}:${step}`;
  if (done.has(key)) return;
  done.add(key);
  if (iterator >= 0) tree.edge('load', iterator, result, tree.string(anyElement));
  if (step >= 0) tree.edge('load', step, result, tree.string('value'));
}

// `${letter}`  →  letter.toString()
function connectText(state: ModelState, value: number, text: number, offset: number): void {
  for (const name of textMethods) {
    const answer = answerOf(state, value, name);
    const key = `text:${answer}:${text}`;
    if (answer < 0 || state.done.has(key)) continue;
    state.done.add(key);
    state.graph.tree.edge('derive', answer, text, 0);
    if (name === 'toString') keepText(state, offset);
  }
}

/** The one object that a value may be says itself what it is as a text: only what is a text already goes along this edge. */
export function keepText({ graph: { tree }, pointsTo }: ModelState, offset: number): void {
  const [value = -1, to = -1] = tree.edges.slice(offset + 1, offset + 3);
  if (value === to || pointsTo.tokensOf(value).length !== 1) return;
  const text = tree.node(value, tree.owners[value] ?? 0);
  tree.edge('load', value, text, tree.string(asText));
  tree.edge('derive', text, to, 0);
  // From here on it leads from the text to itself.
  tree.edges[offset + 1] = to;
}

// { then(resolve, reject) { … } }  →  what it calls `resolve` with is the value
function connectThenable(state: ModelState, called: ReadonlySet<number>, node: number): void {
  const { graph, pointsTo, done } = state;
  const { tree } = graph;
  const isMade = pointsTo
    .tokensOf(node)
    .some((token) => (token.kind === 'object' && token.node === node) || token.kind === 'instance');
  if (!isMade) return;
  const key = `thenable:${node}`;
  if (done.has(key)) return;
  const isThen = (func: number): boolean => called.has(tree.functions[func]?.params[0] ?? -1);
  if (!methodsOf(pointsTo, node, 'then').some(isThen)) return;
  done.add(key);
  const made = addFunction(tree, node, tree.owners[node] ?? 0);
  const [value = -1] = tree.functions[made]?.params ?? [];
  const callback = tree.functions[made]?.node ?? -1;
  pointsTo.seed(callback, { kind: 'function', func: made });
  answerOf(state, node, 'then', [callback]);
  tree.edge('copy', value, node, 0);
}

/** letter.line = text  →  the setter of `line` is called. Last, since edges are put out of force. */
export function connectSetters({ graph, pointsTo }: ModelState, fileEdges: number): void {
  const { tree } = graph;
  const before = new Map<number, number>();
  for (let i = 0; i < fileEdges; i += 4) if (tree.edges[i] === programOps.except) before.set(tree.edges[i + 2] ?? 0, i);
  for (let i = 0; i < fileEdges; i += 4) {
    if (tree.edges[i] !== programOps.store) continue;
    const [value, object] = [tree.edges[i + 1] ?? 0, tree.edges[i + 2] ?? 0];
    const name = tree.strings[tree.edges[i + 3] ?? 0] ?? '';
    const setters = settersOf(pointsTo, object, name);
    if (setters.length === 0) continue;
    const copied = before.get(object);
    const self = copied === undefined ? object : (tree.edges[copied + 1] ?? object);
    const index = addCall(graph, value, tree.owners[value] ?? 0, [], self);
    const left = tree.node(object, tree.owners[value] ?? 0);
    for (const func of setters) {
      connectFunction(graph, pointsTo, index, func, { self, selfAfter: -1, args: [value], argsAfter: [], spreads: [] });
      const { selfAfter = -1 } = tree.functions[func] ?? {};
      if (selfAfter >= 0) tree.edge('enter', selfAfter, left, index);
      else tree.edge('copy', self, left, 0);
    }
    // What the object is now is what the setter has left of it.
    if (copied !== undefined) tree.edges[copied] = programOps.same;
    tree.edge('except', left, object, tree.string(name));
  }
}

function settersOf(pointsTo: PointsTo, object: number, name: string): number[] {
  const tokens = pointsTo.tokensOf(object);
  if (tokens.length === 0) return [];
  const own = pointsTo
    .tokensInField(object, setterField(name))
    .flatMap((token) => (token.kind === 'function' ? [token.func] : []));
  const inherited = tokens.flatMap((token) => {
    if (token.kind !== 'instance' && token.kind !== 'class') return [];
    const members = pointsTo.lineage(token.cls).flatMap((cls) => cls.members);
    const isStatic = token.kind === 'class';
    const setter = members.find((one) => one.name === name && one.isStatic === isStatic && one.kind === 'set');
    return setter ? [setter.func] : [];
  });
  return [...new Set([...own, ...inherited])];
}
