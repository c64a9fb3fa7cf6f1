// Changes of objects: `o.f = v`, and what a call left of what it was given → new versions of the variable,
// and of every other variable that stands for the same object (`env.ts`).

import type { ts } from 'ts-morph';
import { anyElement } from '../model/flow-graph.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, foreignOf, isLocal, mergeNode, readVariable, setVersion, spanOf } from './context.ts';
import type { Change, Place, VariablePath } from './env.ts';
import { forgetPath, placesOf } from './env.ts';
import { capturedOf } from './facts.ts';
import { keepsField } from './frozen.ts';
import { settle, unsettleInside } from './settled.ts';
import { withPart } from './shapes.ts';
import type { Variable } from './variables.ts';

/** path = leaf. Other fields of the objects on the way stay; other names of the object see the change. */
export function writePath(
  walker: Walker,
  context: FunctionContext,
  path: VariablePath,
  leaf: number,
  at: ts.Node,
  change: Change = 'assigned',
): void {
  if (change === 'assigned' && keepsField(walker, context, path)) return;
  const places = placesOf(context.env.aliases, path, change);
  for (const place of places) {
    // What a call may have changed inside an object reaches the variables of other functions by their own objects.
    if (place.inside.length > 0 && !isLocal(context, place.path.root)) continue;
    if (change === 'assigned') forgetPath(context.env, place.path, place.isWeak);
    const value = change === 'assigned' || !place.isWeak ? leaf : changedPart(walker, context, leaf, place, at);
    writePlace(walker, context, place, value, at, change);
  }
  if (path.fields.length > 0) unsettleInside(context, places);
}

/** path = leaf, for this name of the object alone. */
export function writeAlone(
  walker: Walker,
  context: FunctionContext,
  path: VariablePath,
  leaf: number,
  at: ts.Node,
): void {
  writePlace(walker, context, { path, isWeak: false, inside: [] }, leaf, at);
}

/** A variable after a call that was handed it: it may hold another object now, so that its other names are not certain. */
export function writeHanded(
  walker: Walker,
  context: FunctionContext,
  variable: Variable,
  after: number,
  at: ts.Node,
): void {
  const [, ...others] = placesOf(context.env.aliases, { root: variable, fields: [] }, 'called');
  for (const place of others) {
    const part = changedPart(walker, context, after, place, at);
    writePlace(walker, context, { ...place, isWeak: true }, part, at);
  }
  setVersion(walker, context, variable, after, spanOf(walker, at));
}

// What the call changed of the object, without what it only kept.
function changedPart(walker: Walker, context: FunctionContext, after: number, place: Place, at: ts.Node): number {
  let value = addNode(walker, context, 'value', at);
  walker.builder.changed(after, value);
  for (const field of place.inside) {
    const inner = addNode(walker, context, 'value', at);
    walker.builder.load(value, inner, field);
    value = inner;
  }
  return value;
}

function writePlace(
  walker: Walker,
  context: FunctionContext,
  place: Place,
  leaf: number,
  at: ts.Node,
  change: Change = 'called',
): void {
  const { builder } = walker;
  const { path } = place;
  const isAssigned = change === 'assigned';
  const span = spanOf(walker, at);
  const known = context.env.settled.get(path.root);
  if (isLocal(context, path.root)) {
    setVersion(walker, context, path.root, writeOwn(walker, context, place, leaf, at, isAssigned), span);
    if (path.root.shared) settle(context.env, path.root, known ?? 'inside');
    return;
  }
  const captured = capturedOf(walker.facts, path.root);
  if (isAssigned || path.fields.length > 0) captured.isChanged = true;
  else captured.handed.add(leaf);
  let value = leaf;
  for (let i = path.fields.length - 1; i > 0; i--) {
    const holder = addNode(walker, context, 'after', at);
    builder.store(value, holder, path.fields[i] ?? anyElement);
    value = holder;
  }
  const cell = foreignOf(walker, path.root, span);
  // Of what is put in on one way only, the cell does not know the way.
  if (context.env.tests.length > 0) {
    const tested = addNode(walker, context, 'value', at);
    builder.copy(value, tested, context.env.tests);
    const key = builder.keyOf(value);
    if (key >= 0) builder.setKey(tested, key);
    value = tested;
  }
  if (path.fields.length > 0) builder.store(value, cell, path.fields[0] ?? anyElement);
  else builder.copy(value, cell);
  if (!known && (change === 'called' || place.isWeak)) return;
  context.env.set(path.root, writeOwn(walker, context, place, leaf, at, isAssigned));
  settle(context.env, path.root, known ?? 'inside');
}

/** An object without the field of a computed key, wherever that key is known. */
export function withoutKey(walker: Walker, context: FunctionContext, object: number, key: number, at: ts.Node): number {
  const { builder } = walker;
  const cut = addNode(walker, context, 'after', at);
  builder.except(object, cut, []);
  builder.setKey(cut, key);
  return cut;
}

// root' = root except f; root'.f = (root.f except g); root'.f.g = leaf; root'[] = { g: leaf }
function writeOwn(
  walker: Walker,
  context: FunctionContext,
  { path, isWeak }: Place,
  leaf: number,
  at: ts.Node,
  isAssigned: boolean,
): number {
  const { builder } = walker;
  const before = readVariable(walker, context, path.root, spanOf(walker, at));
  if (path.fields.length === 0) return isWeak ? mergeNode(walker, context, path.root, [before, leaf], at) : leaf;
  // What lies in an element at an unknown place is kept at its own place: only what is new of it stands there.
  const unknown = path.fields.indexOf(anyElement);
  const last = unknown < 0 ? path.fields.length - 1 : unknown;
  const holders = [before];
  for (const field of path.fields.slice(0, last)) {
    const inner = addNode(walker, context, 'after', at);
    builder.load(holders[holders.length - 1] ?? 0, inner, field);
    holders.push(inner);
  }
  let value = leaf;
  for (const field of path.fields.slice(last + 1).reverse()) {
    const added = addNode(walker, context, 'after', at);
    builder.store(value, added, field);
    value = added;
  }
  for (let i = last; i >= 0; i--) {
    const field = path.fields[i] ?? anyElement;
    const changed = addNode(walker, context, 'after', at);
    const isLast = i === path.fields.length - 1;
    const isKept = field === anyElement || (isWeak && isLast);
    // What a call was given stays there, whatever it did to it.
    const isReplaced = isAssigned && isLast && !isWeak;
    const key = isReplaced && field === anyElement ? builder.keyOf(leaf) : -1;
    if (isKept)
      builder.copy(key < 0 ? (holders[i] ?? 0) : withoutKey(walker, context, holders[i] ?? 0, key, at), changed);
    else builder.except(holders[i] ?? 0, changed, [field]);
    builder.store(value, changed, field);
    const part = isKept ? undefined : builder.shapeOf(value);
    builder.setShape(changed, withPart(builder.shapeOf(holders[i] ?? -1), field, part));
    value = changed;
  }
  return value;
}
