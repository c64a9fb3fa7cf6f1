// How well the classifier tells financial data from what only looks like it, over the table in test/data:
//   npm run bench:data                      recall and precision by category, class of evidence and language
//   npm run bench:data -- --verbose         and each wrong row
//   npm run bench:data -- --without phrase  with a class of evidence switched off
//   npm run bench:data -- --only languages  the files of that name
// `npm run build` comes first.
// A row counts as found when a finding of its category is reported; every finding of another category counts against it.

import { parseArgs } from 'node:util';
import { classes, readRows } from './bench-data/rows.mjs';
import { figuresOf, judgeRows, judgeWithout, prepare } from './bench-data/score.mjs';

const { values } = parseArgs({
  options: {
    verbose: { type: 'boolean', default: false },
    without: { type: 'string' },
    only: { type: 'string' },
  },
});
const start = performance.now();
const rows = readRows().filter((row) => !values.only || row.place.includes(values.only));
const { rules, projects } = await prepare(rows);
const whole = judgeRows(projects, rules);
const judged = values.without ? judgeWithout(projects, rules, values.without, whole) : whole;

const categories = [...new Set(judged.flatMap(({ row, noise }) => [...row.wanted.slice(0, 1), ...noise]))].sort();
print('category', categories, (category) => byCategory(category));
print('evidence', classes, (klass) => figuresOf(judged.filter(({ row }) => row.klass === klass)));
const languages = [...new Set(rows.map((row) => row.lang))].sort();
print('language', languages, (lang) => figuresOf(judged.filter(({ row }) => row.lang === lang)));
print('all', [''], () => figuresOf(judged));
const { rows: count, data, seen } = figuresOf(judged);
const silent = judged.filter(({ row, found }) => row.wanted.length === 0 && found.length === 0).length;
console.log(`${seen} of ${data} data found under any category; ${silent} of ${count - data} others silent`);
if (values.verbose) for (const one of judged) tellWrong(one);
console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`);

// A category's rows are those that want it first; its noise is where else it was found.
function byCategory(category) {
  const own = judged.filter(({ row }) => row.wanted[0] === category);
  const hit = own.filter((one) => one.isHit).length;
  const noise = judged.filter((one) => one.noise.includes(category)).length;
  const found = hit + noise;
  return { rows: own.length, hit, data: own.length, noise, recall: hit / own.length, precision: found && hit / found };
}

function print(title, names, figures) {
  console.log(`${title.padEnd(16)}${'rows'.padStart(6)}${'data'.padStart(6)}  recall  precision  noise`);
  for (const name of names) {
    const { rows: all, data: wanted, recall, precision, noise } = figures(name);
    if (all + noise === 0) continue;
    const share = (value) => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : '–').padStart(8);
    const line = [String(all).padStart(6), String(wanted).padStart(6), share(recall), '   ', share(precision)];
    console.log(`${name.padEnd(16)}${line.join('')}${String(noise).padStart(7)}`);
  }
  console.log('');
}

function tellWrong({ row, found, isHit, noise, findings }) {
  const isRight = noise.length === 0 && isHit === row.wanted.length > 0;
  if (isRight) return;
  const why = findings.map((one) => one.evidence.map((item) => `${item.kind} ${item.text} ${item.weight}`).join(', '));
  const label = row.label === '' ? '' : `${row.label} :: `;
  console.log(
    `${row.place} [${row.klass}] ${row.wanted.join('|') || 'none'} ≠ ${found.join('+') || 'none'}: ${label}${row.text}`,
  );
  for (const one of why) console.log(`    ${one}`);
}
