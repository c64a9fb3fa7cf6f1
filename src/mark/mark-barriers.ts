// Calls × barrier rules → what stops a category. A mask of the bot's own is not trusted by its name:
// its body is followed, and the rules know the primitives that really mask (`slice(-4)`, a replace of digits, a hash).

import { indexCalls } from '../model/call-index.ts';
import type { BarrierMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import type { BarrierRule, RuleSet } from '../model/rule.ts';
import { shapeOf } from './nodes-of.ts';
import { fitsCall } from './shape.ts';

/** Marks the calls that stop categories, by call. */
export function markBarriers(program: Program, rules: RuleSet): Map<number, BarrierMark> {
  const index = indexCalls(rules.barriers, (rule) => [rule.call]);
  const marks = new Map<number, BarrierMark>();
  program.calls.forEach((call, i) => {
    for (const { pattern, rule } of index.match({ ...shapeOf(call), isOwn: call.targets.length > 0 })) {
      if (fitsCall(program, call, pattern.parameters, rule.where)) marks.set(i, joined(marks.get(i), rule));
    }
  });
  return marks;
}

function joined(before: BarrierMark | undefined, rule: BarrierRule): BarrierMark {
  const stops = rule.stops.length === 0 ? undefined : rule.stops;
  if (!before) return { stops, isGuard: rule.guard };
  return {
    stops: before.stops && stops ? [...before.stops, ...stops] : undefined,
    isGuard: before.isGuard && rule.guard,
  };
}
