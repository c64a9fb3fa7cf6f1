// A finding → its block in the text report: badge and sentence, site, path, other sources, what to do.

import type { Finding, SourceLines } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { FrameRow } from './code-frame.ts';
import { codeFrame } from './code-frame.ts';
import { displayWidth } from './display-width.ts';
import { fileLink } from './file-link.ts';
import { counted } from './finding-words.ts';
import type { Glyphs } from './glyphs.ts';
import { glyphsFor } from './glyphs.ts';
import { maskLiterals } from './mask-literals.ts';
import { pathRows } from './path-rows.ts';
import type { ReportInput } from './report-input.ts';
import { visibleText } from './sanitise-terminal.ts';
import type { Piece, StyledLine } from './styled-line.ts';
import { fitText, piece, plain, withRight, wrapText } from './styled-line.ts';

/** Where a block is drawn. */
export interface Page {
  readonly columns: number;
  readonly glyphs: Glyphs;
  readonly root: string;
  readonly lines: SourceLines;
}

const minColumns = 50;
const maxColumns = 120;
const indent = '   ';
const maxOthers = 3;
const minCallWidth = 20;
const maxFieldWidth = 60;

/** The page that an input asks for, no narrower and no wider than can be read. */
export function pageOf(input: ReportInput): Page {
  const columns = Math.min(maxColumns, Math.max(minColumns, input.columns));
  return { columns, glyphs: glyphsFor(input), root: input.root, lines: input.lines };
}

/** Lines of one finding, without blank lines around. */
export function findingBlock(finding: Finding, page: Page): readonly StyledLine[] {
  const rows = pathRows(finding, page.lines, (location) => fileLink(page.root, location.file, location.startLine));
  const safe = rows.map((row) => safeRow(row, page));
  return [
    ...headline(finding, page),
    ...siteLines(finding, page),
    [],
    ...codeFrame(safe, page.columns, page.glyphs),
    [],
    ...otherSources(finding, page),
    ...paragraph(finding.message.todo, page),
    ...factsLines(finding, page),
  ];
}

// Source text is made safe by the frame itself, which must count its columns.
function safeRow(row: FrameRow, page: Page): FrameRow {
  switch (row.kind) {
    case 'file':
      return { ...row, file: show(row.file, page) };
    case 'remark':
      return { ...row, text: show(row.text, page) };
    case 'line':
      return { ...row, marks: row.marks.map((mark) => ({ ...mark, note: show(mark.note, page) })) };
    default: {
      const never: never = row;
      return never;
    }
  }
}

function show(text: string, page: Page): string {
  return visibleText(maskLiterals(text, page.glyphs.mask), page.glyphs);
}

// The rule's id stands at the right where it fits, else below.
function headline(finding: Finding, page: Page): readonly StyledLine[] {
  const badge = piece(` ${finding.severity.toUpperCase()} `, finding.severity);
  const lead = displayWidth(badge.text) + 1;
  const rule = piece(fitText(show(finding.ruleId, page), page.columns - lead, page.glyphs.cut), 'quiet');
  const [first = '', ...rest] = wrapText(show(finding.message.what, page), page.columns - lead);
  const left: StyledLine = [badge, plain(' '), piece(first, 'strong')];
  const more = rest.map((text): StyledLine => [plain(' '.repeat(lead)), piece(text, 'strong')]);
  const whole = rest.length === 0 ? withRight(left, [rule], page.columns) : undefined;
  return whole ? [whole] : [left, ...more, [plain(' '.repeat(lead)), rule]];
}

function siteLines(finding: Finding, page: Page): readonly StyledLine[] {
  const { site } = finding;
  const place = linked(` ${show(placeOf(site), page)}`, fileLink(page.root, site.file, site.startLine));
  const call = show(finding.siteText, page);
  const hidden = finding.visibility === 'hidden' ? ', not shown to the user' : '';
  const field = piece(
    fitText(`field ${show(finding.sinkField, page)}${hidden}`, maxFieldWidth, page.glyphs.cut),
    'quiet',
  );
  const room = page.columns - displayWidth(place.text) - 2;
  const beside = room - displayWidth(field.text) - 2;
  if (finding.sinkField === '')
    return [[place, plain(`  ${fitText(call, Math.max(room, minCallWidth), page.glyphs.cut)}`)]];
  if (displayWidth(call) <= beside || beside >= minCallWidth) {
    const left: StyledLine = [place, plain(`  ${fitText(call, beside, page.glyphs.cut)}`)];
    return [withRight(left, [field], page.columns) ?? [...left, plain('  '), field]];
  }
  const below = fitText(call, page.columns - displayWidth(field.text) - 3, page.glyphs.cut);
  const second: StyledLine = [plain(` ${below}`)];
  return [[place], withRight(second, [field], page.columns) ?? [...second, plain('  '), field]];
}

function placeOf(location: Location): string {
  return `${location.file}:${location.startLine}:${location.startColumn}`;
}

function linked(text: string, link: string | undefined): Piece {
  return link === undefined ? plain(text) : { text, tone: 'plain', link };
}

function otherSources(finding: Finding, page: Page): readonly StyledLine[] {
  const { otherSources: others } = finding;
  if (others.length === 0) return [];
  const named = others.slice(0, maxOthers).map((one) => {
    const where =
      one.source.file === finding.source.file
        ? `line ${one.source.startLine}`
        : `${one.source.file}:${one.source.startLine}`;
    return `${fitText(one.text, 40, page.glyphs.cut)} (${where})`;
  });
  const rest = others.length > maxOthers ? ` and ${others.length - maxOthers} more` : '';
  const verb = others.length === 1 ? 'reaches' : 'reach';
  return [
    ...paragraph(`${counted(others.length, 'more source')} ${verb} this call: ${named.join(', ')}${rest}.`, page),
    [],
  ];
}

function paragraph(text: string, page: Page): readonly StyledLine[] {
  return wrapText(show(text, page), page.columns - indent.length).map((line): StyledLine => [plain(indent + line)]);
}

// The command that tells more, and what is unusual about this finding.
function factsLines(finding: Finding, page: Page): readonly StyledLine[] {
  const facts = [
    `leakscan explain ${show(finding.fingerprint.slice(0, 8), page)}`,
    ...(finding.confidence === 'high' ? [] : [`${finding.confidence} confidence`]),
    ...(finding.verdict === 'warn' ? ['policy: warn'] : []),
  ];
  const text = facts.join(` ${page.glyphs.dot} `);
  return wrapText(text, page.columns - indent.length).map((line): StyledLine => [piece(indent + line, 'quiet')]);
}
