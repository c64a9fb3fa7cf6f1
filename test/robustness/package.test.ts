// The package as a user gets it: what is in it, and a first scan from an empty folder with no development tools.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanBot, leakingBot, repository, writeFiles } from './bot.ts';

let work = '';
let tarball = '';
let packed: readonly string[] = [];

beforeAll(() => {
  work = mkdtempSync(path.join(os.tmpdir(), 'leakscan-package-'));
  // Built by the test command already; scripts would build it again.
  const said = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', work], repository);
  const [{ filename, files }] = JSON.parse(said) as [{ filename: string; files: { path: string }[] }];
  tarball = path.join(work, filename);
  packed = files.map((file) => file.path).sort();
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  });
}

describe('the package', () => {
  it('holds the program, its rules and schemas, and nothing else', () => {
    const allowed = /^(?:(?:bin|dist|rules|schemas)\/.+|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/;
    expect(packed.filter((file) => !allowed.test(file))).toEqual([]);
    for (const file of [
      'bin/leakscan.js',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/worker.js',
      'dist/rules.json',
      'package.json',
    ])
      expect(packed).toContain(file);
    for (const folder of ['rules/platforms/', 'rules/policies/', 'rules/data/', 'schemas/'])
      expect(packed.some((file) => file.startsWith(folder))).toBe(true);
  });

  it('scans from an empty folder: 1 for a bot that leaks, 0 for its clean twin', () => {
    const home = path.join(work, 'empty folder ü');
    mkdirSync(home);
    npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', tarball], home);
    writeFiles(path.join(home, 'leaking'), leakingBot);
    writeFiles(path.join(home, 'clean'), cleanBot);
    const scan = (dir: string) =>
      spawnSync('npx', ['--no-install', 'leakscan', dir], { cwd: home, encoding: 'utf8', timeout: 60_000 });
    const leaking = scan('leaking');
    expect(leaking.stderr).toBe('');
    expect(leaking.stdout).toContain('An account balance reaches Telegram');
    expect(leaking.status).toBe(1);
    const clean = scan('clean');
    expect(clean.stdout).toContain('nothing found');
    expect(clean.status).toBe(0);
  }, 180_000);
});
