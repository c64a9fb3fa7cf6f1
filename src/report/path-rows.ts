// A finding's path → the rows of its code frame: which lines are shown, what is underlined in them, what is folded away.
// Knows nothing of columns on a screen.

import type { Finding, SourceLines, Step } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { FrameRow, Mark } from './code-frame.ts';
import { counted, departureOf, reasonFor } from './finding-words.ts';

/** A line of the path and the steps on it; `by` are places the value went through and came back from to the same expression. */
interface Stop {
  readonly file: string;
  readonly line: number;
  readonly steps: readonly Step[];
  readonly by: readonly string[];
  readonly isSite: boolean;
}

const maxStops = 8;
const headStops = 4;
const tailStops = 3;

/** Rows of the path, file headings included. `linkTo` gives the URL of a heading. */
export function pathRows(
  finding: Finding,
  lines: SourceLines,
  linkTo: (location: Location) => string | undefined,
): readonly FrameRow[] {
  const stops = stopsOf(finding);
  const rows: FrameRow[] = [];
  let file: string | undefined;
  let isFolding = false;
  stops.forEach((stop, index) => {
    if (isFolded(stops, index)) {
      if (!isFolding)
        rows.push({ kind: 'remark', text: `${counted(foldedAfter(stops, index), 'line')} of the path left out` });
      isFolding = true;
      return;
    }
    isFolding = false;
    const [step] = stop.steps;
    if (stop.file !== file && step) rows.push({ kind: 'file', file: stop.file, link: linkTo(step.location) });
    file = stop.file;
    const text = lines[stop.file]?.[stop.line - 1];
    const before = stops[index - 1];
    const textBefore = before ? lines[before.file]?.[before.line - 1] : undefined;
    rows.push({
      kind: 'line',
      number: stop.line,
      text: text ?? step?.text ?? '',
      marks: text === undefined ? notesOnly(finding, stops, index) : marksOf(finding, stops, index, text, textBefore),
    });
    if (stop.by.length > 0) rows.push({ kind: 'remark', text: `by way of ${stop.by.join(', ')}` });
  });
  return rows;
}

function isFolded(stops: readonly Stop[], index: number): boolean {
  if (stops.length <= maxStops) return false;
  return index >= headStops && index < stops.length - tailStops && stops[index]?.isSite !== true;
}

function foldedAfter(stops: readonly Stop[], from: number): number {
  let count = 0;
  while (isFolded(stops, from + count)) count++;
  return count;
}

// Calls that come back are shown where there is room for them, and folded where there is not.
function stopsOf(finding: Finding): readonly Stop[] {
  const steps = withSite(finding);
  const stops = joinSteps(finding, steps, (at) => (steps[at + 1]?.kind === 'return' ? at + 1 : -1));
  return stops.length <= maxStops ? stops : joinSteps(finding, steps, (at) => returnOf(steps, at));
}

// `detourEnd` gives the index of the `return` that ends a call not worth showing, or -1.
function joinSteps(finding: Finding, steps: readonly Step[], detourEnd: (at: number) => number): readonly Stop[] {
  const stops: Stop[] = [];
  let by: readonly string[] = [];
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at] as Step;
    const { file, startLine } = step.location;
    const end = step.kind === 'call' && at > 0 ? detourEnd(at) : -1;
    if (end > 0) {
      // `formatMoney(account.balance)`: into the function and back.
      by = [...by, `${file}:${startLine}`];
      at = end - 1;
      continue;
    }
    const previous = stops[stops.length - 1];
    if (previous?.file === file && previous.line === startLine) {
      const places = [...new Set([...previous.by, ...by])];
      stops[stops.length - 1] = {
        ...previous,
        steps: [...previous.steps, step],
        by: places,
        isSite: previous.isSite || isSite(finding, step),
      };
    } else if (!previous || !isWrapping(step, previous)) {
      stops.push({ file, line: startLine, steps: [step], by: [...new Set(by)], isSite: isSite(finding, step) });
    } else continue;
    by = [];
  }
  return stops;
}

// The `return` that belongs to a `call`, or -1: the value stayed in the function and went on from there.
function returnOf(steps: readonly Step[], call: number): number {
  let depth = 0;
  for (let at = call; at < steps.length; at++) {
    if (steps[at]?.kind === 'call') depth++;
    if (steps[at]?.kind === 'return') depth--;
    if (depth === 0) return at;
  }
  return -1;
}

function isSite(finding: Finding, step: Step): boolean {
  return step.location.file === finding.site.file && step.location.startLine === finding.site.startLine;
}

// The literal around the value adds a line with nothing but a brace.
function isWrapping(step: Step, previous: Stop): boolean {
  if (step.kind !== 'store' && step.kind !== 'derive' && step.kind !== 'copy') return false;
  return previous.steps.some((inner) => contains(step.location, inner.location));
}

