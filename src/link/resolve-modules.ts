// Import specifiers → files of the scanned tree, or the name of a package.
// Follows tsconfig paths, package `imports`, workspaces, index files and missing extensions; reads nothing from the disk.

import { expandBraces, matchesWildcard } from '../model/api-path.ts';
import type { CompilerPaths, ConditionalTarget, PackageManifest } from '../model/input.ts';
import { packageName, plainSpecifier } from '../model/specifier.ts';

export type ResolvedModule =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'missing' };

export interface ModuleResolver {
  /** `isRequire` picks the `require` condition of a package, not `import`. */
  resolve(from: string, specifier: string, isRequire: boolean): ResolvedModule;
}

/** Where the sources of a package may lie. */
const sourceDirs = ['', 'src', 'app', 'lib', 'source', 'server'];
/** No package is called so, except with a scope. */
const marked = /^(?:@@?|~~?|[#$])\/?([^/].*)$/;
const ofNode = /^\w+\/(?:promises|strict|posix|win32|consumers|web|types)$/;
const extensions = ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.cts', '.json'];

/** Resolves against the given paths (relative to the root, '/'). */
export function createModuleResolver(
  paths: readonly string[],
  packages: readonly PackageManifest[],
  compilerPaths: readonly CompilerPaths[],
): ModuleResolver {
  const known = new Set(paths);
  const byLowerCase = new Map(paths.map((path) => [path.toLowerCase(), path]));
  const workspaces = new Map(packages.filter((one) => one.name !== '').map((one) => [one.name, one]));
  const nearest = [...packages].sort((a, b) => b.dir.length - a.dir.length);
  const configs = [...compilerPaths].sort((a, b) => b.dir.length - a.dir.length);

  function file(path: string): string | undefined {
    const found = candidates(path).find((candidate) => known.has(candidate));
    if (found) return found;
    for (const candidate of candidates(path)) {
      const wrongCase = byLowerCase.get(candidate.toLowerCase());
      if (wrongCase) return wrongCase;
    }
    return undefined;
  }

  function one(path: string | undefined): ResolvedModule | undefined {
    const found = path === undefined ? undefined : file(path);
    return found === undefined ? undefined : { kind: 'files', paths: [found] };
  }

  function aliased(from: string, specifier: string): ResolvedModule | undefined {
    for (const config of configs) {
      if (!isInside(config.dir, from)) continue;
      for (const [pattern, targets] of Object.entries(config.paths).sort(([a], [b]) => b.length - a.length)) {
        const middle = matchStar(pattern, specifier);
        if (middle === undefined) continue;
        for (const target of targets) {
          const found = one(normalise(target.replace('*', middle)));
          if (found) return found;
        }
      }
      const based = config.baseUrl === undefined ? undefined : one(join(config.baseUrl, specifier));
      if (based) return based;
    }
    return undefined;
  }

  function byPackage(from: string, specifier: string, isRequire: boolean): ResolvedModule {
    const name = packageName(specifier);
    const workspace = workspaces.get(name);
    if (workspace) {
      const rest = specifier.slice(name.length + 1);
      const found = throughMap(workspace, workspace.exports, rest === '' ? '.' : `./${rest}`, isRequire);
      if (found) return found;
      const entry =
        rest === '' ? [...workspace.entries.flatMap(asSource), 'src/index', 'index'] : [rest, `src/${rest}`];
      for (const path of entry) {
        const found = one(join(workspace.dir, path));
        if (found) return found;
      }
    }
    return aliased(from, specifier) ?? byHabit(from, specifier) ?? { kind: 'package', name };
  }

  // Aliases whose settings are not part of the tree, or are no JSON: `@/lib/desk`, `~/lib/desk`, `@lib/desk`, `src/lib/desk`.
  function byHabit(from: string, specifier: string): ResolvedModule | undefined {
    const rest = marked.exec(specifier)?.[1] ?? (specifier.includes('/') && !ofNode.test(specifier) ? specifier : '');
    if (rest === '' || isDependency(packageName(specifier))) return undefined;
    for (const root of rootsOf(from)) {
      for (const dir of sourceDirs) {
        const found = one(join(root, `${dir}/${rest}`));
        if (found) return found;
      }
    }
    return undefined;
  }

  function isDependency(name: string): boolean {
    return packages.some((manifest) => Object.hasOwn(manifest.dependencies, name));
  }

  function throughMap(
    { dir, exports }: PackageManifest,
    map: Readonly<Record<string, readonly ConditionalTarget[]>>,
    subpath: string,
    isRequire: boolean,
  ): ResolvedModule | undefined {
    for (const [pattern, targets] of Object.entries(map).sort(([a], [b]) => headOf(b).length - headOf(a).length)) {
      const middle = matchStar(pattern, subpath);
      if (middle === undefined) continue;
      for (const { path } of inOrder(targets, isRequire)) {
        const target = path.replaceAll('*', middle);
        // `imports` may lead to a package, `exports` may not.
        if (!target.startsWith('.')) {
          if (map === exports) continue;
          return byPackage(join(dir, 'package.json'), target, isRequire);
        }
        for (const candidate of asSource(target)) {
          const found = one(join(dir, candidate));
          if (found) return found;
        }
      }
    }
    return undefined;
  }

  // Where the process of a file may have been started.
  function rootsOf(from: string): string[] {
    const own = nearest.find((manifest) => isInside(manifest.dir, from));
    return own && own.dir !== '' ? [own.dir, ''] : [''];
  }

  function resolve(from: string, specifier: string, isRequire: boolean): ResolvedModule {
    if (specifier === '' || specifier === '*') return { kind: 'missing' };
    const plain = plainSpecifier(specifier);
    if (plain.includes('*')) return manyFiles(from, plain, known, rootsOf(from));
    // `.generated` is a name as any other
    if (/^(?:\.{1,2}(?:\/|$)|\/)/.test(plain))
      return one(join(dirOf(from), plain)) ?? aliased(from, plain) ?? { kind: 'missing' };
    for (const manifest of nearest) {
      const found = isInside(manifest.dir, from) && throughMap(manifest, manifest.imports, plain, isRequire);
      if (found) return found;
    }
    return aliased(from, plain) ?? byPackage(from, plain, isRequire);
  }
  return { resolve };
}

// The targets that Node would take go first; the others may be what a bundler takes, or where the sources are.
function inOrder(targets: readonly ConditionalTarget[], isRequire: boolean): ConditionalTarget[] {
  const active = new Set(['node', 'module-sync', isRequire ? 'require' : 'import']);
  const isActive = (target: ConditionalTarget): boolean => target.conditions.every((one) => active.has(one));
  return [...targets.filter(isActive), ...targets.filter((target) => !isActive(target))];
}

// dist/index.js is made of src/index.ts
function asSource(path: string): string[] {
  const plain = path.replace(/^\.\//, '');
  const source = plain.replace(/^(?:dist|build|lib|out|esm|cjs)\/(?:(?:esm|cjs|src)\/)?/, 'src/');
  return source === plain ? [plain] : [plain, source];
}

function headOf(pattern: string): string {
  return pattern.split('*')[0] ?? '';
}

// require(`./commands/${name}`)  →  every file that fits; what stands before the path may be unknown
function manyFiles(
  from: string,
  specifier: string,
  known: ReadonlySet<string>,
  roots: readonly string[],
): ResolvedModule {
  const isOpen = specifier.startsWith('*/');
  const dirs = isOpen ? [...roots, dirOf(from)] : [dirOf(from)];
  for (const dir of dirs) {
    const paths = expandBraces(join(dir, isOpen ? specifier.slice(2) : specifier)).flatMap((pattern) =>
      filesLike(from, pattern.replace(/\*+(\/\*+)*/g, '*'), known),
    );
    if (paths.length > 0 && paths.length <= 500) return { kind: 'files', paths: [...new Set(paths)] };
  }
  return { kind: 'missing' };
}

function filesLike(from: string, wanted: string, known: ReadonlySet<string>): string[] {
  if (wanted === '*' || wanted === '') return [];
  if (!wanted.includes('*'))
    return candidates(wanted)
      .filter((path) => known.has(path))
      .slice(0, 1);
  // What is loaded as .js may be written in TypeScript.
  const stem = wanted.replace(/\.[mc]?jsx?$/, '');
  return [...known].filter(
    (path) =>
      path !== from &&
      !path.endsWith('.json') &&
      (matchesWildcard(wanted, path) || matchesWildcard(stem, withoutExtension(path))),
  );
}

function candidates(path: string): string[] {
  const stem = withoutExtension(path);
  const swapped = stem === path || path.endsWith('.json') ? [] : extensions.map((extension) => stem + extension);
  return [
    path,
    ...swapped,
    ...extensions.map((extension) => path + extension),
    ...extensions.map((extension) => (path === '' ? `index${extension}` : `${path}/index${extension}`)),
  ];
}

function matchStar(pattern: string, text: string): string | undefined {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text ? '' : undefined;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return undefined;
  return text.slice(head.length, text.length - tail.length);
}

/** `src/lib/notify` of `src/lib/notify.ts`. */
export function withoutExtension(path: string): string {
  return path.replace(/\.(?:[mc]?[jt]sx?|json)$/i, '');
}

function isInside(dir: string, path: string): boolean {
  return dir === '' || path.startsWith(`${dir}/`);
}

function dirOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function join(dir: string, path: string): string {
  return normalise(path.startsWith('/') ? path : `${dir}/${path}`);
}

function normalise(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') out.pop();
    else if (part !== '' && part !== '.') out.push(part);
  }
  return out.join('/');
}
