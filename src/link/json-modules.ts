// JSON files that the tree imports → values with fields and constant texts, so that names and URLs in them are known.

import { nodeKinds } from '../model/flow-graph.ts';
import type { SourceFile } from '../model/input.ts';
import type { PointsTo } from './points-to.ts';
import type { Tree } from './tree.ts';

/** More values than this in one file are data, not settings. */
const maxValues = 2000;
const maxText = 500;
const maxDepth = 12;

/** All JSON files that may be imported. Owned by one `link` call. */
export class JsonModules {
  private readonly texts: ReadonlyMap<string, string>;
  private readonly nodes = new Map<string, number>();

  constructor(files: readonly SourceFile[]) {
    this.texts = new Map(files.map((file) => [file.path, file.text]));
  }

  /** The value of a file, placed where it is imported; -1 when it is no JSON file or too large. */
  valueOf(path: string, at: number, tree: Tree, pointsTo: PointsTo): number {
    let node = this.nodes.get(path);
    if (node === undefined) {
      node = new JsonValues(tree, pointsTo, at).file(this.texts.get(path));
      this.nodes.set(path, node);
    }
    return node;
  }
}

class JsonValues {
  private readonly tree: Tree;
  private readonly pointsTo: PointsTo;
  private readonly at: number;

  constructor(tree: Tree, pointsTo: PointsTo, at: number) {
    this.tree = tree;
    this.pointsTo = pointsTo;
    this.at = at;
  }

  file(text: string | undefined): number {
    if (text === undefined) return -1;
    try {
      const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
      return count(value, 0) > maxValues ? -1 : this.node(value);
    } catch {
      return -1;
    }
  }

  private node(value: unknown): number {
    const { tree } = this;
    const node = tree.node(this.at, tree.owners[this.at] ?? 0);
    if (typeof value === 'object' && value !== null) {
      // One object for all who import it: what one writes into it, the others see.
      tree.kinds[node] = Array.isArray(value) ? nodeKinds.array : nodeKinds.object;
      this.pointsTo.seed(node, { kind: 'object', node });
      for (const [key, one] of Object.entries(value)) tree.edge('store', this.node(one), node, tree.string(key));
    } else if (value !== null) {
      const text = String(value);
      if (text !== '' && text.length <= maxText) tree.texts[node] = tree.string(text);
    }
    return node;
  }
}

function count(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  if (depth > maxDepth) return maxValues;
  let sum = 1;
  for (const one of Object.values(value)) {
    sum += count(one, depth + 1);
    if (sum > maxValues) break;
  }
  return sum;
}
