// Steps of a path → source lines with line numbers and underlined spans. Every line starts with a gutter,
// so that no scanned text can begin a line of the output.

import type { SourceLines, Step } from '../model/finding.ts';
import type { Paint } from './paint.ts';
import { displayWidth, truncate } from './paint.ts';
import { forTerminal } from './sanitise.ts';

export interface FrameNote {
  readonly step: Step;
  /** Words beside the underline; '' for none. */
  readonly note: string;
}

const indent = '   ';

/** The frames of a path, grouped by file where the path stays in it. */
export function renderFrames(notes: readonly FrameNote[], lines: SourceLines, columns: number, paint: Paint): string[] {
  const out: string[] = [];
  let file = '';
  let line = 0;
  const width = String(Math.max(...notes.map((one) => one.step.location.startLine))).length;
  notes.forEach(({ step, note }) => {
    const { location } = step;
    if (location.file !== file) {
      out.push(`${indent}${paint.file(forTerminal(location.file))}`);
      file = location.file;
      line = 0;
    }
    const source = lines[location.file]?.[location.startLine - 1] ?? step.text;
    const view = windowOf(source, location.startColumn - 1, endOf(step, source), columns - width - 8);
    if (location.startLine !== line) {
      out.push(`${indent}${paint.dim(`${String(location.startLine).padStart(width + 1)} │`)} ${view.text}`);
      line = location.startLine;
    }
    out.push(...underline(view, note, width, columns, paint));
  });
  return out;
}

// A span over several lines is underlined to the end of its first one.
function endOf(step: Step, source: string): number {
  const { location } = step;
  return location.endLine > location.startLine ? source.length : location.endColumn - 1;
}

interface View {
  readonly text: string;
  readonly from: number;
  readonly length: number;
}

// A long line is cut around its span.
function windowOf(source: string, start: number, end: number, room: number): View {
  const lead = source.length - source.trimStart().length;
  const before = forTerminal(source.slice(Math.min(lead, start), start));
  const span = forTerminal(source.slice(start, Math.max(end, start + 1)));
  const after = forTerminal(source.slice(Math.max(end, start + 1)));
  const keep = Math.max(8, room - displayWidth(span) - 2);
  const cutBefore =
    displayWidth(before) + displayWidth(span) + displayWidth(after) <= room
      ? before
      : tail(before, Math.floor(keep / 2));
  const text = truncate(`${cutBefore}${span}${after}`, room);
  return {
    text,
    from: displayWidth(cutBefore),
    length: Math.max(1, Math.min(displayWidth(span), room - displayWidth(cutBefore))),
  };
}

function tail(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}

function underline(view: View, note: string, width: number, columns: number, paint: Paint): string[] {
  const gutter = `${indent}${' '.repeat(width + 1)} ${paint.dim('│')} `;
  const marks = `${' '.repeat(view.from)}${paint.mark('~'.repeat(view.length))}`;
  if (note === '') return [`${gutter}${marks}`];
  const used = indent.length + width + 4 + view.from + view.length + 1;
  if (used + 24 <= columns) {
    const [first = '', ...rest] = wrap(note, columns - used);
    const pad = ' '.repeat(view.from + view.length + 1);
    return [`${gutter}${marks} ${paint.note(first)}`, ...rest.map((one) => `${gutter}${pad}${paint.note(one)}`)];
  }
  const room = columns - indent.length - width - 6;
  return [`${gutter}${marks}`, ...wrap(note, room).map((one) => `${gutter}${paint.note(one)}`)];
}

/** Breaks a text between words. */
export function wrap(text: string, width: number): string[] {
  const out: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      out.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') out.push(line);
  return out;
}
