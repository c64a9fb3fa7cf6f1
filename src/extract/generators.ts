// `yield` → what the generator's object holds, and what `next(v)` gives back to it.

import type { ts } from 'ts-morph';
import { generatorFields } from '../model/flow-graph.ts';
import type { Places } from '../model/list-places.ts';
import { fieldOfPlaces, movedFrom } from '../model/list-places.ts';
import type { FunctionContext, Walker, YieldPlace } from './context.ts';
import { addNode, noteWait } from './context.ts';
import { noteFailing } from './failing.ts';
import { payOwed } from './owed.ts';
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
  payOwed(walker, context, node);
  noteWait(walker, context);
  noteFailing(walker, context);
  if (value >= 0 && node.asteriskToken) {
    // given = yield* inner  →  what the inner one yields, and what it returns in the end
    const at = context.yields.get(node)?.place;
    builder.move(value, context.ret, movedFrom(0, at ?? context.yields.size, at === undefined ? 'loose' : 'same'));
    builder.load(value, given, generatorFields.returned);
    const passed = addNode(walker, context, 'value', node);
    builder.load(context.generator, passed, generatorFields.thrown);
    builder.store(passed, value, generatorFields.thrown);
    const taken = addNode(walker, context, 'value', node);
    const shifted = addNode(walker, context, 'value', node);
    builder.load(context.generator, taken, generatorFields.given);
    builder.move(taken, shifted, movedFrom(at ?? context.yields.size, 0, at === undefined ? 'loose' : 'same'));
    builder.store(shifted, value, generatorFields.given);
    return given;
  }
  const each = context.yields.get(node)?.each;
  const list = each && walker.facts.walked.get(each);
  const place = context.yields.get(node)?.place;
  if (list !== undefined) builder.move(list, context.ret, movedFrom(0, place ?? 0));
  const places = place === undefined ? { from: context.yields.size, to: Number.POSITIVE_INFINITY } : placesAt(place);
  if (value >= 0 && list === undefined) builder.store(value, context.ret, fieldOfPlaces(places));
  const taken = addNode(walker, context, 'value', node);
  builder.load(context.generator, taken, generatorFields.given);
  builder.load(taken, given, fieldOfPlaces(places));
  return given;
}

function placesAt(place: number): Places {
  return { from: place, to: place + 1 };
}

/** Where each value stands among those that a generator yields: as long as its statements run one after the other. */
export function placesOfYields(walker: Walker, func: ts.Node): ReadonlyMap<ts.Node, YieldPlace> {
  const { ts } = walker;
  const places = new Map<ts.Node, YieldPlace>();
  const { body } = func as ts.FunctionLikeDeclaration;
  for (const statement of body && ts.isBlock(body) ? body.statements : []) {
    const yields = yieldsIn(walker, statement);
    const [only] = yields;
    if (!only) continue;
    const each = isEach(walker, statement, only) ? statement : undefined;
    const isPlain = ts.isExpressionStatement(statement) || ts.isVariableStatement(statement);
    if (yields.length > 1 || !(isPlain || each)) break;
    places.set(only, { place: places.size, each });
    // How many values come from a list is not known.
    if (only.asteriskToken || each) break;
  }
  return places;
}

// for (const row of rows) yield row
function isEach({ ts }: Walker, node: ts.Statement, only: ts.YieldExpression): node is ts.ForOfStatement {
  if (!ts.isForOfStatement(node) || !ts.isVariableDeclarationList(node.initializer) || !only.expression) return false;
  const [variable] = node.initializer.declarations;
  const { statement } = node;
  const [first, ...others] = ts.isBlock(statement) ? statement.statements : [statement];
  if (!first || others.length > 0 || !ts.isExpressionStatement(first) || first.expression !== only) return false;
  const { expression, asteriskToken } = only;
  if (!variable || asteriskToken || !ts.isIdentifier(variable.name) || !ts.isIdentifier(expression)) return false;
  return variable.name.text === expression.text;
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
