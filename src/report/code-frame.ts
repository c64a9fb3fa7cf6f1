// Source lines with marks → lines with a gutter, the source, and underlines with notes below it. Columns are counted as a terminal
// shows them: tabs expanded, wide characters double, hidden characters by their names; a long line is windowed around its marks.
// Knows nothing of findings.

import { characterWidth, displayWidth } from './display-width.ts';
import type { Glyphs } from './glyphs.ts';
import { maskLiterals } from './mask-literals.ts';
import { breakCommands, visibleCharacter } from './sanitise-terminal.ts';
import type { Piece, StyledLine, Tone } from './styled-line.ts';
import { piece, plain, wrapText } from './styled-line.ts';

/** A span of a line, in UTF-16 columns from 1, with a note beside its underline. */
export interface Mark {
  readonly startColumn: number;
  readonly endColumn: number;
  readonly tone: Tone;
  readonly note: string;
}

export interface FrameLine {
  readonly kind: 'line';
  readonly number: number;
  readonly text: string;
  readonly marks: readonly Mark[];
}

/** A line of the frame: source, a file's heading, or a remark in place of lines left out. */
export type FrameRow =
  | FrameLine
  | { readonly kind: 'file'; readonly file: string; readonly link: string | undefined }
  | { readonly kind: 'remark'; readonly text: string };

const margin = 3;
const tabStop = 2;
const minNoteWidth = 34;
const maxLaidOut = 2000;

/** Draws rows; each source line is dedented together with its neighbours of the same file. */
export function codeFrame(rows: readonly FrameRow[], columns: number, glyphs: Glyphs): readonly StyledLine[] {
  const numbers = rows.map((row) => (row.kind === 'line' ? String(row.number).length : 0));
  const frame: Frame = { digits: Math.max(3, ...numbers), columns, glyphs };
  const indents = indentsOf(rows);
  return rows.flatMap((row, index) => {
    switch (row.kind) {
      case 'file':
        return [fileLine(row.file, row.link)];
      case 'remark':
        return [[plain(' '.repeat(margin + frame.digits + 1)), piece(`${glyphs.by} ${row.text}`, 'quiet')]];
      case 'line':
        return drawLine(row, indents[index] ?? 0, frame);
      default: {
        const never: never = row;
        return never;
      }
    }
  });
}

interface Frame {
  readonly digits: number;
  readonly columns: number;
  readonly glyphs: Glyphs;
}

interface Cell {
  readonly text: string;
  /** First column, from 0. */
  readonly at: number;
  readonly width: number;
}

function fileLine(file: string, link: string | undefined): StyledLine {
  const heading: Piece = link === undefined ? plain(file) : { text: file, tone: 'plain', link };
  return [plain(' '.repeat(margin)), heading];
}

// The smallest indentation of the lines between two headings, in columns.
function indentsOf(rows: readonly FrameRow[]): readonly number[] {
  const indents: number[] = [];
  for (let from = 0; from < rows.length; ) {
    let to = from + 1;
    while (to < rows.length && rows[to]?.kind !== 'file') to++;
    const widths = rows
      .slice(from, to)
      .flatMap((row) => (row.kind === 'line' && row.text.trim() !== '' ? [indentOf(row.text)] : []));
    const least = widths.length === 0 ? 0 : Math.min(...widths);
    for (; from < to; from++) indents.push(least);
  }
  return indents;
}

function indentOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character !== ' ' && character !== '\t') break;
    width += character === '\t' ? tabStop - (width % tabStop) : 1;
  }
  return width;
}

function drawLine(row: FrameLine, indent: number, frame: Frame): readonly StyledLine[] {
  const { glyphs } = frame;
  const { text, shift: cropped } = crop(row, glyphs);
  const { cells, columnAt } = cellsOf(text, glyphs);
  const gutter = margin + frame.digits + 3;
  const spans = row.marks.map((mark) => {
    const start = columnAt(mark.startColumn - cropped);
    return { ...mark, start, end: Math.max(start + 1, columnAt(mark.endColumn - cropped)) };
  });
  const window = windowOf(cells, indent, spans[0], frame.columns - gutter);
  const shown = cells.filter((cell) => cell.at >= window.from && cell.at + cell.width <= window.to);
  const source: Piece[] = [];
  if (window.from > indent) source.push(piece(glyphs.cut, 'quiet'));
  source.push(plain(shown.map((cell) => cell.text).join('')));
  if (window.isCut) source.push(piece(glyphs.cut, 'quiet'));
  const shift = window.from > indent ? window.from - 1 : window.from;
  const number = String(row.number).padStart(margin + frame.digits);
  const lines: StyledLine[] = [[piece(`${number} ${glyphs.bar} `, 'quiet'), ...source]];
  for (const span of spans) {
    const start = Math.max(window.from, Math.min(span.start, window.to - 1));
    const end = Math.max(start + 1, Math.min(span.end, window.to));
    lines.push(...underline(start - shift, end - shift, span, frame));
  }
  return lines;
}

