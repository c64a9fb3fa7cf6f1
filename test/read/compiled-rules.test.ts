// Compiled rules are the rules of the files, and count only for these very files.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileBuiltIn, readRules } from '../../src/read/read-rules.ts';

const work = mkdtempSync(path.join(os.tmpdir(), 'leakscan-rules-'));
const builtIn = path.join(work, 'rules');
cpSync(path.resolve(import.meta.dirname, '../../rules'), builtIn, { recursive: true });
mkdirSync(path.join(work, 'dist'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const read = () => readRules({ builtIn, extra: [], config: undefined });
const compile = (text: string): void => writeFileSync(path.join(work, 'dist', 'rules.json'), text);

describe('compiled rules', () => {
  it('are the rules that the files hold, lines and all', async () => {
    const plain = await read();
    const text = await compileBuiltIn(builtIn);
    compile(text);
    expect(await read()).toEqual(plain);
    // They were really taken: another name in them shows.
    compile(text.replaceAll('"name":"Telegram"', '"name":"Telegraph"'));
    expect((await read()).rules.platforms.map((one) => one.name)).toContain('Telegraph');
  });

  it('are left aside when a file has changed, was added, or when they are broken', async () => {
    compile((await compileBuiltIn(builtIn)).replaceAll('"name":"Telegram"', '"name":"Telegraph"'));
    writeFileSync(path.join(builtIn, 'models', 'added.yml'), 'models:\n  - call: norderbank#fold(page)\n');
    const { rules } = await read();
    expect(rules.platforms.map((one) => one.name)).not.toContain('Telegraph');
    expect(rules.models.map((one) => one.call)).toContain('norderbank#fold(page)');
    compile('{');
    expect((await read()).rules).toEqual(rules);
  });
});
