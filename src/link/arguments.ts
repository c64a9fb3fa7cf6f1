// The arguments of a call → the parameters of a function: which position each takes, with lists that are spread, and rests.

import { anyElement } from '../model/flow-graph.ts';
import { fieldOfPlaces, labelOfMove, movedFrom } from '../model/list-places.ts';
import type { PointsTo } from './points-to.ts';
import type { Tree } from './tree.ts';

/** How the arguments of a call line up with the parameters of its target. */
export interface Arrangement {
  /** The receiver, or -1. */
  readonly self: number;
  /** The receiver after the call, or -1. */
  readonly selfAfter: number;
  readonly args: readonly number[];
  readonly argsAfter: readonly number[];
  readonly spreads: readonly number[];
}

/** An argument and the first position that it takes, or may take. */
interface Placed {
  readonly arg: number;
  readonly isSpread: boolean;
  readonly at: number;
  /** False behind a list of unknown length. */
  readonly isKnown: boolean;
  /** Lists of unknown length before it. */
  readonly lists: number;
}

function placed(tree: Tree, { args, spreads }: Arrangement): Placed[] {
  let at = 0;
  let lists = 0;
  return args.map((arg, i) => {
    const one = { arg, isSpread: spreads.includes(i), at, isKnown: lists === 0, lists };
    const known = tree.lengths.get(arg);
    const length = one.isSpread ? (known?.relies.length === 0 ? known.length : -1) : 1;
    at += Math.max(0, length);
    if (length < 0) lists++;
    return one;
  });
}

/** The arguments that may stand at a position. f(a, ...list, b): the second is list[0], and b when the list is empty. */
export function valuesAt(tree: Tree, index: number, position: number, arrangement: Arrangement): number[] {
  return placed(tree, arrangement).flatMap(({ arg, isSpread, at, isKnown, lists }) => {
    // Each list before it is taken to hold something.
    if (position < at + lists || (isKnown && !isSpread && position > at)) return [];
    if (!isSpread) return [arg];
    return [elementOf(tree, index, arg, isKnown ? String(position - at) : anyElement)];
  });
}

function elementOf(tree: Tree, index: number, list: number, field: string): number {
  const call = tree.calls[index];
  const element = tree.node(call?.node ?? 0, call?.owner ?? 0);
  tree.edge('load', list, element, tree.string(field));
  return element;
}

/** function f(...rest), called f(a, b)  →  rest = [a, b] */
export function listFrom(
  tree: Tree,
  pointsTo: PointsTo,
  index: number,
  first: number,
  arrangement: Arrangement,
): number {
  const call = tree.calls[index];
  const list = tree.node(call?.node ?? 0, call?.owner ?? 0);
  pointsTo.seed(list, { kind: 'object', node: list });
  for (const { arg, isSpread, at, isKnown } of placed(tree, arrangement)) {
    const to = Math.max(0, at - first);
    if (isSpread) {
      const move = movedFrom(isKnown ? Math.max(0, first - at) : 0, to, isKnown ? 'same' : 'loose');
      tree.edge('move', arg, list, tree.string(labelOfMove(move)));
    } else if (!isKnown || at >= first) {
      const places = { from: to, to: isKnown ? to + 1 : Number.POSITIVE_INFINITY };
      tree.edge('store', arg, list, tree.string(fieldOfPlaces(places)));
    }
  }
  return list;
}

/** function f(...rest), called f(a, b)  →  a and b after the call are rest[0] and rest[1] */
export function leaveRest(
  tree: Tree,
  index: number,
  after: number,
  rest: number,
  { argsAfter, spreads }: Arrangement,
): void {
  const call = tree.calls[index];
  const last = spreads[0] ?? argsAfter.length;
  if (after < 0 || last <= rest) return;
  const list = tree.node(call?.node ?? 0, call?.owner ?? 0);
  tree.edge('enter', after, list, index);
  for (let i = rest; i < last; i++) tree.edge('load', list, argsAfter[i] ?? -1, tree.string(String(i - rest)));
}
