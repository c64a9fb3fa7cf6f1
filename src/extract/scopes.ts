// Resolves the names of one file: which variable each identifier means, which variables several functions share,
// and which ones a loop or a try block changes. One walk over raw nodes; knows nothing about values.

import type { ts } from 'ts-morph';
import { namesKeptBy } from './kept-names.ts';
import { isAfterAwait } from './late.ts';
import type { Lifted, LocalFunction } from './lifting.ts';
import type { Link } from './links.ts';
import { linksOf, linkVariables } from './links.ts';
import { runsByTimer, runsLater, runsSoon } from './settled.ts';
import type { SpotFunction } from './spots.ts';
import { spotOf } from './spots.ts';
import { assignedPart, isExported, plainExpression, rootOf } from './syntax.ts';
import { noteUses } from './uses.ts';
import type { Reference, Region, Scope, Use, Variable } from './variables.ts';
import { hostNames, isScript, lookUp, variableOf } from './variables.ts';

/** name = value */
export interface NameAssignment {
  readonly target: ts.Identifier;
  readonly value: ts.Expression;
}

export interface Scopes {
  /** The scope that a node opens. */
  readonly scopeOf: ReadonlyMap<ts.Node, Scope>;
  /** Variables that a loop or try statement assigns or may change. */
  readonly changedIn: ReadonlyMap<ts.Node, ReadonlySet<Variable>>;
  /** Other variables that may hold, or stand inside, what a loop or try statement changes. */
  readonly touchedIn: ReadonlyMap<ts.Node, ReadonlySet<Variable>>;
  /** Assignments of names inside a loop. */
  readonly assignedIn: ReadonlyMap<ts.Node, readonly NameAssignment[]>;
  /** Functions that read `arguments`. */
  readonly usesArguments: ReadonlySet<ts.Node>;
  readonly lifted: Lifted;
  /** For each function: its variables that inner functions read and that have several versions. */
  readonly moving: ReadonlyMap<ts.Node, readonly Variable[]>;
  /** Functions that only the event loop calls: they are given to `then` or `setTimeout` where they are written. */
  readonly later: ReadonlySet<ts.Node>;
  /** Functions whose bodies are parts of the code that calls them on the spot. */
  readonly spots: ReadonlySet<ts.Node>;
  /** Names whose objects are kept where they stand. */
  readonly kept: ReadonlySet<ts.Node>;
  /** Those of them that run before any timer. */
  readonly soon: ReadonlySet<ts.Node>;
}

