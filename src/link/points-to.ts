// Which functions, classes, objects and places in packages a value may be: tokens pushed forward along the edges
// until nothing changes. Knows calls only through the events of its owner.
// Imprecise: a value keeps at most 32 tokens besides modules; the rest is dropped (fixtures/flows/callbacks).

import { memberPath } from '../model/api-path.ts';
import { anyElement, isAside, nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import { ClassMembers } from './class-members.ts';
import { isTooLong } from './path-limits.ts';
import { TokenSets } from './token-sets.ts';
import type { ShapeToken, Token } from './tokens.ts';
import { builtInMembers, Tokens } from './tokens.ts';
import type { LinkedClass, Tree } from './tree.ts';
import { Uses, useKinds } from './uses.ts';

const maxTokens = 32;
/** What is put together of modules: `module.exports = { ...require('./a'), ...require('./b') }`. */
const maxModules = 200;
const maxBinds = 4;

export interface PointsToEvents {
  /** A called value may be this. */
  onCallee(call: number, token: Token): void;
  /** Other names (types) for an ApiPath. */
  typesOf(path: string): readonly string[];
}

/** Forward token propagation over a Tree; owned by one `link` call. */
export class PointsTo {
  private readonly tree: Tree;
  private readonly events: PointsToEvents;
  private readonly tokens = new Tokens();
  private readonly sets = new TokenSets(this.tokens);
  /** For each node, the set of what it may be. */
  private readonly held: number[] = [];
  private readonly uses = new Uses();
  /** Objects that a file exports as a whole. */
  private readonly exported = new Set<number>();
  private readonly members: ClassMembers;
  /** For a token, the nodes of its prototypes. */
  private readonly prototypes = new Map<number, number[]>();
  /** Field variables of a token: field → a made-up node. */
  private readonly fields = new Map<number, Map<number, number>>();
  /** Loads of any element of a token, to be told of new fields. */
  private readonly elementLoads = new Map<number, Set<number>>();
  /** Functions whose prototype has been made. */
  private readonly made = new Set<number>();
  /** For the made-up node of a field, its token; and for a token, how often something came into its fields. */
  private readonly tokenOfField: (number | undefined)[] = [];
  private readonly growth: number[] = [];
  private readonly readsOfNodes: number;
  private readonly readsOfFields: number;
  private readonly queue: number[] = [];
  private readonly anyField: number;
  private edgesSeen = 0;

  constructor(tree: Tree, events: PointsToEvents) {
    this.tree = tree;
    this.events = events;
    this.anyField = tree.string(anyElement);
    this.members = new ClassMembers(tree, {
      tokensOf: (node) => this.tokensOf(node),
      addCopy: (from, to) => this.addCopy(from, to),
      seed: (node, token) => this.seed(node, token),
      fieldNode: (object, name) => this.fieldOf(this.tokens.idOf(object), tree.string(name)),
    });
    this.readsOfNodes = tree.reads.add((node) => this.sets.sizeOf(this.held[node] ?? 0));
    this.readsOfFields = tree.reads.add((token) => this.growth[token] ?? 0);
    tree.calls.forEach((call, i) => {
      if (call.callee >= 0) this.uses.add(call.callee, useKinds.callee, i);
      // An object is the same object after a call, whatever the call did to it.
      this.addCopy(call.receiver, call.receiverAfter);
      call.argsAfter.forEach((after, position) => {
        this.addCopy(call.args[position] ?? -1, after);
      });
    });
  }

  /** Takes in edges that were added to the tree since the last time. */
  addNewEdges(): void {
    const { edges, kinds } = this.tree;
    for (let i = this.edgesSeen; i < edges.length; i += 4)
      if (edges[i] !== programOps.store && kinds[edges[i + 2] ?? 0] === nodeKinds.exports)
        this.exported.add(edges[i + 1] ?? 0);
    for (; this.edgesSeen < edges.length; this.edgesSeen += 4) {
      const i = this.edgesSeen;
      const [op, from, to, label] = [edges[i] ?? 0, edges[i + 1] ?? 0, edges[i + 2] ?? 0, edges[i + 3] ?? 0];
      if (op === programOps.load) this.addLoad(from, to, this.fieldAt(label));
      else if (op === programOps.store) this.addStore(from, to, this.fieldAt(label));
      else if (op === programOps.move) this.addMove(from, to);
      else if (op === programOps.inherit) this.addPrototype(from, to);
      else if (op === programOps.enter && this.isConstruction(from, to)) this.addPathCopy(from, to);
      else if (op === programOps.except && this.isSpread(to)) this.addSpread(from, to);
      else if (op !== programOps.derive && op !== programOps.library && op !== programOps.absorb)
        this.addCopy(from, to);
    }
  }

  addCopy(from: number, to: number): void {
    if (from < 0 || to < 0 || from === to) return;
    this.uses.add(from, useKinds.copy, to);
    for (const token of this.heldBy(from)) this.give(to, token);
  }

  // new F()  →  its own object, whatever else F is called on; but all of them are what a package's class makes them.
  private isConstruction(from: number, to: number): boolean {
    return this.tree.newCalls.has(to) && this.tree.functions[this.tree.owners[from] ?? 0]?.selfAfter === from;
  }

  // { ...page }, const { ...rest } = page
  private isSpread(node: number): boolean {
    return this.tree.kinds[node] === nodeKinds.object || this.tree.spread.has(node);
  }

  // A copy has the fields of an instance, and none of its methods.
  private addSpread(from: number, to: number): void {
    this.uses.add(from, useKinds.spread, to);
    for (const token of this.heldBy(from)) this.give(to, this.tokens.copied(token));
  }

  private addPathCopy(from: number, to: number): void {
    this.uses.add(from, useKinds.path, to);
    for (const token of this.heldBy(from)) if (this.tokens.at(token)?.kind === 'api') this.give(to, token);
  }

  addLoad(base: number, result: number, field: number): void {
    if (base < 0 || result < 0) return;
    this.uses.add(base, useKinds.load, result, field);
    for (const token of this.heldBy(base)) this.loadFrom(token, field, result);
  }

  // Several places are any.
  private fieldAt(label: number): number {
    return this.tree.strings[label]?.startsWith('[') ? this.anyField : label;
  }

  /** The elements of one list are elements of another one as well; their places are not told apart here. */
  addMove(from: number, to: number): void {
    if (from < 0 || to < 0) return;
    const element = this.tree.node(to, this.tree.owners[to] ?? 0);
    this.addLoad(from, element, this.anyField);
    this.addStore(element, to, this.anyField);
  }

  private addStore(value: number, object: number, field: number): void {
    this.uses.add(object, useKinds.store, value, field);
    for (const token of this.heldBy(object)) this.storeInto(token, field, value);
  }

  private addPrototype(prototype: number, heir: number): void {
    this.uses.add(heir, useKinds.above, prototype);
    for (const token of this.heldBy(heir)) this.inherit(token, prototype);
  }

  // What a token has no field of its own for, is looked up in its prototype.
  private inherit(token: number, prototype: number): void {
    const known = this.prototypes.get(token) ?? [];
    if (this.tokens.isOutside(token) || known.includes(prototype)) return;
    this.prototypes.set(token, [...known, prototype]);
    for (const [field, variable] of [...(this.fields.get(token) ?? [])])
      if (field !== this.anyField) this.addLoad(prototype, variable, field);
    for (const result of [...(this.elementLoads.get(token) ?? [])]) this.addLoad(prototype, result, this.anyField);
  }

  seed(node: number, token: Token): void {
    this.give(node, this.tokens.idOf(token));
  }

  /** What a node may be by now; the list does not change when more becomes known. */
  tokensOf(node: number): readonly Token[] {
    this.tree.reads.note(this.readsOfNodes, node);
    return this.sets.tokensOf(this.held[node] ?? 0);
  }

  // The tokens that a node has by now, by their numbers.
  private heldBy(node: number): readonly number[] {
    return this.sets.idsOf(this.held[node] ?? 0);
  }

  /** What the written types of a node say. */
  shapesOf(node: number): readonly ShapeToken[] {
    return this.heldBy(node).flatMap((id) => this.tokens.shapeAt(id) ?? []);
  }

  /** Says what a member of an object, or of the values of a type, may be. */
  addMember(object: Token, name: string, value: number): void {
    this.addCopy(value, this.fieldOf(this.tokens.idOf(object), this.tree.string(name)));
  }

  /** What one field of a node's objects, or of their prototypes, may be. */
  tokensInField(node: number, name: string): readonly Token[] {
    return this.tokensIn(this.objectsOf(node), name);
  }

  /** The same of tokens that are known already. */
  tokensInFields(objects: readonly Token[], name: string): readonly Token[] {
    return this.tokensIn(
      objects.map((token) => this.tokens.holder(this.tokens.idOf(token))),
      name,
    );
  }

  private tokensIn(objects: readonly number[], name: string): readonly Token[] {
    const field = this.tree.stringOf(name);
    if (field === undefined) return [];
    const seen = new Set(objects);
    const found: Token[] = [];
    for (const id of seen) {
      const variable = this.fields.get(id)?.get(field);
      if (variable !== undefined) found.push(...this.tokensOf(variable));
      for (const prototype of this.prototypes.get(id) ?? []) for (const one of this.objectsOf(prototype)) seen.add(one);
      const token = this.tokens.at(id);
      if (token?.kind !== 'instance') continue;
      for (const prototype of this.members.grownPrototypes(token.cls)) seen.add(this.tokens.idOf(prototype));
    }
    return found;
  }

  /** What the fields of a node's objects may be: pairs of field and token. */
  fieldTokensOf(node: number): [string, Token][] {
    return this.objectsOf(node).flatMap((id) =>
      [...(this.fields.get(id) ?? [])].flatMap(([field, variable]) =>
        this.heldBy(variable).map((token): [string, Token] => [
          this.tree.strings[field] ?? '',
          this.tokens.at(token) as Token,
        ]),
      ),
    );
  }

  /** The names of the objects' fields that something lies in. */
  fieldNames(objects: readonly Token[]): ReadonlySet<string> {
    const names = new Set<string>();
    for (const token of objects)
      for (const [field, variable] of this.fields.get(this.tokens.holder(this.tokens.idOf(token))) ?? [])
        if ((this.held[variable] ?? 0) !== 0) names.add(this.tree.strings[field] ?? '');
    return names;
  }

  /** All objects with what lies in their fields. */
  *contents(): Iterable<{ readonly holder: Token; readonly field: string; readonly held: readonly Token[] }> {
    for (const [id, fields] of this.fields) {
      const holder = this.tokens.at(id) as Token;
      for (const [field, variable] of fields)
        yield { holder, field: this.tree.strings[field] ?? '', held: this.tokensOf(variable) };
    }
  }

  // The tokens of a node whose fields are about to be looked at.
  private objectsOf(node: number): readonly number[] {
    const { reads } = this.tree;
    reads.note(this.readsOfNodes, node);
    const holders = this.heldBy(node).map((id) => this.tokens.holder(id));
    for (const id of holders) reads.note(this.readsOfFields, id);
    return holders;
  }

  /** Takes in a call that linking made. */
  addCall(index: number): void {
    const callee = this.tree.calls[index]?.callee ?? -1;
    if (callee < 0) return;
    this.uses.add(callee, useKinds.callee, index);
    for (const token of [...this.tokensOf(callee), ...this.shapesOf(callee)]) this.events.onCallee(index, token);
  }

  /** Runs until nothing changes. */
  solve(): void {
    for (;;) {
      const node = this.queue.pop();
      const token = this.queue.pop();
      if (node === undefined || token === undefined) return;
      for (let use = this.uses.first(node); use >= 0; use = this.uses.next(node, use)) this.apply(use, token);
      if (this.tokens.at(token)?.kind === 'class') this.members.baseIsKnown(node);
    }
  }

  private apply(use: number, token: number): void {
    const target = this.uses.targetOf(use);
    switch (this.uses.kindOf(use)) {
      case useKinds.copy:
        return this.give(target, token);
      case useKinds.path:
        if (this.tokens.at(token)?.kind === 'api') this.give(target, token);
        return;
      case useKinds.spread:
        return this.give(target, this.tokens.copied(token));
      case useKinds.load:
        return this.loadFrom(token, this.uses.fieldOf(use), target);
      case useKinds.store:
        return this.storeInto(token, this.uses.fieldOf(use), target);
      case useKinds.above:
        return this.inherit(token, target);
      default: {
        const value = this.tokens.at(token);
        if (value) this.events.onCallee(target, value);
      }
    }
  }

  private give(node: number, token: number): void {
    const held = this.held[node] ?? 0;
    const isModule = this.isModule(token);
    if (isModule ? this.sets.sizeOf(held) >= maxModules : this.sets.countOf(held) >= maxTokens) return;
    if (this.sets.has(held, token)) return;
    this.held[node] = this.sets.with(held, token, !isModule);
    const owner = this.tokenOfField[node];
    if (owner !== undefined) this.growth[owner] = (this.growth[owner] ?? 0) + 1;
    this.queue.push(token, node);
  }

  private isModule(id: number): boolean {
    const token = this.tokens.at(id);
    if (token?.kind !== 'object') return false;
    return this.exported.has(token.node) || this.tree.kinds[token.node] === nodeKinds.exports;
  }

  private fieldOf(id: number, field: number): number {
    const token = this.tokens.holder(id);
    let fields = this.fields.get(token);
    if (!fields) {
      fields = new Map();
      this.fields.set(token, fields);
    }
    let variable = fields.get(field);
    if (variable === undefined) {
      variable = this.tree.node(0, 0);
      fields.set(field, variable);
      if (field !== this.anyField)
        for (const prototype of this.prototypes.get(token) ?? []) this.addLoad(prototype, variable, field);
      this.tokenOfField[variable] = token;
      this.growth[token] = (this.growth[token] ?? 0) + 1;
      if (isAside(this.tree.strings[field] ?? '')) return variable;
      for (const result of [...(this.elementLoads.get(token) ?? [])]) this.addCopy(variable, result);
      if (field !== this.anyField && !builtInMembers.has(this.tree.strings[field] ?? ''))
        this.addCopy(this.fieldOf(token, this.anyField), variable);
    }
    return variable;
  }

  private storeInto(token: number, field: number, value: number): void {
    const object = this.tokens.at(token);
    if (this.tokens.isOutside(token)) return;
    this.addCopy(value, this.fieldOf(token, field));
    if (object?.kind === 'prototype') this.members.growPrototype(object.cls);
  }

  private loadFrom(token: number, field: number, result: number): void {
    const value = this.tokens.at(token);
    if (!value) return;
    const name = this.tree.strings[field] ?? '';
    if (value.kind === 'api') return this.seedPath(result, memberPath(value.path, name));
    if (field === this.anyField) {
      const holder = this.tokens.holder(token);
      const known = this.elementLoads.get(holder) ?? new Set();
      // Prototypes may lead round to this one.
      if (known.has(result)) return;
      this.elementLoads.set(holder, known.add(result));
      for (const [one, variable] of [...(this.fields.get(holder) ?? [])])
        if (!isAside(this.tree.strings[one] ?? '')) this.addCopy(variable, result);
      for (const prototype of this.prototypes.get(holder) ?? []) this.addLoad(prototype, result, field);
      return;
    }
    this.addCopy(this.fieldOf(token, field), result);
    if (value.kind === 'instance' || value.kind === 'prototype') this.members.load(value.cls, name, false, result);
    else if (value.kind === 'class') {
      if (name === 'prototype') this.seed(result, { kind: 'prototype', cls: value.cls });
      this.members.load(value.cls, name, true, result);
    } else if (
      (value.kind === 'function' || value.kind === 'partial') &&
      (name === 'call' || name === 'apply' || name === 'bind')
    ) {
      const binds = value.kind === 'partial' ? value.binds : [];
      const form = value.kind === 'partial' ? value.form : undefined;
      if (binds.length < maxBinds) this.seed(result, { kind: 'bound', func: value.func, how: name, binds, form });
    } else if (value.kind === 'function' && name === 'prototype') {
      this.makePrototype(value.func);
    } else if (value.kind === 'object' && name === 'default') {
      // A CommonJS module taken by a default import is the module itself.
      const graph = this.tree.exportsOfModule(value.node);
      if (graph && !graph.isModule) this.give(result, token);
    }
  }

  // F.prototype, as long as nothing else is put in its place
  private makePrototype(func: number): void {
    const { tree } = this;
    const { node = -1 } = tree.functions[func] ?? {};
    if (node < 0 || this.made.has(func)) return;
    this.made.add(func);
    const object = tree.node(node, tree.owners[node] ?? 0);
    tree.kinds[object] = nodeKinds.object;
    tree.edge('store', object, node, tree.string('prototype'));
    this.seed(object, { kind: 'object', node: object });
  }

  /** Gives a node an ApiPath and the types that rules say it has; not where no rule can have it. */
  seedPath(node: number, path: string): void {
    if (isTooLong(path)) return;
    this.seed(node, { kind: 'api', path });
    for (const type of this.events.typesOf(path)) if (type !== path) this.seed(node, { kind: 'api', path: type });
  }

  /** True for a path that rules give a type. */
  isTyped(path: string): boolean {
    return this.events.typesOf(path).length > 0;
  }

  /** The class and its bases, as far as they are known, nearest first. */
  lineage(cls: number): LinkedClass[] {
    return this.members.lineage(cls);
  }

  baseClasses(cls: number): number[] {
    return this.members.baseClasses(cls);
  }
}
