// The whole scanned tree as one graph: what `link` makes of the files' graphs. Nodes and functions have global numbers.
// Edges are kept by target, since the search runs from sinks back to sources.

import type { DeclarationRecord, FileGraph, LoopHead } from './flow-graph.ts';
import type { Location } from './location.ts';
import { locate } from './location.ts';
import type { ModelRule } from './rule.ts';

/** Kinds of edges of a program: those of a file (`edgeOps`), and what linking adds. */
export const programOps = {
  copy: 0,
  derive: 1,
  load: 2,
  store: 3,
  except: 4,
  guard: 5,
  fallback: 6,
  same: 7,
  /** Linking puts what a call changed beside it; no value moves along the edge itself. */
  changed: 8,
  move: 9,
  inherit: 10,
  /** From a result (or a changed parameter) of a function to where a call receives it. Label: the call. */
  enter: 11,
  /** From an argument of a call to the parameter. Label: the call. */
  exit: 12,
  /** A copy that counts only when the search does not know its caller: all instances of a class. */
  root: 13,
  /** Through a library function that no rule describes. Label: the call. */
  library: 14,
  /** Into the receiver of such a function; seen only by whoever takes the receiver as a whole. Label: the call. */
  absorb: 15,
} as const;

export interface LinkedFunction {
  readonly name: string;
  readonly node: number;
  /** Lexically enclosing function; -1 for a module body. */
  readonly parent: number;
  readonly params: readonly number[];
  readonly rest: number;
  readonly all: number;
  readonly ret: number;
  readonly thrown: number;
  readonly self: number;
  readonly selfAfter: number;
  readonly paramsAfter: readonly number[];
  readonly isAsync: boolean;
  /** In a generator's body, the object that a call of it gives; else -1. */
  readonly generator: number;
  /** An arrow function; one with a class keeps its instance. */
  readonly isArrow: boolean;
  readonly handedIn: readonly number[];
  readonly handedOut: readonly number[];
  /** Calls about the first parameter that are true wherever the function's answer is. */
  readonly answers: readonly number[];
  /** Global index of the class whose member this is, or -1. */
  readonly cls: number;
}

export interface LinkedCall {
  readonly node: number;
  readonly callee: number;
  readonly receiver: number;
  readonly name: string;
  readonly args: readonly number[];
  readonly spreads: readonly number[];
  readonly isNew: boolean;
  /** Its arguments are not its target's parameters one by one: `call`, `apply`, bound arguments. */
  readonly isRearranged: boolean;
  readonly receiverAfter: number;
  readonly argsAfter: readonly number[];
  readonly caught: number;
  /** The tests passed on the way to it (index in `ways`). */
  readonly way: number;
  readonly owner: number;
  /** Functions of the scanned tree that it may call. */
  readonly targets: readonly number[];
  /** Where there are several, the classes whose instances the receiver may be; none where it may be anything else. */
  readonly classes: readonly number[];
  /** ApiPaths of the callee. */
  readonly paths: readonly string[];
  /** Names before the last dot, nearest first: `client.chat.postMessage()` has `chat`, `client`. */
  readonly chain: readonly string[];
  /** The models that describe it. */
  readonly models: readonly ModelRule[];
  /** For each argument, the functions of the scanned tree that it may be. */
  readonly callbacks: readonly (readonly number[])[];
  readonly turns: Turns | undefined;
}

/** A callback that runs once for each element of a list. */
export interface Turns {
  readonly list: number;
  /** Functions of the tree that the callback may be. */
  readonly callbacks: readonly number[];
  /** The positions of its parameters for the element, and for what the turn before gave back (-1: the result is a list of all). */
  readonly item: number;
  readonly total: number;
  /** What the first turn is given for that, or -1. */
  readonly start: number;
  readonly isBackward: boolean;
}

/** What a node is to a loop over a list. */
export interface LoopPlace {
  readonly loop: number;
  readonly list: number;
  /** The variable that the node is a version of; undefined for the element of a turn. */
  readonly head: LoopHead | undefined;
}

/** A part of a list: one element, or the elements of another list. */
export interface ListPart {
  readonly node: number;
  readonly isSpread: boolean;
}

/** Members of a class with those it inherits, by name: function indices. */
export interface ProgramClass {
  readonly methods: ReadonlyMap<string, number>;
  readonly statics: ReadonlyMap<string, number>;
  /** The classes it extends, nearest first. */
  readonly bases: readonly number[];
}

/** A test of a value (TestRecord, with the constant as text; '' where it was asked whether the value is true). */
export interface ProgramTest {
  readonly subject: number;
  readonly constant: string;
  readonly holds: boolean;
  readonly isKept: boolean;
}

