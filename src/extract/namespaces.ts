// TypeScript namespaces → objects whose fields are the exported members.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, readVariable, setVersion, spanOf, variableOf } from './context.ts';
import { exportStatement } from './modules.ts';

/** namespace N { export const a = v }  →  N.a = v; what a class or function of that name is stays. */
export function walkNamespace(walker: Walker, node: ts.ModuleDeclaration, context: FunctionContext): void {
  const { ts, builder } = walker;
  // What is only declared exists elsewhere.
  if (!ts.isIdentifier(node.name) || isAmbient(walker, node)) return;
  const value = walkBody(walker, node, context);
  const variable = variableOf(context, node.name.text);
  if (variable) {
    if (context.env.has(variable)) builder.copy(readVariable(walker, context, variable, spanOf(walker, node)), value);
    setVersion(walker, context, variable, value, spanOf(walker, node.name));
  }
  exportStatement(walker, node, value, context);
}

function walkBody(walker: Walker, node: ts.ModuleDeclaration, context: FunctionContext): number {
  const { ts, builder } = walker;
  const value = addNode(walker, context, 'object', node.name, node.name.text);
  const { body } = node;
  const { exported, scope } = context;
  context.exported = value;
  if (body && ts.isModuleBlock(body)) {
    context.scope = walker.scopes.scopeOf.get(body) ?? scope;
    walker.statements(body.statements, context);
  } else if (body && ts.isModuleDeclaration(body)) {
    // namespace A.B { … }
    builder.store(walkBody(walker, body, context), value, body.name.text);
  }
  context.exported = exported;
  context.scope = scope;
  return value;
}

function isAmbient(walker: Walker, node: ts.ModuleDeclaration): boolean {
  return node.modifiers?.some((one) => one.kind === walker.ts.SyntaxKind.DeclareKeyword) ?? false;
}
