// ScanResult → what a developer reads in a terminal: findings by platform, the worst first, each with its path; then the whole in a few lines.

import type { Finding } from '../model/finding.ts';
import type { Page } from './finding-block.ts';
import { findingBlock, pageOf } from './finding-block.ts';
import { compareFindings, compareText, worstFirst } from './finding-order.ts';
import { counted, namesOf } from './finding-words.ts';
import { paint } from './palette.ts';
import type { ReportInput } from './report-input.ts';
import { visibleText } from './sanitise-terminal.ts';
import type { StyledLine } from './styled-line.ts';
import { piece, plain, withRight } from './styled-line.ts';
import { incompleteLines, lastLines, noteLines, severityTable } from './summary-lines.ts';

/** The text report. A clean, complete scan is one line. */
export function textReport(input: ReportInput): string {
  const { result } = input;
  const page = pageOf(input);
  const { columns, glyphs } = page;
  const isQuiet = input.quiet === true;
  const groups = groupsOf(result.findings);
  const blocks = [
    ...groups.map((group) => groupBlock(group, page)),
    ...(groups.length > 1 && !isQuiet ? [severityTable(groups, glyphs)] : []),
    incompleteLines(result, columns, glyphs),
    ...(isQuiet ? [] : [noteLines(result, columns, glyphs), lastLines(result, input.seconds, columns, glyphs)]),
  ];
  const lines = blocks.filter((block) => block.length > 0).flatMap((block, at) => (at > 0 ? [[], ...block] : block));
  return paint(lines, input);
}

// One group a platform, that with the worst finding first.
function groupsOf(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of [...findings].sort(compareFindings)) {
    groups.set(finding.platform, [...(groups.get(finding.platform) ?? []), finding]);
  }
  return [...groups.values()].sort(
    (a, b) =>
      weightOf(a) - weightOf(b) || b.length - a.length || compareText(a[0]?.platform ?? '', b[0]?.platform ?? ''),
  );
}

function weightOf(group: readonly Finding[]): number {
  return Math.min(...group.map((finding) => worstFirst.indexOf(finding.severity)));
}

function groupBlock(group: readonly Finding[], page: Page): readonly StyledLine[] {
  const [first] = group;
  if (!first) return [];
  const { platform, company } = namesOf(first);
  const name = visibleText(company === platform ? platform : `${platform} (${company})`, page.glyphs);
  const title: StyledLine = [piece(name, 'strong')];
  const count: StyledLine = [plain(counted(group.length, 'finding'))];
  const heading = withRight(title, count, page.columns) ?? [...title, plain('  '), ...count];
  return [heading, ...group.flatMap((finding): readonly StyledLine[] => [[], ...findingBlock(finding, page)])];
}
