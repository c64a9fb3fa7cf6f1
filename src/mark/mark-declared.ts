// Calls × source rules (SDK results, a company's own functions) → certain sources.

import { parsePlace } from '../model/api-path.ts';
import { indexCalls } from '../model/call-index.ts';
import type { SourceMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import type { Origin, RuleSet } from '../model/rule.ts';
import { weight } from './mark-sources.ts';
import { shapeOf } from './nodes-of.ts';

/** Marks the results that rules declare to be of a category. */
export function markDeclaredSources(
  program: Program,
  rules: RuleSet,
): { sources: Map<number, SourceMark[]>; origins: Map<number, Origin> } {
  const index = indexCalls(rules.sources, (rule) => [rule.call]);
  const sources = new Map<number, SourceMark[]>();
  const origins = new Map<number, Origin>();
  for (const call of program.calls) {
    for (const { rule } of index.match(shapeOf(call))) {
      const evidence = [
        { kind: 'origin.sdk', text: rule.call.replace(/\(.*$/, ''), weight: weight(rules.data, 'origin.sdk') },
      ];
      const paths =
        rule.fields.length === 0
          ? [[]]
          : rule.fields.flatMap((field) => parsePlace(`result.${field}`).map((place) => place.path));
      for (const path of paths) {
        const marks = sources.get(call.node) ?? [];
        marks.push({ node: call.node, category: rule.category, isCertain: true, isDeclared: true, evidence, path });
        sources.set(call.node, marks);
      }
      origins.set(call.node, rule.origin);
    }
  }
  return { sources, origins };
}
