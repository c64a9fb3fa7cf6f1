// Which paths mean the same object, so that a change of one is seen through the other:
// `const p = o.items`, `const o = { a }`, `o.a = a`, `list.push(a)`, `const { items } = o`, `for (const row of rows)`,
// `c ? a : b` (which may be either), `{ ...o }` (whose fields are the same).
// Knows what is written, not what it means: the versions are made in `writes.ts`.

import type { ts } from 'ts-morph';
import { anyElement, mapValues } from '../model/flow-graph.ts';
import { foldCondition } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { variableOf } from './context.ts';
import type { Alias, VariablePath } from './env.ts';
import { isSamePath, placesOf, rememberAlias, weakenPath } from './env.ts';
import { pathOf, propertyKey } from './patterns.ts';
import { answersOnTheSpot, inAnswer, onlyAnswerOnTheSpot } from './spot-answers.ts';
import { isTransparent } from './syntax.ts';
import type { Variable } from './variables.ts';

const maxDepth = 4;

/** What a value may be: another name of an object, or a copy that shares its fields. */
interface Name {
  readonly path: VariablePath;
  readonly isWeak: boolean;
  readonly copied?: Alias['copied'];
}

/** name = initializer */
export function noteDeclared(
  walker: Walker,
  name: ts.BindingName,
  initializer: ts.Expression,
  context: FunctionContext,
): void {
  const { ts } = walker;
  if (ts.isIdentifier(name)) {
    const root = variableOf(context, name.text);
    if (root) noteValue(walker, { root, fields: [] }, initializer, context);
    return;
  }
  for (const { path, isWeak, copied } of namesOf(walker, initializer, context))
    if (!copied) notePattern(walker, name, path, isWeak, context);
}

// const { items: p, ...rest } = o  →  p stands for o.items, and rest is a copy
function notePattern(
  walker: Walker,
  name: ts.BindingName,
  path: VariablePath,
  isWeak: boolean,
  context: FunctionContext,
): void {
  const { ts } = walker;
  if (ts.isIdentifier(name)) {
    const root = variableOf(context, name.text);
    if (root) remember(walker, { root, fields: [] }, { path, isWeak }, context);
    return;
  }
  if (path.fields.length >= maxDepth) return;
  const taken: string[] = [];
  name.elements.forEach((element, i) => {
    if (!ts.isBindingElement(element)) return;
    const isArray = ts.isArrayBindingPattern(name);
    if (element.dotDotDotToken) {
      const root = ts.isIdentifier(element.name) && variableOf(context, element.name.text);
      if (root)
        remember(
          walker,
          { root, fields: [] },
          { path, isWeak, copied: isArray ? 'places' : 'fields' },
          context,
          undefined,
          taken,
        );
      return;
    }
    const key = element.propertyName ?? (ts.isIdentifier(element.name) ? element.name : undefined);
    const field = isArray ? String(i) : key ? propertyKey(walker, key, context) : anyElement;
    if (!isArray) taken.push(field);
    const isPart = isWeak || Boolean(element.initializer);
    notePattern(walker, element.name, { root: path.root, fields: [...path.fields, field] }, isPart, context);
  });
}

/** name = value, where the value stands in another scope than the name. */
export function noteGiven(walker: Walker, root: Variable, value: ts.Expression, context: FunctionContext): void {
  noteValue(walker, { root, fields: [] }, value, context);
}

/** target = value, where the target may be a field; `before` is what was the same before the assignment. */
export function noteAssigned(
  walker: Walker,
  target: ts.Expression,
  value: ts.Expression,
  context: FunctionContext,
  before: readonly Alias[],
): void {
  const path = pathOf(walker, target, context);
  if (path) noteValue(walker, path, value, context, before);
}

/** At the head of a loop: target = value may have been done on the turn before. */
export function notePossible(
  walker: Walker,
  target: ts.Identifier,
  value: ts.Expression,
  context: FunctionContext,
): void {
  const root = variableOf(context, target.text);
  if (!root || !context.env.has(root)) return;
  const { aliases } = context.env;
  weakenPath(context.env, { root, fields: [] });
  for (const name of namesOf(walker, value, context))
    remember(walker, { root, fields: [] }, { ...name, isWeak: true }, context, aliases);
}

/** for (const name of iterated)  →  name stands for an element */
export function noteEach(
  walker: Walker,
  name: ts.BindingName,
  iterated: ts.Expression,
  context: FunctionContext,
): void {
  const { ts } = walker;
  const pairs = pairsOf(walker, iterated, context);
  const value = ts.isArrayBindingPattern(name) ? name.elements[1] : undefined;
  if (value && ts.isBindingElement(value) && pairs.length > 0)
    for (const { path, isWeak } of pairs) notePattern(walker, value.name, path, isWeak, context);
  for (const { path, isWeak } of elementsOf(walker, iterated, context))
    notePattern(walker, name, path, isWeak, context);
}

