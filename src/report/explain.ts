// Findings → everything that is known of them: evidence with its points, and every step.

import type { Finding } from '../model/finding.ts';
import { createPaint } from './paint.ts';
import type { ReportInput } from './report-input.ts';
import { forTerminal } from './sanitise.ts';
import { renderFinding } from './text.ts';

/** The findings of the result, at full length. */
export function explain(input: ReportInput): string {
  const paint = createPaint(input.color);
  const out = input.result.findings.flatMap((finding) => [
    '',
    ...renderFinding(finding, input.lines, input.columns, paint),
    '',
    `   ${paint.bold('Evidence')} (points, about log2 odds)`,
    ...finding.evidence.map(
      (item) => `   ${item.weight.toFixed(1).padStart(6)}  ${item.kind}  ${forTerminal(item.text)}`,
    ),
    `   ${sum(finding).toFixed(1).padStart(6)}  in all: ${finding.confidence} confidence`,
    '',
    `   ${paint.bold('Every step')}`,
    ...finding.path.map(
      (step) =>
        `   ${step.kind.padEnd(8)} ${forTerminal(step.location.file)}:${step.location.startLine}:${step.location.startColumn}  ${forTerminal(step.text)}`,
    ),
    '',
    `   fingerprint ${finding.fingerprint}`,
  ]);
  return `${out.join('\n')}\n`;
}

function sum(finding: Finding): number {
  return finding.evidence.reduce((total, item) => total + item.weight, 0);
}
