// Objects that are changed where nobody holds them by name: `get().line = x`, `rows.find(…).line = x`, `settings.line = x` on an
// import, `desk.fill()` where the desk holds a letter that it was given. The change goes to the place where the object was made
// (or where the object was made that it lies in), so that whoever holds it sees it.
// Imprecise: such a change counts for reads before it as well (fixtures/flows/mutation).

import { computedNames, isAside, nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { Changes } from './changed.ts';
import type { CallGraph } from './connect.ts';
import type { Lists } from './lists.ts';
import { addTo } from './lists.ts';
import type { Given, Lent, Maker } from './makers.ts';
import { isSame, Makers } from './makers.ts';
import type { PointsTo } from './points-to.ts';
import type { Token } from './tokens.ts';
import type { Tree } from './tree.ts';

const maxUses = 120;

/** An object that lay under some fields of a value and was changed. */
interface Change {
  readonly before: number;
  /** The chain of fields under which it lay. */
  readonly fields: number;
  /** What is new of it: an edge (its place in the list), or what lies under the same fields of another value. */
  readonly edge: number;
  readonly after: number;
}

/** Edges that are looked at for all changes, and how many more for each edge of the program. Bots need about 10 for each. */
const minLooks = 10_000_000;
const maxLooksByEdge = 60;

/** Adds the edges; to be called when calls and models are connected. Returns how many changes were given up. */
export function connectHeap(graph: CallGraph, pointsTo: PointsTo, changes: Changes): number {
  return new Heap(graph, pointsTo, changes).connect();
}

class Heap {
  private readonly tree: Tree;
  private readonly targets: readonly ReadonlySet<number>[];
  private readonly bounds: ReadonlySet<number>;
  private readonly pointsTo: PointsTo;
  private readonly changes: Changes;
  /** Edges (their places in the list) by the node they lead to, and by the node they come from. */
  private readonly into: Lists;
  private readonly from: Lists;
  private readonly makers: Makers;
  private readonly made: ReadonlyMap<number, readonly number[]>;
  /** What functions leave of `this` and of their parameters. */
  private readonly leftBehind: ReadonlySet<number>;
  private readonly leftOfParameters: ReadonlySet<number>;
  /** How many calls a value is an argument or the receiver of. */
  private readonly given = new Map<number, number>();
  /** What a receiver or an argument was before the call that changed it. */
  private readonly before = new Map<number, number>();
  private readonly escapes = new Map<number, boolean>();
  private readonly shared = new Map<number, boolean>();
  private readonly kept = new Map<number, readonly number[]>();
  private readonly queue: Change[] = [];
  private readonly known = new Set<string>();

  constructor({ tree, targets }: CallGraph, pointsTo: PointsTo, changes: Changes) {
    this.changes = changes;
    this.tree = tree;
    this.targets = targets;
    this.bounds = new Set(tree.bound.values());
    this.pointsTo = pointsTo;
    this.into = edgesBy(tree, 2);
    this.from = edgesBy(tree, 1);
    this.leftOfParameters = new Set(tree.functions.flatMap((func) => func.paramsAfter));
    this.leftBehind = new Set([...this.leftOfParameters, ...tree.functions.map((func) => func.selfAfter)]);
    this.made = instancesOf(tree, targets);
    const argumentOf = new Map<number, readonly [number, number]>();
    tree.calls.forEach((call, index) => {
      this.before.set(call.receiverAfter, call.receiver);
      argumentOf.set(call.isNew ? call.node : call.receiverAfter, [index, -1]);
      call.argsAfter.forEach((after, i) => {
        argumentOf.set(after, [index, i]);
        this.before.set(after, call.args[i] ?? -1);
      });
      for (const node of [call.receiver, ...call.args]) this.given.set(node, (this.given.get(node) ?? 0) + 1);
    });
    this.makers = new Makers(tree, targets, this.into, argumentOf);
  }

  connect(): number {
    const { tree, queue } = this;
    const end = tree.edges.length;
    for (let i = 0; i < end; i += 4) {
      const op = tree.edges[i] ?? 0;
      const from = tree.edges[i + 1] ?? 0;
      const to = tree.edges[i + 2] ?? 0;
      const label = tree.edges[i + 3] ?? 0;
      const field = op === programOps.store ? (tree.strings[label] ?? '') : '';
      if (!this.isChange(op, from, to) || (isAside(field) && field !== computedNames)) continue;
      const changed = this.before.get(to) ?? to;
      // A text that is given to a function is not changed by it.
      if (op === programOps.enter && this.pointsTo.tokensOf(changed).every((token) => token.kind === 'api')) continue;
      queue.push({ before: changed, fields: 0, edge: i, after: to });
    }
    const most = minLooks + (end / 4) * maxLooksByEdge;
    let at = 0;
    for (; at < queue.length && this.makers.looks < most; at++) this.follow(queue[at] as Change);
    return queue.length - at;
  }

  // A store of a new value, what a model puts into a receiver, or what an own function leaves of it;
  // not the outer objects that a change rebuilds.
  private isChange(op: number, from: number, to: number): boolean {
    const { tree, into } = this;
    const kind = tree.kinds[to];
    if (to >= tree.extra) return false;
    if (op === programOps.enter) return kind === nodeKinds.after;
    if (op === programOps.store) {
      if (tree.kinds[from] === nodeKinds.after || kind === nodeKinds.exports) return false;
      // The cell of a variable that another function changes.
      if (kind === nodeKinds.cell) return into[to]?.some((i) => tree.edges[i] === programOps.same) ?? false;
      return kind !== nodeKinds.object && kind !== nodeKinds.array;
    }
    return op === programOps.copy && from >= tree.extra && kind === nodeKinds.after;
  }

  private follow(change: Change): void {
    const { makers, given, lent, isOpen } = this.makers.of(change.before, change.fields);
    const tokens = this.pointsTo.tokensOf(change.before);
    for (const maker of makers) if (this.seesChange(maker)) this.add(change, maker.fields, maker.node);
    if (isOpen && change.fields === 0)
      for (const token of tokens) for (const place of placesOf(this.tree, this.made, token)) this.add(change, 0, place);
    for (const one of given) {
      if (one.isLoose || one.isHeld) this.leave(change, one);
      if (one.fields !== 0 || one.isLoose || one.isHeld) this.followCaller(one);
    }
    // A function that somebody was given has no content to be changed.
    const isFunction = tokens.length > 0 && tokens.every((token) => token.kind === 'function');
    for (const one of isFunction ? [] : lent) this.lendTo(change, one);
  }

  // Whoever was given the object in a call before, and holds it still, has it in its later versions.
  private lendTo(change: Change, { call, position, fields }: Lent): void {
    const { tree, makers } = this;
    const { isNew = false, name = '' } = tree.calls[call] ?? {};
    const bound = position === 0 ? tree.bound.get(call) : undefined;
    if (bound !== undefined) this.lend(change, fields, bound, call);
    for (const func of this.targets[call] ?? []) {
      const { params, rest, self } = tree.functions[func] ?? { params: [], rest: -1, self: -1 };
      const isInList = rest >= 0 && position >= rest;
      const param = position < 0 ? self : (params[isInList ? rest : position] ?? -1);
      const lain = isInList ? makers.fields.push(tree.string(String(position - rest)), fields) : fields;
      const byCapture = position >= 0 || isNew || name === 'super';
      for (const version of this.keptOf(param, byCapture)) this.lend(change, lain, version, call);
    }
  }

  private seesChange(maker: Maker): boolean {
    const { node, fields, isLoose, isStored, isHeld } = maker;
    // What was taken out of a field is changed where the field is.
    if (this.makers.isFresh(maker)) return isLoose && !isStored && fields === 0 && this.escapesFrom(node);
    return (isLoose && !this.isInChain(node)) || (isHeld && fields === 0 && this.isShared(node));
  }

  // new Page().line(a).line(b)  →  what the second call changes is seen through the answer of the first one alone
  private isInChain(node: number): boolean {
    const { tree, from, given } = this;
    if (!tree.newCalls.has(node) || given.get(node) !== 1) return false;
    const uses = from[node] ?? [];
    const entered = uses.flatMap((i) => (tree.edges[i] === programOps.exit ? (tree.edges[i + 3] ?? -1) : []));
    const [call = -1] = entered;
    const { receiver = -1, callee = -1 } = tree.calls[call] ?? {};
    const isAlone = uses.every((i) => {
      const [op, to] = [tree.edges[i] ?? 0, tree.edges[i + 2] ?? 0];
      return op === programOps.exit || to === callee || tree.kinds[to] === nodeKinds.after;
    });
    if (receiver !== node || !isAlone || entered.some((one) => one !== call)) return false;
    const selves = [...(this.targets[call] ?? [])].map((func) => tree.functions[func]?.self ?? -1);
    return selves.length > 0 && selves.every((self) => self >= 0 && this.keptOf(self, true).length === 0);
  }

  // The function leaves the change in what it was given.
  private leave(change: Change, { func, position, fields }: Given): void {
    const record = this.tree.functions[func];
    const after = position < 0 ? record?.selfAfter : record?.paramsAfter[position];
    if (after !== undefined && after >= 0) this.add(change, fields, after);
  }

  private followCaller({ call, position, fields }: Given): void {
    const { receiver = -1, receiverAfter = -1, args = [], argsAfter = [] } = this.tree.calls[call] ?? {};
    const [before, after] =
      position < 0 ? [receiver, receiverAfter] : [args[position] ?? -1, argsAfter[position] ?? -1];
    const key = `${call}/${position}/${fields}`;
    if (before < 0 || after < 0 || this.known.has(key)) return;
    this.known.add(key);
    this.queue.push({ before, fields, edge: -1, after });
  }

  private lend(change: Change, fields: number, param: number, call: number): void {
    const key = `lent ${change.after}/${change.fields}/${fields}/${param}/${call}`;
    if (this.known.has(key)) return;
    this.known.add(key);
    const isBound = this.bounds.has(param);
    this.tree.edge(isBound ? 'copy' : 'exit', this.valueAt(change, fields), param, call);
  }

  // target.fields = what is new
  private add(change: Change, fields: number, target: number): void {
    const key = `${change.edge}/${change.after}/${change.fields}/${fields}/${target}`;
    if (this.known.has(key) || target === change.after) return;
    this.known.add(key);
    const { tree } = this;
    const [op, from, label] = [
      tree.edges[change.edge],
      tree.edges[change.edge + 1] ?? 0,
      tree.edges[change.edge + 3] ?? 0,
    ];
    if (change.edge < 0 || fields !== 0) return tree.edge('copy', this.valueAt(change, fields), target, 0);
    this.addChange(op ?? 0, from, target, label);
  }

  // Of what a function leaves of an object, only what it changed.
  private addChange(op: number, from: number, to: number, label: number): void {
    const isGiven = this.leftOfParameters.has(from);
    if (op === programOps.enter) this.tree.edge('enter', isGiven ? this.changes.within(from) : from, to, label);
    else this.tree.edge(op === programOps.store ? 'store' : 'copy', from, to, label);
  }

  // An object that has what is new under the fields, and nothing else.
  private valueAt({ after, edge, fields: lain }: Change, fields: number): number {
    const { tree } = this;
    const owner = tree.owners[after] ?? 0;
    let value = tree.node(after, owner);
    // What lies under a key belongs to the function where the key was used: it is read and written in the same run.
    let inner = owner;
    if (edge >= 0) {
      const op = tree.edges[edge];
      const from = tree.edges[edge + 1] ?? 0;
      this.addChange(op ?? 0, from, value, tree.edges[edge + 3] ?? 0);
    } else {
      value = after;
      for (const { label, key } of this.makers.listed(lain)) {
        inner = tree.owners[key] ?? inner;
        const part = tree.node(after, inner);
        if (key >= 0) tree.keys.set(part, key);
        tree.edge('load', value, part, label);
        value = part;
      }
    }
    for (const { label, key } of this.makers.listed(fields).reverse()) {
      if (key >= 0) {
        const own = tree.node(after, tree.owners[key] ?? owner);
        tree.edge('copy', value, own, 0);
        tree.keys.set(own, key);
        value = own;
        inner = owner;
      }
      const holder = tree.node(after, inner);
      tree.edge('store', value, holder, label);
      value = holder;
    }
    return value;
  }

  // const page = {}; return page  →  each call gives another page, unless it is kept somewhere.
  private escapesFrom(place: number): boolean {
    const known = this.escapes.get(place);
    if (known !== undefined) return known;
    const found = this.leadsOut(place, false);
    this.escapes.set(place, found);
    return found;
  }

  // this.letter = letter; () => letter.line  →  the versions of the parameter that are still held when the function has ended;
  // of `this` in a method, Desk.only = this alone counts, since any closure in it holds it
  private keptOf(param: number, byCapture: boolean): readonly number[] {
    const key = param * 2 + (byCapture ? 1 : 0);
    let found = this.kept.get(key);
    if (found === undefined) {
      found = param >= 0 && this.leadsOut(param, true, byCapture) ? this.givenAway(param) : [];
      this.kept.set(key, found);
    }
    return found;
  }

  // letter.line = ''; this.letters.push(letter)  →  what is held is the version after the first write
  private givenAway(param: number): readonly number[] {
    const { tree, from } = this;
    const seen = new Set([param]);
    const found: number[] = [];
    for (const node of seen) {
      let isGiven = false;
      for (const i of from[node] ?? []) {
        const [op, to] = [tree.edges[i] ?? 0, tree.edges[i + 2] ?? 0];
        if (!isHeldBy(op) || tree.kinds[to] === nodeKinds.cell) isGiven ||= isHeldBy(op) || op === programOps.store;
        else if (tree.owners[to] === tree.owners[param]) seen.add(to);
      }
      if (isGiven) found.push(node);
    }
    return found.length > 0 ? found : [param];
  }

  private leadsOut(start: number, byStore: boolean, byCapture = true): boolean {
    const { tree, from, leftBehind } = this;
    const seen = new Set([start]);
    const stored = new Set<number>();
    for (const node of seen) {
      const isStored = !byStore || stored.has(node);
      if (isStored && leftBehind.has(node)) return true;
      if (isStored && byStore && tree.kinds[node] === nodeKinds.return) return true;
      for (const i of from[node] ?? []) {
        const [op, to] = [tree.edges[i] ?? 0, tree.edges[i + 2] ?? 0];
        if (!(isHeldBy(op) || op === programOps.store)) continue;
        const kind = tree.kinds[to];
        if (kind === nodeKinds.class || kind === nodeKinds.exports || this.bounds.has(to)) return true;
        if (kind === nodeKinds.cell && (byCapture || isStored || op === programOps.store)) return true;
        if (tree.owners[to] !== tree.owners[start]) continue;
        if (isStored || op === programOps.store) stored.add(to);
        seen.add(to);
      }
    }
    return false;
  }

  // True when an object is used in more than one way by the function that made it.
  private isShared(place: number): boolean {
    const known = this.shared.get(place);
    if (known !== undefined) return known;
    const { tree, from } = this;
    const seen = new Set([place]);
    let uses = 0;
    for (const node of seen) {
      uses += this.given.get(node) ?? 0;
      for (const i of from[node] ?? []) {
        const [op, to] = [tree.edges[i] ?? 0, tree.edges[i + 2] ?? 0];
        const isOwn = tree.owners[to] === tree.owners[place] && tree.kinds[to] !== nodeKinds.cell;
        if (isHeldBy(op) && isOwn && tree.kinds[to] !== nodeKinds.return) seen.add(to);
        else if (op !== programOps.exit && tree.kinds[to] !== nodeKinds.after) uses++;
      }
      if (uses > 1 || seen.size > maxUses) break;
    }
    this.shared.set(place, uses > 1);
    return uses > 1;
  }
}

function isHeldBy(op: number): boolean {
  return isSame(op) && op !== programOps.same;
}

function instancesOf(tree: Tree, targets: readonly ReadonlySet<number>[]): ReadonlyMap<number, readonly number[]> {
  const made = new Map<number, number[]>();
  tree.calls.forEach((call, index) => {
    for (const func of call.isNew ? (targets[index] ?? []) : []) {
      const cls = tree.functions[func]?.cls ?? -1;
      if (cls >= 0) made.set(cls, [...(made.get(cls) ?? []), call.node]);
    }
  });
  return made;
}

// Where the objects of a token are made.
function placesOf(tree: Tree, made: ReadonlyMap<number, readonly number[]>, token: Token): readonly number[] {
  if (token.kind === 'object') return [token.node];
  if (token.kind === 'class') return [tree.classes[token.cls]?.node ?? -1];
  if (token.kind !== 'instance') return [];
  const calls = made.get(token.cls) ?? [];
  return calls.length === 1 ? calls : [tree.classes[token.cls]?.instance ?? -1];
}

// The places of edges in the list, by one of their two nodes: 1 is where they come from, 2 where they lead to.
function edgesBy({ edges, kinds }: Tree, end: 1 | 2): Lists {
  const found: Lists = new Array(kinds.length);
  for (let i = 0; i < edges.length; i += 4) addTo(found, edges[i + end] ?? 0, i);
  return found;
}
