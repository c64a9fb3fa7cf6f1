// The published source of a package without typings: which members it defines, and how many arguments they take. Read, never run.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { wildcard } from './typings.mjs';

const maxBytes = 2_000_000;
const isCode = /(?<!\.min|\.d)\.(?:[cm]?js|[cm]?ts|coffee)$/;

/** Members by their names: the largest number of arguments that a definition takes. */
export function readMembers(folder) {
  const members = new Map();
  const add = (name, count) => members.set(name, Math.max(count, members.get(name) ?? 0));
  for (const file of filesIn(folder)) {
    const text = readFileSync(file, 'utf8');
    if (file.endsWith('.coffee')) readCoffee(text, add);
    else readScript(ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, false), add);
  }
  return members;
}

/** How many arguments a member of this name takes at most; undefined where there is none. */
export function argumentsOf(members, name) {
  if (!name.includes('*')) return members.get(name);
  const matches = wildcard(name);
  const counts = [...members].flatMap(([one, count]) => (matches(one) ? [count] : []));
  return counts.length > 0 ? Math.max(...counts) : undefined;
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name.startsWith('test') ? [] : filesIn(at);
    return entry.isFile() && isCode.test(entry.name) && statSync(at).size <= maxBytes ? [at] : [];
  });
}

// name: (a, b) => and name = (a, b) ->
function readCoffee(text, add) {
  for (const [, name = '', inner] of text.matchAll(/([\w$]+) *[:=] *(?:\(([^)]*)\))? *[-=]>/g)) {
    add(name, countOf((inner ?? '').split(',').map((one) => one.trim())));
  }
}

function countOf(parameters) {
  const named = parameters.filter((one) => one !== '');
  return named.some((one) => one.includes('...')) ? Number.POSITIVE_INFINITY : named.length;
}

function readScript(file, add) {
  const visit = (node) => {
    const name = nameOf(node);
    if (name !== undefined) add(name, arity(definitionOf(node)));
    // Tables of methods: { key: 'send', value() {} }, { short: 'editText' }, ['send', 'edit'].map(makeMethod)
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.initializer)) {
      add(node.initializer.text, Number.POSITIVE_INFINITY);
    }
    if (ts.isArrayLiteralExpression(node) && node.elements.every((one) => ts.isStringLiteral(one))) {
      for (const { text } of node.elements) add(text, Number.POSITIVE_INFINITY);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

function nameOf(node) {
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken } = node;
    if (operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
    if (ts.isPropertyAccessExpression(left)) return left.name.text;
    return ts.isElementAccessExpression(left) && ts.isStringLiteral(left.argumentExpression)
      ? left.argumentExpression.text
      : undefined;
  }
  const isNamed =
    ts.isMethodDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isGetAccessor(node) ||
    ts.isSetAccessor(node) ||
    ts.isVariableDeclaration(node);
  if (!isNamed || !node.name) return undefined;
  return ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : undefined;
}

function definitionOf(node) {
  if (ts.isBinaryExpression(node)) return node.right;
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node)) {
    return node.initializer;
  }
  if (ts.isClassDeclaration(node)) return node.members.find((one) => ts.isConstructorDeclaration(one));
  return node;
}

// What is no function in plain sight may take any number.
function arity(value) {
  if (!value || !ts.isFunctionLike(value) || ts.isAccessor(value)) return Number.POSITIVE_INFINITY;
  const isOpen = value.parameters.some((one) => one.dotDotDotToken !== undefined) || usesArguments(value);
  return isOpen ? Number.POSITIVE_INFINITY : value.parameters.length;
}

function usesArguments(value) {
  let found = false;
  const visit = (node) => {
    if (ts.isIdentifier(node) && node.text === 'arguments') found = true;
    if (!found && !ts.isFunctionDeclaration(node) && !ts.isFunctionExpression(node)) ts.forEachChild(node, visit);
  };
  if (value.body) ts.forEachChild(value.body, visit);
  return found;
}
