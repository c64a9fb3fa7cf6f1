// How long a cold scan takes beside TypeScript's own parse of the same files: npm run build && npm run bench
//   npm run bench              a generated corpus of 2,000 files
//   npm run bench -- 500       one of 500 files
//   npm run bench -- ./bot     a folder
// Seconds are of processor time (also of the collector's threads), so that other programs on the machine do not count.
// The parse is timed cold, in a process that does nothing else, and warm, after the scan.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ts } from 'ts-morph';
import { extractAll } from '../dist/analyse.js';
import { judge } from '../dist/judge/judge.js';
import { link } from '../dist/link/link.js';
import { mark } from '../dist/mark/mark.js';
import { read } from '../dist/read/read.js';
import { readRules } from '../dist/read/read-rules.js';
import { trace } from '../dist/trace/trace.js';

const onlyParse = '--only-parse';
const [wanted = '2000', mode] = process.argv.slice(2);
const isFolder = !/^\d+$/.test(wanted) || existsSync(wanted);
const folder = isFolder ? wanted : generate(Number(wanted));
const builtInRules = path.resolve(import.meta.dirname, '../rules');
const settings = { version: '0', confidence: 'medium', severity: 'low', today: '2026-01-01' };

try {
  if (mode === onlyParse) console.log(parse(await readInput()));
  else await bench();
} finally {
  if (!isFolder) rmSync(folder, { recursive: true, force: true });
}

async function bench() {
  const spent = {};
  const timed = (phase, run) => {
    const before = processorTime();
    const result = run();
    spent[phase] = processorTime() - before;
    return result;
  };
  const start = processorTime();
  await readRules({ builtIn: builtInRules, extra: [], config: undefined });
  const ruled = processorTime();
  const input = await readInput();
  const reading = processorTime() - ruled;
  // The phases of `analyse`, in this thread: without the start of a process and of the worker.
  const { graphs } = timed('extract', () => extractAll(input.files));
  const program = timed('link', () => link(graphs, input));
  const marks = timed('mark', () => mark(program, input.rules, input.packages, input.schemaFiles));
  const { flows, states } = timed('trace', () => trace(program, marks));
  const texts = new Map(input.files.map((file) => [file.path, file.text]));
  const { findings } = timed('judge', () => judge(program, marks, flows, input.rules, input.policy, texts, settings));
  const scan = Object.values(spent).reduce((sum, one) => sum + one, 0);
  const peak = Math.round(process.resourceUsage().maxRSS / 1000);
  const warm = parse(input);
  const self = [...process.execArgv, fileURLToPath(import.meta.url), folder, onlyParse];
  const cold = Number(execFileSync(process.execPath, self, { encoding: 'utf8' }));
  const lines = graphs.reduce((sum, graph) => sum + graph.lines, 0);
  const seconds = (time) => `${time.toFixed(2)} s`;
  const rows = {
    corpus: `${graphs.length} files, ${lines} lines; ${marks.sinks.length} payload places, ${marks.sources.size} sources, ${states} states`,
    result: `${findings.length} findings`,
    read: `rules ${seconds(ruled - start)}, files (and rules once more) ${seconds(reading)}`,
    scan: `${seconds(scan)}: ${Object.entries(spent)
      .map(([phase, time]) => `${phase} ${seconds(time)}`)
      .join(', ')}`,
    parse: `${seconds(cold)} cold, ${seconds(warm)} warm`,
    ratio: `${(scan / cold).toFixed(1)} × cold parse, ${(scan / warm).toFixed(1)} × warm parse`,
    memory: `${peak} MB at the most`,
  };
  for (const [name, text] of Object.entries(rows)) console.log(`${name.padEnd(8)}${text}`);
}

async function readInput() {
  return (await read({ paths: [folder], builtInRules, rules: [], config: { kind: 'none' } })).input;
}

function parse({ files }) {
  const before = processorTime();
  for (const file of files) ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, false);
  return processorTime() - before;
}

function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
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
