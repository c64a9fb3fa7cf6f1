// Changes of source text that leave what a program does as it is. Each answers with the new text, or undefined where
// nothing in the file has the form that it changes. Comments stay in front of their statements.

import type { FunctionDeclaration, Node, SourceFile } from 'ts-morph';
import { Project, SyntaxKind, ts } from 'ts-morph';
import type { SourceFile as InputFile } from '../../src/model/input.ts';

export interface Transformation {
  readonly name: string;
  /** The files that one file becomes, or undefined. */
  readonly change: (file: InputFile) => readonly InputFile[] | undefined;
}

const project = new Project({
  useInMemoryFileSystem: true,
  skipLoadingLibFiles: true,
  compilerOptions: { allowJs: true, jsx: ts.JsxEmit.Preserve },
});

/** A change of the syntax tree that says how often it applied. */
function onTree(name: string, change: (source: SourceFile) => number): Transformation {
  return {
    name,
    change: ({ path, text }) => {
      const source = project.createSourceFile(`/${path}`, text, { overwrite: true });
      const count = change(source);
      const changed = source.getFullText();
      project.removeSourceFile(source);
      return count > 0 ? [{ path, text: changed }] : undefined;
    },
  };
}

/** Variables of functions get names that say nothing. */
const renameLocals = onTree('renamed locals', (source) => {
  let count = 0;
  const variables = source.getDescendantsOfKind(SyntaxKind.VariableDeclaration);
  for (const variable of variables) {
    const name = variable.getNameNode();
    const isLocal = variable.getFirstAncestor((node) => isFunction(node)) !== undefined;
    if (!isLocal || name.getKind() !== SyntaxKind.Identifier) continue;
    name.asKindOrThrow(SyntaxKind.Identifier).rename(`renamed${++count}`, { usePrefixAndSuffixText: true });
  }
  return count;
});

/** `function f() { body }` → `function f() { return (() => { body })(); }`, awaited where `f` waits. */
const wrapBodies = onTree('bodies called at once', (source) => {
  let count = 0;
  for (const declared of source.getFunctions()) {
    const body = declared.getBody()?.asKind(SyntaxKind.Block);
    if (!body || declared.isGenerator() || !isRewritable(declared)) continue;
    const inner = bodyTextOf(body);
    if (inner.trim() === '') continue;
    const [start, end] = declared.isAsync() ? ['return await (async () => {', '})();'] : ['return (() => {', '})();'];
    body.replaceWithText(`{\n${start}\n${inner}\n${end}\n}`);
    count++;
  }
  return count;
});

/** `function f() {}` → `const f = function () {}`, at the top of the file so that it is there when the file runs. */
const functionsToConstants = onTree('functions as constants', (source) => {
  const functions = source.getFunctions().filter((one) => isRewritable(one) && !one.isGenerator());
  const moved = functions.filter((one) => one.getName() && !one.isDefaultExport() && !isAssigned(one) && one.getBody());
  const texts = moved.map((one) => {
    const parameters = one.getParameters().map((parameter) => parameter.getText());
    const types = one.getTypeParameters().map((type) => type.getText());
    const result = one.getReturnTypeNode()?.getText();
    const head = `${types.length > 0 ? `<${types.join(', ')}>` : ''}(${parameters.join(', ')})${result ? `: ${result}` : ''}`;
    const word = `${one.isExported() ? 'export ' : ''}const ${one.getName()} = ${one.isAsync() ? 'async ' : ''}`;
    return `${word}${head} => ${one.getBodyOrThrow().getText()};`;
  });
  for (const one of moved) one.remove();
  source.insertText(placeAfterImports(source), `\n${texts.join('\n\n')}\n`);
  return moved.length;
});

/** `return await f();` → `return f().then((settled) => settled);` outside of `try`. */
const awaitsToThen = onTree('then in place of await', (source) => {
  let count = 0;
  for (const waiting of source.getDescendantsOfKind(SyntaxKind.AwaitExpression).toReversed()) {
    const inner = waiting.getExpression();
    if (inner.getKind() !== SyntaxKind.CallExpression) continue;
    if (inner.getDescendantsOfKind(SyntaxKind.AwaitExpression).length > 0) continue;
    waiting.replaceWithText(`await (${inner.getText()}).then((settled) => settled)`);
    count++;
  }
  return count;
});

/** `const { a, b: c } = o;` → `const whole = o; const a = whole.a; const c = whole.b;`. */
const patternsToReads = onTree('reads in place of patterns', (source) => {
  let count = 0;
  for (const statement of source.getDescendantsOfKind(SyntaxKind.VariableStatement).toReversed()) {
    const [declaration, ...others] = statement.getDeclarations();
    const pattern = declaration?.getNameNode().asKind(SyntaxKind.ObjectBindingPattern);
    const value = declaration?.getInitializer();
    if (!pattern || !value || others.length > 0 || statement.isExported() || declaration?.getTypeNode()) continue;
    const elements = pattern.getElements();
    const isPlain = elements.every(
      (one) =>
        !one.getDotDotDotToken() &&
        !one.getInitializer() &&
        one.getNameNode().getKind() === SyntaxKind.Identifier &&
        (one.getPropertyNameNode()?.getKind() ?? SyntaxKind.Identifier) === SyntaxKind.Identifier,
    );
    if (!isPlain) continue;
    const word = statement.getDeclarationKind();
    const whole = `whole${++count}`;
    const reads = elements.map(
      (one) => `${word} ${one.getName()} = ${whole}.${one.getPropertyNameNode()?.getText() ?? one.getName()};`,
    );
    statement.replaceWithText([`const ${whole} = ${value.getText()};`, ...reads].join('\n'));
  }
  return count;
});

