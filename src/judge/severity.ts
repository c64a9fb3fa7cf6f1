// Category × origin → severity. The steps come from rules/data/weights.yml (`severity.*`).

import type { CategoryRule, DataRules, Origin, Severity } from '../model/rule.ts';
import { severities } from '../model/rule.ts';

/** Lowers (or raises) the category's severity by where the datum comes from, never below the category's floor. */
export function severityOf(data: DataRules, category: CategoryRule | undefined, origin: Origin): Severity {
  const base = category?.severity ?? 'medium';
  const floor = severities.indexOf(category?.floor ?? 'info');
  const step = data.weights.points[`severity.${origin}`] ?? 0;
  const at = Math.max(floor, Math.min(severities.length - 1, severities.indexOf(base) + step));
  return severities[Math.max(0, at)] ?? base;
}
