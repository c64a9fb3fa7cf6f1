// Findings → everything that is known of them: their block of the text report, then the evidence with its points, and every step.

import type { Finding, SourcePath } from '../model/finding.ts';
import type { Page } from './finding-block.ts';
import { findingBlock, pageOf } from './finding-block.ts';
import { maskLiterals } from './mask-literals.ts';
import { paint } from './palette.ts';
import type { ReportInput } from './report-input.ts';
import { visibleText } from './sanitise-terminal.ts';
import type { StyledLine } from './styled-line.ts';
import { piece, plain } from './styled-line.ts';

/** The findings of the result, at full length. */
export function explain(input: ReportInput): string {
  const page = pageOf(input);
  const blocks = input.result.findings.map((finding): readonly StyledLine[] => [
    ...findingBlock(finding, page),
    [],
    ...evidenceLines(finding, page),
    [],
    ...stepLines('Every step', finding, page),
    ...finding.otherSources.flatMap((other) => [[], ...stepLines(`From ${shown(other.text, page)}`, other, page)]),
    [],
    [piece('   fingerprint ', 'quiet'), plain(shown(finding.fingerprint, page))],
  ]);
  return paint(
    blocks.flatMap((block, at) => (at > 0 ? [[], ...block] : block)),
    input,
  );
}

function evidenceLines(finding: Finding, page: Page): readonly StyledLine[] {
  const sum = finding.evidence.reduce((total, item) => total + item.weight, 0);
  return [
    [piece('   Evidence', 'strong'), piece(' (points, about log2 odds)', 'quiet')],
    ...finding.evidence.map(
      (item): StyledLine => [plain(`${points(item.weight)}  ${shown(item.kind, page)}  ${shown(item.text, page)}`)],
    ),
    [plain(`${points(sum)}  in all: ${finding.confidence} confidence`)],
  ];
}

function points(weight: number): string {
  return weight.toFixed(1).padStart(9);
}

function stepLines(title: string, source: Pick<SourcePath, 'path'>, page: Page): readonly StyledLine[] {
  return [
    [piece(`   ${title}`, 'strong')],
    ...source.path.map(({ kind, location, text }): StyledLine => {
      const place = shown(`${location.file}:${location.startLine}:${location.startColumn}`, page);
      return [piece(`   ${kind.padEnd(8)}`, 'quiet'), plain(` ${place}  `), plain(shown(text, page))];
    }),
  ];
}

function shown(text: string, page: Page): string {
  return visibleText(maskLiterals(text, page.glyphs.mask), page.glyphs);
}
