// Rows → what leakscan finds in each, and the figures of it. A group's program is made once and judged once more for each
// class of evidence that is switched off, by the weights that a rules file may set.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { extractAll } from '../../dist/analyse.js';
import { judge } from '../../dist/judge/judge.js';
import { link } from '../../dist/link/link.js';
import { mark } from '../../dist/mark/mark.js';
import { read } from '../../dist/read/read.js';
import { trace } from '../../dist/trace/trace.js';
import { fileOf, projectOf } from './programs.mjs';

const builtInRules = path.resolve(import.meta.dirname, '../../rules');
const settings = { version: '0', confidence: 'medium', severity: 'low', today: '2026-01-01' };

/** The weights of each class of evidence, by the beginnings of their names. */
const weightsOf = {
  receiver: ['receiver', 'qualifiedName'],
  type: ['typeName'],
  siblings: ['siblings'],
  sql: ['origin.sql'],
  http: ['origin.http'],
  sdk: ['origin.sdk'],
  schema: ['origin.schema'],
  function: ['origin.fn'],
  formatter: ['formatter'],
  unit: ['units', 'origin.seen'],
  phrase: ['phrase'],
  label: ['label'],
  project: ['project'],
  'look-alike': ['lookalike', 'counted'],
};

/** Makes the programs of all groups. */
export async function prepare(rows) {
  const base = await readProject({ 'package.json': '{}', 'src/empty.ts': '' });
  const projects = [];
  for (const group of new Set(rows.map((row) => row.group))) {
    const own = rows.filter((row) => row.group === group);
    const texts = projectOf(own);
    const isPlain = Object.keys(texts).every((name) => /\.[jt]s$/.test(name) || name === 'package.json');
    const input = isPlain ? inMemory(base, texts) : await readProject(texts);
    const program = link(extractAll(input.files).graphs, input);
    projects.push({ rows: own, input, program });
  }
  return { rules: base.rules, projects };
}

function inMemory(base, texts) {
  const manifest = JSON.parse(texts['package.json']);
  return {
    ...base,
    files: Object.entries(texts).flatMap(([name, text]) => (name === 'package.json' ? [] : [{ path: name, text }])),
    jsonFiles: [{ path: 'package.json', text: texts['package.json'] }],
    packages: base.packages.map((one) => ({ ...one, ...manifestOf(one, manifest) })),
  };
}

// The parts of a manifest that `read` keeps.
function manifestOf(known, manifest) {
  return Object.fromEntries(Object.keys(known).flatMap((key) => (key in manifest ? [[key, manifest[key]]] : [])));
}

async function readProject(texts) {
  const root = mkdtempSync(path.join(os.tmpdir(), 'leakscan-rows-'));
  try {
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    return (await read({ paths: [root], builtInRules, rules: [], config: { kind: 'none' } })).input;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

// The rules with a class of evidence switched off.
function without(rules, klass) {
  const { data } = rules;
  if (klass === 'name') return { ...rules, data: { ...data, terms: data.terms.map((one) => ({ ...one, points: 0 })) } };
  const off = weightsOf[klass];
  if (!off) throw new Error(`no class of evidence is called "${klass}"`);
  const points = Object.fromEntries(
    Object.entries(data.weights.points).map(([key, value]) => [
      key,
      off.some((one) => key.startsWith(one)) ? 0 : value,
    ]),
  );
  const lookAlikes = klass === 'look-alike' ? data.lookAlikes.map((one) => ({ ...one, points: 0 })) : data.lookAlikes;
  return { ...rules, data: { ...data, lookAlikes, weights: { ...data.weights, points } } };
}

/** Judges each row: the categories that were found, and whether they are the wanted ones. */
export function judgeRows(projects, rules, hasLabels = true) {
  return projects.flatMap(({ rows, input, program }) => {
    const marks = mark(program, rules, input.packages, input.schemaFiles);
    if (!hasLabels) dropLabels(marks);
    const { flows } = trace(program, marks);
    const texts = new Map(input.files.map((file) => [file.path, file.text]));
    const all = judge(program, marks, flows, rules, input.policy, texts, settings).findings;
    return rows.map((row) => {
      const findings = all.filter((one) => one.site.file === fileOf(row));
      const found = [...new Set(findings.map((one) => one.category))];
      const isHit = found.some((one) => row.wanted.includes(one));
      return { row, found, isHit, noise: found.filter((one) => !row.wanted.includes(one)), findings };
    });
  });
}

// Labels have no weight of their own: what they say is a phrase. They are switched off by what they say.
function dropLabels(marks) {
  for (const holes of marks.texts.values()) for (const [node, one] of holes) holes.set(node, { ...one, label: '' });
}

/** The same with a class of evidence switched off. What has no such evidence stays as it was, unless the class speaks against. */
export function judgeWithout(projects, rules, klass, judged) {
  const against = ['look-alike', 'project', 'unit'];
  const uses = ({ findings }) => findings.some((one) => one.evidence.some((item) => isOf(klass, item.kind)));
  const groups = new Set(judged.filter((one) => against.includes(klass) || uses(one)).map((one) => one.row.group));
  const again = projects.filter((one) => groups.has(one.rows[0].group));
  const others = judged.filter((one) => !groups.has(one.row.group));
  return [...others, ...judgeRows(again, without(rules, klass), klass !== 'label')];
}

function isOf(klass, kind) {
  return (
    klass === 'name' ||
    (klass === 'label' && (kind === 'phrase' || kind === 'label')) ||
    weightsOf[klass].some((one) => kind.startsWith(one))
  );
}

/** Recall, precision and their harmonic mean over some judged rows. */
export function figuresOf(judged) {
  let [hit, data, noise, seen] = [0, 0, 0, 0];
  for (const one of judged) {
    if (one.row.wanted.length > 0) data++;
    if (one.isHit) hit++;
    if (one.row.wanted.length > 0 && one.found.length > 0) seen++;
    noise += one.noise.length;
  }
  const recall = data === 0 ? 1 : hit / data;
  const precision = hit + noise === 0 ? 1 : hit / (hit + noise);
  const mean = recall + precision === 0 ? 0 : (2 * recall * precision) / (recall + precision);
  return { rows: judged.length, data, hit, noise, seen, recall, precision, mean };
}
