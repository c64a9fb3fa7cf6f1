// RuleSet → a short list of what is known.

import type { RuleSet } from '../model/rule.ts';

/** Platforms with their packages, categories, and counts of everything else. */
export function listRules(rules: RuleSet): string {
  const platforms = rules.platforms.map((platform) => {
    const sinks = rules.sinks.filter((one) => one.platform === platform.id).length;
    const http = rules.http.filter((one) => one.platform === platform.id).length;
    return `  ${platform.id.padEnd(14)} ${platform.company.padEnd(12)} ${String(sinks).padStart(3)} sinks ${String(http).padStart(2)} HTTP  ${platform.packages.join(', ')}`;
  });
  const categories = rules.data.categories.map(
    (one) => `  ${one.id.padEnd(16)} ${one.severity.padEnd(9)} ${one.definition}`,
  );
  return [
    'Platforms',
    ...platforms,
    '',
    'Categories',
    ...categories,
    '',
    `${rules.data.terms.length} terms, ${rules.data.lookAlikes.length} look-alikes, ${rules.models.length} models, ${rules.requests.length} HTTP clients, ${rules.barriers.length} barriers, ${rules.sources.length} sources`,
    '',
  ].join('\n');
}
