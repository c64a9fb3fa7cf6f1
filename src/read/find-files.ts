// A root and some paths below it → the files to read, in the order of their paths, and the ones left out.

import path from 'node:path';
import fastGlob from 'fast-glob';
import type { FileOutcome } from '../model/diagnostic.ts';
import { LeakscanError } from '../model/diagnostic.ts';
import { kindOfPath, readText, resolveRoot } from './file-host.ts';
import type { GitFiles } from './git-index.ts';
import { gitFiles } from './git-index.ts';

export interface FoundFiles {
  readonly root: string;
  /** Relative to the root, '/'. */
  readonly sources: readonly string[];
  readonly json: readonly string[];
  /** Files that describe stores. */
  readonly schemas: readonly string[];
  readonly outcomes: readonly FileOutcome[];
}

const sourcePattern = '**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}';
const neverRead = ['**/node_modules/**', '**/.git/**', '**/.next/**'];
/** Folders of made or borrowed code, where they stand beside a manifest; elsewhere the name may mean anything. */
const madeFolders = new Set(['dist', 'build', 'out', 'coverage', 'vendor']);
const manifest = /(?:^|\/)(?:(?:package|tsconfig)\.json|deno\.jsonc?)$/;
const isData = /\.(?:jsonc?|prisma|sql|graphqls?|gql)$/;
const maxFiles = 50_000;

/** Finds the root of the given paths: a folder itself, a file's folder, or what several have in common. @throws LeakscanError */
export function findRoot(paths: readonly string[]): { root: string; only: readonly string[] } {
  const real = paths.map((one) => {
    const found = resolveRoot(one);
    if (found === undefined) throw new LeakscanError(`${one} does not exist`);
    return found;
  });
  const [first] = real;
  if (first !== undefined && real.length === 1 && kindOfPath(first) === 'directory') return { root: first, only: [] };
  const folders = real.map((one) => (kindOfPath(one) === 'directory' ? one : path.dirname(one)));
  let root = folders[0] ?? '.';
  while (!folders.every((folder) => folder === root || folder.startsWith(root + path.sep))) root = path.dirname(root);
  return { root, only: real.map((one) => path.relative(root, one).split(path.sep).join('/')) };
}

/** Lists files below the root; `ignored` are the configuration's patterns, written as in .gitignore. @throws LeakscanError when there are none. */
export async function findFiles(
  root: string,
  only: readonly string[],
  ignored: readonly string[],
): Promise<FoundFiles> {
  const options = {
    cwd: root,
    followSymbolicLinks: false,
    onlyFiles: true,
    dot: false,
    ignore: neverRead,
    suppressErrors: true,
    deep: 64,
  };
  const found = await fastGlob(
    [sourcePattern, '**/deno.jsonc', '**/*.{json,prisma,sql,graphql,graphqls,gql}'],
    options,
  );
  const outcomes: FileOutcome[] = [];
  const isIgnored = await ignoreFilter(root, ignored);
  const isWanted = (file: string): boolean =>
    only.length === 0 || only.some((one) => one === '' || file === one || file.startsWith(`${one}/`));
  const sources: string[] = [];
  const json: string[] = [];
  const schemas: string[] = [];
  const projects = new Set(found.flatMap((file) => (manifest.test(file) ? [path.posix.dirname(file)] : [])));
  for (const file of found.sort()) {
    const made = madeFolder(file, projects);
    if (made !== undefined) {
      if (!isData.test(file) && isWanted(file)) outcomes.push({ path: file, state: 'excluded', reason: `in ${made}/` });
      continue;
    }
    if (/\.jsonc?$/.test(file)) {
      if (!/(?:^|\/)package-lock\.json$/.test(file)) json.push(file);
    } else if (isData.test(file)) schemas.push(file);
    else if (!isWanted(file)) continue;
    else if (isIgnored(file)) outcomes.push({ path: file, state: 'excluded', reason: 'ignored' });
    else if (/\.d\.[mc]?ts$/.test(file)) outcomes.push({ path: file, state: 'excluded', reason: 'declarations only' });
    else if (/[.-]min\.[mc]?js$/.test(file)) outcomes.push({ path: file, state: 'excluded', reason: 'minified' });
    else if (sources.length >= maxFiles)
      outcomes.push({ path: file, state: 'failed', reason: `more than ${maxFiles} files` });
    else sources.push(file);
  }
  if (sources.length === 0 && outcomes.every((one) => one.state !== 'failed')) {
    throw new LeakscanError(`no JavaScript or TypeScript files in ${root}`);
  }
  return { root, sources, json, schemas, outcomes };
}

// Patterns of the configuration count always; those of .gitignore only for files that git does not keep all the same.
async function ignoreFilter(root: string, configured: readonly string[]): Promise<(file: string) => boolean> {
  const patterns = gitIgnore(root).split(/\r?\n/);
  const git: GitFiles = patterns.every(isBlank) ? { kind: 'none' } : gitFiles(root);
  const isConfigured = await matcher(configured);
  if (git.kind === 'none') return isConfigured;
  const isIgnored = await matcher([...patterns, ...configured]);
  const isKept = (file: string): boolean => git.kind === 'tracked' && git.files.has(file);
  return (file) => (isKept(file) ? isConfigured(file) : isIgnored(file));
}

// The library is loaded only where there is something to ignore.
async function matcher(patterns: readonly string[]): Promise<(file: string) => boolean> {
  if (patterns.every(isBlank)) return () => false;
  const { default: ignore } = await import('ignore');
  const filter = ignore().add([...patterns]);
  return (file) => filter.ignores(file);
}

function isBlank(pattern: string): boolean {
  return pattern.trim() === '';
}

// `dist` of `bots/desk/dist/a.js`, when `bots/desk` is a project.
function madeFolder(file: string, projects: ReadonlySet<string>): string | undefined {
  const folders = file.split('/').slice(0, -1);
  return folders.find((folder, i) => madeFolders.has(folder) && projects.has(folders.slice(0, i).join('/') || '.'));
}

function gitIgnore(root: string): string {
  const found = readText(path.join(root, '.gitignore'), 100_000);
  return found.kind === 'text' ? found.text : '';
}
