// Where the objects come from that lie under some fields of a value: backwards through variables, fields, calls and files
// to the places where they are made, and to the parameters through which a function was given them.

import { anyElement, isAside, nodeKinds } from '../model/flow-graph.ts';
import { programOps } from '../model/program.ts';
import type { Lists } from './lists.ts';
import type { Tree } from './tree.ts';

/** How an object was come by: what that says of who sees a change of it. */
interface Way {
  /** Through an answer, a collection, a choice or another file: no version of a variable here is written back. */
  readonly isLoose: boolean;
  /** Out of a field. */
  readonly isStored: boolean;
  /** Out of a field that another function filled with what it was given. */
  readonly isHeld: boolean;
}

interface Found extends Way {
  /** What is left of the fields: none where the object itself is made. */
  readonly fields: number;
}

export interface Maker extends Found {
  readonly node: number;
  /** The calls that were entered on the way and not left again. */
  readonly frames: number;
}

/** A parameter (or `this`, at -1) of the function that was searched, and a call that gave it. */
export interface Given extends Found {
  readonly call: number;
  readonly func: number;
  readonly position: number;
}

/** An argument (or the receiver, at -1) that the object was, in a call of the searched function before. */
export interface Lent {
  readonly call: number;
  readonly position: number;
  readonly fields: number;
}

interface Origins {
  readonly makers: readonly Maker[];
  readonly given: readonly Given[];
  readonly lent: readonly Lent[];
  /** True where a loose way ends at a value of which nothing more is known, or is too long. */
  readonly isOpen: boolean;
}

interface Step extends Maker {
  readonly isMerged: boolean;
}

const maxSteps = 160;
/** Fields from here down are elements at the keys of nodes. */
const firstKeyed = -2;
const maxFields = 5;
const maxFrames = 5;

/** Chains of numbers; equal chains have equal numbers, and 0 is the empty one. */
class Chains {
  private readonly tops: number[] = [-1];
  private readonly rests: number[] = [0];
  private readonly depths: number[] = [0];
  private readonly index = new Map<string, number>();

  push(top: number, rest: number): number {
    const key = `${top}/${rest}`;
    let chain = this.index.get(key);
    if (chain === undefined) {
      chain = this.tops.length;
      this.tops.push(top);
      this.rests.push(rest);
      this.depths.push((this.depths[rest] ?? 0) + 1);
      this.index.set(key, chain);
    }
    return chain;
  }

  top(chain: number): number {
    return this.tops[chain] ?? -1;
  }

  rest(chain: number): number {
    return this.rests[chain] ?? 0;
  }

  depth(chain: number): number {
    return this.depths[chain] ?? 0;
  }

  /** From the top down. */
  list(chain: number): number[] {
    const found: number[] = [];
    for (let at = chain; at !== 0; at = this.rest(at)) found.push(this.top(at));
    return found;
  }
}

/** Answers over one finished tree. Owned by one `connectHeap` call. */
export class Makers {
  readonly fields = new Chains();
  /** Edges looked at so far. */
  looks = 0;
  private readonly frames = new Chains();
  private readonly tree: Tree;
  private readonly targets: readonly ReadonlySet<number>[];
  private readonly into: Readonly<Lists>;
  private readonly argumentOf: ReadonlyMap<number, readonly [number, number]>;
  private readonly receiverOf: ReadonlyMap<number, number>;
  private readonly any: number;

  constructor(
    tree: Tree,
    targets: readonly ReadonlySet<number>[],
    into: Readonly<Lists>,
    argumentOf: ReadonlyMap<number, readonly [number, number]>,
  ) {
    this.tree = tree;
    this.targets = targets;
    this.into = into;
    this.argumentOf = argumentOf;
    this.receiverOf = new Map(tree.calls.map((call) => [call.node, call.receiver]));
    this.any = tree.string(anyElement);
  }

