// One file's text → its FileGraph. The only room that knows the compiler: raw nodes, walked twice (scopes, then values),
// and dropped. Knows nothing about other files or about rules.

import type { ts } from 'ts-morph';
import type { FileGraph } from '../model/flow-graph.ts';
import type { SourceFile } from '../model/input.ts';
import { lineStartsOf } from '../model/location.ts';
import { walkCall } from './calls.ts';
import { capturedRecords } from './captured.ts';
import { walkClassValue } from './classes.ts';
import { loadCompiler } from './compiler.ts';
import type { Walker } from './context.ts';
import { walkExpression } from './expressions.ts';
import { noFacts } from './facts.ts';
import { moduleContext, walkFunctionValue, walkModule } from './functions.ts';
import { GraphBuilder } from './graph-builder.ts';
import { assignTo, bindName } from './patterns.ts';
import { resolveScopes } from './scopes.ts';
import { walkStatements } from './statements.ts';

/** Parses a file and turns it into a graph. Syntax errors are recovered from and listed in `errors`. @throws RangeError when it is nested too deeply for the stack. */
export function extract(source: SourceFile): FileGraph {
  const compiler = loadCompiler();
  const file = parse(compiler, source);
  const builder = new GraphBuilder();
  const exportsNode = builder.node('exports', { start: 0, end: 0 }, 0, 'exports');
  const walker: Walker = {
    ts: compiler,
    file,
    builder,
    scopes: resolveScopes(compiler, file),
    indexOf: new Map(),
    exportsNode,
    callIndexOf: new Map(),
    snapshots: new Map(),
    facts: noFacts(),
    pending: [],
    expression: (node, context) => walkExpression(walker, node, context),
    statements: (nodes, context) => walkStatements(walker, nodes, context),
    functionValue: (node, context, cls, self) => walkFunctionValue(walker, node, context, cls, self),
    classValue: (node, context) => walkClassValue(walker, node, context),
    call: (node, context) => walkCall(walker, node, context),
    bind: (name, value, context) => bindName(walker, name, value, context),
    assign: (target, value, context, kind) => assignTo(walker, target, value, context, kind),
  };
  walkModule(walker, moduleContext(walker));
  const lineStarts = lineStartsOf(source.text);
  return builder.finish({
    file: source.path,
    lineStarts,
    lines: lineStarts.length,
    exports: exportsNode,
    isModule: compiler.isExternalModule(file),
    errors: syntaxErrors(compiler, file),
    captured: capturedRecords(walker),
  });
}

function parse(compiler: typeof ts, source: SourceFile): ts.SourceFile {
  const kinds: Record<string, ts.ScriptKind> = {
    ts: compiler.ScriptKind.TS,
    mts: compiler.ScriptKind.TS,
    cts: compiler.ScriptKind.TS,
    tsx: compiler.ScriptKind.TSX,
  };
  const extension = source.path.slice(source.path.lastIndexOf('.') + 1).toLowerCase();
  return compiler.createSourceFile(
    source.path,
    source.text,
    { languageVersion: compiler.ScriptTarget.Latest, jsDocParsingMode: compiler.JSDocParsingMode.ParseNone },
    false,
    kinds[extension] ?? compiler.ScriptKind.JSX,
  );
}

// `parseDiagnostics` is not in the public typings; it is what the parser recovered from.
function syntaxErrors(compiler: typeof ts, file: ts.SourceFile): string[] {
  const { parseDiagnostics = [] } = file as unknown as { parseDiagnostics?: readonly ts.Diagnostic[] };
  return parseDiagnostics.slice(0, 3).map((diagnostic) => {
    const { line, character } = file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    const message = compiler.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    return `${line + 1}:${character + 1} ${message}`;
  });
}
