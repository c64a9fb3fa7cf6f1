// docs/verified.json says of each sink row how it was checked against what npm publishes; docs/platforms.md sums it up.
// `npm run verify` writes the first anew, `npm run docs` the second.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { platformsPage } from '../../scripts/platforms-page.mjs';
import type { RuleSet } from '../../src/model/rule.ts';
import { readRules } from '../../src/read/read-rules.ts';
import type { CheckedRow } from '../../src/report/list-platforms.ts';
import { listPlatforms, packageTexts, platformRows, rowText, sumUp } from '../../src/report/list-platforms.ts';

const root = path.resolve(import.meta.dirname, '../..');
const lock = JSON.parse(readFileSync(path.join(root, 'docs/verified.json'), 'utf8')) as {
  readonly date: string;
  readonly rows: Readonly<Record<string, CheckedRow & { readonly missing?: readonly string[] }>>;
};

let rules: RuleSet;

beforeAll(async () => {
  ({ rules } = await readRules({ builtIn: path.join(root, 'rules'), extra: [], config: undefined }));
});

describe('the sink rows of the platforms', () => {
  it('are all checked, or say where it is documented', () => {
    const isOfPlatform = (file: string): boolean => file.startsWith('rules/platforms/');
    const open = rules.sinks.filter(({ at, verified }) => isOfPlatform(at.file) && verified === '');
    const unchecked = open.filter((row) => lock.rows[rowText(row)] === undefined);
    expect(unchecked.map((row) => `${row.at.file}:${row.at.line} ${row.call}: npm run verify`)).toEqual([]);
    const texts = new Set(open.map(rowText));
    expect(Object.keys(lock.rows).filter((text) => !texts.has(text))).toEqual([]);
    const count = (by: string): number => open.filter((row) => lock.rows[rowText(row)]?.by === by).length;
    const docs = rules.sinks.filter(({ verified }) => verified !== '').length;
    console.log(
      `${open.length + docs} sink rows: ${count('types')} by types, ${count('source')} by source, ${docs} by docs; ` +
        `${rules.http.length} HTTP and ${rules.webhooks.length} webhook rows by docs`,
    );
  });

  it('are right: the packages have the members, and the members take the arguments', () => {
    const wrong = Object.entries(lock.rows).filter(([, row]) => row.by === 'none' || row.missing !== undefined);
    expect(wrong).toEqual([]);
  });

  it('stand sorted in the lock, one a line', () => {
    const lines = readFileSync(path.join(root, 'docs/verified.json'), 'utf8').split('\n').slice(3, -3);
    const texts = lines.map((line) => Object.keys(JSON.parse(`{${line.replace(/,$/, '')}}`)).join());
    expect(texts).toEqual(Object.keys(lock.rows).sort());
  });
});

describe('the table of platforms', () => {
  it('is docs/platforms.md', async () => {
    const page = platformsPage(platformRows(rules, sumUp(rules, lock.rows)), lock.date, packageTexts);
    await expect(page).toMatchFileSnapshot(path.join(root, 'docs/platforms.md'));
  });

  it('fits a terminal of 80 columns', () => {
    const lines = listPlatforms(platformRows(rules, sumUp(rules, lock.rows)), 80).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    for (const { name, packages } of rules.platforms) {
      expect(lines.some((line) => line.startsWith(name))).toBe(true);
      for (const one of packages) expect(lines.some((line) => line.includes(one))).toBe(true);
    }
  });
});
