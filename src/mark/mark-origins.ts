// Values × origin rules → where data comes from: typed by the user, read from a store or an API, or public.

import { indexCalls } from '../model/call-index.ts';
import type { Program } from '../model/program.ts';
import type { Origin, RuleSet } from '../model/rule.ts';

/** Marks values by the models of the calls that give them, and by the places that rules name. */
export function markOrigins(program: Program, rules: RuleSet): Map<number, Origin> {
  const marks = new Map<number, Origin>();
  for (const call of program.calls) {
    const origin = call.models.find((model) => model.origin !== '')?.origin;
    if (origin) marks.set(call.node, origin);
  }
  const index = indexCalls(rules.origins, (rule) => rule.read);
  for (const [node, paths] of program.paths) {
    for (const path of paths) {
      const [found] = index.matchPath(path.endsWith('()') ? path.slice(0, -2) : path);
      if (found && (found.pattern.isCall === path.endsWith('()') || !found.pattern.isCall))
        marks.set(node, found.rule.origin);
    }
  }
  return marks;
}
