// Annotations of fixtures against findings: comment lines `leak:`, `ok:`, `miss:` and `noise:` → totals and readable failures.
// Pure text work: it knows neither the disk nor the analysis, and nothing of a finding but its place, category and platform.

import type { Finding } from './model/finding.ts';

/** What a statement of a fixture is said to do. `from` and `to` are the lines of the statement, `line` is the comment's. */
export type Expectation =
  | (Place & {
      readonly kind: 'leak';
      readonly category: string;
      readonly platform: string;
      /** Where it lands, and who sees it there; undefined where the annotation does not say. */
      readonly field: string | undefined;
      readonly visibility: string | undefined;
    })
  | (Place & { readonly kind: 'ok'; readonly reason: string })
  | (Place & {
      readonly kind: 'miss' | 'noise';
      readonly category: string;
      readonly platform: string;
      readonly reason: string;
    })
  | (Place & { readonly kind: 'invalid'; readonly problem: string });

interface Place {
  readonly path: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** How many annotations of each kind there are: the tool's honest score. */
export interface ExpectationTotals {
  readonly leak: number;
  readonly ok: number;
  readonly miss: number;
  readonly noise: number;
}

/** The part of a finding that annotations speak of. */
export type ExpectedFinding = Pick<Finding, 'category' | 'platform' | 'site' | 'sinkField' | 'visibility'>;

/** Totals, and one line for each annotation or finding that does not hold; empty when all is as written. */
export interface ExpectationReport {
  readonly totals: ExpectationTotals;
  readonly failures: readonly string[];
}

/** Finds the annotations of one file and the statement that each belongs to. */
export function readExpectations(path: string, text: string): readonly Expectation[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
  const expectations: Expectation[] = [];
  let pending: { readonly line: number; readonly content: string }[] = [];
  let isInComment = false;
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? '').trim();
    if (isInComment) {
      isInComment = !line.includes('*/');
      continue;
    }
    if (line === '') continue;
    const content = commentContent(line);
    if (content !== undefined) {
      if (annotationStart.test(content)) pending.push({ line: at + 1, content });
      continue;
    }
    if (/^\{?\s*\/\*/.test(line) && !line.includes('*/')) {
      isInComment = true;
      continue;
    }
    if (pending.length === 0) continue;
    const to = statementEnd(lines, at) + 1;
    for (const one of pending) {
      expectations.push(parseAnnotation({ path, line: one.line, from: at + 1, to }, one.content));
    }
    pending = [];
  }
  for (const { line } of pending) {
    expectations.push({
      kind: 'invalid',
      path,
      line,
      from: line,
      to: line,
      problem: 'no statement follows this annotation',
    });
  }
  return expectations;
}

/** Compares annotations with findings. A finding belongs to the innermost annotated statement in which its send site starts. */
export function checkExpectations(
  expectations: readonly Expectation[],
  findings: readonly ExpectedFinding[],
): ExpectationReport {
  const totals = { leak: 0, ok: 0, miss: 0, noise: 0 };
  const failures: string[] = [];
  const statements = new Map<string, Expectation[]>();
  for (const expectation of expectations) {
    const key = `${expectation.path}:${expectation.from}`;
    statements.set(key, [...(statements.get(key) ?? []), expectation]);
  }
  const found = new Map<string, ExpectedFinding[]>();
  for (const finding of findings) {
    const key = innermost(expectations, finding);
    if (key === undefined) {
      failures.push(`${placeOf(finding)} unexpected finding ${flowOf(finding)}: the statement has no annotation`);
    } else {
      found.set(key, [...(found.get(key) ?? []), finding]);
    }
  }
  for (const [key, group] of statements) {
    const here = found.get(key) ?? [];
    for (const expectation of group) {
      if (expectation.kind !== 'invalid') totals[expectation.kind]++;
      const problem = problemOf(expectation, here);
      if (problem !== undefined) failures.push(`${expectation.path}:${expectation.line} ${problem}`);
    }
    for (const finding of here) {
      if (group.some((one) => isNamedBy(one, finding))) continue;
      const reasons = group.flatMap((one) => (one.kind === 'ok' ? [` (ok: ${one.reason})`] : []));
      failures.push(`${placeOf(finding)} unexpected finding ${flowOf(finding)}${reasons.join('')}`);
    }
  }
  return { totals, failures };
}

