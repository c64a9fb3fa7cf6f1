// What the tree gives a library or a host to call, and what it assigns to a library's objects or reads from them. All are made
// calls of a kind of their own, so that rules speak of them as of any call: `implemented:pkg#Type.method(ctx)`,
// `exported#handler(event)`, `pkg#Type.body=(value)`, `pkg#Type.body?()`.

import { apiPath, memberPath } from '../model/api-path.ts';
import type { CallIndex } from '../model/call-index.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { ModelState } from './model-places.ts';
import type { SharedPlaces } from './shared.ts';
import type { Tree } from './tree.ts';

/** Adds the calls that some rule's pattern names; calls are added once, however often this is asked. */
export function connectOutside(state: ModelState, patterns: CallIndex<string>): void {
  const { graph, pointsTo } = state;
  const { tree } = graph;
  const isNamed = (path: string): boolean => patterns.matchPath(path).length > 0;
  const give = (path: string, func: number): void => {
    if (isNamed(path)) addReturns(state, path, func);
  };
  tree.files.forEach((_, i) => {
    const exported = tree.bases[i] ?? 0;
    const whole = pointsTo.tokensOf(exported).map((token) => ['default', token] as const);
    for (const [name, token] of [...whole, ...pointsTo.fieldTokensOf(exported)])
      if (token.kind === 'function') give(apiPath('exported', [name]), token.func);
  });
  // class Balance extends SlashCommand { async run(ctx) {} }
  tree.classes.forEach((cls, index) => {
    const bases = [index, ...pointsTo.baseClasses(index)].flatMap((one) => {
      const base = tree.classes[one]?.base ?? -1;
      return base < 0 ? [] : pointsTo.tokensOf(base);
    });
    for (const base of bases) {
      if (base.kind !== 'api') continue;
      for (const member of cls.members)
        if (!member.isStatic) give(`implemented:${memberPath(base.path, member.name)}`, member.func);
    }
  });
  // new Assistant({ userMessage(args) {} })
  tree.calls.forEach((call, index) => {
    for (const path of graph.paths[index] ?? []) {
      for (const argument of call.args) {
        for (const [name, token] of pointsTo.fieldTokensOf(argument))
          if (token.kind === 'function') give(`implemented:${memberPath(path, name)}`, token.func);
      }
    }
  });
  addMembers(state, isNamed);
}

// One call for each value that the function gives back: that is where the answer stands.
function addReturns(state: ModelState, path: string, func: number): void {
  const { graph, done, shared } = state;
  const { tree } = graph;
  const target = tree.functions[func];
  const key = `outside:${path}:${func}`;
  if (!target || done.has(key)) return;
  done.add(key);
  const owner = bodyOf(state, func);
  const values = shared.incoming.of(target.ret).map((i) => tree.edges[i + 1] ?? -1);
  for (const value of values.length > 0 ? values : [target.ret]) {
    const given = tree.node(value, func);
    const node = tree.node(value, owner);
    const index = addCall(state, path, node, owner, target.params, target.self);
    graph.targets[index]?.add(func);
    tree.edge('copy', value, given, 0);
    tree.edge('enter', given, node, index);
  }
}

// ctx.body = value, url.href
function addMembers(state: ModelState, isNamed: (path: string) => boolean): void {
  const { edges } = state.graph.tree;
  for (let i = 0; i < state.shared.fileEdges; i += 4) {
    const [op, from, to, field] = [edges[i], edges[i + 1] ?? 0, edges[i + 2] ?? 0, edges[i + 3] ?? 0];
    if (op !== programOps.store && op !== programOps.load) continue;
    const isRead = op === programOps.load;
    for (const token of state.pointsTo.tokensOf(isRead ? from : to)) {
      if (token.kind !== 'api') continue;
      const path = `${memberPath(token.path, state.graph.tree.strings[field] ?? '')}${isRead ? '?' : '='}`;
      const key = `outside:${path}:${i}`;
      if (state.done.has(key) || !isNamed(path)) continue;
      state.done.add(key);
      if (isRead) addRead(state, path, from, to);
      else if (!isPutBack(state.shared, state.graph.tree, from, field)) addAssignment(state, path, from, to);
    }
  }
}

/** show(url.href), conv.data.line = text  →  what is left of `href` and `data` is put back, and nobody assigned them */
export function isPutBack(shared: SharedPlaces, tree: Tree, value: number, field: number): boolean {
  if (tree.kinds[value] !== nodeKinds.after) return false;
  const seen = new Set([value]);
  for (const node of seen) {
    if (shared.incoming.before(node) >= 0) seen.add(shared.incoming.before(node));
    for (const i of shared.incoming.of(node)) {
      const [op, from, , label] = tree.edges.slice(i, i + 4);
      if (op === programOps.load && label === field) return true;
      if (tree.kinds[node] === nodeKinds.after && (op === programOps.copy || op === programOps.except))
        seen.add(from ?? 0);
    }
  }
  return false;
}

function addAssignment(state: ModelState, path: string, value: number, object: number): void {
  const { tree } = state.graph;
  const isPlaced = tree.kinds[object] === nodeKinds.after;
  const owner = tree.owners[value] ?? 0;
  addCall(state, path, tree.node(isPlaced ? object : value, owner), owner, [value], object);
}

function addRead(state: ModelState, path: string, object: number, result: number): void {
  const { tree } = state.graph;
  const owner = tree.owners[result] ?? 0;
  const node = tree.node(result, owner);
  addCall(state, path, node, owner, [], object);
  tree.edge('copy', node, result, 0);
}

function addCall(
  { graph }: ModelState,
  path: string,
  node: number,
  owner: number,
  args: readonly number[],
  receiver = -1,
): number {
  graph.targets.push(new Set());
  graph.paths.push(new Set([path]));
  return (
    graph.tree.calls.push({
      node,
      callee: -1,
      receiver,
      name: path.slice(Math.max(path.lastIndexOf('.'), path.lastIndexOf('#')) + 1),
      args,
      spreads: [],
      isNew: false,
      receiverAfter: -1,
      argsAfter: [],
      handedTo: -1,
      handed: [],
      handedAfter: [],
      caught: -1,
      way: 0,
      owner,
    }) - 1
  );
}

// The module body around a function.
function bodyOf({ graph: { tree } }: ModelState, func: number): number {
  let at = func;
  for (let up = tree.functions[at]?.parent ?? -1; up >= 0; up = tree.functions[at]?.parent ?? -1) at = up;
  return at;
}
