// ScanResult → what a person reads in a terminal: by platform, each finding with what, why, its path and what to do.

import type { Finding, ScanResult, SourceLines, Step } from '../model/finding.ts';
import { severities } from '../model/rule.ts';
import type { FrameNote } from './code-frame.ts';
import { renderFrames, wrap } from './code-frame.ts';
import type { Paint } from './paint.ts';
import { createPaint, displayWidth, truncate } from './paint.ts';
import type { ReportInput } from './report-input.ts';
import { forTerminal } from './sanitise.ts';

const maxFrames = 8;

/** The text report, with a summary as its last line. */
export function reportText(input: ReportInput): string {
  const paint = createPaint(input.color);
  const { result } = input;
  const out: string[] = [];
  for (const [platform, findings] of byPlatform(result.findings)) {
    const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
    out.push(
      '',
      spread(paint.heading(platform), paint.dim(count), displayWidth(platform), count.length, input.columns),
    );
    for (const finding of findings) out.push('', ...renderFinding(finding, input.lines, input.columns, paint));
  }
  if (!input.quiet) out.push('', ...summary(result, input.seconds, input.columns, paint));
  return out.length === 0 ? '' : `${out.join('\n')}\n`;
}

function byPlatform(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  const sorted = [...findings].sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  for (const finding of sorted) {
    // "An account balance reaches Meta through Messenger" → Messenger (Meta)
    const [, company = '', name] = /reaches (.*?)(?: through (.*))?$/.exec(finding.message.what) ?? [];
    const title = name === undefined ? company : `${name} (${company})`;
    groups.set(title, [...(groups.get(title) ?? []), finding]);
  }
  return groups;
}

function spread(left: string, right: string, leftWidth: number, rightWidth: number, columns: number): string {
  return `${left}${' '.repeat(Math.max(2, columns - leftWidth - rightWidth - 1))}${right}`;
}

/** One finding: heading, send site, frames, other sources, advice. */
export function renderFinding(finding: Finding, lines: SourceLines, columns: number, paint: Paint): string[] {
  const badge = ` ${finding.severity.toUpperCase()} `;
  const what = forTerminal(finding.message.what);
  const head = `${paint.severity(finding.severity, badge)} ${paint.bold(what)}`;
  const width = badge.length + 1 + displayWidth(what);
  const fits = width + finding.ruleId.length + 3 <= columns;
  const out = [fits ? spread(head, paint.dim(finding.ruleId), width, finding.ruleId.length, columns) : head];
  if (!fits) out.push(` ${paint.dim(finding.ruleId)}`);
  const place = `${forTerminal(finding.site.file)}:${finding.site.startLine}:${finding.site.startColumn}`;
  const call = truncate(
    forTerminal(finding.siteText),
    Math.max(12, columns - displayWidth(place) - finding.sinkField.length - 12),
  );
  out.push(` ${place}  ${call}  ${paint.dim(`field ${finding.sinkField}`)}`, '');
  out.push(...renderFrames(notesOf(finding), lines, columns, paint));
  out.push(...otherSources(finding, columns, paint), '');
  const notes = [
    `${finding.confidence} confidence`,
    ...(finding.verdict === 'warn' ? ['policy: warn'] : []),
    ...(finding.visibility === 'hidden' ? ['hidden from the user, kept by the platform'] : []),
  ];
  for (const line of wrap(forTerminal(finding.message.todo), columns - 4)) out.push(`   ${line}`);
  out.push(`   ${paint.dim(`leakscan explain ${finding.fingerprint.slice(0, 8)}  ·  ${notes.join('  ·  ')}`)}`);
  return out;
}

function notesOf(finding: Finding): FrameNote[] {
  const steps = collapse(finding.path);
  return steps.map((step, i): FrameNote => {
    if (i === 0) return { step, note: sourceNote(finding) };
    return { step, note: i === steps.length - 1 ? `leaves as ${forTerminal(finding.sinkName)}` : '' };
  });
}

function sourceNote(finding: Finding): string {
  const reasons = finding.evidence.filter((item) => item.weight > 0).slice(0, 4);
  return forTerminal(`${finding.category}: ${reasons.map((item) => `${item.kind} ${item.text}`).join(', ')}`);
}

// Long paths keep their ends; the middle is told by its number.
function collapse(steps: readonly Step[]): Step[] {
  if (steps.length <= maxFrames) return [...steps];
  return [...steps.slice(0, 4), ...steps.slice(-4)];
}

function otherSources(finding: Finding, columns: number, paint: Paint): string[] {
  const out: string[] = [];
  const hidden = finding.path.length - maxFrames;
  if (hidden > 0)
    out.push(`   ${paint.dim(`(${hidden} steps in the middle are not shown; leakscan explain lists them)`)}`);
  const others = finding.otherSources;
  if (others.length === 0) return out;
  const names = others
    .slice(0, 4)
    .map((one) => `${forTerminal(one.text)} (${forTerminal(one.source.file)}:${one.source.startLine})`);
  const count = others.length === 1 ? '1 more source reaches' : `${others.length} more sources reach`;
  for (const line of wrap(`${count} this call: ${names.join(', ')}${others.length > 4 ? ', …' : ''}`, columns - 4))
    out.push(`   ${paint.dim(line)}`);
  return out;
}

function summary(result: ScanResult, seconds: number | undefined, columns: number, paint: Paint): string[] {
  const { stats } = result;
  const out: string[] = [];
  const failed = result.files.filter((file) => file.state === 'failed');
  const degraded = result.files.filter((file) => file.state === 'degraded');
  const cut = result.diagnostics.filter((one) => one.kind === 'budget-hit');
  for (const file of failed.slice(0, 5))
    out.push(truncate(`failed    ${forTerminal(file.path)}: ${forTerminal(file.reason)}`, columns));
  if (failed.length > 5) out.push(`failed    and ${failed.length - 5} more`);
  for (const file of degraded.slice(0, 5))
    out.push(truncate(`degraded  ${forTerminal(file.path)}: ${forTerminal(file.reason)}`, columns));
  if (degraded.length > 5) out.push(`degraded  and ${degraded.length - 5} more`);
  for (const one of cut.slice(0, 5)) out.push(truncate(`cut       ${forTerminal(one.message)}`, columns));
  const counts = [...severities].reverse().flatMap((severity) => {
    const count = stats.findings[severity];
    return count > 0 ? [paint.severity(severity, `${count} ${severity}`)] : [];
  });
  const parts = [
    stats.files === 1 ? '1 file' : `${stats.files} files`,
    ...(counts.length > 0 ? counts : ['nothing found']),
    ...(stats.hidden > 0 ? [`${stats.hidden} below the limits`] : []),
    ...(stats.allowed > 0 ? [`${stats.allowed} allowed by policy`] : []),
    `policy ${result.policy}`,
    result.status === 'complete' ? 'complete' : paint.bold('incomplete'),
    ...(seconds === undefined ? [] : [`${seconds.toFixed(2)} s`]),
  ];
  return [...out, parts.join(' · ')];
}
