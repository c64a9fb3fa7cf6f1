// What a search has visited.

import { noAssumption } from './assumptions.ts';
import type { FieldStacks } from './stacks.ts';
import { anyCaller, methodValue, somewhereInside, wholeValue } from './stacks.ts';

/** What of a state of the search says where it is. */
export interface Place {
  readonly node: number;
  readonly fields: number;
  readonly calls: number;
  readonly stopped: number;
  readonly assumed: number;
  readonly isVague: boolean;
}

/** What is told apart at one place: ways to it, and sets of assumptions. */
interface Limits {
  /** A place that is reached in more ways than this is looked at from any caller, and for all that it holds. */
  readonly ways: number;
  /** With more sets of assumptions than this, a place is looked at without any. */
  readonly assumed: number;
}

const nearLimits: Limits = { ways: 256, assumed: 8 };
/** A search that has gone far comes to an end all the same, and says that it is vague. */
const farLimits: Limits = { ways: 4, assumed: 1 };
const nearStates = 30_000;

/**
 * For each node, what is wanted of it and what is assumed: the call stacks and the states.
 * Imprecise: where a place is reached in many ways, they are not told apart (fixtures/flows/functions).
 */
export class Seen {
  private readonly fields: FieldStacks;
  private readonly byNode = new Map<number, Map<number, Map<number, number>>>();
  private limits = nearLimits;

  constructor(fields: FieldStacks) {
    this.fields = fields;
  }

  /** The state that covers a state: the same, the same from any caller or without assumptions, or (where there are many) the widest. */
  indexOf(state: Place): number | undefined {
    const known = this.byNode.get(state.node);
    if (!known) return undefined;
    const free = this.covering(known.get(noAssumption), state);
    return free ?? (state.assumed === noAssumption ? undefined : this.covering(known.get(state.assumed), state));
  }

  private covering(known: ReadonlyMap<number, number> | undefined, state: Place): number | undefined {
    if (!known) return undefined;
    const { fields, calls, stopped } = state;
    const found = known.get(keyOf(fields, calls, stopped)) ?? known.get(keyOf(fields, anyCaller, stopped));
    if (found !== undefined || known.size < this.limits.ways) return found;
    return known.get(keyOf(this.widen(fields), anyCaller, stopped));
  }

  /** Remembers a new state; returns it as it is to be visited. */
  admit<S extends Place>(state: S, index: number): S {
    if (index >= nearStates) this.limits = farLimits;
    let byAssumed = this.byNode.get(state.node);
    if (!byAssumed) {
      byAssumed = new Map();
      this.byNode.set(state.node, byAssumed);
    }
    const isCrowded = byAssumed.size >= this.limits.assumed && !byAssumed.has(state.assumed);
    const assumed = isCrowded ? noAssumption : state.assumed;
    let known = byAssumed.get(assumed);
    if (!known) {
      known = new Map();
      byAssumed.set(assumed, known);
    }
    const isWide = known.size >= this.limits.ways;
    const visited = isWide
      ? { ...state, assumed, fields: this.widen(state.fields), calls: anyCaller, isVague: true }
      : isCrowded
        ? { ...state, assumed }
        : state;
    known.set(keyOf(visited.fields, visited.calls, visited.stopped), index);
    return visited;
  }

  private widen(fields: number): number {
    return !this.fields.isWhole(fields) ? somewhereInside : fields === methodValue ? methodValue : wholeValue;
  }
}

// 24 bits of call stack (a Map has no more entries) and 8 of stops leave 21 for the field stack.
function keyOf(fields: number, calls: number, stopped: number): number {
  return (fields * 0x1000000 + calls) * 0x100 + stopped;
}

/** The states that a hit lies behind; `links` are pairs, the second one step behind the first. */
export function leadingTo(links: readonly number[], hits: readonly number[]): ReadonlySet<number> {
  const parents = new Map<number, number[]>();
  for (let i = 0; i < links.length; i += 2) {
    const child = links[i + 1] ?? 0;
    const list = parents.get(child);
    if (list) list.push(links[i] ?? 0);
    else parents.set(child, [links[i] ?? 0]);
  }
  const found = new Set(hits);
  for (const state of found) for (const parent of parents.get(state) ?? []) found.add(parent);
  return found;
}
