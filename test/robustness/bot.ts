// What the tests of this folder share: a small bot that leaks, its clean twin, folders, and runs of the built command line.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const repository = path.resolve(import.meta.dirname, '../..');
export const bin = path.join(repository, 'bin/leakscan.js');

const botSaying = (text: string): string => `const { Telegraf } = require('telegraf');
const { getAccount } = require('./bank');
const bot = new Telegraf(process.env.TOKEN);
bot.command('balance', async (ctx) => {
  const account = await getAccount(ctx.from.id);
  await ctx.reply(${text});
});
bot.launch();
`;

const around = {
  'bank.js': "exports.getAccount = async (id) => (await fetch('https://core.norderbank.example/' + id)).json();\n",
  'package.json': '{"name":"norderbank-bot","dependencies":{"telegraf":"^4.16.0"}}\n',
};

/** The balance of a customer, sent over Telegram: one finding. */
export const leakingBot = { ...around, 'bot.js': botSaying('`Your balance is ${account.balance} EUR`') };
/** The same bot, with a link instead: no finding. */
export const cleanBot = { ...around, 'bot.js': botSaying("'Your balance: https://norderbank.example/me'") };

export function writeFiles(dir: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  }
  return dir;
}

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command line; one that takes longer than `seconds` is killed and has no code. */
export function leakscan(args: readonly string[], seconds = 30): Run {
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    env,
    // A busy main thread does not hear SIGTERM.
    killSignal: 'SIGKILL',
    timeout: seconds * 1000,
    maxBuffer: 1 << 28,
  });
  return { code: status, out: stdout, err: stderr };
}
