// The state of one function while its body is walked: the current version of each local (SSA), dead code,
// open loops and try blocks; and how variables are read and written.
// Knows nothing about syntax beyond what a scope is.

import type { ts } from 'ts-morph';
import type { CallRecord } from '../model/flow-graph.ts';
import { commonSettled, commonTests, Env, forgetPath, mergeAliases } from './env.ts';
import type { Facts } from './facts.ts';
import { originalOf } from './facts.ts';
import type { GraphBuilder, NodeKind, Span } from './graph-builder.ts';
import type { Scopes } from './scopes.ts';
import { settle } from './settled.ts';
import { eitherOf } from './shapes.ts';
import type { Scope, Variable } from './variables.ts';
import { lookUp } from './variables.ts';

/** A statement that `break` or `continue` can leave. */
export interface JumpTarget {
  readonly label: string;
  readonly isLoop: boolean;
  readonly breaks: Env[];
  readonly continues: Env[];
}

/** Where a value stands among those that a generator yields, and the loop that yields each element of a list. */
export interface YieldPlace {
  readonly place: number;
  readonly each: ts.ForOfStatement | undefined;
}

/** What is known while one function is walked. Owned by the walk of that function. */
export interface FunctionContext {
  readonly index: number;
  readonly scopeFunc: ts.Node;
  /** The context of the function around it; undefined for the module. */
  readonly around: FunctionContext | undefined;
  /** Variables of the function around that its callers hand over: locals here, too. */
  readonly lifted: ReadonlySet<Variable>;
  scope: Scope;
  env: Env;
  isDead: boolean;
  /** In a generator, the object that a call of it gives; else -1. */
  readonly generator: number;
  /** The places of the first values that a generator yields, where they are known; all others come after them. */
  readonly yields: ReadonlyMap<ts.Node, YieldPlace>;
  /** Where a returned value goes. */
  ret: number;
  /** Where a thrown value goes: the catch variable, or out of the function. */
  caught: number;
  readonly returnEnvs: Env[];
  /** The state at each `throw`. */
  readonly thrownEnvs: Env[];
  readonly targets: JumpTarget[];
  /** For each open try block: what its handler may find in the variables, the innermost last. */
  readonly handlers: Map<Variable, Handled>[];
  /** Guards (indices of calls) that hold here for variables that nobody writes. */
  narrowed: ReadonlyMap<Variable, readonly number[]>;
  /** Parameters that were given another value: the caller's object is not theirs any more. */
  readonly rebound: Set<Variable>;
  /** How many assignments of variables have been walked. */
  rebinds: number;
  /** For variables that inner functions read: all versions from the last snapshot on. */
  readonly tails: Map<Variable, Tail>;
  /** The same for functions that only the event loop calls: the versions of each time that it may run. */
  readonly waiting: Map<Variable, Waiting>;
  /** The first node that was made in the outermost loop around this place: from there on a value may differ by turn. */
  loopStart: number;
  /** Loops around the place that is being walked. */
  readonly loops: ts.Node[];
  /** The object that `export` fills here: the module's exports, or a namespace. */
  exported: number;
  /** It has waited somewhere on the way here. */
  hasWaited: boolean;
  /** Calls that are walked within an `await` (or what is returned), one within the other. */
  awaiting: number;
  /** What calls that nobody has waited for will have changed. */
  readonly owed: Owed[];
  /** Declared functions that nothing has named so far: they cannot have run. */
  readonly unnamed: Map<Variable, ts.Node>;
}

/** A variable as the handler of a try block may find it: in each state in which something could fail. */
export interface Handled {
  readonly merge: number;
  /** The tests that were passed where a version was made. */
  readonly tests: Map<number, readonly number[]>;
  /** The versions that have been met so far. */
  readonly met: Set<number>;
  /** It was settled in each of those states. */
  isSettled: boolean;
}

/** A variable that a call of an async function changes later. */
export interface Owed {
  readonly call: ts.Node;
  readonly variable: Variable;
  /** Its versions when the function was called, and when it has ended. */
  readonly before: number | undefined;
  readonly after: number;
}

/** All versions of a variable from some point on; `snapshot` is what a function made since then sees. */
interface Tail {
  readonly node: number;
  readonly version: number;
  snapshot: number;
}

/** The versions of a variable where this function has waited or ended since some point on. */
interface Waiting {
  readonly node: number;
  readonly met: Set<number>;
}

/** `o[key] = v`; `o[key] += v`, which reads the target first; `delete o[key]`. */
export type Assignment = 'plain' | 'change' | 'delete';