/** Function declarations in the opposite order, behind everything else, since they are hoisted; each starts with idle code. */
const reorder = onTree('functions in another order, with idle code', (source) => {
  const functions = source.getFunctions();
  if (functions.length < 2 || functions.some((one) => one.isOverload() || one.hasDeclareKeyword())) return 0;
  functions.forEach((one, at) => {
    const body = one.getBody();
    const idle = `const idle${at} = { line: 'nothing' };\nif (!idle${at}.line) void idle${at};`;
    if (body && !/use strict/.test(body.getText())) body.replaceWithText(`{\n${idle}\n${bodyTextOf(body)}\n}`);
  });
  const texts = source.getFunctions().map((one) => one.getFullText().trim());
  for (const one of source.getFunctions()) one.remove();
  source.insertText(source.getFullWidth(), `\n${texts.toReversed().join('\n\n')}\n`);
  return functions.length;
});

/** A helper that uses nothing of its file moves to a file of its own, in the file's own module style. */
const splitFile: Transformation = {
  name: 'a helper in another file',
  change: ({ path, text }) => {
    const source = project.createSourceFile(`/${path}`, text, { overwrite: true });
    const moved = source.getFunctions().filter((one) => standsAlone(one, source));
    const names = moved.map((one) => one.getName() ?? '');
    const texts = moved.map((one) => one.getFullText().trim());
    for (const one of moved) one.remove();
    const isCommon = /\bmodule\.exports\b|\bexports\.|\brequire\(/.test(text) || /\.c[jt]s$/.test(path);
    const ending = path.slice(path.lastIndexOf('.'));
    const stem = `${path.slice(0, -ending.length)}-moved`;
    const specifier = `./${stem.slice(stem.lastIndexOf('/') + 1)}${ending}`;
    const list = `{ ${names.join(', ')} }`;
    const [taken, given] = isCommon
      ? [`const ${list} = require('${specifier}');`, `module.exports = ${list};`]
      : [`import ${list} from '${specifier}';`, `export ${list};`];
    source.insertText(0, `${taken}\n`);
    const rest = source.getFullText();
    project.removeSourceFile(source);
    if (moved.length === 0) return undefined;
    return [
      { path, text: rest },
      { path: `${stem}${ending}`, text: `${texts.join('\n\n')}\n\n${given}\n` },
    ];
  },
};

export const transformations: readonly Transformation[] = [
  renameLocals,
  wrapBodies,
  functionsToConstants,
  awaitsToThen,
  patternsToReads,
  reorder,
  splitFile,
];

function isFunction(node: Node): boolean {
  return ts.isFunctionLike(node.compilerNode);
}

/** True when the function does not speak of `this`, `arguments`, `super` or `yield`, and is no constructor. */
function isRewritable(node: FunctionDeclaration): boolean {
  if (node.isOverload() || node.getOverloads().length > 0 || node.hasDeclareKeyword()) return false;
  return !/\b(?:this|arguments|super|yield|prototype)\b|\bnew\.target\b/.test(node.getText());
}

/** True when the name is written to, constructed, or given members: what a declaration can and a constant cannot. */
function isAssigned(declared: FunctionDeclaration): boolean {
  const name = declared.getName() ?? '';
  const text = declared.getSourceFile().getFullText();
  return new RegExp(`\\b(?:new\\s+${name}\\b|${name}\\.\\w|${name}\\s*=[^=>])`).test(text);
}

function hasAnnotation(node: Node): boolean {
  return /(?:leak|ok|miss|noise):/.test(node.getText());
}

/** The text between the braces, with all comments. */
function bodyTextOf(body: Node): string {
  return body.getText().slice(1, -1);
}

function placeAfterImports(source: SourceFile): number {
  return source.getImportDeclarations().at(-1)?.getEnd() ?? 0;
}

/** True when the function is not exported and names nothing that its file declares. */
function standsAlone(declared: FunctionDeclaration, source: SourceFile): boolean {
  const name = declared.getName();
  if (!name || declared.isExported() || hasAnnotation(declared) || declared.isOverload()) return false;
  if (declared.hasDeclareKeyword() || declared.getOverloads().length > 0 || isAssigned(declared)) return false;
  const text = source.getFullText();
  if (new RegExp(`\\bexports\\.${name}\\b|(?:module\\.exports|export)\\s*=?\\s*\\{[^}]*\\b${name}\\b`).test(text))
    return false;
  const topLevel = new Set(
    [
      ...source.getFunctions(),
      ...source.getClasses(),
      ...source.getInterfaces(),
      ...source.getTypeAliases(),
      ...source.getEnums(),
    ]
      .map((one) => one.getName() ?? '')
      .concat(source.getVariableDeclarations().flatMap((one) => one.getNameNode().getText().match(/\w+/g) ?? []))
      .concat(source.getImportDeclarations().flatMap((one) => one.getText().match(/\w+/g) ?? [])),
  );
  return declared
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .every((one) => one.getText() === name || !topLevel.has(one.getText()));
}