export interface Program {
  readonly files: readonly FileGraph[];
  /** The first node of each file; nodes from `extra` on were made by linking. */
  readonly bases: readonly number[];
  readonly extra: number;
  /** For each extra node, the node whose place and name it shares. */
  readonly likeness: readonly number[];
  readonly nodeCount: number;
  readonly kinds: Uint8Array;
  readonly owners: Int32Array;
  readonly names: Int32Array;
  /** String index of a node's constant text; 0 for none. */
  readonly texts: Int32Array;
  readonly strings: readonly string[];
  /** For what is read from, or stored under, a key that is not constant: the key's node. */
  readonly keys: ReadonlyMap<number, number>;
  readonly tests: readonly ProgramTest[];
  /** Lists of tests that were all passed, by the labels of copies and the ways of calls; the first is empty. */
  readonly ways: readonly (readonly number[])[];
  /** Literals that are no text, as `type:text`. */
  readonly constants: ReadonlyMap<number, string>;
  /** Edges into node n stand at inStart[n] … inStart[n + 1]. */
  readonly inStart: Int32Array;
  readonly inFrom: Int32Array;
  readonly inOp: Uint8Array;
  readonly inLabel: Int32Array;
  readonly functions: readonly LinkedFunction[];
  readonly calls: readonly LinkedCall[];
  readonly callOf: ReadonlyMap<number, number>;
  readonly classes: readonly ProgramClass[];
  /** Functions and classes by the node of their value. */
  readonly functionOf: ReadonlyMap<number, number>;
  readonly classOf: ReadonlyMap<number, number>;
  /** For an object that a call of `bind` binds, the call. */
  readonly bounds: ReadonlyMap<number, number>;
  /** Functions that are written in an argument's place, or in a literal that stands there. */
  readonly inlineFunctions: ReadonlySet<number>;
  /** Parts of each string that is built of texts and values, by its node. */
  readonly templates: ReadonlyMap<number, readonly (string | number)[]>;
  /** Elements of loops, and variables that loops change (on entry of a turn, and after the loop). */
  readonly loops: ReadonlyMap<number, LoopPlace>;
  /** Cells of variables that each turn of a loop has anew. */
  readonly turnCells: ReadonlySet<number>;
  /** What lists are put together of, one part after the other, where spreads or calls (`push`) leave places open. */
  readonly lists: ReadonlyMap<number, readonly ListPart[]>;
  /** For an object and what comes into it, the objects whose fields are laid over that. */
  readonly overlays: ReadonlyMap<number, ReadonlyMap<number, readonly number[]>>;
  /** ApiPaths of values. */
  readonly paths: ReadonlyMap<number, readonly string[]>;
  /** Declared type names of values. */
  readonly types: ReadonlyMap<number, string>;
  /** Values that are objects which a library hands to all handlers. */
  readonly shared: ReadonlySet<number>;
  readonly declarations: readonly DeclarationRecord[];
  /** Packages that the tree imports or depends on. */
  readonly packages: ReadonlySet<string>;
  readonly unresolved: readonly { readonly file: string; readonly specifier: string }[];
  /** Changes of objects that nobody holds by name, of which the search for who sees them gave up; 0 for none. */
  readonly changesLeft: number;
}

/** The index of the file a node stands in. */
export function fileOf(program: Program, node: number): number {
  const real = node >= program.extra ? (program.likeness[node - program.extra] ?? 0) : node;
  let low = 0;
  let high = program.bases.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((program.bases[middle] ?? 0) <= real) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Offsets of a node in its file. */
export function spanOfNode(program: Program, node: number): { file: number; start: number; end: number } {
  const real = node >= program.extra ? (program.likeness[node - program.extra] ?? 0) : node;
  const file = fileOf(program, real);
  const graph = program.files[file];
  const local = real - (program.bases[file] ?? 0);
  return { file, start: graph?.nodeStarts[local] ?? 0, end: graph?.nodeEnds[local] ?? 0 };
}

export function locationOf(program: Program, node: number): Location {
  const { file, start, end } = spanOfNode(program, node);
  const graph = program.files[file];
  return locate(graph?.file ?? '', graph?.lineStarts ?? [0], start, end);
}

export function nameOfNode(program: Program, node: number): string {
  return program.strings[program.names[node] ?? 0] ?? '';
}

/** The constant text of a node, `*` for its unknown parts; undefined when it has none. */
export function textOfNode(program: Program, node: number): string | undefined {
  const index = program.texts[node] ?? 0;
  return index === 0 ? undefined : program.strings[index];
}

/** True when `inner` stands lexically inside `outer`. */
export function isNested(program: Program, inner: number, outer: number): boolean {
  for (let at = program.functions[inner]?.parent ?? -1; at >= 0; at = program.functions[at]?.parent ?? -1) {
    if (at === outer) return true;
  }
  return false;
}

/** Calls by the functions that stand in them. */
export function callsBy(
  program: Program,
  functionsOf: (call: LinkedCall) => readonly number[],
): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const [index, call] of program.calls.entries()) {
    for (const func of functionsOf(call)) {
      const calls = found.get(func);
      if (calls) calls.push(index);
      else found.set(func, [index]);
    }
  }
  return found;
}
