// Annotations: the worst first, ten of a level, and the tenth says what is missing.

import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { report } from '../../src/report/report.ts';
import { cannedResult, cleanResult, incompleteResult, inputFor, shortResult } from './canned-result.ts';

function linesOf(findings: readonly Finding[], base = cannedResult): string[] {
  return report('github', inputFor({ ...base, findings }))
    .split('\n')
    .slice(0, -1);
}

function many(count: number, changes: Partial<Finding>): readonly Finding[] {
  return Array.from({ length: count }, (_, at) => ({
    ...(shortResult.findings[0] as Finding),
    ...changes,
    fingerprint: String(at),
  }));
}

describe('annotations', () => {
  it('come with the worst first', () => {
    const titles = linesOf(cannedResult.findings).map((line) =>
      /^::(\w+) .*title=(\w+)/.exec(line)?.slice(1).join(' '),
    );
    expect(titles).toEqual(['error critical', 'error high', 'error high', 'warning medium', 'notice low']);
  });

  it('never make an error of what the policy only warns of', () => {
    expect(linesOf(many(1, { severity: 'critical', verdict: 'warn' }))[0]).toMatch(/^::warning /);
  });

  it('stop at ten of a level, and say how many more', () => {
    const lines = linesOf([...many(13, { severity: 'high' }), ...many(10, { severity: 'low' })]);
    expect(lines).toHaveLength(20);
    expect(lines[9]).toMatch(/%0A3 more of level error not shown here: see the text or SARIF report\.$/);
    expect(lines.filter((line) => line.includes('more of level'))).toHaveLength(1);
  });

  it('repeat the place in the message, and give columns for one line only', () => {
    const [line = ''] = linesOf(many(1, {}));
    expect(line).toContain('::src/slack/echo.js:4:9 A bank account number');
    expect(line).toContain('col=9,endColumn=');
    const multiline = { ...(shortResult.findings[0] as Finding).site, endLine: 6 };
    expect(linesOf(many(1, { site: multiline }))[0]).not.toContain('col=');
  });

  it('say nothing of a clean scan, and the reasons of an incomplete one', () => {
    expect(report('github', inputFor(cleanResult))).toBe('');
    const [line = '', ...rest] = linesOf([], incompleteResult);
    expect(rest).toEqual([]);
    expect(line).toMatch(
      /^::error title=leakscan%3A incomplete::.*src\/generated\/5\.js: nested too deeply%0Aand 3 more$/,
    );
  });
});
