// A bot among hostile files: whatever lies beside it, the bot's own leak is found, each file has a state and one reason,
// and nothing hangs, crashes or speaks to the terminal. On the built command line.

import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCompilerPaths, readManifests } from '../../src/read/read-projects.ts';
import type { Run } from './bot.ts';
import { bin, cleanBot, leakingBot, leakscan, writeFiles } from './bot.ts';

let work = '';
let folders = 0;
beforeAll(() => {
  work = mkdtempSync(path.join(os.tmpdir(), 'leakscan-hostile-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** A new folder with the leaking bot and other files. */
function botWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  folders += 1;
  return writeFiles(path.join(work, `bot${folders}`), { ...leakingBot, ...files });
}

interface Json {
  readonly status: string;
  readonly findings: readonly { readonly site: { readonly file: string } }[];
  readonly files: readonly { readonly path: string; readonly state: string; readonly reason: string }[];
}

function scanJson(dir: string): Json & { readonly code: number | null } {
  const { out, code } = leakscan([dir, '-f', 'json', '--allow-incomplete']);
  return { ...(JSON.parse(out) as Json), code };
}

/** The bot's leak is found whatever lies beside it; returns state and reason of the named file. */
function stateBeside(dir: string, file: string): string {
  const { findings, files } = scanJson(dir);
  expect(findings.map((one) => one.site.file)).toContain('bot.js');
  const [found, ...more] = files.filter((one) => one.path === file);
  expect(more).toEqual([]);
  return found ? `${found.state} ${found.reason}`.trim() : 'lost';
}

function expectOneLine({ out, err, code }: Run, pattern: RegExp): void {
  expect(err).toMatch(pattern);
  expect(err.trim().split('\n').length).toBe(1);
  expect(out).toBe('');
  expect(code).toBe(2);
}

describe('file names', () => {
  const names = [
    'a\nb.js',
    '\u001b[31mred\u001b[0m.js',
    '::error file=x::y.js',
    '\u202egnp.js',
    `${'n'.repeat(250)}.js`,
  ];

  it('reach no terminal and no build log as they are', () => {
    const dir = botWith(Object.fromEntries(names.map((name) => [name, leakingBot['bot.js']])));
    for (const format of ['text', 'github']) {
      const { out, err, code } = leakscan([dir, '-f', format]);
      expect(code).toBe(1);
      expect(err).toBe('');
      for (const hostile of ['\u001b', '\u202e', '\na\nb.js', 'a\nb.js']) expect(out).not.toContain(hostile);
      expect(out.split('\n').filter((line) => /^\s*::error file=x::/.test(line))).toEqual([]);
    }
    const { findings, files } = scanJson(dir);
    expect(findings.length).toBe(names.length + 1);
    expect(files.map((one) => one.path)).toEqual(expect.arrayContaining(names));
  });

  it('may be a word of the language: __proto__, constructor', () => {
    const dir = botWith({
      '__proto__.js': 'exports.constructor = 1;\n',
      'constructor.js': "exports.__proto__ = require('./__proto__');\n",
    });
    expect(stateBeside(dir, '__proto__.js')).toBe('analysed');
    expect(stateBeside(dir, 'constructor.js')).toBe('analysed');
  });
});

describe('contents', () => {
  // Broken into lines, since long lines count as minified.
  const deep = (open: string, middle: string, close: string, times: number): string =>
    `const it = ${`${open}\n`.repeat(times)}${middle}${`${close}\n`.repeat(times)};\n`;
  const shapes: Readonly<Record<string, string>> = {
    'brackets.js': deep('[', '', ']', 20_000),
    'parentheses.js': deep('(', '1', ')', 20_000),
    'objects.js': deep('{a:', '1', '}', 20_000),
    'arrows.js': deep('() => (', '1', ')', 5_000),
    'functions.js': deep('function () { return ', '1', '}', 5_000),
    'calls.js': deep('f(', '1', ')', 20_000),
    'templates.js': deep('`${', '1', '}`', 5_000),
    'blocks.js': `${'{\n'.repeat(20_000)}${'}\n'.repeat(20_000)}`,
    'conditionals.js': deep('a ? b :', '1', '', 20_000),
    'operators.js': deep('!', '1', '', 20_000),
    'members.js': `const it = a${'.b()\n'.repeat(20_000)};\n`,
    'sums.js': `const it = 'a'${" +\n 'b'".repeat(50_000)};\n`,
    'else-if.js': `if (a) b(); ${'else if (a) b();\n'.repeat(5_000)}`,
    'elements.jsx': deep('<a>', '', '</a>', 5_000).replace('= <a>\n', '= <a>'),
    'types.ts': `let it: ${'A<\n'.repeat(5_000)}B${'>'.repeat(5_000)};\n`,
    'open.js': deep('[', '1', '', 20_000),
  };

  it('nested in any way are analysed or named, and hide nothing', () => {
    const { files, findings } = scanJson(botWith(shapes));
    expect(findings.length).toBe(1);
    const states = new Map(files.map((file) => [file.path, `${file.state} ${file.reason}`.trim()]));
    for (const file of Object.keys(shapes))
      expect(`${file} ${states.get(file)}`).toMatch(
        /(?:js|jsx|ts) (?:analysed|degraded syntax error at .*|failed nested too deeply)$/,
      );
  });

  it('one line of 1.8 MB is left out as minified; many lines of it are analysed', () => {
    const dir = botWith({
      'line.js': `const a = [${'1,'.repeat(900_000)}];\n`,
      'lines.js': `const a = [${'1,\n'.repeat(600_000)}];\n`,
    });
    expect(stateBeside(dir, 'line.js')).toBe('excluded minified');
    expect(stateBeside(dir, 'lines.js')).toBe('analysed');
  });

  it('NUL bytes are characters like others', () => {
    const dir = botWith({ 'nul.js': 'const a = "x\0y";\0\0 f(\0)\n', 'nuls.js': new Uint8Array(5000) });
    expect(stateBeside(dir, 'nul.js')).toMatch(/^degraded syntax error at 1:\d+/);
    expect(stateBeside(dir, 'nuls.js')).toMatch(/^(?:analysed|degraded)/);
  });

  it('what is no text is named, also in the report', () => {
    const dir = botWith({ 'bytes.js': Uint8Array.from([0x61, 0xc3, 0x28, 0xff]) });
    expect(stateBeside(dir, 'bytes.js')).toBe('failed neither UTF-8 nor UTF-16');
    expect(leakscan([dir]).code).toBe(2);
  });

  it('UTF-16 with a byte order mark is read', () => {
    const text = Buffer.from(`\ufeff${leakingBot['bot.js']}`, 'utf16le');
    const dir = botWith({ 'wide.js': text });
    expect(
      scanJson(dir)
        .findings.map((one) => one.site.file)
        .sort(),
    ).toEqual(['bot.js', 'wide.js']);
  });

  it('keys that are words of the language pollute nothing', () => {
    const dir = botWith({
      'words.js':
        "const it = { __proto__: a, constructor: b, 'hasOwnProperty': c, toString: d };\nit.__proto__.x = it;\n",
      'data.json': '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}',
      'reads.js': "const data = require('./data.json');\nexports.value = data.__proto__.polluted;\n",
      'tsconfig.json': '{"compilerOptions":{"baseUrl":".","paths":{"__proto__":["./x"],"constructor":[7,"y"]}}}',
      'sub/package.json': '{"name":"__proto__","dependencies":{"__proto__":"1"},"exports":{"__proto__":"./x"}}',
    });
    const { findings, status } = scanJson(dir);
    expect(findings.length).toBe(1);
    expect(status).toBe('complete');
  });
});

describe('special files', () => {
  it('a loop of links, a link out of the folder and a pipe do not hang', () => {
    const dir = botWith({ 'sub/own.js': 'exports.a = 1;\n' });
    symlinkSync(dir, path.join(dir, 'sub/loop'));
    symlinkSync('/dev/zero', path.join(dir, 'zero.js'));
    symlinkSync(bin, path.join(dir, 'outside.js'));
    spawnSync('mkfifo', [path.join(dir, 'pipe.js')]);
    mkdirSync(path.join(dir, 'folder.js'));
    const { files, findings, status } = scanJson(dir);
    expect(files.map((one) => one.path)).toEqual(['bank.js', 'bot.js', 'sub/own.js']);
    expect([findings.length, status]).toEqual([1, 'complete']);
  });

  it.skipIf(process.getuid?.() === 0)('a file that may not be read is named', () => {
    const dir = botWith({ 'closed.js': '1;\n' });
    chmodSync(path.join(dir, 'closed.js'), 0);
    expect(stateBeside(dir, 'closed.js')).toBe('failed no permission to read it');
  });

  it('100 MB are refused by their size, in one line', () => {
    const dir = botWith({ 'sparse.js': '' });
    truncateSync(path.join(dir, 'sparse.js'), 100_000_000);
    const { out, code } = leakscan([dir]);
    expect(out.split('\n').filter((line) => line.includes('sparse.js'))).toEqual([
      expect.stringMatching(/failed\s+sparse\.js: larger than 2 MB/),
    ]);
    expect(code).toBe(2);
  });
});

describe('configuration of the scanned project', () => {
  it('a tsconfig that extends itself in many ways ends', () => {
    const circle = '{"extends":["./tsconfig.a.json","./tsconfig.b.json","./tsconfig.json"]}';
    const dir = botWith({ 'tsconfig.json': circle, 'tsconfig.a.json': circle, 'tsconfig.b.json': circle });
    expect(scanJson(dir).findings.length).toBe(1);
    const chain = Array.from({ length: 40 }, (_, i) => ({
      path: `tsconfig.${i}.json`,
      text: JSON.stringify({ extends: [`./tsconfig.${i + 1}.json`, `./tsconfig.${i + 1}.json`] }),
    }));
    const last = { path: 'tsconfig.40.json', text: '{"compilerOptions":{"paths":{"~/*":["src/*"]}}}' };
    expect(readCompilerPaths([...chain, last]).map((one) => one.paths['~/*'])).toEqual(Array(41).fill(['src/*']));
  });

  it('manifests and tsconfigs of wrong shapes are left out', () => {
    const texts = ['null', '[]', '7', '{', '{"compilerOptions":null}', '{"compilerOptions":7,"paths":7,"extends":{}}'];
    const wrong = ['{"compilerOptions":{"paths":null,"baseUrl":{}}}', '{"exports":[[["./a"]]],"imports":7,"main":{}}'];
    const nested = `{"exports":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    for (const text of [...texts, ...wrong, nested]) {
      expect(() => readCompilerPaths([{ path: 'tsconfig.json', text }])).not.toThrow();
      expect(() => readManifests([{ path: 'package.json', text }])).not.toThrow();
    }
  });

  const levels = 'abcdefghi';
  const laughs = [...levels].map((name, i) => {
    const before = levels[i - 1];
    return `${name}: &${name} [${Array(9)
      .fill(before === undefined ? 'ha' : `*${before}`)
      .join()}]`;
  });
  const broken: Readonly<Record<string, readonly [string, RegExp]>> = {
    'aliases that multiply': [`${laughs.join('\n')}\n`, /leakscan\.yml: not valid YAML: .*alias/],
    'a hundred thousand brackets': ['['.repeat(100_000), /leakscan\.yml:.*not valid YAML/],
    'the key __proto__': ['__proto__:\n  polluted: yes\n', /leakscan\.yml:1:1: unknown key "__proto__"/],
    'the key constructor': ['constructor: { prototype: {} }\n', /leakscan\.yml:1:1: unknown key "constructor"/],
    'a tag of code': ['ignore: !!js/function "() => 1"\n', /leakscan\.yml/],
    'a backreference': ['terms:\n  - category: balance\n    patterns: ["(a)\\\\1"]\n', /leakscan\.yml:3:\d+: /],
    'look-behind': ['terms:\n  - category: balance\n    patterns: ["(?<=a)b"]\n', /leakscan\.yml:3:\d+: /],
    'a file outside': ['extends: ["../../etc/rules.yml"]\n', /leakscan\.yml:1:1: .*outside/],
    'more than a megabyte': [`# ${'x'.repeat(1_100_000)}\n`, /leakscan\.yml: larger than 1 MB/],
  };
  it.each(Object.keys(broken))('leakscan.yml with %s is one line', (name) => {
    const [text, pattern] = broken[name] ?? ['', /./];
    expectOneLine(leakscan([botWith({ 'leakscan.yml': text })]), pattern);
  });

  it('patterns that explode elsewhere cost nothing', () => {
    const long = 'a'.repeat(60);
    const dir = botWith({
      'leakscan.yml': `terms:\n  - category: balance\n    patterns: ["(a+)+$", "(a|aa)+b", "(.*a){20}b"]\n`,
      'names.js': `exports.${long}X = (ctx) => ctx.reply(${long}X);\n`,
    });
    const started = performance.now();
    expect(scanJson(dir).findings.length).toBe(1);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('schemas', () => {
  const long = 300_000;
  const quoted = (text: string): string => `exports.sql = ${JSON.stringify(text)};\n`;

  it.each(
    Object.entries({
      'schema.prisma': `model A {\n${'\n'.repeat(long)}`,
      'open.prisma': 'model A {\n'.repeat(long / 10),
      'line.prisma': `model A {\n  ${'a '.repeat(long / 2)}\n}\n`,
      'open.sql': 'create table a (\n'.repeat(long / 17),
      'comment.sql': `create table a (b int); ${'/*'.repeat(long / 2)}`,
      'create.js': quoted('create '.repeat(long / 7)),
      'table.js': quoted('create table a (b '.repeat(long / 18)),
    }),
  )('that explode elsewhere cost nothing: %s', (name, text) => {
    const started = performance.now();
    expect(scanJson(botWith({ [name]: text })).findings.length).toBe(1);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('objects', () => {
  it.each(
    Object.entries({
      'that are their own prototype': `
        function A() {}
        Object.setPrototypeOf(A.prototype, A.prototype);
        A.prototype.__proto__ = Object.create(A.prototype);
        for (const key in new A()) exports[key] = new A()[key];
        class B extends B.constructor {}
        Object.assign(B.prototype, B, A.prototype, new B());\n`,
      'that all change each other': Array.from(
        { length: 300 },
        (_, i) =>
          `exports.f${i} = (a, b) => { a.next = b; b.prev = a; exports.f${(i * 7) % 300}(b.prev, a.next); return a; };\n`,
      ).join(''),
    }),
  )('%s end', (_, text) => {
    const started = performance.now();
    expect(scanJson(botWith({ 'objects.js': text })).findings.length).toBe(1);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('interruption', () => {
  // Enough work for the signal to arrive in the middle of it.
  const manyFiles = Object.fromEntries(
    Array.from({ length: 1500 }, (_, i) => [
      `part${i}.js`,
      Array.from({ length: 40 }, (_, j) => `exports.f${j} = (a, b) => ({ a: [a, b], b: a.x(b, ${j}) });\n`).join(''),
    ]),
  );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the scan with %i, and leaves an output file as it was', async (signal, code) => {
    const dir = writeFiles(path.join(work, `stopped-${signal}`), { ...cleanBot, ...manyFiles });
    const output = path.join(work, `${signal}.json`);
    writeFileSync(output, 'before\n');
    const child = spawn(process.execPath, [bin, dir, '-f', `json=${output}`], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text) => {
      said += String(text);
    });
    setTimeout(() => child.kill(signal), 900);
    const ended = await new Promise((resolve) => child.once('close', resolve));
    expect(said).toBe(`leakscan: stopped by ${signal}\n`);
    expect(ended).toBe(code);
    expect(readFileSync(output, 'utf8')).toBe('before\n');
  });
});
