// Statements → the order in which values change: branches, loops, exceptions, jumps.
// Each case is headed by the syntax and what it means for the environment.

import type { ts } from 'ts-morph';
import { generatorFields, promiseFailure } from '../model/flow-graph.ts';
import type { Constant } from './constant-values.ts';
import { exact, foldBinary, isExact } from './constant-values.ts';
import { foldCondition, foldConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, noteWait, setVersion, spanOf, variableOf } from './context.ts';
import { closeTarget, fork, inScope, openTarget, walkJump } from './control.ts';
import { walkDeclarations } from './declarations.ts';
import { endsHere } from './endings.ts';
import { Env } from './env.ts';
import { noteMeaning } from './facts.ts';
import { noteFailing } from './failing.ts';
import { walkLoop } from './loops.ts';
import { exportStatement, importStatement } from './modules.ts';
import { walkNamespace } from './namespaces.ts';
import { payOwed } from './owed.ts';
import { walkSwitch } from './switches.ts';
import { encoded } from './tests.ts';
import { walkTry } from './tries.ts';
import { declareTypes } from './types.ts';

/** A list of statements: functions first (they are hoisted), then the rest in order until the way ends. */
export function walkStatements(walker: Walker, nodes: readonly ts.Statement[], context: FunctionContext): void {
  const { ts } = walker;
  for (const node of nodes) {
    if (!ts.isFunctionDeclaration(node) || !node.body) continue;
    const value = walker.functionValue(node, context, -1, -1);
    const variable = node.name && variableOf(context, node.name.text);
    if (variable) setVersion(walker, context, variable, value, spanOf(walker, node));
    if (variable) noteMeaning(walker.facts, variable, node);
    if (variable && !variable.captured) context.unnamed.set(variable, node);
    else walker.facts.made.add(node);
    exportStatement(walker, node, value, context);
  }
  for (const node of nodes) {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) declareTypes(walker, node, context);
    else if (!context.isDead) walkStatement(walker, node, context, '');
  }
}

function walkStatement(walker: Walker, node: ts.Statement, context: FunctionContext, label: string): void {
  const { ts, builder } = walker;
  const k = ts.SyntaxKind;
  switch (node.kind) {
    case k.VariableStatement:
      walkDeclarations(walker, (node as ts.VariableStatement).declarationList, context);
      return exportStatement(walker, node, -1, context);
    case k.ExpressionStatement:
      walker.expression((node as ts.ExpressionStatement).expression, context);
      if (endsHere(walker, (node as ts.ExpressionStatement).expression, context)) context.isDead = true;
      return;
    case k.IfStatement:
      return walkIf(walker, node as ts.IfStatement, context);
    case k.Block:
    case k.ModuleBlock:
      return inScope(walker, node, context, () => walker.statements((node as ts.Block).statements, context));
    case k.ReturnStatement: {
      const { expression } = node as ts.ReturnStatement;
      if (expression) {
        context.awaiting++;
        const value = walker.expression(expression, context);
        context.awaiting--;
        // Whoever iterates a generator does not see what it returns; `yield*` and `next()` do.
        if (context.generator >= 0) builder.store(value, context.ret, generatorFields.returned);
        // return await p: what p fails with is thrown here.
        else if (ts.isAwaitExpression(expression)) builder.except(value, context.ret, [promiseFailure]);
        else builder.copy(value, context.ret, context.env.tests);
      }
      payOwed(walker, context, node);
      noteWait(walker, context);
      context.returnEnvs.push(new Env(context.env));
      context.isDead = true;
      return;
    }
    case k.ThrowStatement:
      builder.copy(
        walker.expression((node as ts.ThrowStatement).expression, context),
        context.caught,
        context.env.tests,
      );
      noteFailing(walker, context);
      payOwed(walker, context, node);
      noteWait(walker, context);
      context.thrownEnvs.push(new Env(context.env));
      context.isDead = true;
      return;
    case k.ForStatement:
    case k.ForOfStatement:
    case k.ForInStatement:
    case k.WhileStatement:
    case k.DoStatement:
      return walkLoop(walker, node as ts.IterationStatement, context, label);
    case k.BreakStatement:
    case k.ContinueStatement:
      return walkJump(walker, node as ts.BreakStatement | ts.ContinueStatement, context);
    case k.SwitchStatement:
      return walkSwitch(walker, node as ts.SwitchStatement, context, label);
    case k.TryStatement:
      return walkTry(walker, node as ts.TryStatement, context);
    case k.LabeledStatement: {
      const labeled = node as ts.LabeledStatement;
      if (ts.isIterationStatement(labeled.statement, false))
        return walkStatement(walker, labeled.statement, context, labeled.label.text);
      const target = openTarget(context, labeled.label.text, false);
      walkStatement(walker, labeled.statement, context, '');
      closeTarget(walker, context, target, node);
      return;
    }
    case k.ClassDeclaration: {
      const declaration = node as ts.ClassDeclaration;
      return exportStatement(walker, node, walker.classValue(declaration, context), context);
    }
    case k.ImportDeclaration:
    case k.ImportEqualsDeclaration:
      return importStatement(walker, node, context);
    case k.ExportDeclaration:
    case k.ExportAssignment:
      return exportStatement(walker, node, -1, context);
    case k.ModuleDeclaration:
      return walkNamespace(walker, node as ts.ModuleDeclaration, context);
    case k.EnumDeclaration:
      return walkEnum(walker, node as ts.EnumDeclaration, context);
    default:
      return;
  }
}

// if (c) A else B  →  env = A(env where c) ⊔ B(env where not c)
function walkIf(walker: Walker, node: ts.IfStatement, context: FunctionContext): void {
  walker.expression(node.expression, context);
  const answer = foldCondition(walker, node.expression, context);
  const ways = [true, false].flatMap((holds) => {
    const statement = holds ? node.thenStatement : node.elseStatement;
    const walk = (): void => (statement ? walkStatement(walker, statement, context, '') : undefined);
    return answer === !holds ? [] : [{ holds, walk }];
  });
  fork(walker, context, node.expression, ways, node);
}

function walkEnum(walker: Walker, node: ts.EnumDeclaration, context: FunctionContext): void {
  const { ts, builder, facts } = walker;
  const value = addNode(walker, context, 'object', node, node.name.text);
  const variable = variableOf(context, node.name.text);
  // An enum may be declared in several parts.
  const members = new Map(variable && facts.enums.get(variable));
  let next: Constant | undefined = exact(0);
  for (const { name, initializer } of node.members) {
    const content = initializer ? walker.expression(initializer, context) : addNode(walker, context, 'literal', name);
    const constant: Constant | undefined = initializer ? foldConstant(walker, initializer, context) : next;
    next = foldBinary('+', constant, exact(1));
    if (!initializer && isExact(constant)) builder.setConstant(content, encoded(constant.value));
    if (!(ts.isIdentifier(name) || ts.isStringLiteral(name))) continue;
    builder.store(content, value, name.text);
    if (constant) members.set(name.text, constant);
    else members.delete(name.text);
  }
  if (variable) facts.enums.set(variable, members);
  if (variable) setVersion(walker, context, variable, value, spanOf(walker, node));
  exportStatement(walker, node, value, context);
}
