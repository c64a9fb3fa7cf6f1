// import and export statements → an import node for each module, and stores into the node of what the file exports.
// CommonJS needs nothing here: `module.exports` and `exports` are that node already.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, cellOf, readVariable, setVersion, spanOf, variableOf } from './context.ts';

function importNode(
  walker: Walker,
  specifier: string,
  at: ts.Node,
  context: FunctionContext,
  isRequire = false,
): number {
  const node = addNode(walker, context, 'import', at, specifier);
  walker.builder.imports.push({ node, specifier, computed: -1, isStar: isStarExport(walker, at), isRequire });
  return node;
}

function isStarExport({ ts }: Walker, node: ts.Node): boolean {
  return ts.isExportDeclaration(node) && !node.exportClause;
}

/** import a, { b as c } from 'm'  →  a = m.default, c = m.b;  import * as n  →  n = m */
export function importStatement(walker: Walker, node: ts.Statement, context: FunctionContext): void {
  const { ts, builder } = walker;
  if (ts.isImportEqualsDeclaration(node)) {
    const reference = node.moduleReference;
    if (!ts.isExternalModuleReference(reference)) {
      // import a = n.b  →  a = n.b
      const value = entityValue(walker, reference, context);
      bindImport(walker, node.name, value, context);
      return exportStatement(walker, node, value, context);
    }
    if (!ts.isStringLiteral(reference.expression)) return;
    bindImport(walker, node.name, importNode(walker, reference.expression.text, node, context, true), context);
    return;
  }
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return;
  const { importClause } = node;
  const module = importNode(walker, node.moduleSpecifier.text, node, context);
  if (!importClause) return;
  if (importClause.name) bindMember(importClause.name, 'default');
  const bindings = importClause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) bindImport(walker, bindings.name, module, context);
  else
    for (const element of bindings?.elements ?? [])
      bindMember(element.name, (element.propertyName ?? element.name).text);

  function bindMember(name: ts.Identifier, member: string): void {
    const value = addNode(walker, context, 'member', name, member);
    builder.load(module, value, member);
    bindImport(walker, name, value, context);
  }
}

function entityValue(walker: Walker, name: ts.EntityName, context: FunctionContext): number {
  if (walker.ts.isIdentifier(name)) return walker.expression(name, context);
  const value = addNode(walker, context, 'member', name, name.right.text);
  walker.builder.load(entityValue(walker, name.left, context), value, name.right.text);
  return value;
}

function bindImport(walker: Walker, name: ts.Identifier, value: number, context: FunctionContext): void {
  const variable = variableOf(context, name.text);
  if (variable) setVersion(walker, context, variable, value, spanOf(walker, name));
}

/** export const a, export function f, export default v, export { a as b } [from 'm'], export * from 'm' */
export function exportStatement(walker: Walker, node: ts.Statement, value: number, context: FunctionContext): void {
  const { ts, builder } = walker;
  if (ts.isExportAssignment(node)) {
    const exported = walker.expression(node.expression, context);
    if (node.isExportEquals) builder.copy(exported, walker.exportsNode);
    else builder.store(exported, context.exported, 'default');
    return;
  }
  if (ts.isExportDeclaration(node)) return exportNames(walker, node, context);
  const modifiers = ts.canHaveModifiers(node) ? (node.modifiers ?? []) : [];
  if (!modifiers.some((one) => one.kind === ts.SyntaxKind.ExportKeyword)) return;
  if (modifiers.some((one) => one.kind === ts.SyntaxKind.DefaultKeyword)) {
    builder.store(value, context.exported, 'default');
    return;
  }
  if (ts.isVariableStatement(node))
    for (const declaration of node.declarationList.declarations) exportPattern(walker, declaration.name, context);
  else if (isNamed(walker, node)) {
    builder.store(value, context.exported, node.name.text);
  }
}

function isNamed(walker: Walker, node: ts.Statement): node is ts.Statement & { readonly name: ts.Identifier } {
  const { ts } = walker;
  const isDeclaration =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node) ||
    ts.isImportEqualsDeclaration(node);
  return isDeclaration && node.name !== undefined && ts.isIdentifier(node.name);
}

function exportPattern(walker: Walker, name: ts.BindingName, context: FunctionContext): void {
  const { ts } = walker;
  if (ts.isIdentifier(name)) exportVariable(walker, name, name.text, context);
  else
    for (const element of name.elements) if (ts.isBindingElement(element)) exportPattern(walker, element.name, context);
}

// A live binding: importers see every assignment, so the exported value is the variable's cell.
function exportVariable(walker: Walker, name: ts.Identifier, as: string, context: FunctionContext): void {
  const variable = variableOf(context, name.text);
  if (!variable) return;
  const span = spanOf(walker, name);
  const version = readVariable(walker, context, variable, span);
  const cell = cellOf(walker, variable, span);
  variable.captured = true;
  walker.builder.copy(version, cell);
  walker.builder.store(cell, context.exported, as);
}

function exportNames(walker: Walker, node: ts.ExportDeclaration, context: FunctionContext): void {
  const { ts, builder } = walker;
  const clause = node.exportClause;
  if (!node.moduleSpecifier || !ts.isStringLiteral(node.moduleSpecifier)) {
    if (clause && ts.isNamedExports(clause)) {
      for (const element of clause.elements) {
        const local = element.propertyName ?? element.name;
        if (ts.isIdentifier(local)) exportVariable(walker, local, element.name.text, context);
      }
    }
    return;
  }
  const module = importNode(walker, node.moduleSpecifier.text, node, context);
  // Linking knows which names a star brings.
  if (!clause) return;
  if (ts.isNamespaceExport(clause)) builder.store(module, walker.exportsNode, clause.name.text);
  else {
    for (const element of clause.elements) {
      const value = addNode(walker, context, 'member', element, (element.propertyName ?? element.name).text);
      builder.load(module, value, (element.propertyName ?? element.name).text);
      builder.store(value, walker.exportsNode, element.name.text);
    }
  }
}
