// `--cache`: the second scan of the same is only looked up, whatever has changed is scanned again, and no broken cache does harm.

import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const bin = path.join(root, 'bin/leakscan.js');
let work = '';
let bot = '';

beforeAll(() => {
  work = mkdtempSync(path.join(os.tmpdir(), 'leakscan-cache-'));
  bot = path.join(work, 'bot');
  cpSync(path.join(root, 'fixtures/apps/wsj-messenger'), bot, { recursive: true });
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** The JSON report, and whether the compiler was loaded for it (a worker was started). */
function scan(home: string, ...args: readonly string[]): { readonly out: string; readonly isScanned: boolean } {
  const spy = `import { syncBuiltinESMExports } from 'node:module';
    import threads from 'node:worker_threads';
    const { Worker } = threads;
    threads.Worker = class extends Worker { constructor(...all) { super(...all); console.error('SCANNED'); } };
    syncBuiltinESMExports();`;
  const preload = `data:text/javascript,${encodeURIComponent(spy)}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', preload, bin, bot, '-f', 'json', ...args], {
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: home },
  });
  return { out: stdout, isScanned: stderr.includes('SCANNED') };
}

it('looks up what has not changed, and says the same', () => {
  const home = path.join(work, 'plain');
  const fresh = scan(home);
  expect(readdirSync(work)).not.toContain('plain');
  const first = scan(home, '--cache');
  const second = scan(home, '--cache');
  expect([fresh.isScanned, first.isScanned, second.isScanned]).toEqual([true, true, false]);
  expect(first.out).toBe(fresh.out);
  expect(second.out).toBe(fresh.out);
});

it('scans again for another file, another rule, another setting', () => {
  const home = path.join(work, 'changes');
  scan(home, '--cache');
  expect(scan(home, '--cache', '--confidence', 'low').isScanned).toBe(true);
  const rules = path.join(work, 'rules.yml');
  writeFileSync(rules, 'sources:\n  - category: balance\n    call: "readLedger()"\n');
  expect(scan(home, '--cache', '--rules', rules).isScanned).toBe(true);
  expect(scan(home, '--cache', '--rules', rules).isScanned).toBe(false);
  writeFileSync(path.join(bot, 'new.js'), 'export const answer = 42;\n');
  expect(scan(home, '--cache', '--rules', rules).isScanned).toBe(true);
});

it('takes a broken cache for none', () => {
  const home = path.join(work, 'broken');
  scan(home, '--cache');
  const folder = path.join(home, 'leakscan');
  for (const text of ['', '{', 'null', '{"key":1}', '{"key":"x","result":{}}']) {
    for (const file of readdirSync(folder)) writeFileSync(path.join(folder, file), text);
    const { out, isScanned } = scan(home, '--cache');
    expect(isScanned).toBe(true);
    expect(JSON.parse(out).findings.length).toBeGreaterThan(0);
  }
});

it('does without a folder that it cannot write', () => {
  const home = path.join(work, 'locked');
  mkdirSync(home);
  writeFileSync(path.join(home, 'leakscan'), 'a file where the folder should be');
  chmodSync(home, 0o500);
  expect(JSON.parse(scan(home, '--cache').out).findings.length).toBeGreaterThan(0);
});
