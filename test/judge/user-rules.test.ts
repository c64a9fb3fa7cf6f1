// A company's own rule file: terms of its own, other weights, other look-alikes, other severities; and what the report says of them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { analyse } from '../../src/analyse.ts';
import type { ScanResult } from '../../src/model/finding.ts';
import { read } from '../../src/read/read.ts';
import { explain } from '../../src/report/explain.ts';

const builtInRules = path.resolve(import.meta.dirname, '../../rules');
const settings = { version: '0.0.0', confidence: 'medium', severity: 'low', today: '2026-01-01' } as const;
const work = mkdtempSync(path.join(os.tmpdir(), 'leakscan-user-rules-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const bot = `
const { Telegraf } = require('telegraf');
const core = require('@norderbank/core');
const bot = new Telegraf(process.env.BOT_TOKEN);
bot.command('a', async (ctx) => {
  const customer = await core.load(ctx.from.id);
  await ctx.reply('Your balance: ' + customer.balance);
  await ctx.reply(\`Kitty: \${customer.kittyLevel}\`);
  await ctx.reply(\`Balance: \${customer.balance} stamps\`);
});
`;
writeFileSync(path.join(work, 'bot.js'), bot);
writeFileSync(path.join(work, 'package.json'), '{ "dependencies": { "telegraf": "4.16.3" } }');

async function scanWith(rules: string): Promise<ScanResult> {
  const file = path.join(work, 'own-rules.yml');
  writeFileSync(file, rules);
  const { input } = await read({ paths: [work], builtInRules, rules: [file], config: { kind: 'none' } });
  return analyse(input, settings);
}

const found = async (rules: string): Promise<readonly string[]> =>
  (await scanWith(rules)).findings.map((one) => `${one.site.startLine} ${one.category} ${one.severity}`);

it('finds what the built-in rules know where the file says nothing of it', async () => {
  expect(await found('ignore: []')).toEqual(['7 balance high']);
});

it('adds terms of its own', async () => {
  expect(await found('terms: [{ category: balance, exact: [kitty level] }]')).toEqual([
    '7 balance high',
    '8 balance high',
  ]);
});

it('changes the points of evidence and the limits of confidence', async () => {
  expect(await found('weights: { high: 30, medium: 20, low: 10 }')).toEqual([]);
  expect(await found('weights: { points: { severity.stored: 1 } }')).toEqual(['7 balance critical']);
});

it('adds look-alikes, for one word or for any', async () => {
  const alike = 'lookAlikes: [{ term: balance, meaning: a work of art, compound: [balance], points: -20 }]';
  expect(await found(alike)).toEqual([]);
});

it('lists all of the evidence with its points', async () => {
  const result = await scanWith('terms: [{ category: balance, exact: [kitty level] }]');
  const text = explain({ result, root: work, lines: {}, columns: 100, color: 0 });
  expect(text).toMatch(/6\.0 {2}name {2}`kittyLevel`/);
  expect(text).toMatch(/in all: high confidence/);
});
