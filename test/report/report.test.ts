// Every format over the canned result: what it looks like, that it repeats, and that nothing of it can act on a terminal or a log.

import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ReportFormat } from '../../src/report/report.ts';
import { report, reportFormats } from '../../src/report/report.ts';
import { cannedResult, cleanResult, incompleteResult, inputFor, shortResult } from './canned-result.ts';
import { hostileResult } from './hostile-result.ts';

// JSON and SARIF take a hundred lines for one finding.
const subjects: Readonly<Record<ReportFormat, typeof cannedResult>> = {
  text: cannedResult,
  json: shortResult,
  sarif: shortResult,
  github: cannedResult,
};

function withShortObjectsOnOneLine(json: string): string {
  return json.replace(/[{[][^{}[\]]*[}\]]/g, (object) => object.replace(/\s+/g, ' '));
}

describe.each(reportFormats)('%s', (format) => {
  it('looks as it did', async () => {
    const text = report(format, inputFor(subjects[format]));
    const shown = format === 'sarif' ? withShortObjectsOnOneLine(text) : text;
    await expect(shown).toMatchFileSnapshot(`snapshots/report.${format}.txt`);
  });

  it('gives the same bytes each time', () => {
    expect(report(format, inputFor(cannedResult))).toBe(report(format, inputFor(structuredClone(cannedResult))));
  });

  it('ends with one newline, or is empty', () => {
    for (const result of [cannedResult, cleanResult, incompleteResult]) {
      expect(report(format, inputFor(result))).toMatch(/^$|[^\n]\n$/);
    }
  });

  it('lets no character of a name or a source line act on a terminal', () => {
    for (const unicode of [true, false]) {
      const text = report(format, inputFor(hostileResult, { unicode }));
      expect(text.replaceAll('\n', '').match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu) ?? []).toEqual([]);
    }
  });

  it('lets no name or source line act on a build log', () => {
    const lines = report(format, inputFor(hostileResult)).split('\n');
    const commands = lines.filter((line) => /^\s*::/.test(line));
    if (format === 'github')
      expect(commands.every((line) => /^::(?:error|warning|notice) (?:file|title)=/.test(line))).toBe(true);
    else expect(commands).toEqual([]);
    // A line that begins with a command of the newer kind is not searched for one of the older kind.
    expect(lines.filter((line) => !line.startsWith('::') && /##(?:vso)?\[/i.test(line))).toEqual([]);
  });

  it('covers long numbers and tokens of the source', () => {
    // A card number in the code frame, in the site's text, and in the sentences.
    expect(report(format, inputFor(shortResult))).not.toContain('370400440532013000');
  });

  it('shows no colour to a machine, and the same words with every colour', () => {
    const bare = report(format, inputFor(cannedResult));
    for (const color of [1, 2, 3] as const) {
      const colored = report(format, inputFor(cannedResult, { color, hyperlinks: true }));
      expect(stripVTControlCharacters(colored)).toBe(bare);
      if (format !== 'text') expect(colored).toBe(bare);
    }
  });
});
