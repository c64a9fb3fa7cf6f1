// Platform × channel × category → forbid, warn or allow.

import type { Finding } from '../model/finding.ts';
import type { Policy, PolicyRow } from '../model/rule.ts';

/** The row that decides; without one, everything is forbidden. Rows past their last day do not count. `today` is an ISO date. */
export function verdictOf(
  policy: Policy,
  { platform, channel, category }: Pick<Finding, 'platform' | 'channel' | 'category'>,
  kind: string,
  today: string,
): PolicyRow['verdict'] {
  const row = policy.rows.findLast(
    (one) =>
      (one.platform === '*' || one.platform === platform) &&
      (one.kind === '*' || one.kind === kind) &&
      (one.channel === '*' || one.channel === channel) &&
      (one.category === '*' || one.category === category) &&
      (one.until === '' || one.until >= today),
  );
  return row?.verdict ?? 'forbid';
}
