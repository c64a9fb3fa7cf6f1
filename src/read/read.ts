// Paths and options → Input: files, manifests, rules and policy. The only room that touches the disk.

import path from 'node:path';
import type { FileOutcome } from '../model/diagnostic.ts';
import { LeakscanError } from '../model/diagnostic.ts';
import type { Input, SourceFile } from '../model/input.ts';
import { kindOfPath, maxFileBytes, readText } from './file-host.ts';
import { findFiles, findRoot } from './find-files.ts';
import { readCompilerPaths, readManifests } from './read-projects.ts';
import { readRules } from './read-rules.ts';

export interface ReadOptions {
  readonly paths: readonly string[];
  /** The shipped `rules/` folder. */
  readonly builtInRules: string;
  /** Rule files or folders named on the command line. */
  readonly rules: readonly string[];
  /** A named configuration; `auto` takes leakscan.yml of the root, `none` no file. */
  readonly config:
    | { readonly kind: 'auto' }
    | { readonly kind: 'none' }
    | { readonly kind: 'file'; readonly path: string };
}

export interface ReadResult {
  readonly root: string;
  readonly input: Input;
}

const maxJsonBytes = 1_000_000;
const maxTotalBytes = 512_000_000;

/** Reads everything a scan needs. @throws LeakscanError for missing paths, no files, and broken rules. */
export async function read(options: ReadOptions): Promise<ReadResult> {
  const { root, only } = findRoot(options.paths);
  const { rules, policy, ignored } = await readRules({
    builtIn: options.builtInRules,
    extra: options.rules,
    config: configOf(options, root),
  });
  const found = await findFiles(root, only, ignored);
  const outcomes: FileOutcome[] = [...found.outcomes];
  const files: SourceFile[] = [];
  let total = 0;
  for (const file of found.sources) {
    const read = readText(path.join(root, file), maxFileBytes);
    if (read.kind === 'failed') outcomes.push({ path: file, state: 'failed', reason: read.reason });
    else if (isTest(file, read.text)) outcomes.push({ path: file, state: 'excluded', reason: 'tests' });
    else if (isMinified(read.text)) outcomes.push({ path: file, state: 'excluded', reason: 'minified' });
    else if (total + read.text.length > maxTotalBytes)
      outcomes.push({ path: file, state: 'failed', reason: 'more than 512 MB of source' });
    else {
      total += read.text.length;
      files.push({ path: file, text: read.text.replace(/^\uFEFF/, '') });
    }
  }
  const jsonFiles = found.json.flatMap((file): SourceFile[] => {
    const read = readText(path.join(root, file), maxJsonBytes);
    return read.kind === 'text' ? [{ path: file, text: read.text }] : [];
  });
  const schemaFiles = found.schemas.flatMap((file): SourceFile[] => {
    const read = readText(path.join(root, file), maxJsonBytes);
    return read.kind === 'text' ? [{ path: file, text: read.text }] : [];
  });
  const input: Input = {
    files,
    jsonFiles,
    schemaFiles,
    packages: readManifests(jsonFiles),
    compilerPaths: readCompilerPaths(jsonFiles),
    rules,
    policy,
    outcomes,
    diagnostics: [],
  };
  return { root, input };
}

function configOf(options: ReadOptions, root: string): string | undefined {
  if (options.config.kind === 'none') return undefined;
  if (options.config.kind === 'file') {
    if (kindOfPath(options.config.path) === 'missing') throw new LeakscanError(`${options.config.path} does not exist`);
    return options.config.path;
  }
  return ['leakscan.yml', 'leakscan.yaml']
    .map((name) => path.join(root, name))
    .find((file) => kindOfPath(file) === 'file');
}

// A file at a place of tests that describes some: it calls the bot with made-up data and is never shipped.
function isTest(file: string, text: string): boolean {
  const isAtPlace = /(?:^|\/)(?:__tests__|tests?|specs?)\/|\.(?:test|spec)\.[cm]?[jt]sx?$/.test(file);
  return isAtPlace && /^\s*(?:await )?(?:describe|it|test|suite|context)(?:\.\w+)*\(\s*['"`]/m.test(text);
}

// Long lines on average: made by a bundler, not written by a person.
function isMinified(text: string): boolean {
  if (text.length < 20_000) return false;
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return text.length / lines > 500;
}
