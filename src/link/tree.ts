// The files' graphs laid end to end: global numbers for nodes, functions, calls and classes, and edges by source.
// Grows while linking finds more edges; frozen into a Program at the end.

import type { FileGraph, LengthRecord } from '../model/flow-graph.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { LinkedFunction, ProgramTest } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import { Reads } from './reads.ts';

export interface LinkedClass {
  readonly name: string;
  readonly node: number;
  readonly base: number;
  readonly ctor: number;
  readonly members: readonly {
    readonly name: string;
    readonly func: number;
    readonly isStatic: boolean;
    readonly kind: string;
    readonly decorated: number;
  }[];
  readonly instance: number;
  readonly implemented: readonly string[];
}

export interface TreeCall {
  readonly node: number;
  readonly callee: number;
  readonly receiver: number;
  readonly name: string;
  readonly args: readonly number[];
  readonly spreads: readonly number[];
  readonly isNew: boolean;
  readonly receiverAfter: number;
  readonly argsAfter: readonly number[];
  readonly handedTo: number;
  readonly handed: readonly number[];
  readonly handedAfter: readonly number[];
  readonly caught: number;
  readonly way: number;
  readonly owner: number;
}

/** The joined graph, with room for nodes and edges that linking adds. Owned by one `link` call. */
export class Tree {
  readonly bases: number[] = [];
  readonly extra: number;
  readonly likeness: number[] = [];
  readonly functions: LinkedFunction[] = [];
  readonly calls: TreeCall[] = [];
  readonly classes: LinkedClass[] = [];
  readonly kinds: number[] = [];
  readonly owners: number[] = [];
  readonly names: number[] = [];
  readonly texts: number[] = [];
  readonly strings: string[] = [''];
  /** For what is read from, or stored under, a key that is not constant: the key's node. */
  readonly keys = new Map<number, number>();
  readonly edges: number[] = [];
  readonly files: readonly FileGraph[];
  /** How many elements lists have, by their nodes. */
  readonly lengths = new Map<number, Pick<LengthRecord, 'length' | 'relies'>>();
  /** Told of what is looked at while the tree grows. */
  readonly reads = new Reads();
  /** Nodes that linking has made, which are new objects with the fields of others. */
  readonly spread = new Set<number>();
  /** Results of `new`. */
  readonly newCalls = new Set<number>();
  /** For each call of `bind`, the object that it binds, in its versions of then and later. */
  readonly bound = new Map<number, number>();
  readonly tests: ProgramTest[] = [];
  readonly ways: (readonly number[])[] = [[]];
  readonly constants = new Map<number, string>();
  private readonly loadedFrom = new Map<number, number>();
  private readonly stringIndex = new Map<string, number>([['', 0]]);

  constructor(files: readonly FileGraph[]) {
    this.files = files;
    for (const file of files) this.addFile(file);
    this.extra = this.kinds.length;
  }

  string(text: string): number {
    let index = this.stringIndex.get(text);
    if (index === undefined) {
      index = this.strings.length;
      this.strings.push(text);
      this.stringIndex.set(text, index);
    }
    return index;
  }

  /** The index of a text that the tree knows. */
  stringOf(text: string): number | undefined {
    return this.stringIndex.get(text);
  }

  /** A made-up node that shares place and name with another one. */
  node(like: number, owner: number): number {
    const real = like >= this.extra ? (this.likeness[like - this.extra] ?? 0) : like;
    this.likeness.push(real);
    this.kinds.push(nodeKinds.value);
    this.owners.push(owner);
    this.names.push(0);
    this.texts.push(0);
    return this.kinds.length - 1;
  }

  edge(op: keyof typeof programOps, from: number, to: number, label: number): void {
    if (from >= 0 && to >= 0 && from !== to) this.edges.push(programOps[op], from, to, op === 'copy' ? 0 : label);
  }

  /** The object that a member node of the files is loaded from, or -1. */
  baseOf(node: number): number {
    return this.loadedFrom.get(node) ?? -1;
  }

  /** The graph whose exports this node is, if any. */
  exportsOfModule(node: number): FileGraph | undefined {
    const file = this.bases.indexOf(node);
    const graph = this.files[file];
    return graph?.exports === 0 ? graph : undefined;
  }

  textOf(node: number): string | undefined {
    const index = this.texts[node] ?? 0;
    return index === 0 ? undefined : this.strings[index];
  }

