// Import nodes → the exports they stand for, or places in packages; and names for what each file exports.

import { apiPath, memberPath } from '../model/api-path.ts';
import type { ImportRecord } from '../model/flow-graph.ts';
import { anyElement } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import { packageName, plainSpecifier } from '../model/specifier.ts';
import type { CallGraph } from './connect.ts';
import type { Incoming } from './incoming.ts';
import { JsonModules } from './json-modules.ts';
import type { LinkInput } from './link-input.ts';
import { createPackageNames } from './package-names.ts';
import type { PointsTo } from './points-to.ts';
import type { ModuleResolver } from './resolve-modules.ts';
import { createModuleResolver, withoutExtension } from './resolve-modules.ts';
import { SpecifierTexts } from './specifier-text.ts';
import type { Tree } from './tree.ts';

/** The imports of a tree. Owned by one `link` call. */
export class Modules {
  /** Packages that are imported or depended on. */
  readonly packages: Set<string>;
  private readonly tree: Tree;
  private readonly pointsTo: PointsTo;
  private readonly resolver: ModuleResolver;
  /** The name under which rules know a package. */
  private readonly knownAs: (name: string) => string;
  private readonly indexOf: ReadonlyMap<string, number>;
  private readonly json: JsonModules;
  private readonly missing = new Map<string, { readonly file: string; readonly specifier: string }>();
  private readonly stars: { readonly file: number; readonly target: number | undefined; readonly node: number }[] = [];
  private readonly joined = new Set<string>();

  constructor(tree: Tree, pointsTo: PointsTo, input: LinkInput) {
    const paths = tree.files.map((file) => file.file);
    this.tree = tree;
    this.json = new JsonModules(input.jsonFiles);
    this.pointsTo = pointsTo;
    this.indexOf = new Map(paths.map((path, i) => [path, i]));
    this.resolver = createModuleResolver(
      [...paths, ...input.jsonFiles.map((file) => file.path)],
      input.packages,
      input.compilerPaths,
    );
    this.knownAs = createPackageNames(input).knownAs;
    this.packages = new Set(input.packages.flatMap((manifest) => Object.keys(manifest.dependencies)));
  }

  /** Imports of files that were not found. */
  get unresolved(): { readonly file: string; readonly specifier: string }[] {
    return [...this.missing.values()];
  }

  /** Joins the imports whose specifier stands in the code. */
  joinConstant(): void {
    this.tree.files.forEach((file, i) => {
      for (const record of file.imports) {
        if (record.computed < 0) this.join(i, record, record.specifier);
      }
    });
    this.joinStars();
  }

  /** Joins the imports whose specifier is computed, as far as it is known by now. */
  joinComputed(graph: CallGraph, incoming: Incoming): void {
    const { tree } = this;
    // Few trees compute a specifier.
    let answers: SpecifierTexts | undefined;
    const textsOf = (node: number): readonly string[] => {
      answers ??= new SpecifierTexts(graph, incoming);
      return answers.of(node);
    };
    tree.files.forEach((file, i) => {
      const base = tree.bases[i] ?? 0;
      for (const record of file.imports) {
        if (record.computed < 0) continue;
        const found = textsOf(record.computed + base);
        for (const specifier of found.length > 0 ? found : [record.specifier]) this.join(i, record, specifier);
      }
    });
    // const require = createRequire(import.meta.url)
    graph.paths.forEach((paths, index) => {
      const call = tree.calls[index];
      if (!call || !paths.has('module#createRequire()')) return;
      const file = fileOf(tree, call.node);
      const node = call.node - (tree.bases[file] ?? 0);
      for (const specifier of textsOf(call.args[0] ?? -1))
        this.join(file, { node, isStar: false, isRequire: true }, specifier);
    });
  }

