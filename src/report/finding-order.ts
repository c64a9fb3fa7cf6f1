// Findings → the order they are shown in: the worst first, then as they stand in the tree.

import type { Finding } from '../model/finding.ts';
import { compareLocations } from '../model/location.ts';
import type { Severity } from '../model/rule.ts';
import { severities } from '../model/rule.ts';

/** Severities as they are read: the worst first. */
export const worstFirst: readonly Severity[] = severities.toReversed();

/** Orders findings by severity, then by place, then by rule and fingerprint. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    worstFirst.indexOf(a.severity) - worstFirst.indexOf(b.severity) ||
    compareLocations(a.site, b.site) ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

/** Orders texts by their code units, whatever the machine's language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
