// `yield` → what the generator's object holds, and what `next(v)` gives back to it.

import type { ts } from 'ts-morph';
import { generatorFields } from '../model/flow-graph.ts';
import type { Places } from '../model/list-places.ts';
import { fieldOfPlaces, movedFrom } from '../model/list-places.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, noteWait } from './context.ts';
import { noteFailing } from './failing.ts';
import { stir } from './settled.ts';

/** given = yield v  →  return[] = v; given = what `next` is called with */
export function walkYield(walker: Walker, node: ts.YieldExpression, context: FunctionContext): number {
  const { builder } = walker;
  const value = node.expression ? walker.expression(node.expression, context) : -1;
  const given = addNode(walker, context, 'value', node, 'yield');
  const thrown = addNode(walker, context, 'value', node);
  builder.load(context.generator, thrown, generatorFields.thrown);
  builder.copy(thrown, context.caught);
  stir(context.env, 'turn');
  noteWait(walker, context);
  noteFailing(walker, context);
  if (value >= 0 && node.asteriskToken) {
    // given = yield* inner  →  what the inner one yields, and what it returns in the end
    const at = context.yields.get(node);
    builder.move(value, context.ret, movedFrom(0, at ?? context.yields.size, at === undefined ? 'loose' : 'same'));
    builder.load(value, given, generatorFields.returned);
    for (const field of [generatorFields.given, generatorFields.thrown]) {
      const passed = addNode(walker, context, 'value', node);
      builder.load(context.generator, passed, field);
      builder.store(passed, value, field);
    }
    return given;
  }
  const place = context.yields.get(node);
  const places = place === undefined ? { from: context.yields.size, to: Number.POSITIVE_INFINITY } : placesAt(place);
  if (value >= 0) builder.store(value, context.ret, fieldOfPlaces(places));
  builder.load(context.generator, given, generatorFields.given);
  return given;
}

function placesAt(place: number): Places {
  return { from: place, to: place + 1 };
}

/** Where each value stands among those that a generator yields: as long as its statements run one after the other. */
export function placesOfYields(walker: Walker, func: ts.Node): ReadonlyMap<ts.Node, number> {
  const { ts } = walker;
  const places = new Map<ts.Node, number>();
  const { body } = func as ts.FunctionLikeDeclaration;
  for (const statement of body && ts.isBlock(body) ? body.statements : []) {
    const yields = yieldsIn(walker, statement);
    const [only] = yields;
    if (!only) continue;
    const isPlain = ts.isExpressionStatement(statement) || ts.isVariableStatement(statement);
    if (yields.length > 1 || !isPlain) break;
    places.set(only, places.size);
    if (only.asteriskToken) break;
  }
  return places;
}

function yieldsIn({ ts }: Walker, start: ts.Node): ts.YieldExpression[] {
  const found: ts.YieldExpression[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isYieldExpression(node)) found.push(node);
    ts.forEachChild(node, look);
  };
  look(start);
  return found;
}
