// The built command line as a user meets it: results, exit codes, and one readable line for everything that is wrong.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const bin = path.join(root, 'bin/leakscan.js');
const leaking = path.join(root, 'fixtures/apps/wsj-messenger');
const clean = path.join(root, 'fixtures/apps/amex-handoff');
let work = '';

beforeAll(() => {
  work = mkdtempSync(path.join(os.tmpdir(), 'leakscan-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: readonly string[]): Run {
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    cwd: work,
    env,
    timeout: 60_000,
    maxBuffer: 1 << 28,
  });
  return { code: status, out: stdout, err: stderr };
}

function folder(name: string, files: Readonly<Record<string, string>>): string {
  const dir = path.join(work, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  }
  return dir;
}

/** The balance of a customer, sent over Telegram. */
const leakingBot = `const { Telegraf } = require('telegraf');
const bot = new Telegraf(process.env.TOKEN);
bot.command('balance', async (ctx) => {
  const account = await require('./bank').getAccount(ctx.from.id);
  await ctx.reply(\`Your balance is \${account.balance} EUR\`);
});
`;

/** Exactly one line on stderr, nothing on stdout, no stack. */
function expectOneLine(result: Run, pattern: RegExp): void {
  expect(result.err).toMatch(pattern);
  expect(result.err.trim().split('\n').length).toBeLessThanOrEqual(2);
  expect(result.err).not.toMatch(/\n\s+at /);
  expect(result.out).toBe('');
  expect(result.code).toBe(2);
}

describe('results and exit codes', () => {
  it('exits 1 with findings and names the send site', () => {
    const result = run(leaking);
    expect(result.code).toBe(1);
    expect(result.out).toContain('An account balance reaches Meta through Messenger');
    expect(result.out).toContain('handlers/balance.js:20');
    expect(result.err).toBe('');
  });

  it('exits 0 for the hand-off bot', () => {
    const result = run(clean);
    expect(result.code).toBe(0);
    expect(result.out).toContain('nothing found');
  });

  it('holds the threshold', () => {
    expect(run(leaking, '--fail-on', 'critical').code).toBe(0);
    expect(run(leaking, '--fail-on', 'never').code).toBe(0);
    expect(run(leaking, '--severity', 'critical').out).not.toContain('An account balance');
  });

  it('writes several formats at once, machine formats without colour', () => {
    const sarif = path.join(work, 'out.sarif');
    const result = run(leaking, '-f', 'json', '-f', `sarif=${sarif}`);
    expect(JSON.parse(result.out).findings.length).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(sarif, 'utf8')).version).toBe('2.1.0');
  });

  it('gives the same bytes each time', () => {
    expect(run(leaking, '-f', 'json').out).toBe(run(leaking, '-f', 'json').out);
  });

  it('explains a finding and lists rules', () => {
    const [finding] = JSON.parse(run(leaking, '-f', 'json').out).findings;
    const explained = run('explain', finding.fingerprint.slice(0, 8), leaking);
    expect(explained.out).toContain('Evidence');
    expect(explained.code).toBe(0);
    expect(run('rules', 'list').out).toContain('telegram');
  });

  it("follows a company's own leakscan.yml: sources, sinks, barriers, policy", () => {
    const dir = folder('bank', {
      'leakscan.yml': [
        'extends: [strict]',
        'sources:',
        '  - category: balance',
        '    call: "@acme/core#CoreBanking.getLedger()"',
        '    fields: [available, booked]',
        'sinks:',
        '  - platform: messenger',
        '    call: "src/lib/notify#pushToCustomer(_, payload)"',
        'barriers:',
        '  - call: "src/lib/privacy#redact(value)"',
        'policy:',
        '  - allow: { platform: messenger, category: transfer }',
        '    reason: contract WU-2017-11',
        '    approvedBy: privacy office',
        '    until: 2027-06-30',
        '',
      ].join('\n'),
      'src/lib/notify.js': 'exports.pushToCustomer = (id, payload) => globalThis.queue.put(id, payload);\n',
      'src/lib/privacy.js': 'exports.redact = (value) => String(value);\n',
      'src/main.js': `const { CoreBanking } = require('@acme/core');
const { pushToCustomer } = require('./lib/notify');
const { redact } = require('./lib/privacy');
async function run(id) {
  const core = new CoreBanking();
  const ledger = await core.getLedger(id);
  pushToCustomer(id, { text: ledger.available });
  pushToCustomer(id, { text: redact(ledger.booked) });
  pushToCustomer(id, { text: ledger.currency });
}
module.exports = { run };
`,
    });
    const { findings } = JSON.parse(run(dir, '-f', 'json').out);
    expect(
      findings.map((one: { category: string; site: { startLine: number } }) => [one.category, one.site.startLine]),
    ).toEqual([['balance', 7]]);
    expect(run(dir, '--no-config').code).toBe(0);
  });

  it('lets a policy allow what a contract covers, until its last day', () => {
    const bot = { 'bot.js': leakingBot, 'package.json': '{"dependencies":{"telegraf":"^4"}}' };
    const row = (until: string): string =>
      `policy:\n  - allow: { platform: telegram, category: balance }\n    reason: contract\n    until: ${until}\n`;
    expect(run(folder('allowed', { ...bot, 'leakscan.yml': row('2999-01-01') })).code).toBe(0);
    expect(run(folder('expired', { ...bot, 'leakscan.yml': row('2020-01-01') })).code).toBe(1);
  });
});

