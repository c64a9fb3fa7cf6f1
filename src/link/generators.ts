// What is sent into a generator: `next(v)` and `throw(e)` reach the `yield` of the body that made the generator's object.
// The first `next` starts the body; what the second one gives is what the first `yield` gives back, and so on.

import { anyElement, generatorFields } from '../model/flow-graph.ts';
import { fieldOfPlaces, labelOfMove, movedFrom } from '../model/list-places.ts';
import { programOps } from '../model/program.ts';
import type { CallGraph } from './connect.ts';
import { generatorPath } from './connect.ts';
import type { Incoming } from './incoming.ts';
import type { PointsTo } from './points-to.ts';

const nextPath = `${generatorPath}.next`;
const throwPath = `${generatorPath}.throw`;

/** More steps back than this to where a generator was made are not counted. */
const maxSteps = 64;

/** Adds the edges; to be called when calls are connected. */
export function connectGenerators(graph: CallGraph, pointsTo: PointsTo, incoming: Incoming): void {
  const { tree, targets, paths } = graph;
  const called = new Set(targets.flatMap((list) => [...list]));
  const field = (name: string): number => tree.string(name);
  tree.calls.forEach((call, index) => {
    const [value = -1] = call.args;
    const isNext = paths[index]?.has(nextPath) ?? false;
    if (value < 0 || !(isNext || paths[index]?.has(throwPath))) return;
    for (const token of pointsTo.tokensOf(call.receiver)) {
      if (token.kind !== 'object') continue;
      if (!isNext) tree.edge('store', value, token.node, field(generatorFields.thrown));
      else {
        const before = nextsBefore(graph, incoming, call.receiver, token.node);
        if (before === 0) continue;
        const given = tree.node(value, call.owner);
        const place = before === undefined ? anyElement : fieldOfPlaces({ from: before - 1, to: before });
        tree.edge('store', value, given, field(place));
        tree.edge('store', given, token.node, field(generatorFields.given));
      }
    }
  });
  // Who runs a generator that is given away (`co`, a saga) sends back what it has yielded.
  tree.functions.forEach((func, index) => {
    if (func.generator < 0 || called.has(index)) return;
    const yielded = tree.node(func.generator, index);
    tree.edge('move', func.ret, yielded, field(labelOfMove(movedFrom(0))));
    tree.edge('store', yielded, func.generator, field(generatorFields.given));
  });
}

// How many calls of `next` a generator has seen since it was made; undefined where that is not known.
function nextsBefore({ tree, paths }: CallGraph, incoming: Incoming, start: number, made: number): number | undefined {
  let count = 0;
  let at = start;
  for (let steps = 0; steps < maxSteps && at !== made; steps++) {
    const version = incoming.callOf(at);
    if (version) {
      if (version.position >= 0 || !paths[version.call]?.has(nextPath)) return undefined;
      count++;
      at = incoming.before(at);
      continue;
    }
    const [only, ...others] = incoming.of(at);
    if (only === undefined || others.length > 0 || tree.edges[only] !== programOps.copy) return undefined;
    at = tree.edges[only + 1] ?? -1;
  }
  return at === made ? count : undefined;
}