/** Everything the parts of the extractor share; they call one another through it, so that no two files import each other. */
export interface Walker {
  readonly ts: typeof ts;
  readonly file: ts.SourceFile;
  readonly builder: GraphBuilder;
  readonly scopes: Scopes;
  /** Index of the function that a scope's function node became. */
  readonly indexOf: Map<ts.Node, number>;
  readonly exportsNode: number;
  /** The record of a call expression. */
  readonly callIndexOf: Map<ts.Node, number>;
  /** What a function that is not called directly sees of the variables around it. */
  readonly snapshots: Map<ts.Node, ReadonlyMap<Variable, number>>;
  /** What is known for certain of the file's variables. */
  readonly facts: Facts;
  /** Bodies still to be walked: functions see the variables around them when everything there has been assigned. */
  readonly pending: (() => void)[];
  expression(node: ts.Node, context: FunctionContext): number;
  statements(nodes: readonly ts.Statement[], context: FunctionContext): void;
  functionValue(node: ts.FunctionLikeDeclaration, context: FunctionContext, cls: number, self: number): number;
  classValue(node: ts.ClassLikeDeclaration, context: FunctionContext): number;
  call(node: ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression, context: FunctionContext): number;
  bind(name: ts.BindingName, value: number, context: FunctionContext): void;
  assign(target: ts.Expression, value: number, context: FunctionContext, kind?: Assignment): void;
}

/** Of a call that hands no variables over. */
export const notHanded: Pick<CallRecord, 'handedTo' | 'handed' | 'handedAfter'> = {
  handedTo: -1,
  handed: [],
  handedAfter: [],
};

export function spanOf(walker: Walker, node: ts.Node): Span {
  return { start: node.getStart(walker.file), end: node.end };
}

export function addNode(walker: Walker, context: FunctionContext, kind: NodeKind, at: ts.Node, name = ''): number {
  return walker.builder.node(kind, spanOf(walker, at), context.index, name);
}

/** The variable that a name means here. */
export function variableOf(context: FunctionContext, name: string): Variable | undefined {
  return lookUp(context.scope, name);
}

/** The node that holds every assignment of a shared or captured variable. */
export function cellOf(walker: Walker, variable: Variable, at: Span): number {
  if (variable.cell < 0) {
    variable.cell = walker.builder.node('cell', at, walker.indexOf.get(variable.func) ?? 0, variable.name);
    if (variable.turnOf) walker.builder.turnCells.push(variable.cell);
  }
  return variable.cell;
}

/** True when a function walks through the versions of a variable in their order. */
export function isLocal(context: FunctionContext, variable: Variable): boolean {
  return variable.func === context.scopeFunc || context.lifted.has(variable);
}

/** The version of a variable that this function holds; undefined where other functions may have changed it since. */
export function heldVersion(context: FunctionContext, variable: Variable): number | undefined {
  return isLocal(context, variable) || context.env.settled.has(variable) ? context.env.get(variable) : undefined;
}

/** The value of a variable here: its version, and what other functions may have put in its place. */
export function readVariable(walker: Walker, context: FunctionContext, variable: Variable, at: Span): number {
  let value = readPlain(walker, context, variable, at);
  for (const call of isLocal(context, variable) ? [] : (context.narrowed.get(variable) ?? [])) {
    const guarded = walker.builder.node('value', at, context.index, variable.name);
    walker.builder.guard(value, guarded, call);
    value = guarded;
  }
  return value;
}

function readPlain(walker: Walker, context: FunctionContext, variable: Variable, at: Span): number {
  const here = context.env.get(variable);
  if (here !== undefined && context.env.settled.has(variable)) return here;
  const soon = walker.facts.soonest.get(context.scopeFunc)?.get(variable);
  if (soon !== undefined) return snapshotFor(walker, context, variable) ?? soon;
  const seen = isLocal(context, variable) ? here : snapshotFor(walker, context, variable);
  const known = seen ?? cellOf(walker, variable, at);
  if (!variable.shared || known === variable.cell || !isChangedBy(walker, context, variable)) return known;
  const both = walker.builder.node('value', at, context.index, variable.name);
  walker.builder.copy(known, both);
  walker.builder.copy(foreignOf(walker, variable, at), both);
  return both;
}

// False where the functions that assign a variable have not been made: on no way, and in no earlier turn of a loop.
function isChangedBy(walker: Walker, context: FunctionContext, variable: Variable): boolean {
  if (!isLocal(context, variable)) return true;
  return [...(variable.changers ?? [])].some(
    (func) => walker.facts.made.has(func) || context.loops.some((loop) => loop.pos <= func.pos && func.end <= loop.end),
  );
}

