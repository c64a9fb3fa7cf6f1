// Which variables of a function can be handed to its inner functions at each call, like further parameters and results,
// instead of being shared cells without order: those that only functions use which are called directly and never given away.
// `let page = 'empty'; const fill = () => { page = read(); }; fill(); send(page)` sees the page after the call.

import type { ts } from 'ts-morph';
import type { Reference, Region, Variable } from './variables.ts';

/** A function that is declared by a name (or called on the spot) inside another one. */
export interface LocalFunction {
  readonly node: ts.Node;
  /** The function it stands in. */
  readonly owner: ts.Node;
  /** Its name; undefined for a function that is called where it stands. */
  readonly variable: Variable | undefined;
  /** Where it is called on the spot. */
  readonly region: Region | undefined;
}

export interface Lifted {
  /** For each function: the variables of the function around it that its calls hand over. */
  readonly byFunction: ReadonlyMap<ts.Node, readonly Variable[]>;
  /** The function that a name always means, for the names of functions in `byFunction`. */
  readonly byName: ReadonlyMap<Variable, ts.Node>;
  /** For each function: those that it changes after it has waited, and not before. */
  readonly late: ReadonlyMap<ts.Node, ReadonlySet<Variable>>;
  /** Changes that calls of such functions make: to be counted where the call stands. */
  readonly changes: readonly { readonly variable: Variable; readonly region: Region | undefined }[];
}

/** A reference with the variable that it means. */
export interface ResolvedReference {
  readonly reference: Reference;
  readonly variable: Variable;
}

/** Functions that would be handed more variables than this share them as cells. */
const maxLifted = 24;

interface Candidate {
  readonly local: LocalFunction;
  readonly callers: { readonly func: ts.Node; readonly region: Region | undefined }[];
  readonly uses: Set<Variable>;
  readonly changes: Set<Variable>;
  /** What it changes before it has waited. */
  readonly early: Set<Variable>;
}

/** Chooses the variables; each is then a local of every function that uses it. */
export function liftVariables(locals: readonly LocalFunction[], references: readonly ResolvedReference[]): Lifted {
  const candidates = directFunctions(locals, references);
  const users = usersOf(references);
  for (const [variable, { funcs, isChanged }] of users) {
    if (!isChanged || variable.name === 'arguments' || variable.name === 'super') continue;
    const inner = [...funcs].filter((func) => func !== variable.func);
    if (inner.length === 0 || !inner.every((func) => candidates.get(func)?.local.owner === variable.func)) continue;
    for (const func of inner) candidates.get(func)?.uses.add(variable);
  }
  for (const { reference, variable } of references) {
    const one = candidates.get(reference.scope.func);
    if (!reference.isChange || !one?.uses.has(variable)) continue;
    one.changes.add(variable);
    if (!reference.isLate) one.early.add(variable);
  }
  spread(candidates);
  const crowded = new Set(
    [...candidates.values()].flatMap((one) => (one.uses.size > maxLifted ? [one.local.owner] : [])),
  );
  const byFunction = new Map<ts.Node, readonly Variable[]>();
  const byName = new Map<Variable, ts.Node>();
  const late = new Map<ts.Node, ReadonlySet<Variable>>();
  const changes: { variable: Variable; region: Region | undefined }[] = [];
  for (const [node, one] of candidates) {
    if (one.uses.size === 0 || crowded.has(one.local.owner)) continue;
    byFunction.set(node, [...one.uses]);
    late.set(node, new Set([...one.changes].filter((variable) => !one.early.has(variable))));
    if (one.local.variable) byName.set(one.local.variable, node);
    for (const { region } of one.callers) for (const variable of one.changes) changes.push({ variable, region });
  }
  return { byFunction, byName, late, changes };
}

// Functions whose every use is a call, in the function around them or in another such function of it.
function directFunctions(
  locals: readonly LocalFunction[],
  references: readonly ResolvedReference[],
): Map<ts.Node, Candidate> {
  const candidates = new Map<ts.Node, Candidate>();
  const byVariable = new Map<Variable, Candidate>();
  for (const local of locals) {
    const callers = local.variable ? [] : [{ func: local.owner, region: local.region }];
    const one = { local, callers, uses: new Set<Variable>(), changes: new Set<Variable>(), early: new Set<Variable>() };
    candidates.set(local.node, one);
    if (local.variable) byVariable.set(local.variable, one);
  }
  for (const { reference, variable } of references) {
    const one = byVariable.get(variable);
    if (!one) continue;
    if (reference.isCallee) one.callers.push({ func: reference.scope.func, region: reference.region });
    else candidates.delete(one.local.node);
  }
  for (let size = -1; size !== candidates.size; ) {
    size = candidates.size;
    for (const [node, { local, callers }] of candidates) {
      const isDirect = ({ func }: { func: ts.Node }): boolean =>
        func === local.owner || candidates.get(func)?.local.owner === local.owner;
      if (callers.length === 0 || !callers.every(isDirect)) candidates.delete(node);
    }
  }
  return candidates;
}

function usersOf(
  references: readonly ResolvedReference[],
): Map<Variable, { readonly funcs: Set<ts.Node>; isChanged: boolean }> {
  const users = new Map<Variable, { readonly funcs: Set<ts.Node>; isChanged: boolean }>();
  for (const { reference, variable } of references) {
    let one = users.get(variable);
    if (!one) {
      one = { funcs: new Set(), isChanged: false };
      users.set(variable, one);
    }
    one.funcs.add(reference.scope.func);
    one.isChanged ||= reference.isChange;
  }
  return users;
}

// Who calls such a function hands on what it uses.
function spread(candidates: ReadonlyMap<ts.Node, Candidate>): void {
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const one of candidates.values()) {
      for (const { func } of one.callers) {
        const caller = candidates.get(func);
        if (!caller || caller === one) continue;
        const before = caller.uses.size + caller.changes.size;
        for (const variable of one.uses) caller.uses.add(variable);
        for (const variable of one.changes) {
          caller.changes.add(variable);
          caller.early.add(variable);
        }
        isNew ||= caller.uses.size + caller.changes.size > before;
      }
    }
  }
}
