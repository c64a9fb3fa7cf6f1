// Statements → the order in which values change: branches, loops, exceptions, jumps.
// Each case is headed by the syntax and what it means for the environment.

import type { ts } from 'ts-morph';
import { anyElement, promiseFailure } from '../model/flow-graph.ts';
import { noteDeclared, noteEach } from './aliases.ts';
import type { Env, FunctionContext, JumpTarget, Walker } from './context.ts';
import { addNode, mergeEnvs, mergeNode, setVersion, spanOf, variableOf } from './context.ts';
import { narrow } from './guards.ts';
import { exportStatement, importStatement } from './modules.ts';
import { walkNamespace } from './namespaces.ts';
import type { Variable } from './scopes.ts';
import { declareTypes, noteType } from './types.ts';

/** A list of statements: functions first (they are hoisted), then the rest in order until the way ends. */
export function walkStatements(walker: Walker, nodes: readonly ts.Statement[], context: FunctionContext): void {
  const { ts } = walker;
  for (const node of nodes) {
    if (!ts.isFunctionDeclaration(node) || !node.body) continue;
    const value = walker.functionValue(node, context, -1, -1);
    const variable = node.name && variableOf(context, node.name.text);
    if (variable) setVersion(walker, context, variable, value, spanOf(walker, node));
    if (variable && !variable.captured) context.unnamed.set(variable, node);
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
      return;
    case k.IfStatement:
      return walkIf(walker, node as ts.IfStatement, context);
    case k.Block:
    case k.ModuleBlock:
      return inScope(walker, node, context, () => walker.statements((node as ts.Block).statements, context));
    case k.ReturnStatement: {
      const { expression } = node as ts.ReturnStatement;
      if (expression) {
        const value = walker.expression(expression, context);
        // Whoever iterates a generator does not see what it returns; `yield*` and `next()` do.
        if (context.isGenerator) builder.store(value, context.ret, 'value');
        // return await p: what p fails with is thrown here.
        else if (ts.isAwaitExpression(expression)) builder.except(value, context.ret, [promiseFailure]);
        else builder.copy(value, context.ret);
      }
      context.returnEnvs.push(new Map(context.env));
      context.isDead = true;
      return;
    }
    case k.ThrowStatement:
      builder.copy(walker.expression((node as ts.ThrowStatement).expression, context), context.caught);
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
      if (isLoop(walker, labeled.statement))
        return walkStatement(walker, labeled.statement, context, labeled.label.text);
      const target = openTarget(context, labeled.label.text, false);
      walkStatement(walker, labeled.statement, context, '');
      closeTarget(walker, context, target, node);
      return;
    }
    case k.ClassDeclaration: {
      const declaration = node as ts.ClassDeclaration;
      const value = walker.classValue(declaration, context);
      const variable = declaration.name && variableOf(context, declaration.name.text);
      if (variable) setVersion(walker, context, variable, value, spanOf(walker, node));
      return exportStatement(walker, node, value, context);
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

/** const a = v, { b } = w */
export function walkDeclarations(walker: Walker, list: ts.VariableDeclarationList, context: FunctionContext): void {
  for (const declaration of list.declarations) {
    if (!declaration.initializer) {
      const variable = walker.ts.isIdentifier(declaration.name) && variableOf(context, declaration.name.text);
      // `var x;` keeps what x was.
      if (variable && !context.env.has(variable) && variable.func === context.scopeFunc) {
        context.env.set(variable, addNode(walker, context, 'literal', declaration));
      }
      if (variable && declaration.type) {
        noteType(walker, context, context.env.get(variable) ?? variable.cell, declaration.type);
      }
      continue;
    }
    const { rebinds } = context;
    const value = walker.expression(declaration.initializer, context);
    // What is assigned on the way is not what stands there afterwards.
    const isPlain = rebinds === context.rebinds;
    walker.bind(declaration.name, value, context);
    if (isPlain) noteDeclared(walker, declaration.name, declaration.initializer, context);
    if (declaration.type && walker.ts.isIdentifier(declaration.name)) {
      const variable = variableOf(context, declaration.name.text);
      const version = variable && (context.env.get(variable) ?? variable.cell);
      if (version !== undefined && version >= 0) noteType(walker, context, version, declaration.type);
    }
  }
}

function inScope(walker: Walker, node: ts.Node, context: FunctionContext, inside: () => void): void {
  const outer = context.scope;
  context.scope = walker.scopes.scopeOf.get(node) ?? outer;
  inside();
  context.scope = outer;
}

// if (c) A else B  →  env = A(env where c) ⊔ B(env where not c)
function walkIf(walker: Walker, node: ts.IfStatement, context: FunctionContext): void {
  walker.expression(node.expression, context);
  const constant = constantCondition(walker, node.expression);
  const before = context.env;
  const ends: Env[] = [];
  for (const branch of [true, false]) {
    if (constant !== undefined && constant !== branch) continue;
    context.env = new Map(before);
    context.isDead = false;
    narrow(walker, context, node.expression, branch);
    const statement = branch ? node.thenStatement : node.elseStatement;
    if (statement) walkStatement(walker, statement, context, '');
    if (!context.isDead) ends.push(context.env);
  }
  meet(walker, context, ends, node);
}

function meet(walker: Walker, context: FunctionContext, ends: readonly Env[], at: ts.Node): void {
  context.isDead = ends.length === 0;
  if (ends.length > 0) context.env = mergeEnvs(walker, context, ends, at);
}

function constantCondition(walker: Walker, node: ts.Expression): boolean | undefined {
  const k = walker.ts.SyntaxKind;
  if (node.kind === k.TrueKeyword) return true;
  if (node.kind === k.FalseKeyword || node.kind === k.NullKeyword) return false;
  if (walker.ts.isNumericLiteral(node)) return Number(node.text) !== 0;
  return undefined;
}

function isLoop(walker: Walker, node: ts.Statement): boolean {
  return walker.ts.isIterationStatement(node, false);
}

function openTarget(context: FunctionContext, label: string, loop: boolean): JumpTarget {
  const target: JumpTarget = { label, isLoop: loop, breaks: [], continues: [] };
  context.targets.push(target);
  return target;
}

function closeTarget(walker: Walker, context: FunctionContext, target: JumpTarget, at: ts.Node): void {
  context.targets.pop();
  meet(walker, context, context.isDead ? target.breaks : [context.env, ...target.breaks], at);
}

// while (c) S  →  each variable that the loop changes is a merge of what it was before and after a turn
function walkLoop(walker: Walker, node: ts.IterationStatement, context: FunctionContext, label: string): void {
  const { ts, builder } = walker;
  inScope(walker, node, context, () => {
    const each = ts.isForOfStatement(node) || ts.isForInStatement(node) ? node : undefined;
    const iterated = each ? walker.expression(each.expression, context) : -1;
    if (ts.isForStatement(node) && node.initializer) {
      if (ts.isVariableDeclarationList(node.initializer)) walkDeclarations(walker, node.initializer, context);
      else walker.expression(node.initializer, context);
    }
    const heads = new Map<Variable, number>();
    for (const variable of walker.scopes.changedIn.get(node) ?? []) {
      const before = context.env.get(variable);
      if (before === undefined) continue;
      const head = mergeNode(walker, context, variable, [before], node);
      heads.set(variable, head);
      context.env.set(variable, head);
    }
    const target = openTarget(context, label, true);
    context.loops.push(node);
    if (each) bindEach(walker, each, iterated, context);
    const condition = ts.isForStatement(node)
      ? node.condition
      : each
        ? undefined
        : (node as ts.WhileStatement).expression;
    if (condition && !ts.isDoStatement(node)) walker.expression(condition, context);
    const exit = new Map(context.env);
    walkStatement(walker, node.statement, context, '');
    meet(walker, context, context.isDead ? target.continues : [context.env, ...target.continues], node);
    if (!context.isDead) {
      if (condition && ts.isDoStatement(node)) walker.expression(condition, context);
      if (ts.isForStatement(node) && node.incrementor) walker.expression(node.incrementor, context);
      for (const [variable, head] of heads) builder.copy(context.env.get(variable) ?? head, head);
    }
    const after = ts.isDoStatement(node) && !context.isDead ? context.env : exit;
    context.targets.pop();
    context.loops.pop();
    context.isDead = false;
    context.env = mergeEnvs(walker, context, [after, ...target.breaks], node);
  });
}

// for (const x of xs)  →  x = xs[]
function bindEach(
  walker: Walker,
  node: ts.ForOfStatement | ts.ForInStatement,
  iterated: number,
  context: FunctionContext,
): void {
  const { ts, builder } = walker;
  const element = addNode(walker, context, ts.isForOfStatement(node) ? 'value' : 'literal', node.initializer);
  if (ts.isForOfStatement(node)) builder.load(iterated, element, anyElement);
  if (ts.isVariableDeclarationList(node.initializer)) {
    const [declaration] = node.initializer.declarations;
    if (declaration) {
      walker.bind(declaration.name, element, context);
      if (ts.isForOfStatement(node)) noteEach(walker, declaration.name, node.expression, context);
    }
  } else walker.assign(node.initializer, element, context);
}

function walkJump(walker: Walker, node: ts.BreakStatement | ts.ContinueStatement, context: FunctionContext): void {
  const isBreak = walker.ts.isBreakStatement(node);
  const label = node.label?.text ?? '';
  const target = context.targets.findLast((one) => (label === '' ? one.isLoop || isBreak : one.label === label));
  if (target) (isBreak ? target.breaks : target.continues).push(new Map(context.env));
  context.isDead = true;
}

// switch (v) { case a: A; case b: B }  →  B starts where A falls through or v is reached
function walkSwitch(walker: Walker, node: ts.SwitchStatement, context: FunctionContext, label: string): void {
  walker.expression(node.expression, context);
  inScope(walker, node.caseBlock, context, () => {
    const before = context.env;
    const target = openTarget(context, label, false);
    let fallThrough: Env | undefined;
    let hasDefault = false;
    for (const clause of node.caseBlock.clauses) {
      if (walker.ts.isDefaultClause(clause)) hasDefault = true;
      context.env = mergeEnvs(walker, context, fallThrough ? [before, fallThrough] : [before], clause);
      context.isDead = false;
      walker.statements(clause.statements, context);
      fallThrough = context.isDead ? undefined : context.env;
    }
    const ends = [...(fallThrough ? [fallThrough] : []), ...(hasDefault ? [] : [before])];
    context.targets.pop();
    meet(walker, context, [...ends, ...target.breaks], node);
  });
}

// try A catch (e) B finally C  →  B sees each variable in any state that A gave it
function walkTry(walker: Walker, node: ts.TryStatement, context: FunctionContext): void {
  const before = new Map(context.env);
  const outerCaught = context.caught;
  const thrown = node.catchClause ? addNode(walker, context, 'value', node.catchClause) : outerCaught;
  const merges = new Map<Variable, number>();
  for (const variable of walker.scopes.changedIn.get(node) ?? []) {
    const version = before.get(variable);
    if (version !== undefined) merges.set(variable, mergeNode(walker, context, variable, [version], node));
  }
  context.caught = thrown;
  context.tryMerges.push(merges);
  inScope(walker, node.tryBlock, context, () => walker.statements(node.tryBlock.statements, context));
  context.tryMerges.pop();
  context.caught = outerCaught;
  const ends = context.isDead ? [] : [context.env];
  const handlerEnv = new Map([...before, ...merges]);
  if (node.catchClause) {
    const clause = node.catchClause;
    context.env = new Map(handlerEnv);
    context.isDead = false;
    inScope(walker, clause, context, () => {
      if (clause.variableDeclaration) walker.bind(clause.variableDeclaration.name, thrown, context);
      walker.statements(clause.block.statements, context);
    });
    if (!context.isDead) ends.push(context.env);
  }
  if (!node.finallyBlock) return meet(walker, context, ends, node);
  const isDead = ends.length === 0;
  context.isDead = false;
  context.env = mergeEnvs(walker, context, isDead ? [handlerEnv] : ends, node);
  inScope(walker, node.finallyBlock, context, () => walker.statements(node.finallyBlock?.statements ?? [], context));
  context.isDead ||= isDead;
}

function walkEnum(walker: Walker, node: ts.EnumDeclaration, context: FunctionContext): void {
  const value = addNode(walker, context, 'object', node, node.name.text);
  for (const member of node.members) {
    const content = member.initializer
      ? walker.expression(member.initializer, context)
      : addNode(walker, context, 'literal', member);
    if (walker.ts.isIdentifier(member.name) || walker.ts.isStringLiteral(member.name)) {
      walker.builder.store(content, value, member.name.text);
    }
  }
  const variable = variableOf(context, node.name.text);
  if (variable) setVersion(walker, context, variable, value, spanOf(walker, node));
  exportStatement(walker, node, value, context);
}
