// The parser tests of the language's own test suite: every file is analysed, degraded or failed with one reason,
// none is lost, and nothing crashes or hangs, whatever the file is called.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractAll } from '../../src/analyse.ts';
import { scan } from '../../src/scan.ts';

const corpus = path.resolve(import.meta.dirname, '../../node_modules/test262-parser-tests');
const folders = ['pass', 'pass-explicit', 'early', 'fail'] as const;
const files = folders.flatMap((folder) =>
  readdirSync(path.join(corpus, folder))
    .sort()
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(path.join(corpus, folder, name), 'utf8') })),
);
const oneScan = 60_000;

describe('the parser tests of test262', () => {
  it('are all there', () => expect(files.length).toBe(5361));

  it.each(['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'tsx'])('become graphs as .%s files', (extension) => {
    const renamed = files.map((file) => ({ ...file, path: file.path.replace(/js$/, extension) }));
    const { graphs, outcomes } = extractAll(renamed);
    expect(outcomes.filter((one) => one.state === 'failed')).toEqual([]);
    expect(outcomes.map((one) => one.path)).toEqual(renamed.map((file) => file.path));
    expect(outcomes.filter((one) => (one.state === 'analysed') !== (one.reason === ''))).toEqual([]);
    expect(graphs.length).toBe(files.length);
  });

  it(
    'are scanned as a folder: nothing found, no file lost, every degraded one with its reason',
    async () => {
      const { result } = await scan({ paths: [corpus], config: false, confidence: 'low', severity: 'info' });
      expect(result.status).toBe('complete');
      expect(result.findings).toEqual([]);
      expect(result.files.map((one) => one.path)).toEqual(files.map((file) => file.path).sort());
      expect(result.files.filter((one) => one.state !== 'analysed' && one.state !== 'degraded')).toEqual([]);
      const degraded = result.files.filter((one) => one.state === 'degraded');
      expect(degraded.filter((one) => !/^syntax error at \d+:\d+ \S/.test(one.reason))).toEqual([]);
      // The compiler recovers from what it rejects; files that no parser may reject it nearly all takes.
      expect(degraded.filter((one) => one.path.startsWith('fail/')).length).toBeGreaterThan(400);
      expect(degraded.filter((one) => one.path.startsWith('pass')).length).toBeLessThan(100);
    },
    oneScan,
  );
});