/** Builds the scopes of a file. */
export function resolveScopes(ts_: typeof ts, file: ts.SourceFile): Scopes {
  const scopeOf = new Map<ts.Node, Scope>();
  const references: Reference[] = [];
  const changedIn = new Map<ts.Node, Set<Variable>>();
  const assignedIn = new Map<ts.Node, NameAssignment[]>();
  const links: Link[] = [];
  const replaced: { readonly name: string; readonly scope: Scope }[] = [];
  const usesArguments = new Set<ts.Node>();
  /** Calls right behind `await`, and what they call. */
  const awaited = new Set<ts.Node>();
  const spots = new Set<ts.Node>();
  const kept = new Set<ts.Node>();
  const later = new Set<ts.Node>();
  const timed = new Set<ts.Node>();
  const soon = new Set<ts.Node>();
  const locals: LocalFunction[] = [];
  const k = ts_.SyntaxKind;

  function open(node: ts.Node, parent: Scope | undefined, func: ts.Node, isBody = node === func): Scope {
    const around = parent?.func === func ? parent.loop : undefined;
    const loop = ts_.isIterationStatement(node, false) ? node : around;
    const scope: Scope = { parent, func, loop, names: new Map(), isBody };
    scopeOf.set(node, scope);
    return scope;
  }

  // Imports and types are read by annotations anywhere.
  function declare(scope: Scope, name: string, isImport = false, isType = isImport): void {
    if (!scope.names.has(name)) scope.names.set(name, variableOf(name, scope, isImport, isType));
  }

  function functionScope(scope: Scope): Scope {
    let at = scope;
    while (at.parent && !at.isBody) at = at.parent;
    return at;
  }

  function declarePattern(name: ts.BindingName, scope: Scope): void {
    if (ts_.isIdentifier(name)) declare(scope, name.text);
    else for (const element of name.elements) if (ts_.isBindingElement(element)) declarePattern(element.name, scope);
  }

  function refer(name: string, scope: Scope, region: Region | undefined, use: Use, at?: ts.Node): void {
    const isPart = use === 'write' && at !== undefined && !ts_.isIdentifier(at) && rootOf(ts_, at) !== undefined;
    const isChange = use === 'write' || use === 'method' || use === 'pass';
    const isLate = use !== 'call' && at !== undefined && isAfterAwait(ts_, scope.func, at);
    const isAwaited = use === 'call' && at !== undefined && awaited.has(at);
    references.push({ name, scope, use, isChange, isPart, isCallee: use === 'call', isLate, isAwaited, region });
  }

  function change(
    target: ts.Node,
    scope: Scope,
    region: Region | undefined,
    use: 'write' | 'method' | 'pass' = 'write',
  ): void {
    const root = rootOf(ts_, target);
    if (root) refer(ts_.isIdentifier(root) ? root.text : 'this', scope, region, use, target);
    else if (ts_.isObjectLiteralExpression(target)) {
      for (const property of target.properties) {
        if (ts_.isShorthandPropertyAssignment(property)) refer(property.name.text, scope, region, use, property);
        else if (ts_.isPropertyAssignment(property))
          change(assignedPart(ts_, property.initializer), scope, region, use);
        else if (ts_.isSpreadAssignment(property)) change(property.expression, scope, region, use);
      }
    } else if (ts_.isArrayLiteralExpression(target)) {
      for (const element of target.elements) {
        change(assignedPart(ts_, ts_.isSpreadElement(element) ? element.expression : element), scope, region, use);
      }
    }
  }

  // function f() {}, const f = () => {}: called by its name, unless it is given away
  function noteLocal(node: ts.FunctionLikeDeclaration, scope: Scope, name: string): void {
    const variable = lookUp(scope, name);
    if (node.asteriskToken || !variable || locals.some((one) => one.variable === variable)) return;
    locals.push({ node, owner: scope.func, variable, region: undefined });
  }

  // (() => { … })()
  function noteCalled(call: ts.CallExpression, scope: Scope, region: Region | undefined): void {
    const callee = call.expression;
    const node = plainExpression(ts_, callee);
    if (ts_.isIdentifier(node)) return refer(node.text, scope, region, 'call', callee);
    const spot = ts_.isClassLike(scope.func) ? undefined : spotOf(ts_, call, awaited.has(call));
    if (spot) return visitSpot(spot, scope, region);
    if ((ts_.isFunctionExpression(node) || ts_.isArrowFunction(node)) && !node.asteriskToken)
      locals.push({ node, owner: scope.func, variable: undefined, region });
    visit(callee, scope, region);
  }

  function noteNameAssigned(one: NameAssignment, scope: Scope, region: Region | undefined): void {
    replaced.push({ name: one.target.text, scope });
    for (let at = region; at; at = at.parent) assignedIn.set(at.node, [...(assignedIn.get(at.node) ?? []), one]);
  }

  function children(node: ts.Node, scope: Scope, region: Region | undefined): void {
    ts_.forEachChild(node, (child) => visit(child, scope, region));
  }

  function visitFunction(
    node: ts.SignatureDeclaration & { body?: ts.Node | undefined },
    scope: Scope,
    hasSelf: boolean = node.kind !== k.ArrowFunction,
  ): void {
    const inner = open(node, scope, node);
    if (hasSelf) declare(inner, 'this');
    if (node.kind !== k.ArrowFunction) declare(inner, 'arguments');
    if (node.kind === k.FunctionExpression && node.name && ts_.isIdentifier(node.name)) declare(inner, node.name.text);
    for (const parameter of node.parameters) {
      visitDecorators(parameter, inner);
      declarePattern(parameter.name, inner);
      visitPatternDefaults(parameter.name, inner, undefined);
      if (parameter.initializer) visit(parameter.initializer, inner, undefined);
    }
    if (!node.body) return;
    if (ts_.isBlock(node.body)) {
      // A default of a parameter does not see what the body declares.
      const hasDefault = node.parameters.some((parameter) => parameter.initializer);
      const body = hasDefault ? open(node.body, inner, node) : inner;
      scopeOf.set(node.body, body);
      for (const statement of node.body.statements) visit(statement, body, undefined);
    } else visit(node.body, inner, undefined);
  }

  // (() => { … })()  →  a block of the function around it
  function visitSpot(node: SpotFunction, scope: Scope, region: Region | undefined): void {
    spots.add(node);
    const inner = open(node, scope, scope.func, true);
    for (const { name } of node.parameters) {
      declarePattern(name, inner);
      visitPatternDefaults(name, inner, region);
    }
    if (!ts_.isBlock(node.body)) return visit(node.body, inner, region);
    scopeOf.set(node.body, inner);
    for (const statement of node.body.statements) visit(statement, inner, region);
  }

  function visitPatternDefaults(name: ts.BindingName, scope: Scope, region: Region | undefined): void {
    if (ts_.isIdentifier(name)) return;
    for (const element of name.elements) {
      if (!ts_.isBindingElement(element)) continue;
      if (element.propertyName && ts_.isComputedPropertyName(element.propertyName))
        visit(element.propertyName, scope, region);
      if (element.initializer) visit(element.initializer, scope, region);
      visitPatternDefaults(element.name, scope, region);
    }
  }

  function visitDecorators(node: ts.Node, scope: Scope): void {
    for (const decorator of (ts_.canHaveDecorators(node) && ts_.getDecorators(node)) || [])
      visit(decorator.expression, scope, undefined);
  }

  function visitClass(node: ts.ClassLikeDeclaration, scope: Scope): void {
    if (node.name && ts_.isClassDeclaration(node)) declare(scope, node.name.text, false, true);
    visitDecorators(node, scope);
    const body = open(node, scope, node);
    declare(body, 'this');
    declare(body, 'super');
    if (node.name && ts_.isClassExpression(node)) declare(body, node.name.text);
    for (const clause of node.heritageClauses ?? [])
      for (const type of clause.types) visit(type.expression, scope, undefined);
    for (const member of node.members) {
      visitDecorators(member, scope);
      if (member.name && ts_.isComputedPropertyName(member.name)) visit(member.name.expression, scope, undefined);
      if (ts_.isPropertyDeclaration(member)) {
        // f = () => …  is a method that keeps its instance.
        const value = member.initializer && plainExpression(ts_, member.initializer);
        if (value && ts_.isArrowFunction(value)) visitFunction(value, body, true);
        else if (value) visit(value, body, undefined);
      } else if (ts_.isClassStaticBlockDeclaration(member)) {
        scopeOf.set(member.body, body);
        for (const statement of member.body.statements) visit(statement, body, undefined);
      } else if (ts_.isFunctionLike(member)) visitFunction(member, body);
    }
  }

  function visit(node: ts.Node, scope: Scope, region: Region | undefined): void {
    for (const name of namesKeptBy(ts_, node)) kept.add(name);
    switch (node.kind) {
      case k.Identifier:
        return refer((node as ts.Identifier).text, scope, region, 'read');
      case k.ThisKeyword:
      case k.SuperKeyword:
        return refer('this', scope, region, 'read');
      case k.FunctionDeclaration: {
        const declaration = node as ts.FunctionDeclaration;
        if (declaration.name) declare(scope, declaration.name.text);
        if (declaration.name && declaration.body && !isExported(ts_, declaration)) {
          noteLocal(declaration, scope, declaration.name.text);
        }
        return visitFunction(declaration, scope);
      }
      case k.FunctionExpression:
      case k.ArrowFunction:
      case k.MethodDeclaration:
      case k.GetAccessor:
      case k.SetAccessor:
      case k.Constructor:
        return visitFunction(node as ts.FunctionLikeDeclaration, scope);
      case k.ClassDeclaration:
      case k.ClassExpression:
        return visitClass(node as ts.ClassLikeDeclaration, scope);
      case k.Block:
      case k.ModuleBlock:
      case k.CaseBlock:
        return children(node, open(node, scope, scope.func), region);
      case k.ForStatement:
      case k.ForInStatement:
      case k.ForOfStatement: {
        const loop = node as ts.ForStatement | ts.ForOfStatement | ts.ForInStatement;
        const inside: Region = { node, parent: region };
        const initializer = loop.initializer;
        if (!ts_.isForStatement(loop) && initializer && !ts_.isVariableDeclarationList(initializer))
          change(initializer, scope, inside);
        const inner = open(node, scope, scope.func);
        links.push(...linksOf(ts_, node, inner));
        if (ts_.isForStatement(loop) || !ts_.isIdentifier(loop.expression)) return children(node, inner, inside);
        // What a list is gone through by is not given the list.
        visit(loop.initializer, inner, inside);
        refer(loop.expression.text, inner, inside, 'field');
        return visit(loop.statement, inner, inside);
      }
      case k.WhileStatement:
      case k.DoStatement:
        return children(node, open(node, scope, scope.func), { node, parent: region });
      case k.TryStatement:
        return children(node, scope, { node, parent: region });
      case k.CatchClause: {
        const inner = open(node, scope, scope.func);
        const clause = node as ts.CatchClause;
        if (clause.variableDeclaration) declarePattern(clause.variableDeclaration.name, inner);
        scopeOf.set(clause.block, inner);
        for (const statement of clause.block.statements) visit(statement, inner, region);
        return;
      }
      case k.VariableDeclarationList: {
        const list = node as ts.VariableDeclarationList;
        const target = list.flags & ts_.NodeFlags.BlockScoped ? scope : functionScope(scope);
        for (const declaration of list.declarations) {
          declarePattern(declaration.name, target);
          visitPatternDefaults(declaration.name, scope, region);
          // A declaration inside a loop is a new assignment on each turn only for `var`.
          if (declaration.initializer && target !== scope) change(declaration.name, scope, region);
          links.push(...linksOf(ts_, declaration, scope));
          const { name, initializer } = declaration;
          if (initializer) visit(initializer, scope, region);
          const isFunction = initializer && (ts_.isArrowFunction(initializer) || ts_.isFunctionExpression(initializer));
          if (isFunction && list.flags & ts_.NodeFlags.Const && ts_.isIdentifier(name))
            noteLocal(initializer, target, name.text);
        }
        return;
      }
      case k.VariableStatement: {
        const statement = node as ts.VariableStatement;
        children(node, scope, region);
        if (!isExported(ts_, statement)) return;
        // What is exported can be called from anywhere.
        for (const { name } of statement.declarationList.declarations)
          if (ts_.isIdentifier(name)) refer(name.text, scope, region, 'read');
        return;
      }
      case k.ImportDeclaration: {
        const clause = (node as ts.ImportDeclaration).importClause;
        if (clause?.name) declare(scope, clause.name.text, true);
        const bindings = clause?.namedBindings;
        if (bindings && ts_.isNamespaceImport(bindings)) declare(scope, bindings.name.text, true);
        else if (bindings) for (const element of bindings.elements) declare(scope, element.name.text, true);
        return;
      }
      case k.ImportEqualsDeclaration:
        return declare(scope, (node as ts.ImportEqualsDeclaration).name.text, true);
      case k.EnumDeclaration:
        return declare(scope, (node as ts.EnumDeclaration).name.text);
      case k.ModuleDeclaration: {
        const namespace = node as ts.ModuleDeclaration;
        if (ts_.isIdentifier(namespace.name)) declare(scope, namespace.name.text);
        let { body } = namespace;
        while (body && ts_.isModuleDeclaration(body)) body = body.body;
        if (body) visit(body, scope, region);
        return;
      }
      case k.InterfaceDeclaration:
      case k.TypeAliasDeclaration:
        // A type has a name in the scope, so that annotations, imports and exports find what it stands for.
        return declare(scope, (node as ts.InterfaceDeclaration).name.text, false, true);
      case k.ExportDeclaration: {
        const declaration = node as ts.ExportDeclaration;
        if (declaration.moduleSpecifier || !declaration.exportClause || !ts_.isNamedExports(declaration.exportClause))
          return;
        for (const element of declaration.exportClause.elements)
          refer((element.propertyName ?? element.name).text, scope, region, 'read');
        return;
      }
      case k.PropertyAccessExpression: {
        const { expression } = node as ts.PropertyAccessExpression;
        if (expression.kind === k.SuperKeyword) refer('super', scope, region, 'read');
        if (ts_.isIdentifier(expression)) return refer(expression.text, scope, region, 'field');
        return visit(expression, scope, region);
      }
      case k.ElementAccessExpression: {
        const { expression, argumentExpression } = node as ts.ElementAccessExpression;
        visit(argumentExpression, scope, region);
        if (ts_.isIdentifier(expression)) return refer(expression.text, scope, region, 'field');
        return visit(expression, scope, region);
      }
      case k.ShorthandPropertyAssignment:
        return refer((node as ts.ShorthandPropertyAssignment).name.text, scope, region, 'read');
      case k.PropertyAssignment: {
        const property = node as ts.PropertyAssignment;
        if (ts_.isComputedPropertyName(property.name)) visit(property.name.expression, scope, region);
        return visit(property.initializer, scope, region);
      }
      case k.LabeledStatement:
        return visit((node as ts.LabeledStatement).statement, scope, region);
      case k.BreakStatement:
      case k.ContinueStatement:
        return;
      case k.JsxAttribute: {
        const initializer = (node as ts.JsxAttribute).initializer;
        if (initializer) visit(initializer, scope, region);
        return;
      }
      case k.BinaryExpression: {
        const binary = node as ts.BinaryExpression;
        if (binary.operatorToken.kind >= k.FirstAssignment && binary.operatorToken.kind <= k.LastAssignment) {
          change(binary.left, scope, region);
          links.push(...linksOf(ts_, binary, scope));
        }
        if (binary.operatorToken.kind === k.EqualsToken && ts_.isIdentifier(binary.left))
          noteNameAssigned({ target: binary.left, value: binary.right }, scope, region);
        return children(node, scope, region);
      }
      case k.PrefixUnaryExpression:
      case k.PostfixUnaryExpression: {
        const unary = node as ts.PrefixUnaryExpression;
        if (unary.operator === k.PlusPlusToken || unary.operator === k.MinusMinusToken)
          change(unary.operand, scope, region);
        return children(node, scope, region);
      }
      case k.AwaitExpression: {
        const called = plainExpression(ts_, (node as ts.AwaitExpression).expression);
        awaited.add(called);
        if (ts_.isCallExpression(called)) awaited.add(called.expression);
        return children(node, scope, region);
      }
      case k.TypeOfExpression: {
        // What kind of value a name holds gives nobody the value.
        const { expression } = node as ts.TypeOfExpression;
        return ts_.isIdentifier(expression)
          ? refer(expression.text, scope, region, 'field')
          : visit(expression, scope, region);
      }
      case k.DeleteExpression:
        change((node as ts.DeleteExpression).expression, scope, region);
        return children(node, scope, region);
      case k.CallExpression:
      case k.NewExpression: {
        const call = node as ts.CallExpression;
        if (ts_.isPropertyAccessExpression(call.expression) || ts_.isElementAccessExpression(call.expression)) {
          const object = call.expression.expression;
          change(object, scope, region, ts_.isIdentifier(object) ? 'method' : 'write');
        }
        for (const argument of call.arguments ?? []) change(argument, scope, region, 'pass');
        for (const argument of runsLater(ts_, call) ? (call.arguments ?? []) : []) {
          later.add(plainExpression(ts_, argument));
          if (runsByTimer(ts_, call)) timed.add(plainExpression(ts_, argument));
          else if (runsSoon(ts_, call)) soon.add(plainExpression(ts_, argument));
        }
        if (!ts_.isCallExpression(node)) return children(node, scope, region);
        links.push(...linksOf(ts_, node, scope));
        noteCalled(node, scope, region);
        for (const argument of call.arguments) visit(argument, scope, region);
        return;
      }
      default:
        if (ts_.isTypeNode(node) && node.kind !== k.ExpressionWithTypeArguments) return;
        return children(node, scope, region);
    }
  }

  const top = open(file, undefined, file);
  declare(top, 'this');
  for (const statement of file.statements) visit(statement, top, undefined);
  // helper = () => {}: in a script, a name that is given a value without being declared is a variable of the whole file.
  if (isScript(ts_, file))
    for (const { name, scope } of replaced) if (!lookUp(scope, name) && !hostNames.has(name)) declare(top, name);

  const uses = noteUses(ts_, { references, locals, replaced, later, timed, soon, changedIn, usesArguments });
  const linked = linkVariables(links);
  const touchedIn = new Map([...changedIn].map(([node, changed]) => [node, linked(changed)]));
  return { scopeOf, changedIn, touchedIn, assignedIn, usesArguments, ...uses, later, soon, spots, kept };
}
