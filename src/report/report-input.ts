// What every reporter is given.

import type { ScanResult, SourceLines } from '../model/finding.ts';

/** A result, the source lines it speaks of, and how wide and colourful the output may be. */
export interface ReportInput {
  readonly result: ScanResult;
  readonly lines: SourceLines;
  /** Absolute path of the scanned root; no report prints it. */
  readonly root: string;
  /** Wall time, printed by `text` only: machine formats give the same bytes each time. */
  readonly seconds?: number;
  readonly color: 0 | 1 | 2 | 3;
  readonly columns: number;
  readonly quiet: boolean;
}