  // export * from './a'  →  each name that a exports and the file does not; all of it where its names are not known
  private joinStars(): void {
    const { tree } = this;
    const own = ownNames(tree);
    const names = own.map((one) => one && new Set(one));
    for (let changed = true; changed; ) {
      changed = false;
      for (const { file, target } of this.stars) {
        const [to, from] = [names[file], target === undefined ? undefined : names[target]];
        if (!to) continue;
        if (!from) names[file] = undefined;
        const before = to.size;
        for (const name of from ?? []) if (name !== 'default') to.add(name);
        if (!from || to.size !== before) changed = true;
      }
    }
    for (const { file, target, node } of this.stars) {
      const exported = tree.bases[file] ?? 0;
      const known = target === undefined ? undefined : names[target];
      if (!known) tree.edge('except', node, exported, tree.string(['default', ...(own[file] ?? [])].join('|')));
      for (const name of known ?? []) {
        if (name === 'default' || own[file]?.has(name)) continue;
        const value = tree.node(node, tree.owners[node] ?? 0);
        tree.edge('load', node, value, tree.string(name));
        tree.edge('store', value, exported, tree.string(name));
      }
    }
  }

  private join(file: number, record: Pick<ImportRecord, 'node' | 'isStar' | 'isRequire'>, specifier: string): void {
    const { tree } = this;
    const node = record.node + (tree.bases[file] ?? 0);
    const from = tree.files[file]?.file ?? '';
    const key = `${node}/${specifier}`;
    if (this.joined.has(key)) return;
    this.joined.add(key);
    const resolved = this.resolver.resolve(from, specifier, record.isRequire);
    if (resolved.kind === 'missing') {
      if (specifier !== '') this.missing.set(`${from}:${specifier}`, { file: from, specifier });
    } else if (resolved.kind === 'package') {
      const name = this.knownAs(resolved.name);
      this.packages.add(resolved.name).add(name);
      const plain = plainSpecifier(specifier);
      seedPackage(this.pointsTo, node, name === resolved.name ? plain : name + plain.slice(resolved.name.length));
    } else for (const path of resolved.paths) this.joinFile(path, node, record.isRequire);
    if (!record.isStar) return;
    const [path = '', ...others] = resolved.kind === 'files' ? resolved.paths : [];
    this.stars.push({ file, target: others.length > 0 ? undefined : this.indexOf.get(path), node });
  }

  private joinFile(path: string, node: number, isRequire: boolean): void {
    const { tree } = this;
    const target = this.indexOf.get(path);
    const exported =
      target === undefined ? this.json.valueOf(path, node, tree, this.pointsTo) : (tree.bases[target] ?? 0);
    tree.edge('copy', exported, node, 0);
    // The default of a CommonJS module or a JSON file is the module itself.
    if (!tree.files[target ?? -1]?.isModule && !isRequire) tree.edge('store', exported, node, tree.string('default'));
  }
}

function fileOf(tree: Tree, node: number): number {
  return tree.bases.findLastIndex((base) => base <= node);
}

// Names that files export themselves; undefined where the whole is copied or a name is computed.
function ownNames(tree: Tree): (ReadonlySet<string> | undefined)[] {
  const fileOfExports = new Map(tree.bases.map((base, i) => [base, i]));
  const names = tree.files.map((file): Set<string> | undefined => (file.isModule ? new Set() : undefined));
  for (let i = 0; i < tree.edges.length; i += 4) {
    const file = fileOfExports.get(tree.edges[i + 2] ?? -1);
    if (file === undefined) continue;
    const name = tree.strings[tree.edges[i + 3] ?? 0] ?? '';
    if (tree.edges[i] === programOps.store && name !== anyElement) names[file]?.add(name);
    else names[file] = undefined;
  }
  return names;
}

function seedPackage(pointsTo: PointsTo, node: number, plain: string): void {
  pointsTo.seedPath(node, apiPath(plain, []));
  const name = packageName(plain);
  if (name !== plain) {
    const sub = plain.slice(name.length + 1).split('/');
    pointsTo.seedPath(node, sub.reduce(memberPath, apiPath(name, [])));
  }
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
