// Calls that the text does not show: a loop over an object with an iterator,
// a value that is awaited and has a `then`, an object that becomes a text.

import { asText } from '../model/api-path.ts';
import { anyElement, iteratorField, nodeKinds, primitiveField } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import { addCall, connectFunction } from './connect.ts';
import { addFunction } from './made.ts';
import type { ModelState } from './model-places.ts';
import { remember } from './model-places.ts';
import type { PointsTo } from './points-to.ts';
import type { Token } from './tokens.ts';
import type { Tree } from './tree.ts';

/** Functions of the tree that lie under a name in a value: of its class, or put into the object. */
export function methodsOf(pointsTo: PointsTo, node: number, name: string): number[] {
  const tokens = pointsTo.tokensOf(node);
  return tokens.length === 0 ? [] : methodsIn(pointsTo, tokens, pointsTo.tokensInField(node, name), name);
}

function methodsIn(pointsTo: PointsTo, tokens: readonly Token[], held: readonly Token[], name: string): number[] {
  const own = held.flatMap((token) => (token.kind === 'function' ? [token.func] : []));
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

/** True where each object that a value may be has a method of this name, of its class or put into it. */
export function allHave(pointsTo: PointsTo, tokens: readonly Token[], name: string): boolean {
  const [only] = tokens;
  if (tokens.length === 1 && only?.kind === 'object')
    return methodsIn(pointsTo, tokens, pointsTo.tokensInFields(tokens, name), name).length > 0;
  const has = (cls: number): boolean =>
    pointsTo.lineage(cls).some(({ members }) => members.some((one) => one.name === name && one.kind === 'method'));
  return tokens.length > 0 && tokens.every((token) => token.kind === 'instance' && has(token.cls));
}

/** Adds what can be seen so far; may be called again. */
export function connectImplicit(state: ModelState): void {
  const { tree } = state.graph;
  const { edges } = tree;
  const element = tree.string(anyElement);
  const length = edges.length;
  const names = writtenNames(tree);
  const hasIterators = names.has(iteratorField);
  const hasText = textMethods.some((name) => names.has(name));
  for (let i = 0; i < length; i += 4) {
    const op = edges[i];
    const label = edges[i + 3] ?? 0;
    if (op === programOps.load && (label === element || (hasIterators && isPlace(tree, label))))
      connectIterator(state, edges[i + 1] ?? 0, edges[i + 2] ?? 0, label);
    else if (op === programOps.move) connectIterator(state, edges[i + 1] ?? 0, edges[i + 2] ?? 0, element, label);
    else if (hasText && op === programOps.derive) connectText(state, edges[i + 1] ?? 0, edges[i + 2] ?? 0);
  }
  if (!names.has('then')) return;
  const called = new Set(tree.calls.map((call) => call.callee));
  for (let node = 0; node < tree.extra; node++) connectThenable(state, called, node);
}

const textMethods = [primitiveField, 'toString', 'valueOf'] as const;

/** Names of class members and of fields that something is put into: a method of another name is nobody's own. */
export function writtenNames({ classes, edges, strings }: Tree): ReadonlySet<string> {
  const labels = new Set<number>();
  for (let i = 0; i < edges.length; i += 4) if (edges[i] === programOps.store) labels.add(edges[i + 3] ?? 0);
  const names = new Set<string>();
  for (const label of labels) names.add(strings[label] ?? '');
  for (const cls of classes) for (const member of cls.members) names.add(member.name);
  return names;
}

function isPlace(tree: Tree, label: number): boolean {
  return /^\d+$/.test(tree.strings[label] ?? '');
}

// for (const page of pages), const [first] = pages  →  pages[Symbol.iterator]().next().value
function connectIterator(state: ModelState, iterated: number, result: number, place: number, move = -1): void {
  const { graph, done } = state;
  const { tree } = graph;
  const iterator = answerOf(state, iterated, iteratorField);
  const step = answerOf(state, iterator >= 0 ? iterator : iterated, 'next');
  if (iterator < 0 && step < 0) return;
  const key = `iterated:${iterated}:${result}:${step}`;
  if (done.has(key)) return;
  done.add(key);
  // [...pages]  →  each page is an element
  const isList = move >= 0;
  const element = isList ? tree.node(result, tree.owners[result] ?? 0) : result;
  if (iterator >= 0 && isList) tree.edge('move', iterator, result, move);
  else if (iterator >= 0) tree.edge('load', iterator, element, place);
  if (step < 0) return;
  if (isList) tree.edge('store', element, result, tree.string(anyElement));
  tree.edge('load', step, element, tree.string('value'));
}

// `${letter}`  →  letter.toString()
function connectText(state: ModelState, value: number, text: number): void {
  for (const name of textMethods) {
    const answer = answerOf(state, value, name);
    const key = `text:${answer}:${text}`;
    if (answer < 0 || state.done.has(key)) continue;
    state.done.add(key);
    state.graph.tree.edge('derive', answer, text, 0);
  }
}

/**
 * Where an object's own method gives its text, the rest of the object does not count: the value stays only as far as it is
 * no object. Last, since edges are led another way.
 */
export function narrowTexts({ graph: { tree }, pointsTo, answered }: ModelState): void {
  const length = tree.edges.length;
  const names = writtenNames(tree);
  const methods = textMethods.filter((name) => names.has(name));
  if (methods.length === 0 && answered.size === 0) return;
  const isList = (node: number): boolean =>
    pointsTo.tokensOf(node).some((token) => token.kind === 'object' && tree.kinds[token.node] === nodeKinds.array);
  for (let i = 0; i < length; i += 4) {
    const [op, from, to] = [tree.edges[i], tree.edges[i + 1] ?? 0, tree.edges[i + 2] ?? 0];
    const isText = op === programOps.derive && methods.some((name) => methodsOf(pointsTo, from, name).length > 0);
    const isAnswered = op === programOps.copy && answered.get(to)?.has(from);
    if (!(isText || isAnswered) || isList(from)) continue;
    const text = tree.node(from, tree.owners[from] ?? 0);
    tree.edge('load', from, text, tree.string(asText));
    tree.edges[i + 1] = text;
  }
}

/** for (const page of book), where `book` has an iterator of its own: its fields are no pages. Last, since edges are put out of force. */
export function narrowIterated(state: ModelState, fileEdges: number): void {
  const { tree } = state.graph;
  if (!writtenNames(tree).has(iteratorField)) return;
  const element = tree.string(anyElement);
  for (let i = 0; i < fileEdges; i += 4) {
    const [op, from, to] = [tree.edges[i], tree.edges[i + 1] ?? 0, tree.edges[i + 2] ?? 0];
    const isLoop = op === programOps.load && tree.edges[i + 3] === element && !tree.keys.has(to);
    if ((isLoop || op === programOps.move) && allHave(state.pointsTo, state.pointsTo.tokensOf(from), iteratorField))
      tree.edges[i] = programOps.same;
  }
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
