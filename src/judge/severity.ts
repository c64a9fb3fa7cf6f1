// Category × origin × how much is left of it → severity. The steps come from rules/data/weights.yml (`severity.*`).

import type { CategoryRule, DataRules, Origin, Severity } from '../model/rule.ts';
import { severities } from '../model/rule.ts';

/** What else is known of the datum. */
export interface Circumstances {
  readonly origin: Origin;
  /** Only its last digits are left. */
  readonly isMasked: boolean;
}

/**
 * Lowers (or raises) the category's severity by where the datum comes from, never below the category's floor. What the user
 * typed is at most `low` where the floor allows. Of a masked number too little is left for any floor.
 */
export function severityOf(data: DataRules, category: CategoryRule | undefined, about: Circumstances): Severity {
  const base = severities.indexOf(category?.severity ?? 'medium');
  const floor = severities.indexOf(category?.floor ?? 'info');
  const most = about.origin === 'inbound' ? severities.indexOf('low') : severities.length - 1;
  const fromOrigin = Math.max(floor, Math.min(most, base + stepOf(data, about.origin)));
  return at(about.isMasked ? fromOrigin + stepOf(data, 'masked') : fromOrigin);
}

function stepOf(data: DataRules, name: string): number {
  return data.weights.points[`severity.${name}`] ?? 0;
}

function at(index: number): Severity {
  return severities[Math.max(0, Math.min(severities.length - 1, index))] ?? 'medium';
}