/** A declared function can run from the first time it is named, or at the end, by who imports it. */
export function noteNamed(walker: Walker, context: FunctionContext, variable: Variable): void {
  const func = context.unnamed.get(variable);
  if (!func) return;
  context.unnamed.delete(variable);
  takeSnapshot(walker, context, func);
}

/** The node that holds what other functions than its own assign to a variable. */
export function foreignOf(walker: Walker, variable: Variable, at: Span): number {
  if (variable.foreign < 0) {
    const owner = walker.indexOf.get(variable.func) ?? 0;
    variable.foreign = walker.builder.node('cell', at, owner, variable.name);
    if (variable.turnOf) walker.builder.turnCells.push(variable.foreign);
    walker.builder.copy(variable.foreign, cellOf(walker, variable, at));
    walker.builder.same(variable.cell, variable.foreign);
  }
  return variable.foreign;
}

/** The nodes that take up what is put into a variable's object here. */
export function holdersOf(walker: Walker, context: FunctionContext, variable: Variable, at: Span): number[] {
  const held = heldVersion(context, variable);
  if (isLocal(context, variable)) return [held ?? cellOf(walker, variable, at)];
  return [foreignOf(walker, variable, at), ...(held === undefined ? [] : [held])];
}

function snapshotFor(walker: Walker, context: FunctionContext, variable: Variable): number | undefined {
  let at = context;
  while (at.around && at.around.scopeFunc !== variable.func) at = at.around;
  return walker.snapshots.get(at.scopeFunc)?.get(variable);
}

/**
 * Notes what a function sees that is made here: the versions of now and later, not those that have been overwritten.
 * In a loop that changes a variable, later versions stand above as well.
 */
export function takeSnapshot(walker: Walker, context: FunctionContext, func: ts.Node): void {
  walker.facts.made.add(func);
  noteSoon(walker, context, func);
  const seen = new Map<Variable, number>();
  const at = spanOf(walker, func);
  for (const variable of walker.scopes.moving.get(context.scopeFunc) ?? []) {
    // Each turn of the loop that it is declared in has one of its own.
    const around = context.loops.slice(variable.turnOf ? context.loops.lastIndexOf(variable.turnOf) + 1 : 0);
    if (around.some((loop) => walker.scopes.changedIn.get(loop)?.has(variable))) continue;
    if (walker.scopes.later.has(func)) {
      seen.set(variable, waitingFor(walker, context, variable, at));
      continue;
    }
    const version = context.env.get(variable) ?? -1;
    const last = context.tails.get(variable);
    if (last && last.snapshot >= 0 && last.version === version) {
      seen.set(variable, last.snapshot);
      continue;
    }
    const snapshot = walker.builder.node('cell', at, context.index, variable.name);
    const node = walker.builder.node('cell', at, context.index, variable.name);
    if (variable.turnOf) walker.builder.turnCells.push(snapshot, node);
    if (version >= 0) walker.builder.copy(version, snapshot);
    walker.builder.copy(node, snapshot);
    if (last) walker.builder.copy(node, last.node);
    context.tails.set(variable, { node, snapshot, version });
    seen.set(variable, snapshot);
  }
  if (seen.size > 0) walker.snapshots.set(func, seen);
}

// queueMicrotask(() => x), where only timers change x: none of them runs before it
function noteSoon(walker: Walker, context: FunctionContext, func: ts.Node): void {
  if (context.hasWaited || context.loops.length > 0 || !walker.scopes.soon.has(func)) return;
  const versions = [...context.env].filter(([variable]) => variable.func === context.scopeFunc && variable.isTimed);
  if (versions.length > 0) walker.facts.soonest.set(func, new Map(versions));
}

// setTimeout(() => x)  →  x as it is where this function waits or ends from here on
function waitingFor(walker: Walker, context: FunctionContext, variable: Variable, at: Span): number {
  const last = context.waiting.get(variable);
  if (last && last.met.size === 0) return last.node;
  const node = walker.builder.node('cell', at, context.index, variable.name);
  if (variable.turnOf) walker.builder.turnCells.push(node);
  if (last) walker.builder.copy(node, last.node);
  context.waiting.set(variable, { node, met: new Set() });
  return node;
}

/** The function waits or ends here: what the event loop calls can run. */
export function noteWait(walker: Walker, context: FunctionContext): void {
  context.hasWaited = true;
  for (const [variable, { node, met }] of context.waiting) {
    const version = context.env.get(variable);
    if (version === undefined || met.has(version)) continue;
    met.add(version);
    walker.builder.copy(version, node);
  }
}

