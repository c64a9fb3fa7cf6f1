// Collects the nodes, edges and records of one file while its tree is walked, and hands them over as a FileGraph.
// Knows nothing about syntax.

import type {
  CallRecord,
  ClassRecord,
  DeclarationRecord,
  DecorationRecord,
  FileGraph,
  FunctionRecord,
  ImportRecord,
  LengthRecord,
  ListRecord,
  LoopRecord,
  OverlayRecord,
  TemplateRecord,
  TestRecord,
  TypeRecord,
} from '../model/flow-graph.ts';
import { edgeOps, nodeKinds } from '../model/flow-graph.ts';
import type { Move } from '../model/list-places.ts';
import { fieldOfEach, labelOfMove } from '../model/list-places.ts';
import type { Shape } from './shapes.ts';
import { partOf } from './shapes.ts';

export type NodeKind = keyof typeof nodeKinds;

/** A span of the file's text, in offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Tests that are kept of one way. */
const maxTestsOfWay = 8;

/** Growing arrays of one file's graph; the only state of an extraction besides the environments. */
export class GraphBuilder {
  readonly functions: FunctionRecord[] = [];
  readonly calls: CallRecord[] = [];
  readonly classes: ClassRecord[] = [];
  readonly decorations: DecorationRecord[] = [];
  readonly imports: ImportRecord[] = [];
  readonly loops: LoopRecord[] = [];
  readonly templates: TemplateRecord[] = [];
  readonly types: TypeRecord[] = [];
  readonly lengths: LengthRecord[] = [];
  readonly lists: ListRecord[] = [];
  readonly overlays: OverlayRecord[] = [];
  readonly turnCells: number[] = [];
  readonly declarations: DeclarationRecord[] = [];
  private readonly strings: string[] = [''];
  private readonly stringIndex = new Map<string, number>([['', 0]]);
  private readonly kinds: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly names: number[] = [];
  private readonly owners: number[] = [];
  private readonly edges: number[] = [];
  private readonly fed = new Set<number>();
  private readonly bases = new Map<number, number>();
  private readonly keys = new Map<number, number>();
  private readonly textByNode = new Map<number, number>();
  private readonly shapes = new Map<number, Shape>();
  private readonly constants: number[] = [];
  private readonly tests: TestRecord[] = [];
  private readonly testIndex = new Map<string, number>();
  private readonly ways: (readonly number[])[] = [[]];
  private readonly wayIndex = new Map<string, number>([['', 0]]);

  string(text: string): number {
    let index = this.stringIndex.get(text);
    if (index === undefined) {
      index = this.strings.length;
      this.strings.push(text);
      this.stringIndex.set(text, index);
    }
    return index;
  }

  node(kind: NodeKind, span: Span, owner: number, name: string): number {
    this.kinds.push(nodeKinds[kind]);
    this.starts.push(span.start);
    this.ends.push(span.end);
    this.names.push(this.string(name));
    this.owners.push(owner);
    return this.kinds.length - 1;
  }

  /** to = from, where the tests were passed. */
  copy(from: number, to: number, tests: readonly number[] = []): void {
    if (from === to) return;
    this.edges.push(edgeOps.copy, from, to, this.way(tests));
    if (this.kinds[to] === nodeKinds.cell) this.fed.add(to);
  }

  /** True when something has been copied into a cell. */
  hasInput(cell: number): boolean {
    return this.fed.has(cell);
  }

  derive(from: number, to: number): void {
    this.edges.push(edgeOps.derive, from, to, 0);
  }

  load(from: number, to: number, field: string): void {
    this.edges.push(edgeOps.load, from, to, this.string(field));
    this.bases.set(to, from);
    this.setShape(to, partOf(this.shapes.get(from), field));
  }

  /** Notes what is known for certain of a list or an object. */
  setShape(node: number, shape: Shape | undefined): void {
    if (shape) this.shapes.set(node, shape);
  }

  shapeOf(node: number): Shape | undefined {
    return this.shapes.get(node);
  }

  /** Keeps the length of a list that a call is about. */
  noteLength(node: number): void {
    const { length = -1, relies = [] } = this.shapes.get(node) ?? {};
    if (length >= 0) this.lengths.push({ node, length, relies });
  }

  /** The object that a node is loaded from, or -1. */
  baseOf(node: number): number {
    return this.bases.get(node) ?? -1;
  }

  store(from: number, to: number, field: string): void {
    this.edges.push(edgeOps.store, from, to, this.string(field));
  }

  /** What comes into an object from `from` is hidden by the fields of the later ones. */
  overlay(node: number, from: number, later: readonly number[]): void {
    if (later.length > 0) this.overlays.push({ node, from, later });
  }

  /** to = from without the fields. */
  except(from: number, to: number, fields: readonly string[]): void {
    this.edges.push(edgeOps.except, from, to, this.string(fields.join('|')));
  }

