// Which variables may hold parts of one another, by what is written: `const row = rows[0]`, `rows.push(row)`.
// A loop or a try block that changes one of them changes the other.

import type { ts } from 'ts-morph';
import { isTransparent, rootOf } from './syntax.ts';
import type { Scope, Variable } from './variables.ts';
import { lookUp } from './variables.ts';

/** A name, and a name in the value that it is given. */
export interface Link {
  readonly scope: Scope;
  readonly inner: string;
  readonly outer: string;
}

/** Methods that put their arguments into a collection. */
const adders = new Set(['push', 'unshift', 'add', 'set']);

/** The links that an expression, a declaration or the head of a loop makes. */
export function linksOf(ts_: typeof ts, node: ts.Node, scope: Scope): Link[] {
  if (ts_.isVariableDeclaration(node)) {
    return node.initializer ? between(ts_, namesIn(ts_, node.name), node.initializer, scope) : [];
  }
  if (ts_.isForOfStatement(node)) {
    if (!ts_.isVariableDeclarationList(node.initializer)) return [];
    const names = node.initializer.declarations.flatMap((one) => namesIn(ts_, one.name));
    return between(ts_, names, node.expression, scope);
  }
  if (ts_.isBinaryExpression(node)) return between(ts_, nameOf(ts_, node.left), node.right, scope);
  if (!ts_.isCallExpression(node) || !ts_.isPropertyAccessExpression(node.expression)) return [];
  if (!adders.has(node.expression.name.text)) return [];
  const holder = nameOf(ts_, node.expression.expression);
  return node.arguments.flatMap((argument) => between(ts_, holder, argument, scope));
}

/** For variables that change: others whose objects may hold theirs, or stand inside. */
export function linkVariables(links: readonly Link[]): (changed: ReadonlySet<Variable>) => ReadonlySet<Variable> {
  const outer = new Map<Variable, Set<Variable>>();
  const inner = new Map<Variable, Set<Variable>>();
  for (const { scope, inner: innerName, outer: outerName } of links) {
    const [one, other] = [lookUp(scope, innerName), lookUp(scope, outerName)];
    if (!one || !other || one === other) continue;
    outer.set(one, (outer.get(one) ?? new Set()).add(other));
    inner.set(other, (inner.get(other) ?? new Set()).add(one));
  }
  return (changed) => {
    const found = new Set<Variable>();
    for (const way of [outer, inner]) {
      const seen = new Set(changed);
      for (const one of seen) for (const next of way.get(one) ?? []) seen.add(next);
      for (const one of seen) if (!changed.has(one)) found.add(one);
    }
    return found;
  };
}

function between(ts_: typeof ts, names: readonly string[], value: ts.Node, scope: Scope): Link[] {
  const roots = [...rootsOf(ts_, value)];
  return names.flatMap((inner) => roots.map((outer) => ({ scope, inner, outer })));
}

function namesIn(ts_: typeof ts, name: ts.BindingName): string[] {
  if (ts_.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts_.isBindingElement(element) ? namesIn(ts_, element.name) : []));
}

function nameOf(ts_: typeof ts, node: ts.Node): string[] {
  const root = rootOf(ts_, node);
  return root ? [ts_.isIdentifier(root) ? root.text : 'this'] : [];
}

// The variables that a value may be, hold, or be taken from. Each part is looked at once, however deep it lies.
function rootsOf(ts_: typeof ts, value: ts.Node): ReadonlySet<string> {
  const roots = new Set<string>();
  const open = [value];
  for (let node = open.pop(); node; node = open.pop()) {
    while (isTransparent(ts_, node) || ts_.isAwaitExpression(node) || ts_.isSpreadElement(node)) node = node.expression;
    const [name] = nameOf(ts_, node);
    if (name !== undefined) roots.add(name);
    else for (const part of partsOf(ts_, node)) open.push(part);
  }
  return roots;
}

function partsOf(ts_: typeof ts, node: ts.Node): readonly ts.Node[] {
  if (ts_.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse];
  if (ts_.isBinaryExpression(node)) return isChoice(ts_, node.operatorToken.kind) ? [node.left, node.right] : [];
  if (ts_.isArrayLiteralExpression(node)) return node.elements;
  if (ts_.isObjectLiteralExpression(node))
    return node.properties.flatMap((property) => {
      if (ts_.isShorthandPropertyAssignment(property)) return property.name;
      if (ts_.isSpreadAssignment(property)) return property.expression;
      return ts_.isPropertyAssignment(property) ? property.initializer : [];
    });
  if (ts_.isCallExpression(node) && ts_.isPropertyAccessExpression(node.expression)) {
    // Object.values(o), list.slice()
    const { expression } = node.expression;
    const isObject = ts_.isIdentifier(expression) && expression.text === 'Object';
    return isObject ? node.arguments : [expression];
  }
  return [];
}

// a || b, a && b, a ?? b, (a = b), (a, b): one of the two comes out
function isChoice({ SyntaxKind: k }: typeof ts, operator: ts.SyntaxKind): boolean {
  return (
    operator === k.BarBarToken ||
    operator === k.AmpersandAmpersandToken ||
    operator === k.QuestionQuestionToken ||
    operator === k.EqualsToken ||
    operator === k.CommaToken
  );
}