// rows; Object.values(rows), map.values(): their elements
function elementsOf(walker: Walker, iterated: ts.Expression, context: FunctionContext): Name[] {
  const listed = listedBy(walker, iterated, context);
  if (listed?.method === 'entries') return [];
  if (listed?.method === 'values')
    return namesOf(walker, listed.of, context).map((name) =>
      below(name, listed.isObject ? [anyElement] : [mapValues, anyElement]),
    );
  return namesOf(walker, iterated, context).map((name) => below(name, [anyElement]));
}

// The values of the pairs of Object.entries(rows), rows.entries(), and of a map.
function pairsOf(walker: Walker, iterated: ts.Expression, context: FunctionContext): Name[] {
  const listed = listedBy(walker, iterated, context);
  if (listed?.method === 'values') return [];
  const names = namesOf(walker, listed ? listed.of : iterated, context);
  const ofMap = names.map((name) => below(name, [mapValues, anyElement]));
  const ofList = names.map((name) => below(name, [anyElement]));
  return listed?.isObject ? ofList : listed ? [...ofMap, ...ofList] : ofMap;
}

function below({ path, isWeak }: Name, fields: readonly string[]): Name {
  return { path: { root: path.root, fields: [...path.fields, ...fields] }, isWeak };
}

// Object.values(o), Object.entries(o), list.entries(), map.values()
function listedBy(
  walker: Walker,
  node: ts.Expression,
  context: FunctionContext,
): { readonly of: ts.Expression; readonly method: string; readonly isObject: boolean } | undefined {
  const { ts } = walker;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression, name } = node.expression;
  const isObject = ts.isIdentifier(expression) && expression.text === 'Object' && !variableOf(context, 'Object');
  const of = isObject ? node.arguments[0] : expression;
  if (!of || !(name.text === 'values' || name.text === 'entries')) return undefined;
  return { of, method: name.text, isObject };
}

/** list.push(a), set.add(a), map.set(k, a)  →  a stands for an element */
export function noteAdded(walker: Walker, node: ts.CallExpression, context: FunctionContext): void {
  const { ts } = walker;
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression)) return;
  const method = expression.name.text;
  const isList = method === 'push' || method === 'unshift' || method === 'add';
  const added = isList ? node.arguments : method === 'set' ? node.arguments.slice(1, 2) : [];
  if (added.length === 0) return;
  const path = pathOf(walker, expression.expression, context);
  if (!path) return;
  const below = isList ? [anyElement] : [mapValues, anyElement];
  for (const value of added) noteValue(walker, { root: path.root, fields: [...path.fields, ...below] }, value, context);
}

function noteValue(
  walker: Walker,
  target: VariablePath,
  value: ts.Expression,
  context: FunctionContext,
  before?: readonly Alias[],
): void {
  const { ts } = walker;
  if (target.fields.length > maxDepth) return;
  const below = (field: string): VariablePath => ({ root: target.root, fields: [...target.fields, field] });
  if (isTransparent(ts, value)) return noteValue(walker, target, value.expression as ts.Expression, context, before);
  const answer = onlyAnswerOnTheSpot(walker, value);
  if (answer) return inAnswer(context, answer, (one) => noteValue(walker, target, one, context, before));
  if (ts.isObjectLiteralExpression(value)) {
    const later: string[] = [];
    let isLast = true;
    for (const property of [...value.properties].reverse()) {
      if (ts.isSpreadAssignment(property)) {
        // What another spread brings may lie over it, or under it.
        const isOnly = property === value.properties[0] && isLast;
        isLast = false;
        for (const name of namesOf(walker, property.expression, context)) {
          const copy = { ...name, isWeak: name.isWeak || !isOnly, copied: name.copied ?? 'fields' } as const;
          remember(walker, target, copy, context, before, later);
        }
        continue;
      }
      if (!property.name) continue;
      const field = propertyKey(walker, property.name, context);
      if (field !== anyElement) later.push(field);
      if (ts.isShorthandPropertyAssignment(property)) noteValue(walker, below(field), property.name, context, before);
      else if (ts.isPropertyAssignment(property))
        noteValue(walker, below(field), property.initializer, context, before);
    }
    return;
  }
  if (ts.isArrayLiteralExpression(value)) {
    const isFixed = !value.elements.some((element) => ts.isSpreadElement(element));
    value.elements.forEach((element, i) => {
      if (ts.isSpreadElement(element))
        noteSpread(walker, target, element, value.elements.length === 1, context, before);
      else noteValue(walker, below(isFixed ? String(i) : anyElement), element, context, before);
    });
    return;
  }
  for (const name of namesOf(walker, value, context)) remember(walker, target, name, context, before);
}

// [...rows]  →  the same elements; among others, at other places
function noteSpread(
  walker: Walker,
  target: VariablePath,
  element: ts.SpreadElement,
  isOnly: boolean,
  context: FunctionContext,
  before: readonly Alias[] | undefined,
): void {
  const copied = isOnly ? 'fields' : 'places';
  for (const name of namesOf(walker, element.expression, context))
    remember(walker, target, { ...name, copied: name.copied ?? copied }, context, before);
}

