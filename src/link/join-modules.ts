// Import nodes → the exports they stand for, or places in packages; and names for what each file exports.

import { apiPath, memberPath } from '../model/api-path.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { LinkInput } from './link-input.ts';
import type { PointsTo } from './points-to.ts';
import { createModuleResolver, packageName, withoutExtension } from './resolve-modules.ts';
import type { Tree } from './tree.ts';

export interface JoinedModules {
  /** Packages that are imported or depended on. */
  readonly packages: Set<string>;
  readonly unresolved: { readonly file: string; readonly specifier: string }[];
}

/** Joins every import of the tree. */
export function joinModules(tree: Tree, pointsTo: PointsTo, input: LinkInput): JoinedModules {
  const paths = tree.files.map((file) => file.file);
  const indexOf = new Map(paths.map((path, i) => [path, i]));
  const resolver = createModuleResolver([...paths, ...input.jsonPaths], input.packages, input.compilerPaths);
  const packages = new Set(input.packages.flatMap((manifest) => Object.keys(manifest.dependencies)));
  const unresolved: { file: string; specifier: string }[] = [];
  const loadsOf = loadsByBase(tree);
  tree.files.forEach((file, i) => {
    const base = tree.bases[i] ?? 0;
    for (const record of file.imports) {
      const node = record.node + base;
      const resolved = resolver.resolve(file.file, record.specifier, record.isRequire);
      if (resolved.kind === 'missing') {
        if (record.specifier !== '') unresolved.push({ file: file.file, specifier: record.specifier });
      } else if (resolved.kind === 'package') {
        packages.add(resolved.name);
        seedPackage(pointsTo, node, record.specifier);
      } else {
        for (const path of resolved.paths) {
          const target = indexOf.get(path);
          if (target === undefined) continue;
          const exported = tree.bases[target] ?? 0;
          tree.edge('copy', exported, node, 0);
          if (tree.files[target]?.isModule) continue;
          for (const [result, field] of loadsOf.get(node) ?? []) {
            if (tree.strings[field] === 'default') tree.edge('copy', exported, result, 0);
          }
        }
      }
    }
  });
  return { packages, unresolved };
}

function seedPackage(pointsTo: PointsTo, node: number, specifier: string): void {
  const plain = specifier.startsWith('node:') ? specifier.slice(5) : specifier;
  pointsTo.seedPath(node, apiPath(plain, []));
  const name = packageName(plain);
  if (name !== plain) {
    const sub = plain.slice(name.length + 1).split('/');
    pointsTo.seedPath(node, sub.reduce(memberPath, apiPath(name, [])));
  }
}

function loadsByBase(tree: Tree): Map<number, [number, number][]> {
  const found = new Map<number, [number, number][]>();
  for (let i = 0; i < tree.edges.length; i += 4) {
    if (tree.edges[i] !== programOps.load) continue;
    const base = tree.edges[i + 1] ?? 0;
    if (tree.kinds[base] !== nodeKinds.import) continue;
    found.set(base, [...(found.get(base) ?? []), [tree.edges[i + 2] ?? 0, tree.edges[i + 3] ?? 0]]);
  }
  return found;
}

/**
 * Names for the tree's own functions: `file#name` for what a file exports, `file#Class.method`, and the declared name of the rest.
 * To be asked when the exports are known.
 */
export function nameExports(tree: Tree, pointsTo: PointsTo): Map<number, string[]> {
  const named = new Map<number, string[]>();
  const add = (func: number, path: string): void => {
    const paths = named.get(func) ?? [];
    if (!paths.includes(path)) named.set(func, [...paths, path]);
  };
  let file = 0;
  tree.functions.forEach((one, func) => {
    if (one.node < 0 || one.name === '') return;
    while ((tree.bases[file + 1] ?? Number.POSITIVE_INFINITY) <= one.node) file++;
    const module = withoutExtension(tree.files[file]?.file ?? '');
    const cls = one.cls >= 0 ? (tree.classes[one.cls]?.name ?? '') : '';
    add(func, apiPath(module, cls === '' ? [one.name] : [cls, one.name]));
  });
  tree.files.forEach((graph, i) => {
    const module = withoutExtension(graph.file);
    const exported = tree.bases[i] ?? 0;
    for (const token of pointsTo.tokensOf(exported))
      if (token.kind === 'function') add(token.func, apiPath(module, []));
    for (const [name, token] of pointsTo.fieldTokensOf(exported)) {
      if (token.kind === 'function') add(token.func, apiPath(module, name === 'default' ? [] : [name]));
    }
  });
  return named;
}
