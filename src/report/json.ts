// ScanResult → JSON, exactly as it is (schemas/results.schema.json).

import type { ReportInput } from './report-input.ts';

/** The result in a stable order of keys, with a newline at its end. */
export function reportJson({ result }: ReportInput): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}
