// How long a cold scan takes beside TypeScript's own parse of the same files, in one process run: npm run build && npm run bench
//   npm run bench              a generated corpus of 2,000 files
//   npm run bench -- 500       one of 500 files
//   npm run bench -- ./bot     a folder
// The scan is `analyse` (extract to judge) in this thread, without the worker's start; reading is timed on its own.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ts } from 'ts-morph';
import { analyse } from '../dist/analyse.js';
import { read } from '../dist/read/read.js';

const wanted = process.argv[2] ?? '2000';
const isFolder = !/^\d+$/.test(wanted) || existsSync(wanted);
const folder = isFolder ? wanted : generate(Number(wanted));
const builtInRules = path.resolve(import.meta.dirname, '../rules');

try {
  const started = performance.now();
  const { input } = await read({ paths: [folder], builtInRules, rules: [], config: { kind: 'none' } });
  const reading = performance.now() - started;
  // The scan goes first: it is the one that meets cold code.
  const scanned = performance.now();
  const settings = { version: '0', confidence: 'medium', severity: 'low', today: '2026-01-01' };
  const result = analyse(input, settings);
  const scanning = performance.now() - scanned;
  const memory = process.memoryUsage();
  const parsed = performance.now();
  for (const file of input.files) ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, false);
  const parsing = performance.now() - parsed;
  const { files, lines, sinks, sources, states } = result.stats;
  const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
  const rows = {
    corpus: `${files} files, ${lines} lines; ${sinks} payload places, ${sources} sources, ${states} states`,
    result: `${result.status}, ${result.findings.length} findings`,
    read: `${seconds(reading)} (files and rules)`,
    scan: `${seconds(scanning)}, ${Math.round((lines / scanning) * 1000)} lines/s`,
    parse: `${seconds(parsing)} (warm: after the scan)`,
    ratio: `${(scanning / parsing).toFixed(2)} × parse`,
    memory: `${Math.round(memory.rss / 1e6)} MB resident, ${Math.round(memory.heapUsed / 1e6)} MB heap`,
  };
  for (const [name, text] of Object.entries(rows)) console.log(`${name.padEnd(8)}${text}`);
} finally {
  if (!isFolder) rmSync(folder, { recursive: true, force: true });
}

/** A bot in layers: commands, services, stores and views; every tenth command sends a balance. */
function generate(count) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'leakscan-bench-'));
  const write = (file, text) => {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  };
  write('package.json', '{"name":"norderbank-bench","dependencies":{"telegraf":"^4.16.0","axios":"^1.7.0"}}\n');
  const units = Math.max(1, Math.round(count / 4));
  for (let i = 0; i < units; i++) {
    write(`src/stores/store${i}.ts`, storeText(i));
    write(`src/services/service${i}.ts`, serviceText(i));
    write(`src/views/view${i}.ts`, viewText(i));
    write(`src/commands/command${i}.ts`, commandText(i));
  }
  return dir;
}

function storeText(i) {
  return `import axios from 'axios';

export interface Entry${i} { id: string; title: string; amount: number; openedAt: Date }

export class Store${i} {
  private readonly entries = new Map<string, Entry${i}>();
  constructor(private readonly base: string) {}
  async load(id: string): Promise<Entry${i}> {
    const known = this.entries.get(id);
    if (known) return known;
    const { data } = await axios.get<Entry${i}>(\`\${this.base}/entries/\${id}\`, { timeout: ${1000 + i} });
    this.entries.set(id, data);
    return data;
  }
  list(): Entry${i}[] {
    return [...this.entries.values()].filter((entry) => entry.amount > ${i}).sort((a, b) => a.amount - b.amount);
  }
}
`;
}

function serviceText(i) {
  return `import { Store${i} } from '../stores/store${i}';

const store = new Store${i}(process.env.CORE_URL ?? 'https://core.norderbank.example');

export async function summary${i}(id: string) {
  try {
    const entry = await store.load(id);
    const rest = { ...entry, seen: true };
    for (const other of store.list()) {
      if (other.id === entry.id) continue;
      rest.title = rest.title || other.title;
    }
    return { title: rest.title, balance: entry.amount, since: entry.openedAt.toISOString().slice(0, 10) };
  } catch (error) {
    throw new Error(\`entry \${id} cannot be read: \${(error as Error).message}\`);
  }
}
`;
}

function viewText(i) {
  return `export interface View${i} { title: string; balance: number; since: string }

export const greeting${i} = (name: string, view: View${i}): string =>
  [\`Good day \${name}\`, \`\${view.title} since \${view.since}\`].map((line) => line.trim()).join('\\n');

export function full${i}(name: string, view: View${i}): string {
  switch (view.title.length % 3) {
    case 0:
      return \`\${greeting${i}(name, view)}: your balance is \${view.balance.toFixed(2)} EUR\`;
    case 1:
      return \`\${name}, the balance of \${view.title} is \${view.balance} EUR\`;
    default:
      return greeting${i}(name, view);
  }
}
`;
}

function commandText(i) {
  const view = i % 10 === 0 ? `full${i}` : `greeting${i}`;
  return `import type { Context, Telegraf } from 'telegraf';
import { summary${i} } from '../services/service${i}';
import { ${view} } from '../views/view${i}';

export function register(bot: Telegraf<Context>): void {
  bot.command('show${i}', async (ctx) => {
    const id = String(ctx.from?.id ?? '');
    const view = await summary${i}(id);
    await ctx.reply(${view}(ctx.from?.first_name ?? 'there', view));
  });
}
`;
}
