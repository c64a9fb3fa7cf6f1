// What the report says of packages that no rule knows: what was guessed, and that nothing was recognised.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { analyse } from '../../src/analyse.ts';
import { read } from '../../src/read/read.ts';

const builtInRules = path.resolve(import.meta.dirname, '../../rules');
const settings = { version: '0.0.0', confidence: 'medium', severity: 'low', today: '2026-01-01' } as const;
const work = mkdtempSync(path.join(os.tmpdir(), 'leakscan-guessed-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function scan(manifest: string, code: string): Promise<{ kinds: string[]; confidences: string[] }> {
  writeFileSync(path.join(work, 'package.json'), manifest);
  writeFileSync(path.join(work, 'bot.js'), code);
  const { input } = await read({ paths: [work], builtInRules, rules: [], config: { kind: 'none' } });
  const { diagnostics, findings } = analyse(input, settings);
  return { kinds: diagnostics.map((one) => one.kind), confidences: findings.map((one) => one.confidence) };
}

const send = `
const kit = require('wa-harbour-kit');
const { bank } = require('@norderbank/core');
exports.tell = async (to) => kit.METHOD(to, \`Balance \${(await bank.getAccount(to)).balance} EUR\`);
`;
const listed = '{ "dependencies": { "wa-harbour-kit": "1" } }';

it('says what it took for sends, and is not sure of it', async () => {
  expect(await scan(listed, send.replace('METHOD', 'sendText'))).toEqual({
    kinds: ['sdk-guessed'],
    confidences: ['medium'],
  });
});

it('says that no send was recognised', async () => {
  expect(await scan(listed, send.replace('METHOD', 'remember'))).toEqual({ kinds: ['no-send'], confidences: [] });
});

it('guesses nothing of a name that no package.json lists', async () => {
  expect(await scan('{}', send.replace('METHOD', 'sendText'))).toEqual({ kinds: [], confidences: [] });
});

it('reads an alias and a fork as what they stand for, for certain', async () => {
  const bot = send.replace("require('wa-harbour-kit')", "require('kit').default({})").replace('METHOD', 'sendMessage');
  const text = bot.replace(/`(Balance.*)`/, '{ text: `$1` }');
  for (const manifest of [
    '{ "dependencies": { "kit": "npm:baileys@7" } }',
    '{ "dependencies": { "kit": "npm:@harbour/baileys-mod@1" } }',
  ])
    expect(await scan(manifest, text)).toEqual({ kinds: [], confidences: ['high'] });
});
