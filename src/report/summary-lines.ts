// A result as a whole → the end of the text report: severity by platform, what was not read, what was left out, the last line.

import type { Finding, ScanResult } from '../model/finding.ts';
import { displayWidth } from './display-width.ts';
import { worstFirst } from './finding-order.ts';
import { counted, namesOf } from './finding-words.ts';
import type { Glyphs } from './glyphs.ts';
import { incompleteReasons } from './incomplete-reasons.ts';
import { visibleText } from './sanitise-terminal.ts';
import type { Piece, StyledLine } from './styled-line.ts';
import { fitText, piece, plain, widthOf, wrapText } from './styled-line.ts';

const maxReasons = 5;
const maxNameWidth = 30;
const reasonIndent = 13;
const badge = ' INCOMPLETE ';

/** Severity × platform; only severities that occur have a column. */
export function severityTable(groups: readonly (readonly Finding[])[], glyphs: Glyphs): readonly StyledLine[] {
  const all = groups.flat();
  const columns = worstFirst.filter((severity) => all.some((finding) => finding.severity === severity));
  const names = groups.map(([first]) =>
    first ? fitText(visibleText(namesOf(first).platform, glyphs), maxNameWidth, glyphs.cut) : '',
  );
  const nameWidth = Math.max(...['all platforms', ...names].map(displayWidth));
  const cells = (findings: readonly Finding[]): string =>
    columns
      .map((severity) => findings.filter((finding) => finding.severity === severity).length)
      .map((count, at) => (count === 0 ? glyphs.dot : String(count)).padStart((columns[at]?.length ?? 0) + 3))
      .join('');
  const row = (name: string, findings: readonly Finding[]): string =>
    ` ${name}${' '.repeat(nameWidth - displayWidth(name))}${cells(findings)}`;
  return [
    [piece(` ${' '.repeat(nameWidth)}${columns.map((severity) => `   ${severity}`).join('')}`, 'quiet')],
    ...groups.map((findings, at): StyledLine => [plain(row(names[at] ?? '', findings))]),
    [piece(row('all platforms', all), 'strong')],
  ];
}

/** Why a scan is incomplete: the first reasons and the count; empty for a complete one. */
export function incompleteLines(result: ScanResult, columns: number, glyphs: Glyphs): readonly StyledLine[] {
  if (result.status === 'complete') return [];
  const { files, others } = incompleteReasons(result);
  const reasons = [
    ...files.map((reason) => ['failed', reason] as const),
    ...others.map((reason) => ['cut', reason] as const),
  ];
  const what = [
    ...(files.length > 0 ? [`${counted(files.length, 'file')} could not be read`] : []),
    ...(others.length > 0 ? [`${counted(others.length, 'part')} of the search not finished`] : []),
  ];
  const text = what.length === 0 ? 'not everything was looked at' : what.join(' and ');
  const [first = '', ...more] = wrapText(`${text}; a leak there would not be seen.`, columns - badge.length - 1);
  return [
    [piece(badge, 'medium'), plain(` ${first}`)],
    ...more.map((line): StyledLine => [plain(' '.repeat(badge.length + 1) + line)]),
    ...reasonLines(reasons, columns, glyphs),
  ];
}

