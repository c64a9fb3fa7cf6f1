// Lines of a text report before they are painted: pieces of text with a tone each, so that every width is counted without escape codes.
// Knows nothing of colours (palette.ts) and nothing of findings.

import { characterWidth, displayWidth } from './display-width.ts';

/** What a piece of text is, for the palette. */
export type Tone =
  | 'plain'
  | 'strong'
  | 'quiet'
  | 'source'
  | 'way'
  | 'sink'
  | 'critical'
  | 'high'
  | 'medium'
  | 'low'
  | 'info';

/** A piece of a line. `link` is a URL that a terminal may open. */
export interface Piece {
  readonly text: string;
  readonly tone: Tone;
  readonly link?: string;
}

export type StyledLine = readonly Piece[];

/** A piece in a tone. */
export function piece(text: string, tone: Tone): Piece {
  return { text, tone };
}

/** A piece without a tone. */
export function plain(text: string): Piece {
  return { text, tone: 'plain' };
}

/** Columns of a line. */
export function widthOf(line: StyledLine): number {
  return line.reduce((sum, one) => sum + displayWidth(one.text), 0);
}

/** Puts `right` at the right edge of the same line, or undefined where it does not fit with two blanks between. */
export function withRight(left: StyledLine, right: StyledLine, columns: number): StyledLine | undefined {
  const gap = columns - widthOf(left) - widthOf(right);
  return gap < 2 ? undefined : [...left, plain(' '.repeat(gap)), ...right];
}

/** Cuts a text to a width, with a sign in its last column where something is missing. */
export function fitText(text: string, width: number, cut: string): string {
  if (displayWidth(text) <= width) return text;
  return takeColumns(text, width - 1) + cut;
}

/** Breaks a text into lines at its blanks; a word longer than a line is broken inside. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((one) => one !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (displayWidth(line) > width) {
      const part = takeColumns(line, width);
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  return line === '' ? lines : [...lines, line];
}

// At least one character, so that a caller in a loop always moves on.
function takeColumns(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width && taken !== '') break;
    taken += character;
    if (used >= width) break;
  }
  return taken;
}
