// ScanResult → GitHub workflow annotations: the worst first, ten of a level, and a word about the rest.

import type { Finding } from '../model/finding.ts';
import { severities } from '../model/rule.ts';
import type { ReportInput } from './report-input.ts';
import { forCommand, forCommandProperty } from './sanitise.ts';

const maxOfLevel = 10;

/** One `::error`, `::warning` or `::notice` line a finding. */
export function reportGithub({ result }: ReportInput): string {
  const sorted = [...result.findings].sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  const out: string[] = [];
  for (const level of ['error', 'warning', 'notice'] as const) {
    const findings = sorted.filter((finding) => levelOf(finding) === level);
    const shown = findings.length > maxOfLevel ? findings.slice(0, maxOfLevel - 1) : findings;
    for (const finding of shown) out.push(annotation(level, finding));
    const rest = findings.slice(shown.length);
    const [first] = rest;
    if (first) {
      const files = new Set(rest.map((one) => one.site.file));
      out.push(
        `::${level} title=leakscan::${forCommand(`${rest.length} more findings in ${files.size} files, the next at ${first.site.file}:${first.site.startLine}`)}`,
      );
    }
  }
  if (result.status === 'incomplete') {
    const failed = result.files.filter((file) => file.state === 'failed').length;
    out.push(
      `::warning title=leakscan::${forCommand(`the scan is incomplete: ${failed} files could not be analysed`)}`,
    );
  }
  return out.length === 0 ? '' : `${out.join('\n')}\n`;
}

function levelOf(finding: Finding): 'error' | 'warning' | 'notice' {
  if (finding.verdict === 'warn') return 'warning';
  if (finding.severity === 'critical' || finding.severity === 'high') return 'error';
  return finding.severity === 'medium' ? 'warning' : 'notice';
}

function annotation(level: string, finding: Finding): string {
  const { site } = finding;
  const place = [
    `file=${forCommandProperty(site.file)}`,
    `line=${site.startLine}`,
    `endLine=${site.endLine}`,
    `col=${site.startColumn}`,
    `endColumn=${site.endColumn}`,
    `title=${forCommandProperty(finding.ruleId)}`,
  ].join(',');
  const at = `${site.file}:${site.startLine}:${site.startColumn}`;
  return `::${level} ${place}::${forCommand(`${finding.message.what} (${at}). ${finding.message.why} ${finding.message.todo}`)}`;
}
