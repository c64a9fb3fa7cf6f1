// The files' graphs → one Program: modules joined, calls resolved, library calls turned into edges.
// Knows the rules' types and models, nothing about sources and sinks.

import { apiPath, matchesWildcard } from '../model/api-path.ts';
import type { CallIndex, CallShape } from '../model/call-index.ts';
import { indexCalls } from '../model/call-index.ts';
import type { FileGraph } from '../model/flow-graph.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { ModelRule, TypeRule } from '../model/rule.ts';
import { connectGetters, connectSetters } from './accessors.ts';
import { applyDefault } from './apply-default.ts';
import { applyModel } from './apply-models.ts';
import { connectChanged } from './changed.ts';
import type { CallGraph } from './connect.ts';
import { connectCallee, connectHanded, connectInstances, keepUnchanged } from './connect.ts';
import { freeze } from './freeze.ts';
import { connectGenerators } from './generators.ts';
import { connectHeap } from './heap.ts';
import { connectImplicit, narrowTexts } from './implicit.ts';
import type { Incoming } from './incoming.ts';
import { Modules, nameExports } from './join-modules.ts';
import type { LinkInput } from './link-input.ts';
import type { ModelState } from './model-places.ts';
import { bindNames, callbacksOf } from './model-places.ts';
import { OutsideCalls } from './outside.ts';
import { builtInMembers, PointsTo } from './points-to.ts';
import type { Reads } from './reads.ts';
import { SharedPlaces } from './shared.ts';
import { connectTraps } from './traps.ts';
import { Tree } from './tree.ts';
import { turnsOf } from './turns.ts';
import { seedParameters, seedTypes } from './type-evidence.ts';

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
  const models = indexCalls(modelsOf(input.rules), (rule) => [rule.call]);
  const rounds = new Rounds(tree.reads);
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
    if (round === 1) seedParameters(tree, pointsTo, input.rules.types, modules.packages);
    outside.connect();
    settle(tree, pointsTo);
    rounds.current = round;
    tree.calls.forEach((_, index) => {
      const callees = (graph.paths[index]?.size ?? 0) * 2 ** 20 + (graph.targets[index]?.size ?? 0);
      described.redo(index, callees, () => {
        const known = tree.edges.length;
        matched[index] = describeCall(state, index, models, types, exportPaths, rounds);
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
  connectGenerators(graph, pointsTo);
  connectInstances(graph, pointsTo);
  seedInstances(graph, pointsTo, shared.incoming);
  connectSetters(state, shared.fileEdges);
  connectGetters(graph, pointsTo);
  connectTraps(state, shared.fileEdges);
  const changes = connectChanged(tree, shared.incoming);
  keepUnchanged(graph);
  narrowTexts(state);
  const changesLeft = connectHeap(graph, pointsTo, changes);
  const calls = tree.calls.map((_, index): LinkedCall => finishCall(state, index, matched[index] ?? [], exportPaths));
  const program = freeze(tree, pointsTo, calls, modules.packages, modules.unresolved, shared.handles);
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
  const silent = rules.sinks
    .filter((sink) => sink.call.includes('#') && !rules.models.some((model) => model.call === sink.call))
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

// A function of the tree's own that somebody else calls.
function isOutside(pattern: string): boolean {
  return pattern.startsWith('implemented:') || pattern.startsWith('exported#');
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

/** What a call looks like to a pattern. */
function shapeOf(graph: CallGraph, index: number, exportPaths: ReadonlyMap<number, readonly string[]>): CallShape {
  const { tree } = graph;
  const call = tree.calls[index];
  const targets = [...(graph.targets[index] ?? [])];
  const known = [...(graph.paths[index] ?? [])];
  // What a host calls is the export, not the bot's own use of it.
  const exported = known.some(isOutside) ? [] : targets.flatMap((func) => exportPaths.get(func) ?? []);
  const paths = [...known, ...exported];
  const name = call?.name ?? '';
  return { paths, name, chain: chainOf(tree, index), isMethod: (call?.receiver ?? -1) >= 0, isOwn: targets.length > 0 };
}

// client.chat.postMessage  →  chat, client
function chainOf(tree: Tree, index: number): string[] {
  const names: string[] = [];
  let node = tree.calls[index]?.receiver ?? -1;
  while (node >= 0 && names.length < 4) {
    names.push(tree.strings[tree.names[node] ?? 0] ?? '');
    node = tree.kinds[node] === nodeKinds.member ? tree.baseOf(node) : -1;
  }
  return names;
}

function describeCall(
  state: ModelState,
  index: number,
  models: CallIndex<ModelRule>,
  types: CallIndex<TypeRule>,
  exportPaths: ReadonlyMap<number, readonly string[]>,
  rounds: Rounds,
): readonly ModelRule[] {
  const shape = shapeOf(state.graph, index, exportPaths);
  const typed = types.match(shape);
  for (const { pattern, rule } of typed) applyType(state, index, pattern, rule);
  const { args = [], receiver = -1 } = state.graph.tree.calls[index] ?? {};
  const isFunction =
    builtInMembers.has(shape.name) &&
    shape.paths.some(isOfPackage) &&
    state.pointsTo.tokensOf(receiver).every((token) => token.kind === 'api');
  const found = models
    .match(shape)
    .filter(({ pattern }) => !isFunction || pattern.target.kind !== 'method')
    .filter(({ pattern, rule }) => fitsWhere(state, args, pattern, rule));
  if (found.length > 0) {
    for (const { pattern, rule } of found) applyModel(state, index, pattern, rule);
    return found.map(({ rule }) => rule);
  }
  if (!shape.isOwn && rounds.isPast(firstDefaultRound)) applyDefault(state, index, typed.length === 0);
  return [];
}

// _.trim(text) is no method of a text.
function isOfPackage(path: string): boolean {
  return /^(?!global#)[^#]+#[^.()]+$/.test(path);
}

// bot.command(…, handler(ctx))  →  ctx is a telegraf.Context
function applyType(state: ModelState, index: number, pattern: Parameters<typeof bindNames>[0], rule: TypeRule): void {
  const { tree } = state.graph;
  const call = tree.calls[index];
  if (!call) return;
  if (!fitsWhere(state, call.args, pattern, rule)) return;
  const values = [...bindNames(pattern).values()];
  const given = [...(state.graph.paths[index] ?? [])].some(isOutside) ? values.at(-1) : undefined;
  if (given) {
    state.pointsTo.seed(call.args[given.argument] ?? -1, { kind: 'api', path: rule.type });
    return;
  }
  const value = values.findLast((one) => one.parameter >= 0);
  if (!value) {
    state.pointsTo.seed(call.node, { kind: 'api', path: rule.type });
    return;
  }
  call.args.forEach((argument, i) => {
    if (value.rest ? i < value.argument : i !== value.argument) return;
    for (const { func, bound } of callbacksOf(state, argument)) {
      const param = tree.functions[func]?.params[value.parameter + bound] ?? -1;
      if (param >= 0) state.pointsTo.seed(param, { kind: 'api', path: rule.type });
    }
  });
}

// client.on('messageCreate', handler): which event it is, says what the handler is given; an unknown event may be any.
function fitsWhere(
  state: ModelState,
  args: readonly number[],
  pattern: Parameters<typeof bindNames>[0],
  rule: TypeRule | ModelRule,
): boolean {
  const names = bindNames(pattern);
  return Object.entries(rule.where).every(([name, wanted]) => {
    const argument = args[names.get(name)?.argument ?? -1];
    if (argument === undefined) return false;
    // `Events.MessageCreate`: a library's constant is known by its name.
    const constants = state.pointsTo
      .tokensOf(argument)
      .flatMap((token) => (token.kind === 'api' ? [token.path.replace(/^.*[.#]/, '')] : []));
    const texts = constants.length > 0 ? constants : state.shared.keysAt(argument, []);
    return texts.some(
      (text) => (state.isLate && text.includes('*')) || wanted.some((one) => matchesWildcard(one, text)),
    );
  });
}

// A declared type, or a variable that everybody shares, stands for all instances of its class, unless it is seen to hold one
// that was made for it.
function seedInstances({ tree }: CallGraph, pointsTo: PointsTo, incoming: Incoming): void {
  for (let node = 0; node < tree.extra; node++) {
    const kind = tree.kinds[node];
    if (kind !== nodeKinds.cell && kind !== nodeKinds.parameter) continue;
    const tokens = pointsTo.tokensOf(node);
    const instances = tokens.flatMap((token) => (token.kind === 'instance' ? [token.cls] : []));
    // A library calls the methods of what extends its class, whichever instance that is.
    const isOwn = kind === nodeKinds.cell && tokens.every((token) => token.kind !== 'api');
    const isOne = instances.length > 0 && kind === nodeKinds.cell && holdsOneMade(tree, incoming, node);
    if (instances.length === 0 || (isOwn && isOne)) continue;
    const any = isOne ? tree.node(node, tree.owners[node] ?? 0) : node;
    for (const cls of instances) tree.edge('root', tree.classes[cls]?.instance ?? -1, any, 0);
    // It is known which object it is, and not what the library has made of it.
    if (isOne) tree.edge('inherit', any, node, 0);
  }
}

// const drafts = new Storage()  →  all versions of the variable are the object of this one `new`
function holdsOneMade(tree: Tree, incoming: Incoming, cell: number): boolean {
  const seen = new Set([cell]);
  const made = new Set<number>();
  for (const node of seen) {
    if (tree.newCalls.has(node)) {
      made.add(node);
      continue;
    }
    const before = incoming.before(node);
    const from = incoming.of(node).flatMap((i) => {
      const op = tree.edges[i];
      if (op === programOps.load) return exportedAs(tree, incoming, i);
      return op === programOps.copy || op === programOps.same ? [tree.edges[i + 1] ?? 0] : [];
    });
    if (before >= 0) from.push(before);
    if (from.length === 0 || made.size > 1) return false;
    for (const one of from) seen.add(one);
  }
  return made.size === 1;
}

// import { drafts } from './drafts.js'  →  what that file exports under the name
function exportedAs(tree: Tree, incoming: Incoming, load: number): number[] {
  const { edges, kinds } = tree;
  const imported = edges[load + 1] ?? 0;
  if (kinds[imported] !== nodeKinds.import) return [];
  const modules = incoming.of(imported).map((i) => edges[i + 1] ?? 0);
  if (!modules.every((node) => kinds[node] === nodeKinds.exports)) return [];
  return modules.flatMap((node) =>
    incoming.of(node).flatMap((i) => {
      const isNamed = edges[i] === programOps.store && edges[i + 3] === edges[load + 3];
      return isNamed ? [edges[i + 1] ?? 0] : [];
    }),
  );
}

function finishCall(
  state: ModelState,
  index: number,
  models: readonly ModelRule[],
  exportPaths: ReadonlyMap<number, readonly string[]>,
): LinkedCall {
  const { tree } = state.graph;
  const shape = shapeOf(state.graph, index, exportPaths);
  const call = tree.calls[index] as Tree['calls'][number];
  return {
    ...call,
    isRearranged: state.graph.rearranged.has(index),
    targets: [...(state.graph.targets[index] ?? [])],
    paths: shape.paths,
    chain: shape.chain,
    models,
    callbacks: call.args.map((argument) => callbacksOf(state, argument).map(({ func }) => func)),
    turns: turnsOf(state, index, models),
  };
}