  /** to = from, where no element has the field any more. */
  exceptOfEach(from: number, to: number, field: string): void {
    this.edges.push(edgeOps.except, from, to, this.string(fieldOfEach(field)));
  }

  /** Elements of a list at other places of another one. */
  move(from: number, to: number, move: Move): void {
    this.edges.push(edgeOps.move, from, to, this.string(labelOfMove(move)));
  }

  /** to = from where the caller gives no argument at a position; at -1, where what `to` is otherwise is undefined. */
  fallback(from: number, to: number, position: number): void {
    this.edges.push(edgeOps.fallback, from, to, position);
  }

  same(from: number, to: number): void {
    this.edges.push(edgeOps.same, from, to, 0);
  }

  /** to = what a call changed of an object, which is `from` after it. */
  changed(from: number, to: number): void {
    this.edges.push(edgeOps.changed, from, to, 0);
  }

  guard(from: number, to: number, call: number): void {
    this.edges.push(edgeOps.guard, from, to, call);
  }

  /** What `to` has no field of its own for, it has of its prototype. */
  inherit(from: number, to: number): void {
    this.edges.push(edgeOps.inherit, from, to, 0);
  }

  /** A value that is read from, or stored under, the key that a node holds. */
  setKey(value: number, key: number): void {
    this.keys.set(value, key);
  }

  /** The node of the key that a value is read from, or stored under; -1 where there is none. */
  keyOf(value: number): number {
    return this.keys.get(value) ?? -1;
  }

  /** How many nodes there are: those that are made from now on have this number or a higher one. */
  get size(): number {
    return this.kinds.length;
  }

  /** The index of a test; the same one for the same test. */
  test(test: TestRecord): number {
    const key = `${test.subject}/${test.constant}/${test.holds}`;
    let index = this.testIndex.get(key);
    if (index === undefined) {
      index = this.tests.push(test) - 1;
      this.testIndex.set(key, index);
    }
    return index;
  }

  /** The index of a list of tests that were all passed; of a long one the last count. */
  way(tests: readonly number[]): number {
    const last = tests.slice(-maxTestsOfWay);
    const key = last.join();
    let index = this.wayIndex.get(key);
    if (index === undefined) {
      index = this.ways.push(last) - 1;
      this.wayIndex.set(key, index);
    }
    return index;
  }

  /** Notes the value of a literal that is no text: `boolean:true`. */
  setConstant(node: number, constant: string): void {
    this.constants.push(node, this.string(constant));
  }

  kindOf(node: number): number {
    return this.kinds[node] ?? 0;
  }

  setText(node: number, text: string): void {
    this.textByNode.set(node, this.string(text));
  }

  clearText(node: number): void {
    this.textByNode.delete(node);
  }

  /** The constant text of a node, `*` for its unknown parts; undefined when nothing of it is known. */
  textOf(node: number): string | undefined {
    const index = this.textByNode.get(node);
    return index === undefined ? undefined : this.strings[index];
  }

  /** Reserves the index of a function, so that its nodes can name it before its record is complete. */
  reserveFunction(): number {
    this.functions.push(noFunction);
    return this.functions.length - 1;
  }

  private texts(): number[] {
    const pairs: number[] = [];
    for (const [node, text] of this.textByNode) pairs.push(node, text);
    return pairs;
  }

  finish(
    rest: Pick<FileGraph, 'file' | 'lineStarts' | 'exports' | 'isModule' | 'errors'> & { readonly lines: number },
  ): FileGraph {
    return {
      ...rest,
      strings: this.strings,
      nodeKinds: this.kinds,
      nodeStarts: this.starts,
      nodeEnds: this.ends,
      nodeNames: this.names,
      nodeOwners: this.owners,
      edges: this.edges,
      functions: this.functions,
      calls: this.calls,
      classes: this.classes,
      decorations: this.decorations,
      imports: this.imports,
      loops: this.loops,
      templates: this.templates,
      types: this.types,
      lengths: this.lengths,
      lists: this.lists,
      overlays: this.overlays,
      turnCells: this.turnCells,
      declarations: this.declarations,
      texts: this.texts(),
      tests: this.tests,
      ways: this.ways,
      constants: this.constants,
      keys: [...this.keys].flat(),
    };
  }
}

const noFunction: FunctionRecord = {
  name: 0,
  node: -1,
  parent: -1,
  params: [],
  rest: -1,
  all: -1,
  ret: -1,
  thrown: -1,
  self: -1,
  selfAfter: -1,
  paramsAfter: [],
  handedIn: [],
  handedOut: [],
  cls: -1,
  answers: [],
  generator: -1,
  isAsync: false,
  isArrow: false,
  start: 0,
  end: 0,
};
