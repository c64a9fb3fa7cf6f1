// Written types → nodes that stand for a value of the type: names, members, elements, parameters and results.
// They tell linking what a value may be, and no value flows through them. No checking; type parameters say nothing.

import type { ts } from 'ts-morph';
import type { ShapeRecord } from '../model/flow-graph.ts';
import { anyElement } from '../model/flow-graph.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, readVariable, spanOf, variableOf } from './context.ts';

/** Types that say nothing but the type they are made of. */
export const wrappers: ReadonlySet<string> = new Set([
  'Promise',
  'PromiseLike',
  'Readonly',
  'Partial',
  'Required',
  'NonNullable',
  'Awaited',
  'Omit',
  'Pick',
  'InstanceType',
]);

/** Types of collections, with the place of the element among their arguments. */
export const collections: ReadonlyMap<string, number> = new Map([
  ['Array', 0],
  ['ReadonlyArray', 0],
  ['Set', 0],
  ['Iterable', 0],
  ['AsyncIterable', 0],
  ['Map', 1],
  ['ReadonlyMap', 1],
  ['WeakMap', 1],
  ['Record', 1],
]);

const maxDepth = 6;

/** The node of a type, or -1 where it says nothing of what its values are. */
export function typeNode(walker: Walker, context: FunctionContext, type: ts.TypeNode, depth = 0): number {
  const { ts, builder } = walker;
  if (depth > maxDepth) return -1;
  const inner = (one: ts.TypeNode): number => typeNode(walker, context, one, depth + 1);
  if (ts.isParenthesizedTypeNode(type) || ts.isTypeOperatorNode(type)) return inner(type.type);
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type))
    return anyOf(walker, context, type, type.types.map(inner));
  if (ts.isArrayTypeNode(type)) return listOf(walker, context, type, inner(type.elementType));
  if (ts.isTupleTypeNode(type)) {
    const parts = type.elements.map((one, i) => ({
      name: `${i}`,
      type: inner(ts.isNamedTupleMember(one) ? one.type : one),
    }));
    return partsOf(walker, context, type, parts);
  }
  if (ts.isTypeLiteralNode(type)) return shapeOf(walker, context, type, type.members, depth);
  if (ts.isFunctionTypeNode(type)) return functionOf(walker, context, type, depth);
  if (ts.isTypeQueryNode(type)) return named(walker, context, type, type.exprName, 'value');
  if (ts.isIndexedAccessTypeNode(type) && ts.isLiteralTypeNode(type.indexType)) {
    const { literal } = type.indexType;
    const object = ts.isStringLiteral(literal) ? inner(type.objectType) : -1;
    if (object < 0) return -1;
    const member = addNode(walker, context, 'value', type);
    builder.load(object, member, (literal as ts.StringLiteral).text);
    return member;
  }
  if (!ts.isTypeReferenceNode(type)) return -1;
  const name = type.typeName.getText(walker.file);
  const args = type.typeArguments ?? [];
  const [first] = args;
  if (collections.has(name)) return collectionOf(walker, context, type, name, args, depth);
  // ReturnType<typeof open>
  if (name === 'ReturnType' && first && ts.isTypeQueryNode(first))
    return named(walker, context, first, first.exprName, 'result');
  return wrappers.has(name) && first ? inner(first) : named(walker, context, type, type.typeName, 'type');
}

/** Says of a node of a type what members its values have. */
export function declareShape(
  walker: Walker,
  context: FunctionContext,
  node: number,
  members: readonly (ts.TypeElement | ts.ClassElement)[],
  depth = 0,
): void {
  const { ts } = walker;
  const found = members.flatMap((member) => {
    const name =
      member.name && (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)) ? member.name.text : '';
    if (name === '') return [];
    const type = memberType(walker, context, member, depth);
    return type < 0 ? [] : [{ name, type }];
  });
  const [call] = members.filter((member) => ts.isCallSignatureDeclaration(member));
  const answer = call ? signatureOf(walker, context, call, depth) : { params: [], result: -1 };
  if (found.length > 0 || call) walker.builder.typeShapes.push({ node, members: found, ...answer });
}

