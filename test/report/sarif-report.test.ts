// SARIF against what GitHub code scanning asks of it: a checker by hand, since the official schema is not shipped here.

import { describe, expect, it } from 'vitest';
import type { Finding, ScanResult } from '../../src/model/finding.ts';
import type { ReportInput } from '../../src/report/report.ts';
import { report } from '../../src/report/report.ts';
import type { SarifLocation, SarifLog } from '../../src/report/sarif-types.ts';
import { cannedResult, cleanResult, incompleteResult, inputFor } from './canned-result.ts';
import { hostileResult } from './hostile-result.ts';

function sarif(result: ScanResult, changes: Partial<ReportInput> = {}): SarifLog {
  return JSON.parse(report('sarif', inputFor(result, changes)));
}

/** What GitHub would refuse or show wrongly, in words. */
function problemsOf(log: SarifLog): string[] {
  const problems: string[] = [];
  const ask = (holds: boolean, what: string): void => {
    if (!holds) problems.push(what);
  };
  const text = (value: unknown, where: string, limit = 1024): void => {
    ask(typeof value === 'string' && value.trim() !== '' && value.length <= limit, `${where} is empty or too long`);
  };
  const place = (location: SarifLocation, where: string, needsRegion: boolean): void => {
    const { artifactLocation, region } = location.physicalLocation;
    ask(
      /^(?:[\w.~-]|%[0-9A-F]{2})+(?:\/(?:[\w.~-]|%[0-9A-F]{2})+)*$/.test(artifactLocation.uri),
      `${where}: URI ${artifactLocation.uri}`,
    );
    ask(artifactLocation.uriBaseId === '%SRCROOT%', `${where}: base`);
    if (location.message) text(location.message.text, `${where}: message`);
    if (!region) return ask(!needsRegion, `${where}: no region`);
    const { startLine, startColumn, endLine, endColumn } = region;
    ask(
      [startLine, startColumn, endLine, endColumn].every((one) => Number.isInteger(one) && one >= 1),
      `${where}: region`,
    );
    ask(
      endLine > startLine || (endLine === startLine && endColumn >= startColumn),
      `${where}: region ends before it begins`,
    );
    ask(!('file' in region), `${where}: a property that SARIF does not know`);
  };
  ask(log.version === '2.1.0' && /sarif-2\.1\.0/.test(log.$schema), 'version');
  ask(log.runs.length === 1, 'one run');
  for (const run of log.runs) {
    const { driver } = run.tool;
    text(driver.name, 'driver.name', 255);
    ask(/\/$/.test(run.automationDetails.id), 'a category ends with a slash');
    ask(run.columnKind === 'utf16CodeUnits', 'columnKind');
    ask(new Set(driver.rules.map((rule) => rule.id)).size === driver.rules.length, 'rule ids are unique');
    for (const rule of driver.rules) {
      text(rule.id, 'rule.id', 5000);
      text(rule.name, 'rule.name', 5000);
      for (const part of ['shortDescription', 'fullDescription', 'help'] as const)
        text(rule[part].text, `${rule.id}.${part}`);
      const { 'security-severity': severity, tags, precision } = rule.properties as Record<string, unknown>;
      ask(
        typeof severity === 'string' && Number(severity) > 0 && Number(severity) <= 10,
        `${rule.id}: security-severity`,
      );
      ask(['very-high', 'high', 'medium', 'low'].includes(String(precision)), `${rule.id}: precision`);
      ask(
        Array.isArray(tags) &&
          tags.length <= 20 &&
          new Set(tags).size === tags.length &&
          tags.includes('security') &&
          tags.includes('external/cwe/cwe-201'),
        `${rule.id}: tags`,
      );
    }
    run.results.forEach((result, at) => {
      const where = `result ${at}`;
      ask(driver.rules[result.ruleIndex]?.id === result.ruleId, `${where}: rule`);
      ask(['error', 'warning', 'note'].includes(result.level), `${where}: level`);
      text(result.message.text, `${where}: message`);
      const ids = new Set(result.relatedLocations.map((location) => location.id));
      ask(ids.size === result.relatedLocations.length, `${where}: ids of related locations`);
      for (const [, id] of result.message.text.matchAll(/(?<!\\)\[(?:[^\\\]]|\\.)*\]\(([^)]*)\)/g)) {
        ask(ids.has(Number(id)), `${where}: a link to ${id}`);
      }
      ask(result.locations.length === 1, `${where}: one location`);
      for (const location of result.locations) place(location, where, true);
      for (const location of result.relatedLocations) place(location, where, true);
      ask(result.codeFlows.length >= 1 && result.codeFlows.length <= 5, `${where}: code flows`);
      for (const flow of result.codeFlows.flatMap((one) => one.threadFlows)) {
        ask(flow.locations.length >= 1 && flow.locations.length <= 100, `${where}: steps`);
        for (const { location } of flow.locations) place(location, where, true);
      }
      ask(
        Object.values(result.partialFingerprints).every((one) => one !== ''),
        `${where}: fingerprints`,
      );
    });
    for (const { message, locations } of run.invocations.flatMap((one) => one.toolExecutionNotifications)) {
      text(message.text, 'notification');
      for (const location of locations ?? []) place(location, 'notification', false);
    }
  }
  return problems;
}