  /** Where the object that lies under the fields of a value comes from. */
  of(start: number, fields: number): Origins {
    const origins = { makers: [] as Maker[], given: [] as Given[], lent: [] as Lent[], isOpen: false };
    const seen = new Map<number, Set<number>>();
    const queue: Step[] = [];
    const visit = (step: Step): void => {
      const flags = (step.isLoose ? 1 : 0) + (step.isHeld ? 2 : 0) + (step.isMerged ? 4 : 0) + (step.isStored ? 8 : 0);
      const key = (step.fields * 0x400000 + step.frames) * 16 + flags;
      let known = seen.get(step.node);
      if (known?.has(key)) return;
      if (queue.length >= maxSteps) origins.isOpen ||= step.isLoose;
      if (queue.length >= maxSteps) return;
      if (!known) {
        known = new Set();
        seen.set(step.node, known);
      }
      known.add(key);
      queue.push(step);
    };
    const plain = { isLoose: false, isStored: false, isHeld: false, isMerged: false };
    visit({ node: start, fields, frames: 0, ...plain });
    for (let at = 0; at < queue.length; at++) {
      const step = queue[at] as Step;
      this.note(step, origins);
      origins.isOpen ||= step.isLoose && step.fields === 0 && !this.into[step.node] && !this.isEnd(step);
      if (!this.isEnd(step)) this.expand(step, origins.given, visit);
    }
    return origins;
  }

  private note(step: Step, { makers, lent }: { makers: Maker[]; lent: Lent[] }): void {
    const { tree } = this;
    const kind = tree.kinds[step.node];
    const isMade =
      kind === nodeKinds.object ||
      kind === nodeKinds.array ||
      kind === nodeKinds.class ||
      kind === nodeKinds.exports ||
      tree.newCalls.has(step.node);
    if (isMade) makers.push(step);
    const isGiven = step.frames === 0 && (kind === nodeKinds.after || tree.newCalls.has(step.node));
    const argument = isGiven ? this.argumentOf.get(step.node) : undefined;
    if (argument) lent.push({ call: argument[0], position: argument[1], fields: step.fields });
  }

  /** True when a node belongs to a function that was entered on the way: each run makes an object of its own. */
  isFresh({ node, frames }: Maker): boolean {
    const owner = this.tree.owners[node] ?? -1;
    return this.frames.list(frames).some((call) => this.targets[call]?.has(owner));
  }

  private isEnd({ node, fields }: Step): boolean {
    const kind = this.tree.kinds[node];
    if (fields !== 0) return false;
    return kind === nodeKinds.object || kind === nodeKinds.array || kind === nodeKinds.class;
  }

  private expand(step: Step, given: Given[], visit: (step: Step) => void): void {
    const { tree, fields } = this;
    const { edges } = tree;
    const { node } = step;
    const kind = tree.kinds[node] ?? 0;
    const into = this.into[node] ?? [];
    this.looks += into.length;
    let held = 0;
    for (const i of into) if (isSame(edges[i] ?? 0) || edges[i] === programOps.load) held++;
    const isChoice = step.isMerged || (held > 1 && kind !== nodeKinds.after && kind !== nodeKinds.call);
    const isLoose = step.isLoose || kind === nodeKinds.import;
    for (const i of into) {
      const [op, from, label] = [edges[i] ?? 0, edges[i + 1] ?? 0, edges[i + 3] ?? 0];
      const next = { ...step, node: from, isLoose, isMerged: false };
      if (op === programOps.load) {
        if (fields.depth(step.fields) >= maxFields) continue;
        // What the exports hold has no versions.
        const isExported = tree.kinds[from] === nodeKinds.exports;
        const isTaken = node >= tree.extra || isExported || (kind === nodeKinds.member && isChoice);
        visit({ ...next, fields: fields.push(this.fieldOf(node, label), step.fields), isLoose: isLoose || isTaken });
      } else if (op === programOps.store) {
        const rest = this.pop(step.fields, label);
        if (rest < 0) continue;
        const isHeld = step.isHeld || step.frames !== 0;
        visit({ ...next, fields: rest, isStored: true, isHeld, isLoose: isLoose || this.isPair(from, rest) });
      } else if (op === programOps.inherit) {
        // What lies in a prototype is the same for all that inherit it.
        if (step.fields !== 0) visit({ ...next, isLoose: true });
      } else if (isSame(op)) {
        if (op === programOps.except && this.isLeftOut(step.fields, label)) continue;
        // The fields of a copied object are the same objects, but another object's fields.
        const isCopied = step.fields !== 0 && (kind === nodeKinds.object || kind === nodeKinds.array);
        // A method that gives back its receiver; what a library makes of an object and nothing else (a proxy, a promise).
        const isWhole = tree.newCalls.has(node) || this.receiverOf.get(node) === from;
        const isAnswer = kind === nodeKinds.call && step.fields === 0 && isWhole;
        visit({ ...next, isLoose: isLoose || isCopied || isAnswer, isMerged: isChoice });
      } else if (op === programOps.enter) {
        if (this.frames.depth(step.frames) >= maxFrames) continue;
        if (step.fields === 0 && tree.newCalls.has(node)) continue;
        const isAnswer = kind !== nodeKinds.after && !tree.newCalls.has(node);
        visit({ ...next, frames: this.frames.push(label, step.frames), isLoose: isLoose || isAnswer });
      } else if (op === programOps.exit) this.leave(step, next, label, given, visit);
    }
  }