  private addFile(file: FileGraph): void {
    const base = this.kinds.length;
    const firstFunction = this.functions.length;
    const firstCall = this.calls.length;
    const firstClass = this.classes.length;
    this.bases.push(base);
    const string = file.strings.map((text) => this.string(text));
    const at = (node: number): number => (node < 0 ? -1 : node + base);
    const many = (nodes: readonly number[]): readonly number[] => (nodes.length === 0 ? none : nodes.map(at));
    const [firstTest, firstWay] = [this.tests.length, this.ways.length - 1];
    const way = (index: number): number => (index === 0 ? 0 : index + firstWay);
    for (const { subject, constant, holds, isKept } of file.tests)
      this.tests.push({ subject: subject + base, constant: file.strings[constant] ?? '', holds, isKept });
    for (const tests of file.ways.slice(1)) this.ways.push(tests.map((test) => test + firstTest));
    for (let i = 0; i < file.constants.length; i += 2)
      this.constants.set((file.constants[i] ?? 0) + base, file.strings[file.constants[i + 1] ?? 0] ?? '');
    for (let i = 0; i < file.nodeKinds.length; i++) {
      this.kinds.push(file.nodeKinds[i] ?? 0);
      this.owners.push((file.nodeOwners[i] ?? 0) + firstFunction);
      this.names.push(string[file.nodeNames[i] ?? 0] ?? 0);
      this.texts.push(0);
    }
    for (let i = 0; i < file.texts.length; i += 2) {
      this.texts[(file.texts[i] ?? 0) + base] = string[file.texts[i + 1] ?? 0] ?? 0;
    }
    for (let i = 0; i < file.keys.length; i += 2)
      this.keys.set((file.keys[i] ?? 0) + base, (file.keys[i + 1] ?? 0) + base);
    for (let i = 0; i < file.edges.length; i += 4) {
      const op = file.edges[i] ?? 0;
      const label = file.edges[i + 3] ?? 0;
      const mapped =
        op === programOps.copy
          ? way(label)
          : op === programOps.guard
            ? label + firstCall
            : op === programOps.fallback
              ? label
              : (string[label] ?? 0);
      if (op === programOps.load) this.loadedFrom.set((file.edges[i + 2] ?? 0) + base, (file.edges[i + 1] ?? 0) + base);
      this.edges.push(op, (file.edges[i + 1] ?? 0) + base, (file.edges[i + 2] ?? 0) + base, mapped);
    }
    for (const { node, length, relies } of file.lengths) this.lengths.set(at(node), { length, relies: many(relies) });
    for (const one of file.functions) {
      this.functions.push({
        name: file.strings[one.name] ?? '',
        node: at(one.node),
        parent: one.parent < 0 ? -1 : one.parent + firstFunction,
        params: many(one.params),
        rest: one.rest,
        all: at(one.all),
        ret: at(one.ret),
        thrown: at(one.thrown),
        self: at(one.self),
        selfAfter: at(one.selfAfter),
        paramsAfter: many(one.paramsAfter),
        generator: at(one.generator),
        isAsync: one.isAsync,
        isArrow: one.isArrow,
        handedIn: many(one.handedIn),
        handedOut: many(one.handedOut),
        answers: one.answers.map((call) => call + firstCall),
        cls: one.cls < 0 ? -1 : one.cls + firstClass,
      });
    }
    for (const one of file.calls) {
      if (one.isNew) this.newCalls.add(at(one.node));
      this.calls.push({
        node: at(one.node),
        callee: at(one.callee),
        receiver: at(one.receiver),
        name: file.strings[one.name] ?? '',
        args: many(one.args),
        spreads: one.spreads,
        isNew: one.isNew,
        receiverAfter: at(one.receiverAfter),
        argsAfter: many(one.argsAfter),
        handedTo: one.handedTo < 0 ? -1 : one.handedTo + firstFunction,
        handed: many(one.handed),
        handedAfter: many(one.handedAfter),
        caught: at(one.caught),
        way: way(one.way),
        owner: one.owner + firstFunction,
      });
    }
    for (const one of file.classes) {
      this.classes.push({
        name: file.strings[one.name] ?? '',
        node: at(one.node),
        base: at(one.base),
        ctor: one.ctor + firstFunction,
        members: one.members.map((member) => ({
          name: file.strings[member.name] ?? '',
          func: member.func + firstFunction,
          isStatic: member.isStatic,
          kind: member.kind,
          decorated: at(member.decorated),
        })),
        instance: at(one.instance),
        implemented: one.implemented,
      });
    }
  }
}

const none: readonly number[] = [];
