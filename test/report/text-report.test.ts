// The text report: layout at every width, what is said of an incomplete scan, and what a clean one looks like.

import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/report/display-width.ts';
import { explain } from '../../src/report/explain.ts';
import type { ReportInput } from '../../src/report/report.ts';
import { report } from '../../src/report/report.ts';
import { cannedResult, cleanResult, incompleteResult, inputFor, shortResult } from './canned-result.ts';
import { hostileResult } from './hostile-result.ts';

function text(result: ReportInput['result'], changes: Partial<ReportInput> = {}): string {
  return report('text', inputFor(result, changes));
}

describe('layout', () => {
  it.each([50, 60, 80, 100, 120, 400])('keeps to %i columns', (columns) => {
    for (const result of [cannedResult, incompleteResult]) {
      const lines = text(result, { columns }).split('\n');
      expect(lines.filter((line) => displayWidth(line) > Math.min(columns, 120))).toEqual([]);
    }
  });

  it('gives every source line a gutter', () => {
    const lines = text(cannedResult).split('\n');
    const quoting = lines.filter((line) => /await|const |function |return /.test(line) && !line.startsWith(' src/'));
    expect(quoting.length).toBeGreaterThan(10);
    expect(quoting.filter((line) => !/^ +\d+ │ /.test(line))).toEqual([]);
  });

  it('draws in ASCII where the terminal has no more', () => {
    const lines = text(cannedResult, { unicode: false }).split('\n');
    // Only what the source itself says is not ASCII.
    const foreign = lines.join('').match(/\P{ASCII}/gu) ?? [];
    expect([...new Set(foreign)].sort().join('')).toBe('€取引摘明細要');
  });

  it('puts platforms with the worst finding first, and the worst finding first in each', () => {
    const headings = text(cannedResult).match(
      /^(?: (?:CRITICAL|HIGH|MEDIUM|LOW)|\w+(?: \(\w+\))?(?= {2,}\d+ findings?))/gm,
    );
    expect(headings).toEqual([
      'Messenger (Meta)',
      ' CRITICAL',
      ' HIGH',
      'Telegram',
      ' HIGH',
      ' MEDIUM',
      'Slack (Salesforce)',
      ' LOW',
    ]);
  });

  it('links places to files, and leaves out links of names that hide something', () => {
    expect(text(shortResult, { hyperlinks: true })).toContain(']8;;file:///bot/src/slack/echo.js#L4');
    const links = text(hostileResult, { hyperlinks: true }).split('\u001B]8;;').slice(1);
    expect(
      links.filter((link) => !/^(?:file:\/\/\/bot\/src\/slack\/echo\.js#L\d+)?$/.test(link.split('\u001B')[0] ?? '')),
    ).toEqual([]);
  });

  it('still says where, without source lines', () => {
    expect(text(shortResult, { lines: {} })).toContain('leaves for Salesforce');
  });
});

describe('paths', () => {
  it('leaves out the middle of a long one and says how much', () => {
    expect(text(cannedResult)).toContain('2 lines of the path left out');
  });

  it('shows the send site though no step stands there, and the detour in a word', () => {
    const balance = text(cannedResult)
      .split('\n\n')
      .find((block) => block.includes('acct.balance'));
    expect(balance).toMatch(/by way of src\/lib\/money\.js:1\n +10 │ await sendText\(psid, text\);/);
  });

  it('names more sources', () => {
    expect(text(cannedResult)).toContain('1 more source reaches this call: user.firstName (line 8).');
  });
});

describe('the whole', () => {
  it('is one calm line when nothing is found', () => {
    expect(text(cleanResult)).toBe('6 files · nothing found · 9 sends looked at · policy strict · complete · 0.41 s\n');
  });

  it('says what is hidden and allowed', () => {
    expect(text(cannedResult)).toContain('2 findings of lower confidence or severity are hidden (--confidence');
    expect(text(cannedResult)).toContain('1 flow is allowed by the policy.');
  });

  it('names the first reasons of an incomplete scan, and their count', () => {
    expect(text(incompleteResult)).toMatchInlineSnapshot(`
      " INCOMPLETE  7 files could not be read and 1 part of the search not finished; a
                   leak there would not be seen.
         failed    src/generated/1.js: nested too deeply
         failed    src/generated/2.js: nested too deeply
         failed    src/generated/3.js: nested too deeply
         failed    src/generated/4.js: nested too deeply
         failed    src/generated/5.js: nested too deeply
                   and 3 more

       1 file has syntax errors and is read as far as possible.
         degraded  src/old.js: syntax error at 3:1
       1 import could not be found.
         import    src/old.js: cannot find "./gone"

      6 files · nothing found · 9 sends looked at
      policy strict · incomplete · 0.41 s
      "
    `);
  });

  it('has no table for one platform', () => {
    expect(text(cannedResult)).toContain('all platforms');
    expect(text(shortResult)).not.toContain('all platforms');
  });

  it('prints only findings when quiet, but never hides that a scan is incomplete', () => {
    expect(text(cleanResult, { quiet: true })).toBe('');
    expect(text(incompleteResult, { quiet: true })).toContain('INCOMPLETE');
    expect(text(cannedResult, { quiet: true })).not.toContain('policy strict');
  });
});

describe('explain', () => {
  it('shows evidence with its points and every step', () => {
    const explained = explain(inputFor(cannedResult));
    expect(explained).toContain('      3.5  name  `balance`');
    expect(explained).toContain('     -3.0  project.game  dice');
    expect(explained).toContain('   load     src/telegram/salary.ts:9:36  one.label');
    expect(explained).toContain('fingerprint 3f9c2a7e51d0446b8a7c0d7be2f1a945');
  });

  it('is as safe as the report', () => {
    const explained = explain(inputFor(hostileResult));
    expect(explained.replaceAll('\n', '').match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu) ?? []).toEqual([]);
    expect(explained).not.toMatch(/^\s*::|##(?:vso)?\[/im);
  });
});