const annotationStart = /^(leak|ok|miss|noise):/;
const annotationFlow =
  /^(?<category>[\w.-]+)\s*->\s*(?<platform>[\w.-]+)(?:\s+in\s+(?<field>[^\s(]+))?(?:\s+as\s+(?<visibility>shown|preview|hidden))?(?:\s+\((?<reason>.*)\))?$/;

/** The text of a line that is nothing but a comment. A `#` needs a space after it, since `#name` is a private member. */
function commentContent(line: string): string | undefined {
  const match = /^\/\/+\s*(.*)$/.exec(line) ?? /^#+\s+(.*)$/.exec(line) ?? /^\{?\s*\/\*+(.*?)\*+\/\s*\}?$/.exec(line);
  return match?.[1]?.trim();
}

function parseAnnotation(place: Place, content: string): Expectation {
  const kind = content.slice(0, content.indexOf(':'));
  const rest = content.slice(kind.length + 1).trim();
  if (kind === 'ok') {
    return rest === ''
      ? { ...place, kind: 'invalid', problem: '`ok:` needs a reason' }
      : { ...place, kind, reason: rest };
  }
  const match = annotationFlow.exec(rest);
  const { category = '', platform = '', field, visibility, reason = '' } = match?.groups ?? {};
  const shape =
    kind === 'leak' ? 'leak: <category> -> <platform> [in <field>]' : `${kind}: <category> -> <platform> (why)`;
  if (match === null) return { ...place, kind: 'invalid', problem: `\`${content}\` is not \`${shape}\`` };
  if (kind === 'leak') return { ...place, kind, category, platform, field, visibility };
  if (reason.trim() === '') return { ...place, kind: 'invalid', problem: `\`${kind}:\` needs a reason: \`${shape}\`` };
  return { ...place, kind: kind === 'miss' ? 'miss' : 'noise', category, platform, reason: reason.trim() };
}

function problemOf(expectation: Expectation, here: readonly ExpectedFinding[]): string | undefined {
  const found = here.filter((finding) => isNamedBy(expectation, finding));
  const isFound = found.length > 0;
  switch (expectation.kind) {
    case 'leak':
      return isFound ? landingProblem(expectation, found) : `missing finding ${flowOf(expectation)}`;
    case 'miss':
      return isFound ? `${flowOf(expectation)} is found now: turn \`miss\` into \`leak\`` : undefined;
    case 'noise':
      return isFound ? undefined : `${flowOf(expectation)} is not reported any more: turn \`noise\` into \`ok\``;
    case 'ok':
      return undefined;
    case 'invalid':
      return expectation.problem;
    default: {
      const rest: never = expectation;
      return rest;
    }
  }
}

function landingProblem(
  { field, visibility }: Extract<Expectation, { kind: 'leak' }>,
  found: readonly ExpectedFinding[],
): string | undefined {
  const isLanded = found.some(
    (finding) =>
      (field === undefined || finding.sinkField === field) &&
      (visibility === undefined || finding.visibility === visibility),
  );
  if (isLanded) return undefined;
  return `lands in ${found.map((finding) => `${finding.sinkField} as ${finding.visibility}`).join(', ')}`;
}

function isNamedBy(expectation: Expectation, finding: ExpectedFinding): boolean {
  return (
    expectation.kind !== 'ok' &&
    expectation.kind !== 'invalid' &&
    expectation.category === finding.category &&
    expectation.platform === finding.platform
  );
}

function innermost(expectations: readonly Expectation[], { site }: ExpectedFinding): string | undefined {
  let best: Expectation | undefined;
  for (const one of expectations) {
    if (one.path !== site.file || site.startLine < one.from || site.startLine > one.to) continue;
    if (best === undefined || one.from > best.from) best = one;
  }
  return best && `${best.path}:${best.from}`;
}

function flowOf({ category, platform }: { readonly category: string; readonly platform: string }): string {
  return `${category} -> ${platform}`;
}

function placeOf({ site }: ExpectedFinding): string {
  return `${site.file}:${site.startLine}`;
}

/** Something open: a bracket, or a template whose text is being read. */
type Open = 'bracket' | 'hole' | 'template';

/** What ends a line that the next one goes on with. */
const hanging = /(?:[=*%&|?]|=>|[^+]\+|[^-]-|\b(?:return|await|new|throw|yield))$/;

/** The line (from 0) on which the statement that starts on line `start` ends: brackets balanced, no operator hanging. */
function statementEnd(lines: readonly string[], start: number): number {
  let open: readonly Open[] = [];
  let isInComment = false;
  let last = '';
  for (let at = start; at < lines.length; at++) {
    const after = scanLine(lines[at] ?? '', open, isInComment);
    ({ open, isInComment } = after);
    if (after.last !== '') last = after.last;
    if (after.isClosedBelow) return at;
    if (open.length > 0 || isInComment) continue;
    if (last.endsWith(';') || !(hanging.test(last) || isContinued(lines, at + 1))) return at;
  }
  return lines.length - 1;
}

/** True when the next line of code can only go on with the statement before it. */
function isContinued(lines: readonly string[], start: number): boolean {
  for (let at = start; at < lines.length; at++) {
    const line = (lines[at] ?? '').trim();
    if (line === '') return false;
    if (commentContent(line) === undefined) return /^(?:\.[^.]|\?|:|\+[^+]|-[^-]|&&|\|\||=[^>]|\{$)/.test(line);
  }
  return false;
}

interface ScannedLine {
  readonly open: readonly Open[];
  readonly isInComment: boolean;
  /** A bracket was closed that the statement did not open. */
  readonly isClosedBelow: boolean;
  /** The code up to the last character that is no comment and no white space. */
  readonly last: string;
}

/** Follows brackets through one line, past strings, templates, regular expressions and comments. */
function scanLine(line: string, before: readonly Open[], wasInComment: boolean): ScannedLine {
  const open = [...before];
  let isInComment = wasInComment;
  let last = '';
  let at = 0;
  while (at < line.length) {
    const char = line[at] ?? '';
    if (isInComment) {
      const end = line.indexOf('*/', at);
      if (end < 0) break;
      isInComment = false;
      at = end + 2;
    } else if (open.at(-1) === 'template') {
      if (char === '`') open.pop();
      if (char === '$' && line[at + 1] === '{') open.push('hole');
      at += char === '\\' || open.at(-1) === 'hole' ? 2 : 1;
      last += char === '`' ? char : '';
    } else if (line.startsWith('//', at)) {
      break;
    } else if (line.startsWith('/*', at)) {
      isInComment = true;
      at += 2;
    } else {
      const end = char === '"' || char === "'" ? endOfQuoted(line, at) : char === '/' ? endOfRegex(line, at, last) : at;
      if (end === at) {
        if (char === '`') open.push('template');
        else if ('([{'.includes(char)) open.push('bracket');
        else if (')]}'.includes(char) && open.pop() === undefined) {
          return { open, isInComment, isClosedBelow: true, last };
        }
      }
      last += line.slice(at, end + 1);
      at = end + 1;
    }
  }
  return { open, isInComment, isClosedBelow: false, last: last.trim() };
}

function endOfQuoted(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === line[start]) return at;
  }
  // An apostrophe in markup, or a string that goes on: only the sign itself is passed over.
  return start;
}

/** The end of a regular expression that starts here, or `start` where the slash divides or closes a tag. */
function endOfRegex(line: string, start: number, before: string): number {
  if (!/(?:^|[(,=:[!&|?{;+]|\breturn)\s*$/.test(before)) return start;
  let isInClass = false;
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '[') isInClass = true;
    else if (line[at] === ']') isInClass = false;
    else if (line[at] === '/' && !isInClass) return at;
  }
  return start;
}