function contains(outer: Location, inner: Location): boolean {
  if (outer.file !== inner.file) return false;
  const startsBefore =
    outer.startLine < inner.startLine ||
    (outer.startLine === inner.startLine && outer.startColumn <= inner.startColumn);
  const endsAfter =
    outer.endLine > inner.endLine || (outer.endLine === inner.endLine && outer.endColumn >= inner.endColumn);
  return startsBefore && endsAfter;
}

// The send site is where the reader must act, so it is shown even where no value of the path stands on its line:
// before the step into the wrapper.
function withSite(finding: Finding): readonly Step[] {
  const { path, site } = finding;
  if (path.some((step) => isSite(finding, step))) return path;
  const entry = path.findIndex(
    (step, index) => step.kind === 'call' && path[index - 1]?.location.file === site.file && returnOf(path, index) < 0,
  );
  const at = entry > 0 ? entry : path.findIndex((step) => step.kind === 'send');
  const shown: Step = { kind: 'copy', location: site, text: finding.siteText };
  return at < 0 ? [...path, shown] : [...path.slice(0, at), shown, ...path.slice(at)];
}

function marksOf(
  finding: Finding,
  stops: readonly Stop[],
  index: number,
  text: string,
  textBefore: string | undefined,
): readonly Mark[] {
  const stop = stops[index] as Stop;
  const [first] = stop.steps;
  const marks: Mark[] = [];
  if (index === 0 && first) marks.push({ ...spanOn(first.location, text), tone: 'source', note: reasonFor(finding) });
  if (index === stops.length - 1) {
    marks.push({
      ...departure(stop, handedNames(stops[index - 1], textBefore), text),
      tone: 'sink',
      note: departureOf(finding),
    });
  } else if (index > 0) {
    const narrowest = [...stop.steps].sort((a, b) => lengthOf(a.location, text) - lengthOf(b.location, text))[0];
    if (narrowest) marks.push({ ...spanOn(narrowest.location, text), tone: 'way', note: '' });
  }
  return marks;
}

// Without the source text the notes stay, under the step's own text.
function notesOnly(finding: Finding, stops: readonly Stop[], index: number): readonly Mark[] {
  const text = stops[index]?.steps[0]?.text ?? '';
  const all = { startColumn: 1, endColumn: text.length + 1 };
  const marks: Mark[] = [];
  if (index === 0) marks.push({ ...all, tone: 'source', note: reasonFor(finding) });
  if (index === stops.length - 1) marks.push({ ...all, tone: 'sink', note: departureOf(finding) });
  return marks;
}

type Span = Pick<Mark, 'startColumn' | 'endColumn'>;

// A span that ends on a later line is underlined to the end of its first.
function spanOn(location: Location, text: string): Span {
  const end = location.endLine === location.startLine ? location.endColumn : text.trimEnd().length + 1;
  return { startColumn: location.startColumn, endColumn: Math.max(end, location.startColumn + 1) };
}

function lengthOf(location: Location, text: string): number {
  const { startColumn, endColumn } = spanOn(location, text);
  return endColumn - startColumn;
}

// What is handed over: the value that the path brings to this call, else the name of the call.
function departure(stop: Stop, names: readonly string[], text: string): Span {
  const send = stop.steps[stop.steps.length - 1] as Step;
  const handed = stop.steps[stop.steps.length - 2];
  if (handed && contains(send.location, handed.location)) return spanOn(handed.location, text);
  const whole = spanOn(send.location, text);
  const call = text.slice(whole.startColumn - 1, whole.endColumn - 1);
  const callee = calleeLength(call);
  for (const name of names) {
    const [place, ...others] = placesOf(call.slice(callee), name);
    if (place === undefined || others.length > 0) continue;
    const start = whole.startColumn + callee + place;
    return { startColumn: start, endColumn: start + name.length };
  }
  return { startColumn: whole.startColumn, endColumn: whole.startColumn + callee };
}

// Names the value may have on the next line: the parameter it was passed as, or the variable that is declared on its line.
function handedNames(before: Stop | undefined, textBefore: string | undefined): readonly string[] {
  const named = /^[\w$]+/.exec(before?.steps[before.steps.length - 1]?.text ?? '')?.[0];
  const declared = /\b(?:const|let|var)\s+([\w$]+)/.exec(textBefore ?? '')?.[1];
  return [named, declared].filter((name) => name !== undefined);
}

/** Where a variable is used: not as a member, not as a key. */
function placesOf(text: string, variable: string): readonly number[] {
  const use = new RegExp(`(?<![\\w$.])${variable.replaceAll('$', '\\$')}(?![\\w$]|\\s*:)`, 'g');
  return [...text.matchAll(use)].map((match) => match.index);
}

// `a.b(c).send(`: up to the parenthesis of the last call, the first that is left open or else the last that opens at depth 0.
function calleeLength(call: string): number {
  let depth = 0;
  let last = -1;
  for (let at = 0; at < call.length; at++) {
    if (call[at] === '(') {
      if (depth === 0) last = at;
      depth++;
    } else if (call[at] === ')') depth = Math.max(0, depth - 1);
  }
  return last > 0 ? last : call.length;
}