describe('SARIF', () => {
  it.each([
    ['findings', cannedResult],
    ['nothing found', cleanResult],
    ['an incomplete scan', incompleteResult],
    ['hostile names', hostileResult],
  ])('is what GitHub asks for: %s', (_, result) => {
    expect(problemsOf(sarif(result))).toEqual([]);
  });

  it('orders results by severity and gives a rule its severity', () => {
    const [run] = sarif(cannedResult).runs;
    expect(run?.results.map((result) => `${result.level} ${result.ruleId}`)).toEqual([
      'error card.pan-to-messenger',
      'error balance-to-messenger',
      'error income-to-telegram',
      'warning transaction-to-telegram',
      'note account.number-to-slack',
    ]);
    expect(run?.tool.driver.rules.map((rule) => rule.properties['security-severity'])).toEqual([
      '2.5',
      '8.0',
      '9.5',
      '8.0',
      '5.5',
    ]);
  });

  it("has GitHub's hash of the line where the text is known, and its own fingerprint always", () => {
    const keys = (log: SarifLog): string[] => Object.keys(log.runs[0]?.results[0]?.partialFingerprints ?? {});
    expect(keys(sarif(cannedResult))).toEqual(['primaryLocationLineHash', 'leakscanFlow/v1']);
    expect(keys(sarif(cannedResult, { lines: {} }))).toEqual(['leakscanFlow/v1']);
  });

  it('has a code flow for each source, five at most, and the ends of a path that is too long', () => {
    const finding = cannedResult.findings[0] as Finding;
    const [step] = finding.path;
    const [other] = finding.otherSources;
    if (!step || !other) throw new Error('the canned finding has steps and another source');
    const path = Array.from({ length: 250 }, (_, at) => ({ ...step, text: `step ${at}` }));
    const log = sarif({ ...cannedResult, findings: [{ ...finding, path, otherSources: Array(8).fill(other) }] });
    const flows = log.runs[0]?.results[0]?.codeFlows ?? [];
    expect(flows).toHaveLength(5);
    expect(flows[0]?.threadFlows[0]?.locations.at(-1)?.location.message?.text).toContain('step 249');
    expect(problemsOf(log)).toEqual([]);
  });

  it('says when a run is not complete, and of which files', () => {
    const [invocation] = sarif(incompleteResult).runs[0]?.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications.map((one) => one.level)).toEqual([
      ...Array(8).fill('error'),
      'warning',
    ]);
    expect(sarif(cannedResult).runs[0]?.invocations[0]?.executionSuccessful).toBe(true);
  });

  it('names no place of this machine', () => {
    expect(report('sarif', inputFor(cannedResult, { root: '/bot/secret' }))).not.toContain('/bot/secret');
  });
});
