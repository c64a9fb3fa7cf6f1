// Places that the whole tree shares: what is put under a name and a key in one place is taken out in another
// (event names, jobs, files, keys of a store), and objects that a library hands to every handler (a session).

import { memberPath } from '../model/api-path.ts';
import type { CallIndex } from '../model/call-index.ts';
import { anyElement, isAside, nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import { Incoming } from './incoming.ts';
import { anyKey, keyTexts, mayBeEqual } from './key-text.ts';
import type { PointsTo } from './points-to.ts';
import type { Tree } from './tree.ts';

interface Slot {
  readonly keys: readonly string[];
  readonly node: number;
}

interface Room {
  readonly put: Map<string, Slot>;
  readonly taken: Map<string, Slot>;
}

/** An object that many share, and the fields below it. */
interface SharedPath {
  readonly base: string;
  readonly fields: readonly string[];
}

const maxDepth = 6;
const maxVersions = 200;
const keepsIdentity: ReadonlySet<number> = new Set([
  programOps.copy,
  programOps.except,
  programOps.guard,
  programOps.fallback,
  programOps.enter,
  programOps.exit,
]);

/** All shared places of a tree. Owned by one `link` call. */
export class SharedPlaces {
  readonly incoming: Incoming;
  /** Values that are such objects. */
  readonly handles = new Set<number>();
  private readonly tree: Tree;
  private readonly pointsTo: PointsTo;
  private readonly patterns: CallIndex<string>;
  private readonly rooms = new Map<string, Room>();
  /** Objects that are shared as they are (sessions), by ApiPath or by the node of a slot, and what lies in them. */
  private readonly objects = new Map<string, number>();
  private readonly parts = new Map<string, number>();
  /** Nodes that stand for objects, and the values that are these objects. */
  private readonly lent = new Map<number, Set<number>>();
  private readonly pathsKnown = new Map<string, SharedPath | undefined>();
  private readonly done = new Set<string>();
  /** Where the files' own edges end. */
  readonly fileEdges: number;
  /** Offsets of the edges that may change a shared object. */
  private readonly changes: number[] = [];
  private edgesSeen = 0;
  private readonly written: ReadonlyMap<number, readonly (readonly [number, number])[]>;

  constructor(tree: Tree, pointsTo: PointsTo, patterns: CallIndex<string>) {
    this.tree = tree;
    this.pointsTo = pointsTo;
    this.patterns = patterns;
    this.incoming = new Incoming(tree);
    this.fileEdges = tree.edges.length;
    this.written = writtenObjects(tree);
  }

  /** The texts that a key may have. */
  keysAt(node: number, path: readonly string[]): readonly string[] {
    return keyTexts(this.tree, this.incoming, node, path);
  }

  /** The elements of a list, when all of them can be seen. */
  elementsOf(list: number): readonly number[] | undefined {
    return this.placesOf(list)?.map(({ node }) => node);
  }

  /** The same, with the place of each: its number, or `[]`. */
  placesOf(list: number): readonly { readonly node: number; readonly field: string }[] | undefined {
    const { edges } = this.tree;
    const places = new Map<number, string>();
    const seen = new Set([list]);
    // Lists whose elements lie at other places in this one.
    const moved = new Set<number>();
    for (const node of seen) {
      const before = this.incoming.before(node);
      if (before >= 0) seen.add(before);
      const offsets = this.incoming.of(node);
      if (seen.size > maxVersions || (offsets.length === 0 && !hasNothing(this.tree.kinds[node]))) return undefined;
      for (const i of offsets) {
        const [value, label] = [edges[i + 1] ?? 0, this.tree.strings[edges[i + 3] ?? 0] ?? ''];
        if (edges[i] === programOps.store) {
          const field = moved.has(node) || label.startsWith('[') ? anyElement : label;
          if (isPlace(label)) places.set(value, places.has(value) && places.get(value) !== field ? anyElement : field);
        } else if (keepsIdentity.has(edges[i] ?? 0) || edges[i] === programOps.move) {
          if (edges[i] === programOps.move || moved.has(node)) moved.add(value);
          seen.add(value);
        } else if (edges[i] !== programOps.same && edges[i] !== programOps.absorb) return undefined;
      }
    }
    return [...places].map(([node, field]) => ({ node, field }));
  }

  /** Fields that an object is known to have: of one literal, without the fields of what it spreads. */
  fieldsOf(object: number): readonly string[] | undefined {
    const { edges, kinds } = this.tree;
    let node = object;
    for (let step = 0; step < maxDepth && kinds[node] !== nodeKinds.object; step++) {
      const [only, ...others] = this.incoming.of(node);
      if (only === undefined || others.length > 0 || edges[only] !== programOps.copy) return undefined;
      node = edges[only + 1] ?? 0;
    }
    if (kinds[node] !== nodeKinds.object) return undefined;
    const stores = this.incoming.of(node).filter((i) => edges[i] === programOps.store && i < this.fileEdges);
    const fields = stores.map((i) => this.tree.strings[edges[i + 3] ?? 0] ?? '');
    return fields.filter((field) => field !== anyElement && !isAside(field));
  }

  /** Which objects a value may be; `[anyKey]` when that is not known. */
  identitiesOf(node: number): readonly string[] {
    const found = this.pointsTo.tokensOf(node).flatMap((token) => {
      if (token.kind === 'object') return [`object ${token.node}`];
      if (token.kind !== 'instance' && token.kind !== 'class') return [];
      return [token.cls, ...this.pointsTo.baseClasses(token.cls)].map((cls) => `${token.kind} ${cls}`);
    });
    return found.length === 0 ? [anyKey] : [...new Set(found)];
  }

  /** True for an object that a library hands to all handlers. */
  isHandle(node: number): boolean {
    return this.pointsTo
      .tokensOf(node)
      .some((token) => token.kind === 'api' && this.sharedAt(token.path)?.fields.length === 0);
  }

  /** The node that holds what is put under these keys. */
  put(name: string, keys: readonly string[]): number {
    return this.slot(name, keys, true);
  }

  /** The node of everything that may have been put under these keys. */
  take(name: string, keys: readonly string[]): number {
    return this.slot(name, keys, false);
  }

  /** The value is the very object that a node stands for: what is written into it is there for all who get it. */
  lend(node: number, value: number): void {
    const values = this.lent.get(node);
    if (values?.has(value)) return;
    if (values) values.add(value);
    else this.lent.set(node, new Set([value]));
    this.pointsTo.seed(value, { kind: 'object', node });
  }

  private slot(name: string, keys: readonly string[], isPut: boolean): number {
    let room = this.rooms.get(name);
    if (!room) {
      room = { put: new Map(), taken: new Map() };
      this.rooms.set(name, room);
    }
    const [own, others] = isPut ? [room.put, room.taken] : [room.taken, room.put];
    const id = keys.join('\n');
    const known = own.get(id);
    if (known) return known.node;
    const slot = { keys, node: this.tree.node(0, 0) };
    own.set(id, slot);
    for (const other of others.values()) {
      if (!fits(keys, other.keys)) continue;
      if (isPut) this.tree.edge('copy', slot.node, other.node, 0);
      else this.tree.edge('copy', other.node, slot.node, 0);
    }
    return slot.node;
  }

  /** What is written into shared objects reaches those who are handed them. Called again when more is known. */
  connectObjects(): void {
    const { edges, kinds } = this.tree;
    for (; this.edgesSeen < edges.length; this.edgesSeen += 4) {
      const i = this.edgesSeen;
      const isGlobal = i < this.fileEdges && kinds[edges[i + 2] ?? 0] === nodeKinds.global;
      if (edges[i] === programOps.store || (edges[i] === programOps.copy && isGlobal)) this.changes.push(i);
    }
    for (const i of this.changes) {
      const [from, to] = [edges[i + 1] ?? 0, edges[i + 2] ?? 0];
      if (edges[i] === programOps.store) this.noteStore(from, to, this.tree.strings[edges[i + 3] ?? 0] ?? '');
      else this.noteGlobal(from, to);
    }
    if (this.objects.size > 0) this.connectReaders();
  }

  private noteStore(value: number, object: number, field: string): void {
    for (const token of this.pointsTo.tokensOf(object)) {
      if (token.kind === 'object' && this.isLent(object, token.node)) this.write(value, token.node, field, maxDepth);
      if (token.kind !== 'api') continue;
      const shared = this.sharedAt(memberPath(token.path, field));
      if (!shared) continue;
      const parent = shared.fields.slice(0, -1).reduce((at, part) => this.partOf(at, part), this.objectOf(shared.base));
      if (shared.fields.length === 0) this.edgeOnce('copy', value, parent, 0);
      else this.write(value, parent, field, maxDepth);
    }
  }

  // A version of the object, not of a copy that a literal made of it.
  private isLent(version: number, object: number): boolean {
    const values = this.lent.get(object);
    if (!values) return false;
    const seen = new Set([version]);
    for (const node of seen) {
      if (values.has(node)) return true;
      const kind = this.tree.kinds[node];
      if (kind === nodeKinds.object || kind === nodeKinds.array || seen.size > maxVersions) continue;
      const before = this.incoming.before(node);
      if (before >= 0) seen.add(before);
      for (const i of this.incoming.of(node)) {
        const op = this.tree.edges[i] ?? 0;
        if (keepsIdentity.has(op)) seen.add(this.tree.edges[i + 1] ?? 0);
      }
    }
    return false;
  }

  private noteGlobal(value: number, global: number): void {
    for (const token of this.pointsTo.tokensOf(global)) {
      const shared = token.kind === 'api' ? this.sharedAt(token.path) : undefined;
      if (shared) this.edgeOnce('copy', value, this.objectOf(shared.base), 0);
    }
  }

  // o.a.b = v makes new versions of o and o.a: only v is new in them.
  private write(value: number, object: number, field: string, depth: number): void {
    const inner = this.written.get(value);
    if (!inner || depth === 0) return this.edgeOnce('store', value, object, this.tree.string(field));
    for (const [part, label] of inner)
      this.write(part, this.partOf(object, field), this.tree.strings[label] ?? '', depth - 1);
  }

  // A value of the object's type that nobody hands over: the library does, and it is the same object for all.
  private connectReaders(): void {
    const { tree, pointsTo } = this;
    for (let node = 0; node < tree.extra; node++) {
      if (tree.kinds[node] === nodeKinds.after) continue;
      for (const token of pointsTo.tokensOf(node)) {
        const object = token.kind === 'api' ? this.objects.get(token.path) : undefined;
        if (token.kind !== 'api' || object === undefined) continue;
        this.handles.add(node);
        if (this.isHanded(node, token.path)) continue;
        this.edgeOnce(token.path.startsWith('global#') ? 'copy' : 'root', object, node, 0);
      }
    }
  }

  private isHanded(node: number, path: string): boolean {
    const { tree } = this;
    return this.incoming.of(node).some((i) => {
      const op = tree.edges[i];
      if (op === programOps.load || op === programOps.store || op === programOps.derive || op === programOps.library)
        return false;
      return this.pointsTo
        .tokensOf(tree.edges[i + 1] ?? 0)
        .some((token) => token.kind === 'api' && token.path === path);
    });
  }

  private objectOf(base: string): number {
    let node = this.objects.get(base);
    if (node === undefined) {
      node = this.madeObject();
      this.objects.set(base, node);
    }
    return node;
  }

  private partOf(object: number, field: string): number {
    const key = `${object}.${field}`;
    let part = this.parts.get(key);
    if (part === undefined) {
      part = this.madeObject();
      this.parts.set(key, part);
      this.tree.edge('store', part, object, this.tree.string(field));
    }
    return part;
  }

  private madeObject(): number {
    const node = this.tree.node(0, 0);
    this.pointsTo.seed(node, { kind: 'object', node });
    return node;
  }

  // The outermost shared object that a path lies in.
  private sharedAt(path: string): SharedPath | undefined {
    if (this.pathsKnown.has(path)) return this.pathsKnown.get(path);
    const hash = path.indexOf('#');
    const module = path.slice(0, hash + 1);
    const members = path.slice(hash + 1).split('.');
    let found: SharedPath | undefined;
    for (let length = 1; length <= members.length && !found; length++) {
      // What a call gives back is no part of the object.
      if (members.some((member) => member.endsWith('()'))) break;
      const base = module + members.slice(0, length).join('.');
      const fields = members.slice(length);
      if (this.patterns.matchPath(base).length === 0) continue;
      found = { base, fields };
    }
    this.pathsKnown.set(path, found);
    return found;
  }

  private edgeOnce(op: keyof typeof programOps, from: number, to: number, label: number): void {
    const key = `${op}/${from}/${to}/${label}`;
    if (this.done.has(key)) return;
    this.done.add(key);
    this.tree.edge(op, from, to, label);
  }
}

// A place of a list, and no field of an object.
function isPlace(field: string): boolean {
  return field.startsWith('[') || /^\d+$/.test(field);
}

// A list without elements, or a version that nobody made.
function hasNothing(kind: number | undefined): boolean {
  return kind === nodeKinds.array || kind === nodeKinds.cell || kind === nodeKinds.value || kind === nodeKinds.after;
}

function fits(left: readonly string[], right: readonly string[]): boolean {
  return left.every((key, i) => mayBeEqual(key, right[i] ?? anyKey));
}

// Versions of objects that an assignment made, with what it put in them.
function writtenObjects(tree: Tree): Map<number, [number, number][]> {
  const written = new Map<number, [number, number][]>();
  for (let i = 0; i < tree.edges.length; i += 4) {
    const to = tree.edges[i + 2] ?? 0;
    if (tree.edges[i] !== programOps.store || tree.kinds[to] !== nodeKinds.after) continue;
    written.set(to, [...(written.get(to) ?? []), [tree.edges[i + 1] ?? 0, tree.edges[i + 3] ?? 0]]);
  }
  return written;
}

/** The field of an object under a key: its only text, or any element. */
export function fieldOfKey(texts: readonly string[]): string {
  const [text = anyKey] = texts;
  // -1 counts from the end
  return texts.length === 1 && !text.includes('*') && !/^-\d+$/.test(text) ? text : anyElement;
}