describe('bad input gets a clear answer', () => {
  it('a missing path', () => expectOneLine(run('no-such-bot'), /no-such-bot does not exist/));
  it('a folder without sources', () =>
    expectOneLine(run(folder('empty', { 'README.md': '' })), /no JavaScript or TypeScript files/));
  it('an unknown option', () => expectOneLine(run('--fail', 'high'), /unknown option '--fail'/));
  it('an unknown format', () =>
    expectOneLine(run(clean, '-f', 'pdf'), /Allowed formats are text, json, sarif, github/));
  it('a wrong severity', () => expectOneLine(run(clean, '--fail-on', 'loud'), /Allowed choices/));
  it('a missing configuration', () => expectOneLine(run(clean, '--config', 'none.yml'), /none\.yml does not exist/));
  it('an output that is a folder', () => {
    const result = run(clean, '-f', `json=${work}`);
    expect(result.err).toMatch(/is a directory/);
    expect(result.code).toBe(2);
  });

  const rules: Readonly<Record<string, readonly [string, RegExp]>> = {
    'a wrong key': [
      'sinks:\n  - platform: messenger\n    cal: "x#y()"\n',
      /rules\.yml:3:5: unknown key "cal".*did you mean "call"/,
    ],
    'a wrong type': ['sinks: 5\n', /rules\.yml:1:1: .*array/],
    'broken YAML': ['sinks: [\n', /rules\.yml:\d+:\d+: not valid YAML/],
    'a wrong platform': [
      'sinks:\n  - platform: mesenger\n    call: "x#y(a)"\n',
      /unknown platform "mesenger"; did you mean "messenger"/,
    ],
    'a wrong category': [
      'sources:\n  - category: balnce\n    call: "x#y()"\n',
      /unknown category "balnce"; did you mean "balance"/,
    ],
    'a wrong pattern': [
      'sinks:\n  - platform: messenger\n    call: "x#y(a"\n',
      /rules\.yml:3:5: brackets do not match/,
    ],
    'a wrong place': [
      'sinks:\n  - platform: messenger\n    call: "x#y(a)"\n    payload: ["a..b"]\n',
      /rules\.yml:4:\d+: "a\.\.b" is not a place/,
    ],
    'a regular expression that needs backtracking': [
      'terms:\n  - category: balance\n    patterns: ["(a)\\\\1"]\n',
      /rules\.yml:3:\d+: /,
    ],
    'a wrong date': [
      'policy:\n  - allow: { platform: messenger }\n    reason: x\n    until: soon\n',
      /expected a date such as 2027-06-30/,
    ],
    'an unknown policy': ['extends: [stric]\n', /unknown policy "stric"; did you mean "strict"/],
  };
  for (const [name, [text, pattern]] of Object.entries(rules)) {
    it(`a rule file with ${name}`, () => {
      const file = path.join(folder(`rules ${name}`, { 'rules.yml': text }), 'rules.yml');
      expectOneLine(run(clean, '--rules', file), pattern);
    });
  }

  it('syntax errors are recovered from and reported, and lose nothing', () => {
    const dir = folder('broken', {
      'bot.js': `${leakingBot}\nconst broken = (;\n`,
      'package.json': '{"dependencies":{"telegraf":"^4"}}',
    });
    const result = run(dir);
    expect(result.out).toContain('degraded  bot.js: syntax error');
    expect(result.out).toContain('An account balance reaches Telegram');
    expect(result.code).toBe(1);
  });

  it('fifty thousand brackets are analysed or named, and stop no other file', () => {
    const deep = `const a = ${'['.repeat(50_000)}${']'.repeat(50_000)};\n`;
    const dir = folder('deep', {
      'deep.js': deep,
      'bot.js': leakingBot,
      'package.json': '{"dependencies":{"telegraf":"^4"}}',
    });
    const { findings, files } = JSON.parse(run(dir, '-f', 'json', '--allow-incomplete').out);
    expect(findings.length).toBe(1);
    expect(files.map((file: { path: string }) => file.path)).toEqual(['bot.js', 'deep.js']);
  });

  it('links, pipes and folders with a source name do no harm', () => {
    const dir = folder('special', { 'bot.js': leakingBot, 'package.json': '{"dependencies":{"telegraf":"^4"}}' });
    symlinkSync(dir, path.join(dir, 'loop'));
    symlinkSync('/dev/zero', path.join(dir, 'zero.js'));
    mkdirSync(path.join(dir, 'folder.js'));
    spawnSync('mkfifo', [path.join(dir, 'pipe.js')]);
    const { findings, status } = JSON.parse(run(dir, '-f', 'json').out);
    expect(findings.length).toBe(1);
    expect(status).toBe('complete');
  });

  it('text that is no text fails alone, and makes the scan incomplete', () => {
    const dir = folder('bytes', { 'bot.js': leakingBot, 'package.json': '{"dependencies":{"telegraf":"^4"}}' });
    writeFileSync(path.join(dir, 'bytes.js'), Buffer.from([0x61, 0xc3, 0x28, 0xff]));
    const result = run(dir);
    expect(result.out).toContain('failed    bytes.js: neither UTF-8 nor UTF-16');
    expect(result.code).toBe(2);
    expect(run(dir, '--allow-incomplete').code).toBe(1);
  });
});

describe('start-up', () => {
  it('does not load the compiler for help, version and wrong usage', () => {
    const spy = `import { createRequire } from 'node:module';
      const { cache } = createRequire('file:///spy.js');
      process.on('exit', () => console.log('LOADED', Object.keys(cache).filter((file) => file.includes('ts-morph')).length));`;
    for (const args of [['--help'], ['--version'], ['--wrong']]) {
      const preload = `data:text/javascript,${encodeURIComponent(spy)}`;
      const { stdout } = spawnSync(process.execPath, ['--import', preload, bin, ...args], { encoding: 'utf8' });
      expect(stdout).toMatch(/LOADED 0\n$/);
    }
  });

  it('prints its version and examples', () => {
    expect(run('--version').out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(run('--help').out).toContain('Examples:');
    expect(run('--help').code).toBe(0);
  });
});
