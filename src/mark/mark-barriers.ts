// Calls × barrier rules → what stops a category. A mask of the bot's own is not trusted by its name:
// its body is followed, and the rules know the primitives that really mask (`slice(-4)`, a replace of digits, a hash).

import type { CallIndex, IndexedPattern } from '../model/call-index.ts';
import { indexCalls } from '../model/call-index.ts';
import type { BarrierMark, Marks } from '../model/marks.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import type { BarrierRule, RuleSet } from '../model/rule.ts';
import { readingOf, shapeOf } from './nodes-of.ts';
import { fitsCall } from './shape.ts';

/** Marks the calls that stop categories: surely, and where they run one of several functions. */
export function markBarriers(program: Program, rules: RuleSet): Pick<Marks, 'barriers' | 'conditionalBarriers'> {
  const index = indexCalls(rules.barriers, (rule) => [rule.call]);
  const barriers = new Map<number, BarrierMark>();
  const conditionalBarriers = new Map<number, ReadonlyMap<string, BarrierMark>>();
  program.calls.forEach((call, i) => {
    if (!isSure(index, call)) {
      const found = call.paths.flatMap((path): [string, BarrierMark][] => {
        const mark = markOf(program, call, index.matchPath(path));
        return mark ? [[path, mark]] : [];
      });
      if (found.length > 0) conditionalBarriers.set(i, new Map(found));
      return;
    }
    const mark = markOf(program, call, index.match(shapeOf(call)));
    if (mark) barriers.set(i, mark);
  });
  markAnswers(program, index, barriers);
  return { barriers, conditionalBarriers };
}

function markOf(
  program: Program,
  call: LinkedCall,
  matches: readonly IndexedPattern<BarrierRule>[],
): BarrierMark | undefined {
  return matches
    .filter(({ pattern, rule }) => fitsCall(program, readingOf(call), pattern.parameters, rule.where))
    .reduce<BarrierMark | undefined>((mark, { rule }) => joined(mark, rule), undefined);
}

/** What the library keeps, or has asked about, where a callback says yes. */
const keepers = new Set(['filter', 'find', 'findLast']);
const askers = new Set(['every']);

// const isFine = (value) => isSafe(value)  →  isFine(x) is a guard as well; rows.filter(isFine) keeps what is safe.
function markAnswers(program: Program, index: CallIndex<BarrierRule>, marks: Map<number, BarrierMark>): void {
  const guardOf = (func: number): BarrierMark | undefined =>
    program.functions[func]?.answers.flatMap((call) => marks.get(call) ?? []).find((mark) => mark.isGuard);
  const all = (funcs: readonly number[]): BarrierMark | undefined => {
    const found = funcs.map(guardOf);
    return found.every((mark) => mark !== undefined) ? found[0] : undefined;
  };
  for (let size = -1; size !== marks.size; ) {
    size = marks.size;
    program.calls.forEach((call, i) => {
      if (marks.has(i) || call.spreads.length > 0) return;
      if (call.targets.length > 0) {
        const guard = call.args.length === 1 && !call.isRearranged ? all(call.targets) : undefined;
        if (guard) marks.set(i, guard);
      } else if (keepers.has(call.name) || askers.has(call.name)) {
        const guard = all(call.callbacks[0] ?? []) ?? guardBehind(program, index, call.args[0] ?? -1);
        if (guard) marks.set(i, { ...guard, isGuard: askers.has(call.name) });
      }
    });
  }
}

// rows.filter(isSafe)
function guardBehind(program: Program, index: CallIndex<BarrierRule>, argument: number): BarrierMark | undefined {
  const rules = (program.paths.get(argument) ?? []).flatMap((path) => index.matchPath(path));
  const guard = rules.find(({ rule }) => rule.guard && Object.keys(rule.where).length === 0);
  return guard && joined(undefined, guard.rule);
}

// fn(value), where fn may be a barrier or something else, stops nothing.
function isSure(index: CallIndex<BarrierRule>, call: LinkedCall): boolean {
  const isRenamed = call.paths.some((path) => path !== `global#${call.name}` && isPlain(path));
  if (!isRenamed) return true;
  return call.targets.length === 0 && call.paths.every((path) => index.matchPath(path).length > 0);
}

function isPlain(path: string): boolean {
  return path.startsWith('global#') && !path.includes('.');
}

function joined(before: BarrierMark | undefined, rule: BarrierRule): BarrierMark {
  const stops = rule.stops.length === 0 ? undefined : rule.stops;
  const trusted = rule.isOwn ? [rule] : [];
  if (!before) return { stops, isGuard: rule.guard, weakens: rule.weakens, trusted };
  return {
    stops: before.stops && stops ? [...before.stops, ...stops] : undefined,
    isGuard: before.isGuard && rule.guard,
    weakens: [...before.weakens, ...rule.weakens],
    trusted: [...before.trusted, ...trusted],
  };
}
