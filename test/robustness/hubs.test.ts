// Hubs: one object that knows everything, one client that everybody shares, and hundreds of handlers. The search stays
// bounded (counted in states, not seconds), finds what is planted, and says where it gave up.

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanResult } from '../../src/model/finding.ts';
import { scan } from '../../src/scan.ts';
import { writeFiles } from './bot.ts';
import type { GameOptions } from './game.ts';
import { gameBot } from './game.ts';

let work = '';
beforeAll(() => {
  work = mkdtempSync(path.join(os.tmpdir(), 'leakscan-hubs-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function scanGame(options: GameOptions): Promise<ScanResult> {
  const dir = writeFiles(path.join(work, `${options.handlers}-${options.unrelated}`), gameBot(options));
  return (await scan({ paths: [dir], config: false, confidence: 'low', severity: 'info' })).result;
}

const places = ({ findings }: ScanResult): string[] =>
  findings.map((one) => `${one.category} ${one.site.file}:${one.site.startLine}`);

/** The planted leak; the near miss stands six lines below it. */
const planted = ['balance src/bank-corner.js:8'];

describe('a game with a hub', () => {
  it('of 50 handlers is searched to the end', async () => {
    const result = await scanGame({ handlers: 50, unrelated: 0 });
    expect(places(result)).toEqual(planted);
    expect(result.status).toBe('complete');
    expect(result.stats.states).toBeLessThan(1_600_000);
  });

  it('of 500 handlers stays bounded, and each search that was cut is named with its place', async () => {
    const result = await scanGame({ handlers: 500, unrelated: 0 });
    expect(places(result)).toEqual(planted);
    expect(result.stats.states).toBeLessThan(4_500_000);
    expect(result.status).toBe('incomplete');
    const cut = result.diagnostics.filter((one) => one.kind === 'budget-hit');
    expect(cut.length).toBeGreaterThan(0);
    for (const { location, message } of cut) {
      expect(location?.file).toMatch(/^src\/handlers\/handler\d+\.js$/);
      expect(message).toMatch(/^src\/handlers\/handler\d+\.js:\d+: the search from .* was cut after \d+ states$/);
    }
    // The bank's corner itself was searched to the end.
    expect(cut.filter(({ location }) => location?.file === 'src/bank-corner.js')).toEqual([]);
  }, 120_000);

  it('finds the same among a thousand files that have nothing to do with it', async () => {
    const alone = await scanGame({ handlers: 30, unrelated: 0 });
    const among = await scanGame({ handlers: 30, unrelated: 1000 });
    expect(among.findings).toEqual(alone.findings);
    expect(among.stats.states).toBe(alone.stats.states);
    expect(among.status).toBe('complete');
    expect(among.stats.files).toBe(alone.stats.files + 1000);
  }, 120_000);
});

/** A desk of which one method sends what its vault holds, beside methods that count their calls in fields of their own. */
function deskBot(methods: number): Record<string, string> {
  const others = Array.from(
    { length: methods },
    (_, i) => `  step${i}(name) {
    this.count${i} = (this.count${i} || 0) + 1;
    if (name) this.step${(i + 1) % methods}('');
    this.last = name;
  }`,
  );
  return {
    'package.json': '{"name":"norderbank-desk","dependencies":{"telegraf":"^4.16.0"}}\n',
    'desk.js': `const { Telegraf } = require('telegraf');

class Vault {
  constructor(rows) {
    this.rows = rows;
  }
  newest() {
    return this.rows[0];
  }
}

class Desk {
  constructor(vault) {
    this.vault = vault;
    this.bot = new Telegraf('token');
  }
${others.join('\n')}
  async show(ctx) {
${Array.from({ length: methods }, (_, i) => `    this.step${i}(ctx.message.text);`).join('\n')}
    await ctx.reply(this.vault.newest().line);
    await ctx.reply(this.last);
  }
}

const desk = new Desk(new Vault([{ line: 'Balance: ' + require('./accounts.js').load().balance }]));
desk.bot.start((ctx) => desk.show(ctx));
`,
    'accounts.js': `const db = require('better-sqlite3')('bank.db');
exports.load = () => db.prepare('SELECT balance FROM accounts').get();
`,
  };
}

describe("a class whose methods change one another's object", () => {
  it('is searched along the fields that are wanted, not along each version of the object', async () => {
    const states: number[] = [];
    for (const methods of [20, 80]) {
      const dir = writeFiles(path.join(work, `desk-${methods}`), deskBot(methods));
      const { result } = await scan({ paths: [dir], config: false, confidence: 'low', severity: 'info' });
      expect(result.findings.map((one) => one.category)).toEqual(['balance']);
      expect(result.status).toBe('complete');
      states.push(result.stats.states);
    }
    expect(states[1]).toBeLessThan(5 * (states[0] ?? 0));
  });
});
