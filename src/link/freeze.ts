// The grown tree → a Program: edges sorted by target, what values are known to be, templates and types with global numbers.

import { nodeKinds } from '../model/flow-graph.ts';
import type { LinkedCall, LoopPlace, Program, ProgramClass } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import { listParts } from './list-parts.ts';
import type { PointsTo } from './points-to.ts';
import type { Tree } from './tree.ts';

/** Freezes a tree; the tree must not grow afterwards. */
export function freeze(
  tree: Tree,
  pointsTo: PointsTo,
  calls: readonly LinkedCall[],
  overlays: Program['overlays'],
  packages: ReadonlySet<string>,
  unresolved: Program['unresolved'],
  shared: ReadonlySet<number>,
): Omit<Program, 'changesLeft'> {
  const nodeCount = tree.kinds.length;
  const edgeCount = tree.edges.length / 4;
  const inStart = new Int32Array(nodeCount + 1);
  for (let i = 0; i < tree.edges.length; i += 4) {
    const to = (tree.edges[i + 2] ?? 0) + 1;
    inStart[to] = (inStart[to] ?? 0) + 1;
  }
  for (let node = 0; node < nodeCount; node++) inStart[node + 1] = (inStart[node + 1] ?? 0) + (inStart[node] ?? 0);
  const next = inStart.slice();
  const inFrom = new Int32Array(edgeCount);
  const inOp = new Uint8Array(edgeCount);
  const inLabel = new Int32Array(edgeCount);
  for (let i = 0; i < tree.edges.length; i += 4) {
    const to = tree.edges[i + 2] ?? 0;
    const at = next[to] ?? 0;
    next[to] = at + 1;
    inOp[at] = tree.edges[i] ?? 0;
    inFrom[at] = tree.edges[i + 1] ?? 0;
    inLabel[at] = tree.edges[i + 3] ?? 0;
  }
  const functionOf = new Map(tree.functions.map((one, func) => [one.node, func]));
  return {
    files: tree.files,
    bases: tree.bases,
    extra: tree.extra,
    likeness: tree.likeness,
    nodeCount,
    kinds: Uint8Array.from(tree.kinds),
    owners: Int32Array.from(tree.owners),
    names: Int32Array.from(tree.names),
    texts: Int32Array.from(tree.texts),
    strings: tree.strings,
    keys: tree.keys,
    tests: tree.tests,
    ways: tree.ways,
    constants: tree.constants,
    inStart,
    inFrom,
    inOp,
    inLabel,
    functions: tree.functions,
    calls,
    callOf: new Map(calls.map((call, index) => [call.node, index])),
    classes: tree.classes.map((_, cls) => membersOf(pointsTo, cls)),
    functionOf,
    inlineFunctions: inlineFunctions(tree, functionOf),
    bounds: new Map([...tree.bound].map(([call, node]) => [node, call])),
    classOf: new Map(tree.classes.map((one, cls) => [one.node, cls])),
    templates: new Map(
      tree.files.flatMap((file, i) =>
        file.templates.map(({ node, parts }) => {
          const base = tree.bases[i] ?? 0;
          return [node + base, parts.map((part) => (typeof part === 'string' ? part : part + base))] as const;
        }),
      ),
    ),
    loops: new Map(loopPlaces(tree)),
    lists: listParts(tree, calls),
    overlays,
    turnCells: new Set(tree.files.flatMap((file, i) => file.turnCells.map((cell) => cell + (tree.bases[i] ?? 0)))),
    paths: pathsOf(tree, pointsTo),
    types: new Map(
      tree.files.flatMap((file, i) =>
        file.types.map((one): [number, string] => [one.node + (tree.bases[i] ?? 0), one.name]),
      ),
    ),
    declarations: tree.files.flatMap((file) => file.declarations),
    packages,
    shared,
    unresolved,
  };
}

// use(() => …), subscribe({ next() { … } }), run([() => …])
function inlineFunctions({ calls, edges, kinds }: Tree, functionOf: ReadonlyMap<number, number>): ReadonlySet<number> {
  const args = new Set(calls.flatMap((call) => call.args));
  const found = new Set<number>();
  const add = (node: number): void => {
    const func = functionOf.get(node);
    if (func !== undefined) found.add(func);
  };
  for (const arg of args) add(arg);
  for (let i = 0; i < edges.length; i += 4) {
    const holder = edges[i + 2] ?? 0;
    const isLiteral = kinds[holder] === nodeKinds.object || kinds[holder] === nodeKinds.array;
    if (edges[i] === programOps.store && isLiteral && args.has(holder)) add(edges[i + 1] ?? 0);
  }
  return found;
}

function loopPlaces(tree: Tree): [number, LoopPlace][] {
  const found: [number, LoopPlace][] = [];
  let loop = 0;
  tree.files.forEach((file, i) => {
    const base = tree.bases[i] ?? 0;
    for (const one of file.loops) {
      const place = { loop: loop++, list: one.list + base };
      found.push([one.element + base, { ...place, head: undefined }]);
      for (const { node, before, back, exit } of one.heads) {
        const head = { node: node + base, before: before + base, back: back + base, exit: exit + base };
        found.push([head.node, { ...place, head }], [head.exit, { ...place, head }]);
      }
    }
  });
  return found;
}

function membersOf(pointsTo: PointsTo, cls: number): ProgramClass {
  const methods = new Map<string, number>();
  const statics = new Map<string, number>();
  for (const one of pointsTo.lineage(cls)) {
    for (const { name, func, isStatic, kind, decorated } of one.members) {
      const found = isStatic ? statics : methods;
      if (kind === 'method' && decorated < 0 && !found.has(name)) found.set(name, func);
    }
  }
  return { methods, statics, bases: pointsTo.baseClasses(cls) };
}

function pathsOf(tree: Tree, pointsTo: PointsTo): Map<number, string[]> {
  const paths = new Map<number, string[]>();
  for (let node = 0; node < tree.extra; node++) {
    const found = pointsTo.tokensOf(node).flatMap((token) => (token.kind === 'api' ? [token.path] : []));
    if (found.length > 0) paths.set(node, found);
  }
  return paths;
}
