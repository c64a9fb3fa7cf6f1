// A result → the exit code; pure.

import type { ScanResult } from '../model/finding.ts';
import type { Severity } from '../model/rule.ts';
import { severities } from '../model/rule.ts';

/** 2 for an incomplete scan (unless allowed), 1 for a forbidden finding at or above the limit, else 0. */
export function exitCodeOf(result: ScanResult, failOn: Severity | 'never', allowIncomplete: boolean): 0 | 1 | 2 {
  if (result.status === 'incomplete' && !allowIncomplete) return 2;
  if (failOn === 'never') return 0;
  const limit = severities.indexOf(failOn);
  const fails = result.findings.some((one) => one.verdict === 'forbid' && severities.indexOf(one.severity) >= limit);
  return fails ? 1 : 0;
}
