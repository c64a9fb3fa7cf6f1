// The files' graphs → one Program: modules joined, calls resolved, library calls turned into edges.
// Knows the rules' types and models, nothing about sources and sinks.

import { apiPath } from '../model/api-path.ts';
import type { CallIndex } from '../model/call-index.ts';
import { indexCalls } from '../model/call-index.ts';
import type { FileGraph } from '../model/flow-graph.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import type { ModelRule, TypeRule } from '../model/rule.ts';
import { connectGetters, connectSetters } from './accessors.ts';
import { connectChanged } from './changed.ts';
import type { CallGraph } from './connect.ts';
import { connectCallee, connectHanded, connectInstances, keepUnchanged } from './connect.ts';
import { describeCall, finishCall, isOutside } from './describe-call.ts';
import { freeze } from './freeze.ts';
import { connectGenerators } from './generators.ts';
import { connectHeap } from './heap.ts';
import { connectImplicit, narrowIterated, narrowTexts } from './implicit.ts';
import { seedInstances } from './instances.ts';
import { Modules, nameExports } from './join-modules.ts';
import type { LinkInput } from './link-input.ts';
import type { ModelState } from './model-places.ts';
import { bindNames } from './model-places.ts';
import { OutsideCalls } from './outside.ts';
import { overlaysOf } from './overlays.ts';
import { PointsTo } from './points-to.ts';
import type { Reads } from './reads.ts';
import { narrowParts } from './serialized.ts';
import { SharedPlaces } from './shared.ts';
import { connectTraps } from './traps.ts';
import { Tree } from './tree.ts';
import { seedContextual, seedParameters, seedShapes, seedTypes } from './type-evidence.ts';

const maxRounds = 9;
/** Models and types go first: a call that they explain needs no default. */
const firstDefaultRound = 4;
/** Keys that are not known by now are taken for any. */
const firstLateRound = 2;

/** Joins the graphs of all files of a scan, in the order of their paths. */
export function link(files: readonly FileGraph[], input: LinkInput): Program {
  const tree = new Tree(files);
  const graph: CallGraph = {
    tree,
    targets: tree.calls.map(() => new Set<number>()),
    paths: tree.calls.map(() => new Set<string>()),
    rearranged: new Set(),
    drops: new Map(),
    hidden: new Map(),
    overlays: overlaysOf(tree),
    replaced: new Map(),
  };
  const types = indexCalls(input.rules.types, (rule) => rule.from);
  const pointsTo: PointsTo = new PointsTo(tree, {
    onCallee: (call, token) => connectCallee(graph, pointsTo, call, token),
    typesOf: (path) => typesOf(types, path),
  });
  const shared = new SharedPlaces(
    tree,
    pointsTo,
    indexCalls(input.rules.shared, (path) => [path]),
  );
  const modules = new Modules(tree, pointsTo, input);
  modules.joinConstant();
  let exportPaths: ReadonlyMap<number, readonly string[]> = new Map();
  connectHanded(tree);
  seedObjects(tree, pointsTo);
  seedShapes(tree, pointsTo);
  const models = indexCalls(modelsOf(input.rules), (rule) => [rule.call]);
  const rounds = new Rounds(tree.reads);
  const isDefaultRound = (): boolean => rounds.isPast(firstDefaultRound);
  const targetsRead = tree.reads.add((call) => graph.targets[call]?.size ?? 0);
  const state: ModelState = {
    graph,
    pointsTo,
    done: new Set(),
    given: new Map(),
    shared,
    targetsOf(call) {
      tree.reads.note(targetsRead, call);
      return [...(graph.targets[call] ?? [])];
    },
    answered: new Map(),
    written: new Map(),
    get isLate() {
      return rounds.isPast(firstLateRound);
    },
  };
  const outside = new OutsideCalls(state, outsidePatterns(input.rules));
  const matched: (readonly ModelRule[])[] = [];
  const described = tree.reads.pieces();
  for (let round = 0; round < maxRounds; round++) {
    settle(tree, pointsTo);
    const before = tree.edges.length;
    placeDecorated(state);
    if (round === 0) {
      connectSuper(graph, pointsTo);
      seedTypes(tree, pointsTo);
      exportPaths = nameExports(tree, pointsTo);
    } else modules.joinComputed(graph, shared.incoming);
    if (round < firstDefaultRound) seedContextual(tree, pointsTo, state.done);
    if (round === 1) seedParameters(tree, pointsTo, input.rules.types, modules.packages);
    outside.connect();
    settle(tree, pointsTo);
    rounds.current = round;
    tree.calls.forEach((_, index) => {
      const callees = (graph.paths[index]?.size ?? 0) * 2 ** 20 + (graph.targets[index]?.size ?? 0);
      described.redo(index, callees, () => {
        const known = tree.edges.length;
        matched[index] = describeCall(state, index, models, types, exportPaths, isDefaultRound);
        // What one call gives says which function the next one in the chain is: `new Map().set(key, value).values()`.
        if (tree.edges.length > known) settle(tree, pointsTo);
      });
    });
    settle(tree, pointsTo);
    if (state.isLate) {
      shared.connectObjects();
      connectImplicit(state);
      settle(tree, pointsTo);
    }
    if (round > firstDefaultRound && tree.edges.length === before) break;
  }
  connectGenerators(graph, pointsTo, shared.incoming);
  connectInstances(graph, pointsTo);
  seedInstances(graph, pointsTo, shared.incoming);
  connectSetters(state, shared.fileEdges);
  connectGetters(graph, pointsTo);
  connectTraps(state, shared.fileEdges);
  const changes = connectChanged(tree, shared.incoming);
  keepUnchanged(graph);
  narrowTexts(state);
  narrowIterated(state, shared.fileEdges);
  narrowParts(state);
  const changesLeft = connectHeap(graph, pointsTo, changes);
  const calls = tree.calls.map((_, index): LinkedCall => finishCall(state, index, matched[index] ?? [], exportPaths));
  const program = freeze(tree, pointsTo, calls, graph.overlays, modules.packages, modules.unresolved, shared.handles);
  return { ...program, changesLeft };
}

