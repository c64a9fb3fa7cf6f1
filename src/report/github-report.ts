// ScanResult → GitHub workflow annotations, the worst first. GitHub shows ten of each level and step, so the tenth says what is missing.

import type { Finding, ScanResult } from '../model/finding.ts';
import { compareFindings } from './finding-order.ts';
import { incompleteReasons } from './incomplete-reasons.ts';
import { maskLiterals } from './mask-literals.ts';
import type { ReportInput } from './report-input.ts';
import { annotationData, annotationProperty } from './sanitise-annotation.ts';

type Level = 'error' | 'warning' | 'notice';

interface Annotation {
  readonly level: Level;
  readonly properties: Readonly<Record<string, string | number>>;
  readonly message: string;
}

const levels: readonly Level[] = ['error', 'warning', 'notice'];
const maxPerLevel = 10;

/** Annotations, one a line; empty for a clean and complete scan. */
export function githubReport({ result }: ReportInput): string {
  const all = [...incomplete(result), ...[...result.findings].sort(compareFindings).map(annotationOf)];
  return levels
    .flatMap((level) => limited(all.filter((one) => one.level === level)))
    .map(commandOf)
    .join('');
}

function limited(annotations: readonly Annotation[]): readonly Annotation[] {
  const more = annotations.length - maxPerLevel;
  if (more <= 0) return annotations;
  return annotations.slice(0, maxPerLevel).map((one, at) => {
    if (at < maxPerLevel - 1) return one;
    return {
      ...one,
      message: `${one.message}\n${more} more of level ${one.level} not shown here: see the text or SARIF report.`,
    };
  });
}

function annotationOf(finding: Finding): Annotation {
  const { site, message } = finding;
  const isOneLine = site.startLine === site.endLine;
  return {
    level: levelOf(finding),
    properties: {
      file: site.file,
      line: site.startLine,
      endLine: site.endLine,
      ...(isOneLine ? { col: site.startColumn, endColumn: site.endColumn } : {}),
      title: `${finding.severity}: ${finding.ruleId}`,
    },
    // The log shows the message only, so it repeats the place.
    message: `${site.file}:${site.startLine}:${site.startColumn} ${message.what}.\n${maskLiterals(message.why, '•')}\n${message.todo}`,
  };
}

function levelOf(finding: Finding): Level {
  if (finding.severity === 'low' || finding.severity === 'info') return 'notice';
  return finding.severity === 'medium' || finding.verdict === 'warn' ? 'warning' : 'error';
}

function incomplete(result: ScanResult): readonly Annotation[] {
  if (result.status === 'complete') return [];
  const { files, others } = incompleteReasons(result);
  const reasons = [...files, ...others];
  const shown = reasons.slice(0, 5);
  const rest = reasons.length > shown.length ? [`and ${reasons.length - shown.length} more`] : [];
  const message = ['The scan is incomplete; a leak in what was not read would not be seen.', ...shown, ...rest].join(
    '\n',
  );
  return [{ level: 'error', properties: { title: 'leakscan: incomplete' }, message }];
}

function commandOf({ level, properties, message }: Annotation): string {
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${annotationProperty(String(value))}`);
  return `::${level} ${listed.join(',')}::${annotationData(message)}\n`;
}
