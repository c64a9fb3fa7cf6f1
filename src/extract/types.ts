// Declared types → names kept as evidence: `balance: Promise<Account[]>` says `Account`. No checking, no resolution.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, readVariable, setVersion, spanOf, variableOf } from './context.ts';
import { collectionOf, collections, declareShape, typeNode, wrappers } from './type-nodes.ts';

/** Notes the declared type of a value, if it has a name. */
export function noteType(walker: Walker, context: FunctionContext, node: number, type: ts.TypeNode): void {
  if (node < 0) return;
  if (!isName(walker, type)) {
    const written = typeNode(walker, context, type);
    if (written >= 0) walker.builder.typed.push(node, written);
  }
  const name = typeName(walker, type);
  if (!name) return;
  const [root = ''] = name.split('.');
  const variable = variableOf(context, root);
  const base = variable ? readVariable(walker, context, variable, spanOf(walker, type)) : -1;
  walker.builder.types.push({ node, name, base });
}

/** new Map<string, Account>() */
export function noteCollection(
  walker: Walker,
  context: FunctionContext,
  node: number,
  name: string,
  args: ts.NodeArray<ts.TypeNode>,
): void {
  const [first] = args;
  const written = first && collections.has(name) ? collectionOf(walker, context, first, name, args) : -1;
  if (written >= 0) walker.builder.typed.push(node, written);
}

// `Promise<Account>` is no more than the name; of `Account[]` the name is that of the elements.
function isName(walker: Walker, type: ts.TypeNode): boolean {
  const { ts } = walker;
  if (ts.isParenthesizedTypeNode(type)) return isName(walker, type.type);
  if (!ts.isTypeReferenceNode(type)) return false;
  const [first] = type.typeArguments ?? [];
  const name = type.typeName.getText(walker.file);
  if (wrappers.has(name) && first) return isName(walker, first);
  return name !== 'ReturnType' && !collections.has(name);
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
  return (wrappers.has(name) || collections.get(name) === 0) && first ? typeName(walker, first) : name;
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
  declareMembers(walker, name, [...members]);
  const variable = variableOf(context, name);
  if (!variable || context.env.has(variable)) return;
  const value = addNode(walker, context, 'value', node.name, name);
  for (const root of rootNames(walker, node)) {
    const base = variableOf(context, root);
    if (base && base !== variable) builder.copy(readVariable(walker, context, base, spanOf(walker, node)), value);
  }
  if (ts.isInterfaceDeclaration(node)) declareShape(walker, context, value, [...node.members]);
  else if (!isName(walker, node.type)) {
    const written = typeNode(walker, context, node.type);
    if (written >= 0) builder.copy(written, value);
  }
  setVersion(walker, context, variable, value, spanOf(walker, node));
  if (node.modifiers?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword)) {
    builder.store(value, walker.exportsNode, name);
  }
}

const sensitiveTag = /@(?:sensitive|confidential|pii|personalData)\b/i;
const sensitiveType = /^(?:Sensitive|Secret|Confidential|Pii|PII|Private)(?:[A-Z]\w*)?$/;

/** Keeps the members of an interface, type or class, with their types in short. */
export function declareMembers(
  walker: Walker,
  name: string,
  members: readonly (ts.TypeElement | ts.ClassElement)[],
): void {
  const { ts, file } = walker;
  const named = members.flatMap((member) => (member.name && ts.isIdentifier(member.name) ? [member] : []));
  if (name === '' || named.length === 0) return;
  const types = named.map((member) => shortType(walker, member));
  walker.builder.declarations.push({
    name,
    members: named.map((member) => (member.name as ts.Identifier).text),
    types,
    tags: named.map((member, i) => {
      const before = file.text.slice(member.pos, member.getStart(file));
      return sensitiveType.test(types[i] ?? '') || (before.includes('@') && sensitiveTag.test(before));
    }),
  });
}

// number | null is a number, 'in' | 'out' is an enum, Payment[] is Payment; @Column('decimal') says more than number.
function shortType(walker: Walker, member: ts.TypeElement | ts.ClassElement): string {
  const { ts, file } = walker;
  if (ts.isPropertyDeclaration(member)) {
    for (const decorator of member.modifiers ?? []) {
      const type = ts.isDecorator(decorator) ? typeOfColumn(decorator.getText(file)) : '';
      if (type !== '') return type;
    }
  }
  const isTyped = ts.isPropertySignature(member) || ts.isPropertyDeclaration(member);
  return isTyped && member.type ? inShort(walker, member.type) : '';
}

// @Column('decimal'), @Column({ type: DataType.DECIMAL(10, 2) }), @Property({ columnType: 'numeric(9,2)' }), @Field(() => Float);
// what has digits behind the point is a fraction, whatever it is called.
function typeOfColumn(decorator: string): string {
  const [, text, member, made] =
    /^@\w+\(\s*(?:\{[^}]*?\b(?:type|columnType):\s*)?(?:['"]([a-z]\w*)|(?:\w+\.)*(?:DataTypes?|Types|types|Schema)\.(\w+)|\(\w*\)\s*=>\s*([A-Z]\w*)\s*[,})])/.exec(
      decorator,
    ) ?? [];
  const isFraction = /^@\w+\(\s*\{[^}]*\bscale:\s*[1-9]/.test(decorator);
  return isFraction ? 'decimal' : (text ?? member ?? made ?? '');
}

function inShort(walker: Walker, type: ts.TypeNode): string {
  const { ts } = walker;
  if (ts.isUnionTypeNode(type)) {
    const parts = type.types.map((one) => inShort(walker, one)).filter((one) => one !== 'null' && one !== 'undefined');
    return parts.every((one) => one === 'enum') ? 'enum' : (parts.find((one) => one !== 'enum') ?? '');
  }
  if (ts.isLiteralTypeNode(type)) return type.literal.kind === ts.SyntaxKind.NullKeyword ? 'null' : 'enum';
  return typeName(walker, type) || (/^\w+$/.test(type.getText(walker.file)) ? type.getText(walker.file) : '');
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
