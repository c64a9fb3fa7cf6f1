// package.json, deno.json, import maps and tsconfig.json texts → the little of them that linking needs. Data only: nothing of them is resolved or run.

import type { CompilerPaths, ConditionalTarget, PackageManifest, SourceFile } from '../model/input.ts';
import { packageName, plainSpecifier, versionIn } from '../model/specifier.ts';

type Json = Record<string, unknown>;

/** The manifests among some JSON files; broken ones are left out. */
export function readManifests(files: readonly SourceFile[]): PackageManifest[] {
  return files.flatMap((file) => {
    if (/^(?:deno\.jsonc?|import_map\.json)$/.test(baseName(file.path))) return importMap(file);
    if (baseName(file.path) !== 'package.json') return [];
    const json = parseJsonc(file.text);
    if (!json) return [];
    const dependencies: Record<string, string> = Object.create(null);
    for (const key of ['peerDependencies', 'optionalDependencies', 'devDependencies', 'dependencies']) {
      Object.assign(dependencies, stringsOf(json[key]));
    }
    const aliases: Record<string, string> = Object.create(null);
    for (const [name, range] of Object.entries(dependencies)) {
      const [, target, version = ''] = /^npm:((?:@[^/@]+\/)?[^/@]+)(?:@(.*))?$/.exec(range) ?? [];
      if (target === undefined) continue;
      aliases[name] = target;
      dependencies[target] ??= version;
    }
    return [
      {
        dir: dirName(file.path),
        name: typeof json['name'] === 'string' ? json['name'] : '',
        dependencies,
        aliases,
        imports: targetMap(json['imports']),
        exports: targetMap(isSubpathMap(json['exports']) ? json['exports'] : { '.': json['exports'] }),
        entries: ['main', 'module', 'source', 'types', 'typings'].flatMap((key) => {
          const entry = json[key];
          return typeof entry === 'string' && entry !== '' ? [entry] : [];
        }),
      },
    ];
  });
}

// "grammy": "npm:grammy@1", "@/": "./src/"
function importMap(file: SourceFile): PackageManifest[] {
  const json = parseJsonc(file.text);
  if (!json) return [];
  const dependencies: Record<string, string> = Object.create(null);
  const aliases: Record<string, string> = Object.create(null);
  const imports: Record<string, readonly ConditionalTarget[]> = Object.create(null);
  for (const [name, target] of Object.entries(stringsOf(json['imports']))) {
    if (/^\.{0,2}\//.test(target)) {
      const rest = name.endsWith('/') ? '*' : '';
      imports[name + rest] = [{ conditions: [], path: target.replace(/^\//, './') + rest }];
    } else if (!name.endsWith('/')) {
      const known = packageName(plainSpecifier(target));
      dependencies[known] ??= versionIn(target);
      if (known !== name) aliases[name] = known;
    }
  }
  return [{ dir: dirName(file.path), name: '', dependencies, aliases, imports, exports: {}, entries: [] }];
}

/** `paths` and `baseUrl` of each tsconfig or jsconfig, with `extends` inside the tree folded in. */
export function readCompilerPaths(files: readonly SourceFile[]): CompilerPaths[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const known = new Map<SourceFile, CompilerPaths | undefined>();
  return files.flatMap((file) => {
    if (!/^(?:tsconfig|jsconfig)(?:\.[\w-]+)?\.json$/.test(baseName(file.path))) return [];
    const found = compilerPathsOf(file, byPath, known);
    return found ? [{ ...found, dir: dirName(file.path) }] : [];
  });
}

// Each file is read once; one that extends itself, directly or not, gives itself nothing.
function compilerPathsOf(
  file: SourceFile,
  byPath: ReadonlyMap<string, SourceFile>,
  known: Map<SourceFile, CompilerPaths | undefined>,
): CompilerPaths | undefined {
  if (!known.has(file)) {
    known.set(file, undefined);
    known.set(file, foldPaths(file, byPath, known));
  }
  return known.get(file);
}

function foldPaths(
  file: SourceFile,
  byPath: ReadonlyMap<string, SourceFile>,
  known: Map<SourceFile, CompilerPaths | undefined>,
): CompilerPaths | undefined {
  const json = parseJsonc(file.text);
  if (!json) return undefined;
  const dir = dirName(file.path);
  const options = isObject(json['compilerOptions']) ? json['compilerOptions'] : {};
  const parents = [json['extends']]
    .flat()
    .flatMap((one) => (typeof one === 'string' && one.startsWith('.') ? [join(dir, one)] : []));
  const inherited = parents.flatMap((path) => {
    const parent = byPath.get(path) ?? byPath.get(`${path}.json`);
    return (parent && compilerPathsOf(parent, byPath, known)) ?? [];
  });
  const base = typeof options['baseUrl'] === 'string' ? join(dir, options['baseUrl']) : undefined;
  const paths: Record<string, readonly string[]> = Object.create(null);
  for (const [pattern, targets] of Object.entries(isObject(options['paths']) ? options['paths'] : {})) {
    if (Array.isArray(targets))
      paths[pattern] = targets.flatMap((one) => (typeof one === 'string' ? [join(base ?? dir, one)] : []));
  }
  const last = inherited[inherited.length - 1];
  const baseUrl = base ?? last?.baseUrl;
  const merged = Object.keys(paths).length > 0 ? paths : (last?.paths ?? {});
  return baseUrl === undefined ? { dir, paths: merged } : { dir, baseUrl, paths: merged };
}

function stringsOf(value: unknown): Record<string, string> {
  const strings: Record<string, string> = Object.create(null);
  for (const [key, one] of Object.entries(isObject(value) ? value : {})) {
    if (typeof one === 'string') strings[key] = one;
  }
  return strings;
}

// { "./a": …, ".": … }, and not the conditions of the package itself
function isSubpathMap(value: unknown): boolean {
  return isObject(value) && !Array.isArray(value) && Object.keys(value).some((key) => key.startsWith('.'));
}

function targetMap(value: unknown): Record<string, readonly ConditionalTarget[]> {
  const map: Record<string, readonly ConditionalTarget[]> = Object.create(null);
  for (const [pattern, target] of Object.entries(isObject(value) ? value : {})) {
    const targets = targetsOf(target, [], 0);
    if (targets.length > 0) map[pattern] = targets;
  }
  return map;
}

function targetsOf(value: unknown, conditions: readonly string[], depth: number): ConditionalTarget[] {
  if (typeof value === 'string') return [{ conditions, path: value }];
  if (!isObject(value) || depth > 8) return [];
  if (Array.isArray(value)) return value.flatMap((one) => targetsOf(one, conditions, depth + 1));
  return Object.entries(value).flatMap(([condition, one]) =>
    targetsOf(one, condition === 'default' ? conditions : [...conditions, condition], depth + 1),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

/** JSON with comments and trailing commas; undefined when it is not an object. */
export function parseJsonc(text: string): Json | undefined {
  let out = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '"') {
      const end = endOfString(text, at);
      out += text.slice(at, end);
      at = end - 1;
    } else if (char === '/' && text[at + 1] === '/') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end - 1;
    } else if (char === '/' && text[at + 1] === '*') {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 1;
    } else if (char === ',' && /^\s*[}\]]/.test(text.slice(at + 1, at + 200))) continue;
    else out += char;
  }
  try {
    const value: unknown = JSON.parse(out.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function dirName(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function join(dir: string, path: string): string {
  const out: string[] = [];
  for (const part of `${dir}/${path}`.split('/')) {
    if (part === '..') out.pop();
    else if (part !== '' && part !== '.') out.push(part);
  }
  return out.join('/');
}