// A text has no other names; what was assigned to a variable spoke of the variable as it was before.
function remember(
  walker: Walker,
  target: VariablePath,
  name: Name,
  context: FunctionContext,
  before?: readonly Alias[],
  except?: readonly string[],
): void {
  const { env } = context;
  const { path } = name;
  const held = env.get(path.root) ?? path.root.cell;
  if (path.fields.length === 0 && walker.builder.textOf(held) !== undefined) return;
  const isOwn = path.root === target.root && target.fields.length === 0;
  const places = isOwn ? placesOf(before ?? [], path, 'assigned') : [{ path, isWeak: false }];
  for (const place of places) {
    if (isOwn && place.path.root === target.root) continue;
    // What is imported may be given another value by its module.
    const isLive = place.path.root.isImport && place.path.fields.length === 0;
    const isWeak = name.isWeak || place.isWeak || isLive;
    const copy = name.copied && { copied: name.copied, ...(except?.length ? { except: [...except] } : {}) };
    rememberAlias(env, { left: target, right: place.path, isWeak, ...copy });
  }
}

const copies = new Set(['slice', 'filter', 'concat', 'toSorted', 'toReversed', 'toSpliced', 'with']);
const selves = new Set(['sort', 'reverse', 'fill', 'copyWithin']);
const finders = new Set(['find', 'findLast', 'at']);
const guardsOfObjects = new Set(['freeze', 'seal', 'preventExtensions', 'assign']);

/** The names of what an expression gives. */
function namesOf(walker: Walker, node: ts.Expression, context: FunctionContext): Name[] {
  const { ts } = walker;
  if (isTransparent(ts, node) || ts.isAwaitExpression(node))
    return namesOf(walker, node.expression as ts.Expression, context);
  if (ts.isConditionalExpression(node)) {
    const answer = foldCondition(walker, node.condition, context);
    if (answer !== undefined) return namesOf(walker, answer ? node.whenTrue : node.whenFalse, context);
    return eitherOf([namesOf(walker, node.whenTrue, context), namesOf(walker, node.whenFalse, context)]);
  }
  if (ts.isBinaryExpression(node)) return namesOfBinary(walker, node, context);
  if (ts.isCallExpression(node)) return namesOfCall(walker, node, context);
  const path = pathOf(walker, node, context);
  return path ? [{ path, isWeak: false }] : [];
}

function namesOfBinary(walker: Walker, node: ts.BinaryExpression, context: FunctionContext): Name[] {
  const k = walker.ts.SyntaxKind;
  const left = (): Name[] => namesOf(walker, node.left, context);
  const right = (): Name[] => namesOf(walker, node.right, context);
  switch (node.operatorToken.kind) {
    case k.CommaToken:
    case k.AmpersandAmpersandToken:
      return right();
    case k.BarBarToken:
    case k.QuestionQuestionToken:
      return eitherOf([left(), right()]);
    case k.EqualsToken:
      return [...left(), ...right()];
    case k.BarBarEqualsToken:
    case k.QuestionQuestionEqualsToken:
      return [...left(), ...right().map((name) => ({ ...name, isWeak: true }))];
    default:
      return [];
  }
}

// What is certain on both ways is certain.
function eitherOf(ways: readonly Name[][]): Name[] {
  return ways.flatMap((names, i) =>
    names.flatMap((name) => {
      const isAgain = (one: Name): boolean => isSamePath(one.path, name.path) && one.copied === name.copied;
      if (ways.slice(0, i).some((other) => other.some(isAgain))) return [];
      const isSure = ways.every((other) => other.some((one) => !one.isWeak && isAgain(one)));
      return [{ ...name, isWeak: name.isWeak || !isSure }];
    }),
  );
}

// Object.assign(o, …), list.sort(), list.slice(), list.find(…), map.get(k)
function namesOfCall(walker: Walker, node: ts.CallExpression, context: FunctionContext): Name[] {
  const { ts } = walker;
  const answers = answersOnTheSpot(walker, node);
  if (answers)
    return eitherOf(answers.map((one) => inAnswer(context, one, (inner) => namesOf(walker, inner, context))));
  if (!ts.isPropertyAccessExpression(node.expression)) return [];
  const { expression, name } = node.expression;
  const method = name.text;
  if (ts.isIdentifier(expression) && expression.text === 'Object' && !variableOf(context, 'Object')) {
    const [first] = node.arguments;
    return first && guardsOfObjects.has(method) ? namesOf(walker, first, context) : [];
  }
  if (copies.has(method)) return namesOf(walker, expression, context).map((one) => ({ ...one, copied: 'places' }));
  if (selves.has(method)) return namesOf(walker, expression, context).map((one) => ({ ...one, isWeak: true }));
  const below = finders.has(method) ? [anyElement] : method === 'get' ? [mapValues, anyElement] : undefined;
  if (!below) return [];
  return namesOf(walker, expression, context).flatMap(({ path, copied }) =>
    copied ? [] : [{ path: { root: path.root, fields: [...path.fields, ...below] }, isWeak: true }],
  );
}
