// What the tree gives a library or a host to call, and what it assigns to a library's objects. Both are made calls of a kind of
// their own, so that rules speak of them as of any call: `implemented:pkg#Type.method(ctx)`, `exported#handler(event)`, `pkg#Type.body=(value)`.

import { apiPath, memberPath } from '../model/api-path.ts';
import type { CallIndex } from '../model/call-index.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { ModelState } from './model-places.ts';
import type { Pieces } from './reads.ts';

/** Adds the calls that some rule's pattern names; calls are added once, however often this is asked. `given` remembers what was looked at. */
export function connectOutside(state: ModelState, patterns: CallIndex<string>, given: Pieces): void {
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
    const paths = graph.paths[index];
    if (!paths || paths.size === 0) return;
    given.redo(index, paths.size, () => {
      for (const path of paths) {
        for (const argument of call.args) {
          for (const [name, token] of pointsTo.fieldTokensOf(argument))
            if (token.kind === 'function') give(`implemented:${memberPath(path, name)}`, token.func);
        }
      }
    });
  });
  addAssignments(state, isNamed);
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
    const index = addCall(state, path, node, owner, target.params);
    graph.targets[index]?.add(func);
    tree.edge('copy', value, given, 0);
    tree.edge('enter', given, node, index);
  }
}

// ctx.body = value
function addAssignments(state: ModelState, isNamed: (path: string) => boolean): void {
  const { graph, pointsTo, done } = state;
  const { tree } = graph;
  for (let i = 0; i < state.shared.fileEdges; i += 4) {
    if (tree.edges[i] !== programOps.store) continue;
    const [value, object] = [tree.edges[i + 1] ?? 0, tree.edges[i + 2] ?? 0];
    for (const token of pointsTo.tokensOf(object)) {
      if (token.kind !== 'api') continue;
      const path = `${memberPath(token.path, tree.strings[tree.edges[i + 3] ?? 0] ?? '')}=`;
      const key = `outside:${path}:${i}`;
      if (done.has(key) || !isNamed(path)) continue;
      done.add(key);
      const isPlaced = tree.kinds[object] === nodeKinds.after;
      const owner = tree.owners[value] ?? 0;
      addCall(state, path, tree.node(isPlaced ? object : value, owner), owner, [value]);
    }
  }
}

function addCall({ graph }: ModelState, path: string, node: number, owner: number, args: readonly number[]): number {
  graph.targets.push(new Set());
  graph.paths.push(new Set([path]));
  return (
    graph.tree.calls.push({
      node,
      callee: -1,
      receiver: -1,
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