/** What a reader should know though it is no finding: degraded files, unresolved imports, settings ignored, findings left out. */
export function noteLines(result: ScanResult, columns: number, glyphs: Glyphs): readonly StyledLine[] {
  const { hidden, allowed } = result.stats;
  const degraded = result.files.filter((file) => file.state === 'degraded');
  const unresolved = result.diagnostics.filter((one) => one.kind === 'import-unresolved');
  const unseen = result.diagnostics.filter((one) => one.kind === 'no-send');
  const guessed = result.diagnostics.filter((one) => one.kind === 'sdk-guessed');
  const ignored = result.diagnostics.filter((one) => one.kind === 'config-ignored');
  const trusted = result.diagnostics.filter((one) => one.kind === 'barrier-trusted');
  const has = (count: number): string => (count === 1 ? 'has' : 'have');
  const is = (count: number): string => (count === 1 ? 'is' : 'are');
  const note = (text: string): readonly StyledLine[] =>
    wrapText(text, columns - 1).map((line): StyledLine => [piece(` ${line}`, 'quiet')]);
  const syntax = `${counted(degraded.length, 'file')} ${has(degraded.length)} syntax errors and ${is(degraded.length)}`;
  const lower = `${counted(hidden, 'finding')} of lower confidence or severity ${is(hidden)} hidden`;
  return [
    ...(degraded.length > 0 ? note(`${syntax} read as far as possible.`) : []),
    ...reasonLines(
      degraded.map((file) => ['degraded', `${file.path}: ${file.reason}`]),
      columns,
      glyphs,
    ),
    ...(unresolved.length > 0 ? note(`${counted(unresolved.length, 'import')} could not be found.`) : []),
    ...reasonLines(
      unresolved.map((one) => ['import', one.message]),
      columns,
      glyphs,
    ),
    ...unseen.flatMap((one) =>
      wrapText(` Warning: ${visibleText(one.message, glyphs)}. What it sends was not looked at.`, columns - 1).map(
        (line): StyledLine => [piece(line, 'strong')],
      ),
    ),
    ...guessed.flatMap((one) =>
      wrapText(` Warning: ${visibleText(one.message, glyphs)}.`, columns - 1).map(
        (line): StyledLine => [piece(line, 'strong')],
      ),
    ),
    ...ignored.flatMap((one) => note(visibleText(one.message, glyphs))),
    ...(trusted.length > 0
      ? note(visibleText(`Trusted barriers: ${trusted.map((one) => one.message).join(', ')}.`, glyphs))
      : []),
    ...(hidden > 0 ? note(`${lower} (--confidence low --severity info).`) : []),
    ...(allowed > 0 ? note(`${counted(allowed, 'flow')} ${is(allowed)} allowed by the policy.`) : []),
  ];
}

// The first reasons, each behind a word for its kind, and how many there are besides.
function reasonLines(
  reasons: readonly (readonly [string, string])[],
  columns: number,
  glyphs: Glyphs,
): readonly StyledLine[] {
  const rest = reasons.length - maxReasons;
  const shown = reasons.slice(0, maxReasons).map(([kind, reason]) => [kind, visibleText(reason, glyphs)] as const);
  const all = rest > 0 ? [...shown, ['', `and ${rest} more`] as const] : shown;
  return all.flatMap(([kind, reason]) =>
    wrapText(reason, columns - reasonIndent).map((line, at): StyledLine => {
      return [plain(`   ${(at === 0 ? kind : '').padEnd(reasonIndent - 3)}${line}`)];
    }),
  );
}

/** `42 files · 1 critical · policy strict · complete · 0.41 s`, or on two lines where one is too short. */
export function lastLines(
  result: ScanResult,
  seconds: number | undefined,
  columns: number,
  glyphs: Glyphs,
): readonly StyledLine[] {
  const { stats } = result;
  const counts = worstFirst.flatMap((severity) =>
    stats.findings[severity] > 0 ? [`${stats.findings[severity]} ${severity}`] : [],
  );
  const found =
    counts.length > 0 ? [counts.join(', ')] : ['nothing found', `${counted(stats.sinks, 'send')} looked at`];
  const what: readonly Piece[] = [
    plain(counted(stats.files, 'file')),
    ...found.map((part) => piece(part, counts.length > 0 ? 'strong' : 'plain')),
  ];
  const how: readonly Piece[] = [
    plain(fitText(`policy ${visibleText(result.policy, glyphs)}`, maxNameWidth, glyphs.cut)),
    piece(result.status, result.status === 'complete' ? 'plain' : 'strong'),
    ...(seconds === undefined ? [] : [plain(`${seconds.toFixed(seconds < 10 ? 2 : 1)} s`)]),
  ];
  const whole = dotted([...what, ...how], glyphs);
  return widthOf(whole) <= columns ? [whole] : [dotted(what, glyphs), dotted(how, glyphs)];
}

function dotted(parts: readonly Piece[], glyphs: Glyphs): StyledLine {
  return parts.flatMap((part, at) => (at > 0 ? [piece(` ${glyphs.dot} `, 'quiet'), part] : [part]));
}
