// Import nodes → the exports they stand for, or places in packages; and names for what each file exports.

import { apiPath, memberPath } from '../model/api-path.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { LinkInput } from './link.ts';
import type { PointsTo } from './points-to.ts';
import { createModuleResolver, packageName, withoutExtension } from './resolve-modules.ts';
import type { Tree } from './tree.ts';

export interface JoinedModules {
  /** Packages that are imported or depended on. */
  readonly packages: Set<string>;
  readonly unresolved: { readonly file: string; readonly specifier: string }[];
  /** ApiPaths of the tree's own exported functions: `src/lib/notify#pushToCustomer`. */
  readonly exportPaths: ReadonlyMap<number, readonly string[]>;
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
      const resolved = resolver.resolve(file.file, record.specifier);
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
  return { packages, unresolved, exportPaths: nameExports(tree) };
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

// By name, without flow: the functions and classes that stand in a file, as `file#name` and `file#Class.method`.
function nameExports(tree: Tree): Map<number, string[]> {
  const named = new Map<number, string[]>();
  tree.functions.forEach((one, func) => {
    if (one.node < 0 || one.name === '') return;
    const file = tree.files[fileOfNode(tree, one.node)];
    if (!file) return;
    const cls = one.cls >= 0 ? (tree.classes[one.cls]?.name ?? '') : '';
    const module = withoutExtension(file.file);
    named.set(func, [apiPath(module, cls === '' ? [one.name] : [cls, one.name])]);
  });
  return named;
}

function fileOfNode(tree: Tree, node: number): number {
  let file = tree.bases.length - 1;
  while (file > 0 && (tree.bases[file] ?? 0) > node) file--;
  return file;
}
