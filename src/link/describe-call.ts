// What the rules say of a call: its types and models, found by the library path, the name and the arguments.

import { matchesWildcard } from '../model/api-path.ts';
import type { CallIndex, CallShape } from '../model/call-index.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { LinkedCall } from '../model/program.ts';
import type { ModelRule, TypeRule } from '../model/rule.ts';
import { applyDefault } from './apply-default.ts';
import { applyModel } from './apply-models.ts';
import type { CallGraph } from './connect.ts';
import { newsHeldBy } from './instances.ts';
import type { ModelState } from './model-places.ts';
import { bindNames, callbacksOf } from './model-places.ts';
import { builtInMembers } from './tokens.ts';
import type { Tree } from './tree.ts';
import { turnsOf } from './turns.ts';
import { handlersOf } from './wrapped.ts';

// What a call looks like to a pattern.
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

/** Applies the types and models that fit a call; gives the models. A call that none fits passes its arguments on, in late rounds. */
export function describeCall(
  state: ModelState,
  index: number,
  models: CallIndex<ModelRule>,
  types: CallIndex<TypeRule>,
  exportPaths: ReadonlyMap<number, readonly string[]>,
  isDefaultRound: () => boolean,
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
  if (!shape.isOwn && isDefaultRound()) applyDefault(state, index, typed.length === 0);
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
    for (const { func, bound } of handlersOf(state, argument)) {
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

/** The call as the search reads it. */
export function finishCall(
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
    classes: classesOf(state, index),
    paths: shape.paths,
    chain: shape.chain,
    models,
    callbacks: call.args.map((argument) => callbacksOf(state, argument).map(({ func }) => func)),
    turns: turnsOf(state, index, models),
  };
}

// Of the receiver of a call that may run several functions: those of the objects that it is seen to hold, whatever type it
// was declared with.
function classesOf({ graph, pointsTo, shared }: ModelState, index: number): readonly number[] {
  const { tree, targets } = graph;
  const receiver = tree.calls[index]?.receiver ?? -1;
  if (receiver < 0 || (targets[index]?.size ?? 0) < 2) return [];
  const made = [...(newsHeldBy(tree, shared.incoming, receiver) ?? [])];
  const tokens = (made.length > 0 ? made : [receiver]).flatMap((node) => pointsTo.tokensOf(node));
  const classes = tokens.flatMap((token) => (token.kind === 'instance' ? [token.cls] : []));
  return classes.length === tokens.length ? classes : [];
}

/** A function of the tree's own that somebody else calls. */
export function isOutside(pattern: string): boolean {
  return pattern.startsWith('implemented:') || pattern.startsWith('exported#');
}