  private leave(step: Step, next: Step, call: number, given: Given[], visit: (step: Step) => void): void {
    const { tree, targets } = this;
    const func = tree.owners[step.node] ?? -1;
    const top = this.frames.top(step.frames);
    // A callback's parameter, filled by a library.
    if (!targets[call]?.has(func)) return visit({ ...next, isLoose: true });
    if (step.frames !== 0 && top === call) return visit({ ...next, frames: this.frames.rest(step.frames) });
    if (step.frames !== 0 && targets[top]?.has(func)) return;
    const record = tree.functions[func];
    const position = step.node === record?.self ? -1 : (record?.params.indexOf(step.node) ?? -2);
    if (position < -1 || (position === -1 && step.node !== record?.self)) return visit({ ...next, frames: 0 });
    given.push({ ...step, call, func, position });
  }

  // for (const [key, letter] of map)  →  the letter is in the map's values as well
  private isPair(pair: number, fields: number): boolean {
    const top = fields === 0 ? '' : this.tree.strings[this.fields.top(fields)];
    return pair >= this.tree.extra && (top === '0' || top === '1');
  }

  // An element at a key that is not constant: the key is kept, for whoever it is told apart by.
  private fieldOf(part: number, label: number): number {
    const key = label === this.any ? this.tree.keys.get(part) : undefined;
    return key === undefined ? label : firstKeyed - key;
  }

  /** The fields of a chain from the top down, with the node of the key (-1 where there is none). */
  listed(fields: number): { readonly label: number; readonly key: number }[] {
    return this.fields.list(fields).map((field) => this.split(field));
  }

  private split(field: number): { readonly label: number; readonly key: number } {
    return field > firstKeyed ? { label: field, key: -1 } : { label: this.any, key: firstKeyed - field };
  }

  // The fields left when one of them is filled; -1 where the edge fills another.
  private pop(fields: number, label: number): number {
    if (fields === 0) return -1;
    const { label: top } = this.split(this.fields.top(fields));
    const isElement =
      (top === this.any && !isAside(this.tree.strings[label] ?? '')) ||
      (label === this.any && !isAside(this.tree.strings[top] ?? ''));
    return top === label || isElement ? this.fields.rest(fields) : -1;
  }

  private isLeftOut(fields: number, label: number): boolean {
    const top = fields === 0 ? '' : (this.tree.strings[this.fields.top(fields)] ?? '');
    return top !== '' && (this.tree.strings[label] ?? '').split('|').includes(top);
  }
}

/** Both ends are the same object. */
export function isSame(op: number): boolean {
  return op === programOps.copy || op === programOps.except || op === programOps.guard || op === programOps.same;
}