/** How far linking has come. */
class Rounds {
  current = 0;
  private readonly reads: Reads;
  private readonly kind: number;

  constructor(reads: Reads) {
    this.reads = reads;
    this.kind = reads.add((round) => (this.current >= round ? 1 : 0));
  }

  isPast(round: number): boolean {
    this.reads.note(this.kind, round);
    return this.current >= round;
  }
}

// Calls that become known bring edges, and these more calls.
function settle(tree: Tree, pointsTo: PointsTo): void {
  for (let edges = -1; edges !== tree.edges.length; ) {
    edges = tree.edges.length;
    pointsTo.addNewEdges();
    pointsTo.solve();
  }
}

// `pkg#open()` in a rule is the result of a call, `pkg#Type.member` a member; a callback's parameter is neither.
function typesOf(types: CallIndex<TypeRule>, path: string): string[] {
  const isCall = path.endsWith('()');
  const found = types.matchPath(isCall ? path.slice(0, -2) : path).filter(({ pattern }) => pattern.isCall === isCall);
  return found
    .filter(({ pattern }) => [...bindNames(pattern).values()].every((binding) => binding.parameter < 0))
    .map(({ rule }) => rule.type);
}

// What a platform gives back for a message is not the message: its sinks are models without a flow.
function modelsOf(rules: LinkInput['rules']): ModelRule[] {
  const modelled = new Set(rules.models.map((model) => model.call));
  const silent = rules.sinks
    .filter((sink) => sink.call.includes('#') && !modelled.has(sink.call))
    .map((sink): ModelRule => ({ call: sink.call, where: {}, flow: [], drop: [], turns: '', origin: '', at: sink.at }));
  return [...rules.models, ...silent];
}

function outsidePatterns(rules: LinkInput['rules']): string[] {
  const patterns = [
    ...rules.types.flatMap((rule) => rule.from),
    ...[...rules.sinks, ...rules.responses, ...rules.models].map((rule) => rule.call),
  ];
  return patterns.filter((pattern) => isOutside(pattern) || pattern.includes('=(') || pattern.includes('?('));
}

function seedObjects(tree: Tree, pointsTo: PointsTo): void {
  const own = new Set<number>([nodeKinds.object, nodeKinds.array, nodeKinds.exports]);
  tree.kinds.forEach((kind, node) => {
    if (own.has(kind)) pointsTo.seed(node, { kind: 'object', node });
    else if (kind === nodeKinds.global)
      pointsTo.seedPath(node, apiPath('global', [tree.strings[tree.names[node] ?? 0] ?? '']));
  });
  const classNodes = new Set(tree.classes.map((cls) => cls.node));
  tree.functions.forEach((one, func) => {
    if (one.node >= 0 && !classNodes.has(one.node)) pointsTo.seed(one.node, { kind: 'function', func });
  });
  tree.classes.forEach((cls, index) => {
    pointsTo.seed(cls.node, { kind: 'class', cls: index });
    for (const func of [cls.ctor, ...cls.members.filter((one) => !one.isStatic).map((one) => one.func)]) {
      pointsTo.seed(tree.functions[func]?.self ?? -1, { kind: 'instance', cls: index });
    }
    for (const member of cls.members) {
      if (member.isStatic) pointsTo.seed(tree.functions[member.func]?.self ?? -1, { kind: 'class', cls: index });
    }
    // An instance of a class that extends a library's class is an instance of that class, too.
    if (cls.base >= 0) pointsTo.addCopy(cls.base, tree.functions[cls.ctor]?.self ?? -1);
    for (const member of cls.members) pointsTo.addCopy(cls.base, tree.functions[member.func]?.self ?? -1);
  });
}

// A method stays where its decorator puts no other function in its place.
function placeDecorated({ graph: { tree }, pointsTo, done }: ModelState): void {
  const functionsAt = (node: number): number[] =>
    pointsTo
      .tokensOf(node)
      .flatMap((token) => (token.kind === 'function' || token.kind === 'partial' ? [token.func] : []));
  tree.files.forEach((file, i) => {
    const offset = tree.bases[i] ?? 0;
    for (const record of file.decorations) {
      const node = record.node + offset;
      const before = new Set(functionsAt(record.before + offset));
      const isDescribed = functionsAt(record.described + offset).some((func) => !before.has(func));
      const isReturned = functionsAt(record.returned + offset).length > 0;
      const chosen = isReturned ? record.returned : isDescribed ? record.described : record.before;
      const key = `decorated:${node}:${chosen}`;
      if (done.has(key)) continue;
      done.add(key);
      tree.edge('copy', chosen + offset, node, 0);
      settle(tree, pointsTo);
    }
  });
}

// super(…) calls the constructor of the base class.
function connectSuper(graph: CallGraph, pointsTo: PointsTo): void {
  const { tree } = graph;
  tree.calls.forEach((call, index) => {
    if (call.name !== 'super' || call.callee >= 0) return;
    const base = tree.classes[tree.functions[call.owner]?.cls ?? -1]?.base ?? -1;
    for (const token of base < 0 ? [] : pointsTo.tokensOf(base)) {
      if (token.kind === 'class' || token.kind === 'function') connectCallee(graph, pointsTo, index, token);
      else if (token.kind === 'api') graph.paths[index]?.add(token.path);
    }
  });
}
