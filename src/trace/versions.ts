// Versions of an object that have nothing to do with the field that is wanted: a service with forty methods has hundreds of
// versions of `this`, and most of them only pass on what lay in the one before.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Marks } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { FieldNames } from './field-names.ts';

/** Nothing of the field is to be found behind a version. */
export const nowhere = -1;

/** Merges and functions within one another that are looked through. */
const maxDepth = 60;

/** Answers for one `Searcher`, kept by field. */
export class Versions {
  private readonly program: Program;
  private readonly marks: Marks;
  private readonly names: FieldNames;
  private readonly known = new Map<number, Map<number, number>>();

  constructor(program: Program, marks: Marks, names: FieldNames) {
    this.program = program;
    this.marks = marks;
    this.names = names;
  }

  /**
   * The version at which a field is to be looked for, instead of at this one: the last one before which something else comes
   * in. It belongs to the same function. `nowhere` where no version before has the field.
   */
  behind(node: number, field: number): number {
    if (field < 0 || this.names.isPlace(field)) return node;
    let byNode = this.known.get(field);
    if (!byNode) {
      byNode = new Map();
      this.known.set(field, byNode);
    }
    return this.find(node, field, byNode, 0);
  }

  private find(start: number, field: number, known: Map<number, number>, depth: number): number {
    const passed: number[] = [];
    let at = start;
    while (at !== nowhere) {
      const found = known.get(at);
      if (found !== undefined) {
        at = found;
        break;
      }
      if (depth > maxDepth || !this.isVersion(at)) break;
      // Where the way leads round, it ends where it began.
      known.set(at, at);
      passed.push(at);
      const before = this.before(at, field, known, depth);
      if (before === at) break;
      at = before;
    }
    for (const node of passed) known.set(node, at);
    return at;
  }

  // The version before, if it is all that a field can come from; the node itself, if it is not.
  private before(node: number, field: number, known: Map<number, number>, depth: number): number {
    const { program, names } = this;
    const start = program.inStart[node] ?? 0;
    const end = program.inStart[node + 1] ?? 0;
    if (start === end && node < program.extra) return node;
    const befores: number[] = [];
    let isTested = false;
    for (let i = start; i < end; i++) {
      const from = program.inFrom[i] ?? 0;
      const label = program.inLabel[i] ?? 0;
      switch (program.inOp[i]) {
        case programOps.except: {
          if (program.keys.has(node) || names.exceptionOfEach(label) !== undefined) return node;
          const left = names.exceptions(label);
          if (names.isAmong(left, field)) break;
          if (names.without(left, field) !== field) return node;
          befores.push(from);
          break;
        }
        case programOps.copy:
          isTested ||= label !== 0;
          befores.push(from);
          break;
        case programOps.store: {
          if (!names.meets(field, label)) break;
          const read = label === field ? this.readFrom(from, field) : undefined;
          if (read === undefined) return node;
          befores.push(read);
          break;
        }
        // What a call did to the object.
        case programOps.enter: {
          const given = this.givenFor(this.find(from, field, known, depth + 1), label);
          if (given === undefined) return node;
          if (given !== nowhere) befores.push(given);
          break;
        }
        // Only the whole of an object has a text, or keeps what a method was given.
        case programOps.derive:
        case programOps.absorb:
          break;
        default:
          return node;
      }
    }
    if (befores.some((one) => program.owners[one] !== program.owners[node])) return node;
    if (befores.length < 2) return isTested ? node : (befores[0] ?? nowhere);
    // Of several ways, each must lead to the same version.
    const all = new Set(befores.map((one) => this.find(one, field, known, depth + 1)));
    all.delete(node);
    all.delete(nowhere);
    return all.size > 1 ? node : (all.values().next().value ?? nowhere);
  }

  // page.title.trim()  →  what is put back as the title is what was read of the page
  private readFrom(value: number, field: number): number | undefined {
    const { program } = this;
    let node = value;
    for (let steps = 0; steps < maxDepth && !this.isMarked(node); steps++) {
      const start = program.inStart[node] ?? 0;
      if (start + 1 !== program.inStart[node + 1]) return undefined;
      const [op, from, label] = [program.inOp[start], program.inFrom[start] ?? 0, program.inLabel[start]];
      if (op === programOps.load) return label === field && !program.keys.has(node) ? from : undefined;
      if (op !== programOps.copy || label !== 0 || !this.isVersion(node)) return undefined;
      node = from;
    }
    return undefined;
  }

  // A function that left the field as it was given: the argument of the call; undefined where it comes from elsewhere.
  private givenFor(entered: number, call: number): number | undefined {
    if (entered === nowhere) return nowhere;
    const { program } = this;
    const kind = program.kinds[entered];
    if ((kind !== nodeKinds.parameter && kind !== nodeKinds.self) || this.isMarked(entered)) return undefined;
    let given = nowhere;
    for (let i = program.inStart[entered] ?? 0; i < (program.inStart[entered + 1] ?? 0); i++) {
      // Which instance it is, the call says.
      if (program.inOp[i] === programOps.root) continue;
      if (program.inOp[i] !== programOps.exit) return undefined;
      if (program.inLabel[i] !== call) continue;
      if (given !== nowhere) return undefined;
      given = program.inFrom[i] ?? nowhere;
    }
    return given === nowhere ? undefined : given;
  }

  private isVersion(node: number): boolean {
    const { program } = this;
    const kind = program.kinds[node];
    return (
      (kind === nodeKinds.after || kind === nodeKinds.value || kind === nodeKinds.cell) &&
      !this.isMarked(node) &&
      !program.lists.has(node) &&
      !program.loops.has(node)
    );
  }

  private isMarked(node: number): boolean {
    const { sources, origins, written } = this.marks;
    return sources.has(node) || origins.has(node) || written.has(node);
  }
}
