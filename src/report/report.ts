// ScanResult → text, one pure function a format.

import { reportGithub } from './github.ts';
import { reportJson } from './json.ts';
import type { ReportInput } from './report-input.ts';
import { reportSarif } from './sarif.ts';
import { reportText } from './text.ts';

export type ReportFormat = 'text' | 'json' | 'sarif' | 'github';

const reporters: Readonly<Record<ReportFormat, (input: ReportInput) => string>> = {
  text: reportText,
  json: reportJson,
  sarif: reportSarif,
  github: reportGithub,
};

/** Renders a result. */
export function report(format: ReportFormat, input: ReportInput): string {
  return reporters[format](input);
}
