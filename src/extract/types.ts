// Declared types → names kept as evidence: `balance: Promise<Account[]>` says `Account`. No checking, no resolution.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, readVariable, setVersion, spanOf, variableOf } from './context.ts';

const wrappers = new Set([
  'Promise',
  'PromiseLike',
  'Array',
  'ReadonlyArray',
  'Readonly',
  'Partial',
  'Required',
  'NonNullable',
  'Awaited',
  'Omit',
  'Pick',
  'Iterable',
  'AsyncIterable',
]);

/** Notes the declared type of a value, if it has a name. */
export function noteType(walker: Walker, context: FunctionContext, node: number, type: ts.TypeNode): void {
  const name = typeName(walker, type);
  if (!name || node < 0) return;
  const [root = ''] = name.split('.');
  const variable = variableOf(context, root);
  const base = variable ? readVariable(walker, context, variable, spanOf(walker, type)) : -1;
  walker.builder.types.push({ node, name, base });
}

/** `Account` of `Promise<readonly Account[] | undefined>`; '' when there is none or more than one. */
export function typeName(walker: Walker, type: ts.TypeNode): string {
  const { ts } = walker;
  if (ts.isArrayTypeNode(type)) return typeName(walker, type.elementType);
  if (ts.isTypeOperatorNode(type) || ts.isParenthesizedTypeNode(type)) return typeName(walker, type.type);
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) {
    const names = type.types.map((one) => typeName(walker, one)).filter((name) => name !== '');
    return names[0] ?? '';
  }
  if (!ts.isTypeReferenceNode(type)) return '';
  const name = type.typeName.getText(walker.file);
  const [first] = type.typeArguments ?? [];
  return wrappers.has(name) && first ? typeName(walker, first) : name;
}

/** type Chat = Context & Extra, interface Chat extends Context  →  Chat stands for what Context stands for; members are kept as evidence */
export function declareTypes(
  walker: Walker,
  node: ts.InterfaceDeclaration | ts.TypeAliasDeclaration,
  context: FunctionContext,
): void {
  const { ts, builder } = walker;
  const name = node.name.text;
  const members = ts.isInterfaceDeclaration(node)
    ? node.members
    : ts.isTypeLiteralNode(node.type)
      ? node.type.members
      : [];
  const names = [...members].flatMap((member) =>
    member.name && ts.isIdentifier(member.name) ? [member.name.text] : [],
  );
  if (names.length > 0) builder.declarations.push({ name, members: names });
  const variable = variableOf(context, name);
  if (!variable || context.env.has(variable)) return;
  const value = addNode(walker, context, 'value', node.name, name);
  for (const root of rootNames(walker, node)) {
    const base = variableOf(context, root);
    if (base && base !== variable) builder.copy(readVariable(walker, context, base, spanOf(walker, node)), value);
  }
  setVersion(walker, context, variable, value, spanOf(walker, node));
  if (node.modifiers?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword)) {
    builder.store(value, walker.exportsNode, name);
  }
}

function rootNames(walker: Walker, node: ts.InterfaceDeclaration | ts.TypeAliasDeclaration): string[] {
  const { ts } = walker;
  const types: readonly ts.Node[] = ts.isInterfaceDeclaration(node)
    ? (node.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => type.expression))
    : ts.isIntersectionTypeNode(node.type) || ts.isUnionTypeNode(node.type)
      ? node.type.types
      : [node.type];
  return types.flatMap((type) => {
    const name = ts.isTypeNode(type) ? typeName(walker, type) : type.getText(walker.file);
    return name ? [name.split('.')[0] ?? ''] : [];
  });
}
