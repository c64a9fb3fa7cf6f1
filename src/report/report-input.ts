// What every reporter is given: the result, the source lines around its steps, and what the output can show.

import type { ScanResult, SourceLines } from '../model/finding.ts';

/** Input of a reporter. Machine formats look at `result` and `lines` only. */
export interface ReportInput {
  readonly result: ScanResult;
  /** All lines of the files that the findings run through; a last empty line where the file ends with a line break. */
  readonly lines: SourceLines;
  /** Time of the scan; left out where bytes must repeat. */
  readonly seconds?: number;
  /** Levels of chalk: none, 16 colours, 256, all. */
  readonly color: 0 | 1 | 2 | 3;
  readonly columns: number;
  /** False draws with ASCII signs only; left out: true. */
  readonly unicode?: boolean;
  /** True makes places clickable (OSC 8); left out: false. */
  readonly hyperlinks?: boolean;
  /** True leaves out everything but the findings, in the text format; left out: false. */
  readonly quiet?: boolean;
  /** The scanned root as an absolute path, for links. */
  readonly root: string;
}