// Of a line of a minified file only what is near the first mark is laid out.
function crop(row: FrameLine, glyphs: Glyphs): { text: string; shift: number } {
  const masked = maskLiterals(row.text, glyphs.mask);
  if (masked.length <= maxLaidOut) return { text: masked, shift: 0 };
  const from = Math.max(0, Math.min((row.marks[0]?.startColumn ?? 1) - 1, masked.length) - maxLaidOut / 2);
  const text = masked.slice(from, from + maxLaidOut);
  return from === 0 ? { text, shift: 0 } : { text: glyphs.cut + text, shift: from - 1 };
}

// One cell for each character, and the column of a UTF-16 position.
function cellsOf(text: string, glyphs: Glyphs): { cells: readonly Cell[]; columnAt: (position: number) => number } {
  const cells: Cell[] = [];
  const columns: number[] = [];
  let at = 0;
  let offset = 0;
  for (const character of text) {
    const shown = cellText(text, offset, character, at, glyphs);
    const width = shown === character ? characterWidth(character) : displayWidth(shown);
    for (let unit = 0; unit < character.length; unit++) columns.push(at);
    cells.push({ text: shown, at, width });
    at += width;
    offset += character.length;
  }
  const end = at;
  return { cells, columnAt: (position) => columns[position - 1] ?? end };
}

function cellText(text: string, offset: number, character: string, at: number, glyphs: Glyphs): string {
  if (character === '\t') return ' '.repeat(tabStop - (at % tabStop));
  if (character === '#' && text[offset - 1] === '#')
    return breakCommands(text.slice(offset - 1, offset + 5))
      .slice(1, 3)
      .trimEnd();
  return visibleCharacter(character, glyphs);
}

interface Window {
  readonly from: number;
  readonly to: number;
  readonly isCut: boolean;
}

// All of the line where it fits; else its beginning where the mark is in it; else a part with the mark and a little before it.
function windowOf(
  cells: readonly Cell[],
  indent: number,
  mark: { start: number; end: number } | undefined,
  width: number,
): Window {
  const last = cells[cells.length - 1];
  const end = last ? last.at + last.width : 0;
  if (end - indent <= width) return { from: indent, to: end, isCut: false };
  if (!mark || mark.end - indent <= width - 1) return { from: indent, to: indent + width - 1, isCut: true };
  const lead = Math.min(24, Math.max(2, Math.floor((width - 2 - (mark.end - mark.start)) / 2)));
  const wish = Math.max(indent + 1, Math.min(mark.start - lead, end - width + 1));
  const from = cells.find((cell) => cell.at >= wish)?.at ?? wish;
  return from + width - 1 >= end ? { from, to: end, isCut: false } : { from, to: from + width - 2, isCut: true };
}

// The note stands beside the underline where there is room for it, else below.
function underline(start: number, end: number, mark: Mark, frame: Frame): readonly StyledLine[] {
  const { columns, digits, glyphs } = frame;
  const bar = piece(`${' '.repeat(margin + digits)} ${glyphs.bar} `, 'quiet');
  const carets = piece('~'.repeat(end - start), mark.tone);
  const room = columns - margin - digits - 3;
  const beside = room - end - 1;
  const note = breakCommands(mark.note);
  if (note === '') return [[bar, plain(' '.repeat(start)), carets]];
  if (displayWidth(note) <= beside || beside >= minNoteWidth) {
    const [first = '', ...rest] = wrapText(note, beside);
    return [
      [bar, plain(' '.repeat(start)), carets, piece(` ${first}`, mark.tone)],
      ...rest.map((text): StyledLine => [bar, plain(' '.repeat(end + 1)), piece(text, mark.tone)]),
    ];
  }
  const indent = Math.max(0, Math.min(start, room - Math.min(displayWidth(note), 52)));
  return [
    [bar, plain(' '.repeat(start)), carets],
    ...wrapText(note, room - indent).map(
      (text): StyledLine => [bar, plain(' '.repeat(indent)), piece(text, mark.tone)],
    ),
  ];
}