/** x = value: a new version of x, named and placed so that evidence can see it. */
export function defineVariable(
  walker: Walker,
  context: FunctionContext,
  variable: Variable,
  value: number,
  at: ts.Node,
): void {
  const version = addNode(walker, context, 'variable', at, variable.name);
  walker.builder.copy(value, version);
  const text = walker.builder.textOf(value);
  if (text !== undefined) walker.builder.setText(version, text);
  walker.builder.setShape(version, walker.builder.shapeOf(value));
  forgetPath(context.env, { root: variable, fields: [] });
  context.rebound.add(variable);
  context.rebinds++;
  setVersion(walker, context, variable, version, spanOf(walker, at));
}

/** Makes a node the current version of a variable. */
export function setVersion(
  walker: Walker,
  context: FunctionContext,
  variable: Variable,
  version: number,
  at: Span,
): void {
  if (!isLocal(context, variable)) {
    walker.builder.copy(version, foreignOf(walker, variable, at));
    context.env.set(variable, version);
    return settle(context.env, variable, 'whole');
  }
  if (variable.shared) settle(context.env, variable, 'whole');
  if (variable.captured) feedCell(walker, variable, version, at);
  context.env.set(variable, version);
  const tail = context.tails.get(variable);
  if (tail) {
    walker.builder.copy(version, tail.node);
    tail.snapshot = -1;
  }
  for (const handled of context.handlers) handled.get(variable)?.tests.set(version, context.env.tests);
}

// A cell that is assigned once keeps the constant text of what it holds.
function feedCell(walker: Walker, variable: Variable, version: number, at: Span): void {
  const { builder } = walker;
  const isFirst = variable.cell < 0 || !builder.hasInput(variable.cell);
  const cell = cellOf(walker, variable, at);
  const text = builder.textOf(version);
  if (isFirst && text !== undefined) builder.setText(cell, text);
  else if (!isFirst) builder.clearText(cell);
  builder.copy(version, cell);
}

/** The variables that a loop or try block may change, by their names or by others of the same objects; a text has no other. */
export function changedIn(walker: Walker, context: FunctionContext, node: ts.Node): Variable[] {
  const { builder, scopes } = walker;
  const isObject = (variable: Variable): boolean => builder.textOf(context.env.get(variable) ?? -1) === undefined;
  return [...(scopes.changedIn.get(node) ?? []), ...[...(scopes.touchedIn.get(node) ?? [])].filter(isObject)];
}

/** The environment where two ways meet; a dead way counts for nothing. */
export function mergeEnvs(walker: Walker, context: FunctionContext, envs: readonly Env[], at: ts.Node): Env {
  const [first, ...others] = envs;
  if (!first) return context.env;
  if (others.length === 0) return new Env(first);
  const merged = new Env();
  merged.aliases = mergeAliases(envs);
  merged.tests = commonTests(envs);
  merged.settled = commonSettled(envs);
  const isKnown = (variable: Variable): boolean => isLocal(context, variable) || merged.settled.has(variable);
  const ways = envs.map((env) => env.tests.slice(merged.tests.length));
  for (const [variable, version] of first) {
    if (!isKnown(variable)) continue;
    const versions = envs.map((env) => env.get(variable));
    if (versions.every((one) => one === undefined || one === version)) {
      merged.set(variable, version);
      continue;
    }
    const node = mergeNode(walker, context, variable, versions, at, ways);
    const shapes = versions.flatMap((one) => (one === undefined ? [] : [walker.builder.shapeOf(one)]));
    walker.builder.setShape(node, eitherOf(shapes));
    merged.set(variable, node);
    const originals = new Set(versions.flatMap((one) => (one === undefined ? [] : originalOf(walker.facts, one))));
    const [only] = originals;
    if (only !== undefined && originals.size === 1) walker.facts.originals.set(node, only);
  }
  for (const other of others)
    for (const [variable, version] of other)
      if (!merged.has(variable) && isKnown(variable)) merged.set(variable, version);
  return merged;
}

export function mergeNode(
  walker: Walker,
  context: FunctionContext,
  variable: Variable,
  versions: readonly (number | undefined)[],
  at: ts.Node,
  ways: readonly (readonly number[])[] = [],
): number {
  const node = addNode(walker, context, 'value', at, variable.name);
  const seen = new Set<string>();
  versions.forEach((version, i) => {
    if (version === undefined) return;
    const way = ways[i] ?? [];
    const key = `${version}/${way.join()}`;
    if (!seen.has(key)) walker.builder.copy(version, node, way);
    seen.add(key);
  });
  return node;
}
