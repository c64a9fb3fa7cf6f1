// The table of test/data → rows. A group is a piece of context; each line under `rows` is one expression in it:
//   <category or none, alternatives with |> <evidence class> <the text that is sent, as in a template literal>
// `label :: text` gives the text a label of the interface, where the group's `host` has one.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export const classes = [
  'name',
  'receiver',
  'type',
  'siblings',
  'sql',
  'http',
  'sdk',
  'schema',
  'function',
  'formatter',
  'unit',
  'phrase',
  'label',
  'project',
  'look-alike',
];
const keys = new Set(['lang', 'host', 'top', 'code', 'files', 'rows']);
const folder = path.resolve(import.meta.dirname, '../../test/data');

/** Reads the table; throws at the first line that is not a row. */
export function readRows() {
  const names = readdirSync(folder, { recursive: true }).map(String).sort();
  return names.filter((name) => name.endsWith('.yml')).flatMap(readFile);
}

function readFile(name) {
  const groups = parse(readFileSync(path.join(folder, name), 'utf8'));
  return groups.flatMap((group, index) => {
    const place = `${name.split(path.sep).join('/')} group ${index + 1}`;
    for (const key of Object.keys(group)) if (!keys.has(key)) throw new Error(`${place}: unknown key "${key}"`);
    const lines = group.rows.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line, at) => ({ ...rowOf(line, place), at, lang: group.lang ?? 'en', group, place }));
  });
}

function rowOf(line, place) {
  const [, wanted, klass, rest] = /^(\S+)\s+(\S+)\s+(.+)$/.exec(line) ?? [];
  if (rest === undefined || !classes.includes(klass)) throw new Error(`${place}: not a row: ${line}`);
  const at = rest.indexOf(' :: ');
  const [label, text] = at < 0 ? ['', rest] : [rest.slice(0, at), rest.slice(at + 4)];
  return { wanted: wanted === 'none' ? [] : wanted.split('|'), klass, label, text };
}
