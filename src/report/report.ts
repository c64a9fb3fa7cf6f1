// ScanResult → text in one of the formats. Every reporter is a pure function of its input, and the same input gives the same bytes.
// Knows nothing about the disk, the terminal or the clock: whoever calls it says what the output can show.

import { githubReport } from './github-report.ts';
import { jsonReport } from './json-report.ts';
import type { ReportInput } from './report-input.ts';
import { sarifReport } from './sarif-report.ts';
import { textReport } from './text-report.ts';

export type { ReportInput } from './report-input.ts';

/** The formats, by the names that the command line takes. */
export type ReportFormat = 'text' | 'json' | 'sarif' | 'github';

const reporters: Readonly<Record<ReportFormat, (input: ReportInput) => string>> = {
  text: textReport,
  json: jsonReport,
  sarif: sarifReport,
  github: githubReport,
};

/** All formats, for help texts and tests. */
export const reportFormats = Object.keys(reporters) as readonly ReportFormat[];

/** Writes a result in a format; the text ends with a newline unless it is empty. */
export function report(format: ReportFormat, input: ReportInput): string {
  return reporters[format](input);
}
