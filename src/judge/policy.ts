// Platform × category → forbid, warn or allow.

import type { Policy, PolicyRow } from '../model/rule.ts';

/** The row that decides; without one, everything is forbidden. Rows past their last day do not count. `today` is an ISO date. */
export function verdictOf(policy: Policy, platform: string, category: string, today: string): PolicyRow['verdict'] {
  const row = policy.rows.findLast(
    (one) =>
      (one.platform === '*' || one.platform === platform) &&
      (one.category === '*' || one.category === category) &&
      (one.until === '' || one.until >= today),
  );
  return row?.verdict ?? 'forbid';
}
