// Rows → what leakscan finds in each, and the figures of it. A group's graphs are made once and judged once more for each
// class of evidence that is switched off, by the weights that a rules file may set.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { conclude, extractAll } from '../../dist/analyse.js';
import { read } from '../../dist/read/read.js';
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
  label: ['phrase', 'label'],
  project: ['project'],
  'look-alike': ['lookalike', 'counted'],
};

/** Makes the projects of all groups. */
export async function prepare(rows) {
  const base = await readProject({ 'package.json': '{}', 'src/empty.ts': '' });
  const projects = [];
  for (const group of new Set(rows.map((row) => row.group))) {
    const own = rows.filter((row) => row.group === group);
    const texts = projectOf(own);
    const isPlain = Object.keys(texts).every((name) => /\.[jt]s$/.test(name) || name === 'package.json');
    const input = isPlain ? inMemory(base, texts) : await readProject(texts);
    projects.push({ rows: own, input, extraction: extractAll(input.files) });
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

/** The rules with a class of evidence switched off. */
export function without(rules, klass) {
  const { data } = rules;
  if (klass === 'name') return { ...rules, data: { ...data, terms: data.terms.map((one) => ({ ...one, points: 0 })) } };
  const off = weightsOf[klass];
  if (!off) throw new Error(`no class of evidence is called "${klass}"`);
  const points = Object.fromEntries(
    Object.entries(data.weights.points).map(([key, value]) => [key, off.some((one) => key.startsWith(one)) ? 0 : value]),
  );
  const lookAlikes = klass === 'look-alike' ? data.lookAlikes.map((one) => ({ ...one, points: 0 })) : data.lookAlikes;
  return { ...rules, data: { ...data, lookAlikes, weights: { ...data.weights, points } } };
}

/** Judges each row: the categories that were found, and whether they are the wanted ones. */
export function judgeRows(projects, rules) {
  return projects.flatMap(({ rows, input, extraction }) => {
    const all = conclude({ ...input, rules }, extraction, settings).findings;
    return rows.map((row) => {
      const findings = all.filter((one) => one.site.file === fileOf(row));
      const found = [...new Set(findings.map((one) => one.category))];
      const isHit = found.some((one) => row.wanted.includes(one));
      return { row, found, isHit, noise: found.filter((one) => !row.wanted.includes(one)), findings };
    });
  });
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
