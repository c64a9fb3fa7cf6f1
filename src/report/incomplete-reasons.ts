// A result → what was not read or not finished, one line each. All formats name the same things.

import type { ScanResult } from '../model/finding.ts';

/** Files that failed (`path: reason`), then searches that were cut and other failures. */
export function incompleteReasons(result: ScanResult): {
  readonly files: readonly string[];
  readonly others: readonly string[];
} {
  const failed = result.files.filter((file) => file.state === 'failed');
  const others = result.diagnostics.filter((one) => one.kind === 'budget-hit' || one.kind === 'internal');
  return { files: failed.map((file) => `${file.path}: ${file.reason}`), others: others.map((one) => one.message) };
}
