// What git keeps is read, whatever .gitignore says; indexes are written here byte by byte, as gitformat-index(5) describes them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFiles } from '../../src/read/find-files.ts';
import { gitFiles, namesOf } from '../../src/read/git-index.ts';

let work = '';
beforeAll(() => {
  work = mkdtempSync(path.join(os.tmpdir(), 'leakscan-git-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function header(version: number, count: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.write('DIRC');
  bytes.writeUInt32BE(version, 4);
  bytes.writeUInt32BE(count, 8);
  return bytes;
}

/** Entries with their whole names, each filled up to a multiple of eight. */
function index(names: readonly string[], version = 2, isExtended = false): Buffer {
  const entries = names.map((name) => {
    const fixed = Buffer.alloc(isExtended ? 64 : 62, 7);
    fixed.writeUInt16BE(isExtended ? 0x4000 : 0, 60);
    const text = Buffer.from(name);
    const entry = Buffer.alloc((fixed.length + text.length + 8) & ~7);
    fixed.copy(entry);
    text.copy(entry, fixed.length);
    return entry;
  });
  return Buffer.concat([header(version, names.length), ...entries]);
}

/** Entries that say how much of the name before is dropped, and what is added to it. */
function shortIndex(entries: readonly (readonly [dropped: readonly number[], added: string])[]): Buffer {
  const parts = entries.map(([dropped, added]) => {
    const fixed = Buffer.alloc(62, 7);
    fixed.writeUInt16BE(0, 60);
    return Buffer.concat([fixed, Buffer.from(dropped), Buffer.from(`${added}\0`)]);
  });
  return Buffer.concat([header(4, entries.length), ...parts]);
}

describe('the names in an index', () => {
  it('are read in each version', () => {
    const names = ['bot.js', 'src/core/show.js', 'src/core/über.js'];
    expect(namesOf(index(names))).toEqual(names);
    expect(namesOf(index(names, 3, true))).toEqual(names);
    const long = `src/${'a'.repeat(200)}.js`;
    // 0x80 0x48 is 200 in the encoding of offsets.
    const short = shortIndex([
      [[0], 'bot.js'],
      [[6], long],
      [[0x80, 0x48], 'b.js'],
    ]);
    expect(namesOf(short)).toEqual(['bot.js', long, 'src/aaab.js']);
  });

  it('are not made up from broken bytes', () => {
    const whole = index(['bot.js', 'src/core/show.js']);
    expect(namesOf(Buffer.alloc(0))).toBeUndefined();
    expect(namesOf(Buffer.from('PACK not an index'))).toBeUndefined();
    expect(namesOf(header(9, 0))).toBeUndefined();
    expect(namesOf(whole.subarray(0, whole.length - 20))).toBeUndefined();
    expect(namesOf(header(2, 0xffffffff))).toBeUndefined();
    expect(namesOf(shortIndex([[[9], 'bot.js']]))).toBeUndefined();
  });
});

describe('.gitignore', () => {
  /** A bot whose folder `core` is ignored, and what lies in `.git`. */
  function bot(name: string, git: Record<string, string | Buffer> | undefined): string {
    const dir = path.join(work, name);
    const files: Record<string, string | Buffer> = {
      '.gitignore': 'core\nmade.js\n',
      'bot.js': 'start();\n',
      'made.js': 'made();\n',
      'src/core/show.js': 'show();\n',
    };
    for (const [file, bytes] of Object.entries(git ?? {})) files[`.git/${file}`] = bytes;
    for (const [file, bytes] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
      writeFileSync(path.join(dir, file), bytes);
    }
    return dir;
  }

  it('says nothing of a file that is committed all the same', async () => {
    const dir = bot('committed', { index: index(['.gitignore', 'bot.js', 'src/core/show.js']) });
    const { sources, outcomes } = await findFiles(dir, [], []);
    expect(sources).toEqual(['bot.js', 'src/core/show.js']);
    expect(outcomes).toEqual([{ path: 'made.js', state: 'excluded', reason: 'ignored' }]);
    expect((await findFiles(path.join(dir, 'src'), [], [])).sources).toEqual(['core/show.js']);
  });

  it('says nothing in a tree that was exported or packed', async () => {
    expect((await findFiles(bot('exported', undefined), [], [])).sources).toEqual([
      'bot.js',
      'made.js',
      'src/core/show.js',
    ]);
  });

  it('counts in a repository whose index is missing or broken', async () => {
    for (const git of [{ HEAD: 'ref: refs/heads/main\n' }, { index: 'DIRC broken' }]) {
      const dir = bot(`unknown-${Object.keys(git).join()}`, git);
      expect(gitFiles(dir)).toEqual({ kind: 'unknown' });
      expect((await findFiles(dir, [], [])).sources).toEqual(['bot.js']);
    }
  });

  it('does not overrule the configuration', async () => {
    const dir = bot('configured', { index: index(['bot.js', 'src/core/show.js']) });
    expect((await findFiles(dir, [], ['src/core'])).sources).toEqual(['bot.js']);
    expect((await findFiles(dir, [], ['!made.js'])).sources).toEqual(['bot.js', 'made.js', 'src/core/show.js']);
  });

  it('is found from a worktree, whose .git is a file', () => {
    const dir = path.join(work, 'worktree');
    mkdirSync(dir, { recursive: true });
    bot('main', { 'worktrees/desk/index': index(['bot.js']) });
    writeFileSync(path.join(dir, '.git'), 'gitdir: ../main/.git/worktrees/desk\n');
    expect(gitFiles(dir)).toEqual({ kind: 'tracked', files: new Set(['bot.js']) });
  });
});