/** Notes what a class declares and leaves to others: abstract members, and `declare` fields. */
export function declareAbstract(
  walker: Walker,
  context: FunctionContext,
  cls: number,
  members: readonly ts.ClassElement[],
): void {
  const { ts, builder } = walker;
  const open = new Set([ts.SyntaxKind.AbstractKeyword, ts.SyntaxKind.DeclareKeyword]);
  for (const member of members) {
    const isOpen = ts.canHaveModifiers(member) && member.modifiers?.some((one) => open.has(one.kind));
    if (!isOpen || !member.name || !ts.isIdentifier(member.name)) continue;
    const type = memberType(walker, context, member, 0);
    if (type >= 0) builder.declared.push([cls, member.name.text, type]);
  }
}

function memberType(
  walker: Walker,
  context: FunctionContext,
  member: ts.TypeElement | ts.ClassElement,
  depth: number,
): number {
  const { ts } = walker;
  if (ts.isMethodSignature(member) || ts.isMethodDeclaration(member)) return functionOf(walker, context, member, depth);
  const isValue = ts.isPropertySignature(member) || ts.isPropertyDeclaration(member) || ts.isGetAccessor(member);
  return isValue && member.type ? typeNode(walker, context, member.type, depth + 1) : -1;
}

function shapeOf(
  walker: Walker,
  context: FunctionContext,
  at: ts.Node,
  members: readonly ts.TypeElement[],
  depth: number,
): number {
  const node = addNode(walker, context, 'value', at);
  declareShape(walker, context, node, members, depth);
  return node;
}

function functionOf(walker: Walker, context: FunctionContext, type: ts.SignatureDeclaration, depth: number): number {
  const answer = signatureOf(walker, context, type, depth);
  if (answer.result < 0 && answer.params.every((param) => param < 0)) return -1;
  const node = addNode(walker, context, 'value', type);
  walker.builder.typeShapes.push({ node, members: [], ...answer });
  return node;
}

function signatureOf(
  walker: Walker,
  context: FunctionContext,
  { parameters, type }: ts.SignatureDeclaration,
  depth: number,
): { params: number[]; result: number } {
  const of = (one: ts.TypeNode | undefined): number => (one ? typeNode(walker, context, one, depth + 1) : -1);
  return { params: parameters.map((parameter) => of(parameter.type)), result: of(type) };
}

/** The node of `Map<string, Account>`, written as a type or behind `new`; -1 where nothing is known of the elements. */
export function collectionOf(
  walker: Walker,
  context: FunctionContext,
  at: ts.Node,
  name: string,
  args: readonly ts.TypeNode[],
  depth = 0,
): number {
  const element = args[collections.get(name) ?? -1];
  const type = element ? typeNode(walker, context, element, depth + 1) : -1;
  if (!name.endsWith('Map')) return listOf(walker, context, at, type);
  if (type < 0) return -1;
  return partsOf(walker, context, at, [
    { name: '~values', type: listOf(walker, context, at, type) },
    { name: anyElement, type: partsOf(walker, context, at, [{ name: '1', type }]) },
  ]);
}

function listOf(walker: Walker, context: FunctionContext, at: ts.Node, element: number): number {
  return partsOf(walker, context, at, [{ name: anyElement, type: element }]);
}

function partsOf(walker: Walker, context: FunctionContext, at: ts.Node, parts: ShapeRecord['members']): number {
  const members = parts.filter(({ type }) => type >= 0);
  if (members.length === 0) return -1;
  const node = addNode(walker, context, 'value', at);
  walker.builder.typeShapes.push({ node, members, params: [], result: -1 });
  return node;
}

function anyOf(walker: Walker, context: FunctionContext, at: ts.Node, types: readonly number[]): number {
  const known = types.filter((one) => one >= 0);
  if (known.length < 2) return known[0] ?? -1;
  const node = addNode(walker, context, 'value', at);
  for (const one of known) walker.builder.copy(one, node);
  return node;
}

function named(
  walker: Walker,
  context: FunctionContext,
  at: ts.Node,
  entity: ts.EntityName,
  of: 'type' | 'value' | 'result',
): number {
  const name = entity.getText(walker.file);
  const variable = variableOf(context, name.split('.')[0] ?? '');
  if (!variable) return -1;
  const base = readVariable(walker, context, variable, spanOf(walker, at));
  const node = addNode(walker, context, 'value', at);
  walker.builder.typeNames.push({ node, name, base, of });
  return node;
}
