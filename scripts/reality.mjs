// Scans packages as npm publishes them. None of them sends a customer's financial data, so that nearly all findings are
// false; the chat frameworks also show that sends are seen. Needs the network the first time, and dist/: npm run reality
//   npm run reality -- [--only NAME]… [--kind libraries|finance|chat] [--cache DIR] [--limit N] [--json FILE]
// Seconds are of processor time. Exits with 1 above the limit of findings per 100,000 lines, and where a scan fails.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { scan } from '../dist/index.js';
import { defaultCache, Packages } from './verify/packages.mjs';

const atOnce = 10;
const patience = 180_000;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    kind: { type: 'string' },
    cache: { type: 'string', default: defaultCache() },
    limit: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});

const list = JSON.parse(readFileSync(path.join(import.meta.dirname, 'reality', 'packages.json'), 'utf8'));
const wanted = Object.entries(list)
  .filter(([kind]) => options.kind === undefined || options.kind === kind)
  .flatMap(([kind, ones]) => ones.map((one) => ({ kind, ...one })))
  .filter(({ name }) => options.only.length === 0 || options.only.includes(name));
const packages = new Packages(options.cache, new Date().toISOString().slice(0, 10));
for (let i = 0; i < wanted.length; i += atOnce) {
  packages.fetch(wanted.slice(i, i + atOnce).map(({ name, version }) => [name, version]));
}

const rows = [];
for (const one of wanted) {
  const row = await look(one);
  rows.push(row);
  print(row);
}
const sum = (of) => rows.reduce((total, row) => total + of(row), 0);
const lines = sum((row) => row.lines);
const found = sum((row) => row.findings.length);
const rate = lines === 0 ? 0 : (found * 100_000) / lines;
const seconds = sum((row) => row.seconds);
const failed = rows.filter((row) => row.status === 'failed').length;
const isGood = failed === 0 && lines > 0 && rate <= Number(options.limit);
console.log(
  `\n${rows.length} packages, ${lines} lines, ${found} findings: ${rate.toFixed(2)} per 100,000 lines ` +
    `(limit ${options.limit}); ${failed} failed; ${seconds.toFixed(0)} s`,
);
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, undefined, 2)}\n`);
process.exitCode = isGood ? 0 : 1;

/** What a scan of one package's readable source says; where it cannot be scanned, why. */
async function look(one) {
  const nothing = { ...one, lines: 0, sends: 0, findings: [], seconds: 0 };
  const unpacked = packages.unpack(one.name, one.version);
  if (unpacked === undefined)
    return { ...nothing, status: 'failed', notes: ['npm has no such version, or no network'] };
  const before = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  const paths = [path.join(unpacked, one.source)];
  try {
    const { result } = await scan({ paths, config: false, signal: AbortSignal.timeout(patience) });
    const { findings, files, diagnostics, stats, status } = result;
    const notes = [
      ...files.filter(({ state }) => state === 'failed').map((file) => `${file.path}: ${file.reason}`),
      ...diagnostics.filter(({ kind }) => kind === 'budget-hit').map(({ message }) => message),
    ];
    return { ...one, lines: stats.lines, sends: stats.sinks, findings, seconds: spent(), status, notes };
  } catch (error) {
    return { ...nothing, seconds: spent(), status: 'failed', notes: [String(error?.message ?? error)] };
  }
}

function print({ name, version, lines, sends, findings, seconds, status, notes }) {
  const cells = [
    `${name}@${version}`.padEnd(34),
    `${lines} lines`.padStart(13),
    `${sends} sends`.padStart(11),
    `${findings.length} findings`.padStart(13),
    `${seconds.toFixed(1)} s`.padStart(8),
  ];
  console.log(`${cells.join('')}${status === 'complete' ? '' : `  ${status}`}`);
  for (const note of new Set(notes)) {
    const times = notes.filter((one) => one === note).length;
    console.log(`    ${note}${times > 1 ? ` (${times} times)` : ''}`);
  }
  for (const { ruleId, confidence, site, siteText } of findings) {
    console.log(`    ${ruleId} (${confidence}) ${site.file}:${site.startLine}  ${siteText.slice(0, 100)}`);
  }
}
