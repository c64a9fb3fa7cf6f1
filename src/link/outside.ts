// What the tree gives a library or a host to call, and what it assigns to a library's objects or reads from them. All are made
// calls of a kind of their own, so that rules speak of them as of any call: `implemented:pkg#Type.method(ctx)`,
// `exported#handler(event)`, `pkg#Type.body=(value)`, `pkg#Type.body?()`.

import { apiPath, expandBraces, matchesWildcard, memberPath, parseCallPatterns } from '../model/api-path.ts';
import type { CallIndex } from '../model/call-index.ts';
import { indexCalls } from '../model/call-index.ts';
import { anyElement, nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import { recordCall } from './connect.ts';
import type { ModelState } from './model-places.ts';
import type { Pieces } from './reads.ts';

/** How many objects within each other are looked through for functions that a library is given. */
const maxDepth = 3;

/** The calls that some rule's pattern names. Owned by one `link` call. */
export class OutsideCalls {
  private readonly state: ModelState;
  private readonly patterns: CallIndex<string>;
  /** Patterns of what a package calls: `implemented:pkg#Type.method`, name by name, each with its choices. */
  private readonly implemented: readonly (readonly (readonly string[])[])[];
  private readonly isOpen = new Map<string, boolean>();
  private readonly exports: Pieces;
  private readonly members: Pieces;
  private readonly given: Pieces;
  /** The files' own reads and writes of fields, by their offsets. */
  private readonly accesses: readonly number[];

  constructor(state: ModelState, patterns: readonly string[]) {
    const { edges, reads } = state.graph.tree;
    this.state = state;
    this.patterns = indexCalls(patterns, (pattern) => [pattern]);
    this.implemented = patterns
      .filter((pattern) => pattern.startsWith('implemented:'))
      .flatMap(parseCallPatterns)
      .flatMap(({ target }) => (target.kind === 'api' ? [[target.module, ...target.members].map(expandBraces)] : []));
    [this.exports, this.members, this.given] = [reads.pieces(), reads.pieces(), reads.pieces()];
    const accesses: number[] = [];
    for (let i = 0; i < state.shared.fileEdges; i += 4)
      if (edges[i] === programOps.store || edges[i] === programOps.load) accesses.push(i);
    this.accesses = accesses;
  }

  /** Adds what can be seen so far; may be called again. */
  connect(): void {
    const { graph, pointsTo } = this.state;
    const { tree } = graph;
    tree.files.forEach((_, i) => {
      const exported = tree.bases[i] ?? 0;
      this.exports.redo(i, 0, () => {
        const whole = pointsTo.tokensOf(exported).map((token) => ['default', token] as const);
        for (const [name, token] of [...whole, ...pointsTo.fieldTokensOf(exported)])
          if (token.kind === 'function') this.give(apiPath('exported', [name]), token.func);
      });
    });
    tree.classes.forEach((_, index) => {
      this.members.redo(index, 0, () => this.giveMembers(index));
    });
    // new Assistant({ userMessage(args) {} })
    tree.calls.forEach((call, index) => {
      const paths = graph.paths[index];
      if (!paths || paths.size === 0) return;
      this.given.redo(index, paths.size, () => {
        for (const path of paths)
          if (this.leadsOn(path)) for (const argument of call.args) this.giveParts(path, argument, maxDepth, new Set());
      });
    });
    this.addAccesses();
  }

  // Something that lies in what is given under this path may have a pattern.
  private leadsOn(path: string): boolean {
    let isOpen = this.isOpen.get(path);
    if (isOpen === undefined) {
      const hash = path.indexOf('#');
      const inner = path.slice(hash + 1);
      const names = [`implemented:${path.slice(0, hash)}`, ...(inner === '' ? [] : inner.split('.'))];
      isOpen = this.implemented.some(
        (pattern) =>
          pattern.length > names.length &&
          names.every((name, i) => pattern[i]?.some((choice) => matchesWildcard(choice, name))),
      );
      this.isOpen.set(path, isOpen);
    }
    return isOpen;
  }

  // register(new Balance()), on(event, [first, second]), new Bot({ commands: [new Balance()] })
  private giveParts(path: string, node: number, depth: number, seen: Set<number>): void {
    if (seen.has(node) || !this.leadsOn(path)) return;
    seen.add(node);
    const { pointsTo } = this.state;
    for (const token of pointsTo.tokensOf(node)) if (token.kind === 'instance') this.giveInstance(path, token.cls);
    for (const [field, token] of pointsTo.fieldTokensOf(node)) {
      const part = memberPath(path, /^\d+$/.test(field) ? anyElement : field);
      if (token.kind === 'function') this.give(`implemented:${part}`, token.func);
      else if (token.kind === 'instance') this.giveInstance(part, token.cls);
      else if (token.kind === 'object' && depth > 0) this.giveParts(part, token.node, depth - 1, seen);
    }
  }

  private giveInstance(path: string, cls: number): void {
    if (!this.leadsOn(path)) return;
    for (const { members } of this.state.pointsTo.lineage(cls))
      for (const member of members)
        if (!member.isStatic) this.give(`implemented:${memberPath(path, member.name)}`, member.func);
  }

  // class Balance extends SlashCommand { async run(ctx) {} }, class Balance implements Command { async run(ctx) {} }
  private giveMembers(index: number): void {
    const { graph, pointsTo } = this.state;
    const { classes, files, bases: starts } = graph.tree;
    const { implemented = [], node = -1 } = classes[index] ?? {};
    const file = implemented.length > 0 ? starts.findLastIndex((start) => start <= node) : -1;
    // An interface is known by its name, and by what the file imports.
    for (const { specifier } of files[file]?.imports ?? [])
      for (const name of implemented) this.giveInstance(apiPath(specifier, [name]), index);
    const bases = [index, ...pointsTo.baseClasses(index)].flatMap((one) => {
      const base = classes[one]?.base ?? -1;
      return base < 0 ? [] : pointsTo.tokensOf(base);
    });
    for (const base of bases) {
      if (base.kind !== 'api') continue;
      for (const member of classes[index]?.members ?? [])
        if (!member.isStatic) this.give(`implemented:${memberPath(base.path, member.name)}`, member.func);
    }
  }

  private give(path: string, func: number): void {
    if (this.isNamed(path)) addReturns(this.state, path, func);
  }

  private isNamed(path: string): boolean {
    return this.patterns.matchPath(path).length > 0;
  }

  // ctx.body = value, url.href
  private addAccesses(): void {
    const { state } = this;
    const { edges, strings } = state.graph.tree;
    for (const i of this.accesses) {
      const [from, to, field] = [edges[i + 1] ?? 0, edges[i + 2] ?? 0, edges[i + 3] ?? 0];
      const isRead = edges[i] === programOps.load;
      for (const token of state.pointsTo.tokensOf(isRead ? from : to)) {
        if (token.kind !== 'api') continue;
        const path = `${memberPath(token.path, strings[field] ?? '')}${isRead ? '?' : '='}`;
        if (!this.isNamed(path)) continue;
        const key = `outside:${path}:${i}`;
        if (state.done.has(key)) continue;
        state.done.add(key);
        if (isRead) addRead(state, path, from, to);
        else if (!isPutBack(state, from, field)) addAssignment(state, path, from, to);
      }
    }
  }
}

// One call for each value that the function gives back: that is where the answer stands.
function addReturns(state: ModelState, path: string, func: number): void {
  const { graph, done, shared } = state;
  const { tree } = graph;
  const target = tree.functions[func];
  const key = `outside:${path}:${func}`;
  if (!target || done.has(key)) return;
  done.add(key);
  const owner = bodyOf(state, func);
  const values = shared.incoming.of(target.ret).map((i) => tree.edges[i + 1] ?? -1);
  for (const value of values.length > 0 ? values : [target.ret]) {
    const given = tree.node(value, func);
    const node = tree.node(value, owner);
    const index = addNamedCall(state, path, node, owner, target.params, target.self);
    graph.targets[index]?.add(func);
    tree.edge('copy', value, given, 0);
    tree.edge('enter', given, node, index);
  }
}

/** show(url.href), conv.data.line = text  →  what is left of `href` and `data` is put back, and nobody assigned them */
export function isPutBack({ graph: { tree }, shared }: ModelState, value: number, field: number): boolean {
  if (tree.kinds[value] !== nodeKinds.after) return false;
  const seen = new Set([value]);
  for (const node of seen) {
    if (shared.incoming.before(node) >= 0) seen.add(shared.incoming.before(node));
    for (const i of shared.incoming.of(node)) {
      const [op, from, , label] = tree.edges.slice(i, i + 4);
      if (op === programOps.load && label === field) return true;
      if (tree.kinds[node] === nodeKinds.after && (op === programOps.copy || op === programOps.except))
        seen.add(from ?? 0);
    }
  }
  return false;
}

function addAssignment(state: ModelState, path: string, value: number, object: number): void {
  const { tree } = state.graph;
  const isPlaced = tree.kinds[object] === nodeKinds.after;
  const owner = tree.owners[value] ?? 0;
  addNamedCall(state, path, tree.node(isPlaced ? object : value, owner), owner, [value], object);
}

function addRead(state: ModelState, path: string, object: number, result: number): void {
  const { tree } = state.graph;
  const owner = tree.owners[result] ?? 0;
  const node = tree.node(result, owner);
  addNamedCall(state, path, node, owner, [], object);
  tree.edge('copy', node, result, 0);
}

function addNamedCall(
  { graph }: ModelState,
  path: string,
  node: number,
  owner: number,
  args: readonly number[],
  receiver = -1,
): number {
  const name = path.slice(Math.max(path.lastIndexOf('.'), path.lastIndexOf('#')) + 1);
  return recordCall(graph, { node, callee: -1, receiver, name, args, owner }, [path]);
}

// The module body around a function.
function bodyOf({ graph: { tree } }: ModelState, func: number): number {
  let at = func;
  for (let up = tree.functions[at]?.parent ?? -1; up >= 0; up = tree.functions[at]?.parent ?? -1) at = up;
  return at;
}
