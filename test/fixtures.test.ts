// Scans every fixture folder as a project of its own and holds the findings against the annotations in its files.
// The totals printed at the end are the tool's honest score.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { analyse } from '../src/analyse.ts';
import type { Expectation } from '../src/expect.ts';
import { checkExpectations, readExpectations } from '../src/expect.ts';
import { read } from '../src/read/read.ts';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const builtInRules = fileURLToPath(new URL('../rules', import.meta.url));
const shelves = ['flows', 'platforms', 'data', 'models', 'barriers', 'origins', 'apps'] as const;
const settings = { version: '0.0.0', confidence: 'medium', severity: 'low', today: '2026-01-01' } as const;

const totals = { leak: 0, ok: 0, miss: 0, noise: 0 };

for (const shelf of shelves) {
  const folders = foldersOf(join(fixtures, shelf));
  describe.skipIf(folders.length === 0)(shelf, () => {
    test.each(folders)('%s', async (folder) => {
      const root = join(fixtures, shelf, folder);
      const rules = shelf === 'flows' ? [join(fixtures, 'flows', 'rules.yml')] : [];
      const { input } = await read({ paths: [root], builtInRules, rules, config: { kind: 'auto' } });
      const result = analyse(input, settings);
      const report = checkExpectations(expectationsOf(root), result.findings);
      for (const kind of ['leak', 'ok', 'miss', 'noise'] as const) totals[kind] += report.totals[kind];
      expect(report.failures).toEqual([]);
      expect(report.totals.leak + report.totals.ok, 'a folder without annotations shows nothing').toBeGreaterThan(0);
      expect(result.files.filter((file) => file.state === 'failed')).toEqual([]);
    });
  });
}

afterAll(() => {
  const { leak, ok, miss, noise } = totals;
  console.log(`fixtures: ${leak} leak, ${ok} ok, ${miss} miss, ${noise} noise`);
});

function foldersOf(dir: string): readonly string[] {
  if (!existsSync(dir)) return [];
  const entries = readdirSync(dir, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

/** Annotations of all files of a folder, also of those that the scan leaves out. */
function expectationsOf(root: string): readonly Expectation[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => {
    if (!entry.isFile() || !/\.(?:[cm]?[jt]s|[jt]sx)$/.test(entry.name)) return [];
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(root.length + 1).replaceAll('\\', '/');
    return readExpectations(path, readFileSync(file, 'utf8'));
  });
}
