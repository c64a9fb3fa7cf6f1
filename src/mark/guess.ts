// What a name says a value is.

import type { Evidence } from '../model/finding.ts';

/** One reading of a name. */
export interface Guess {
  readonly category: string;
  readonly points: number;
  readonly exact: boolean;
  readonly evidence: readonly Evidence[];
}
