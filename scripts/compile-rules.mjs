// Decodes and checks the built-in rules once, at build time: rules/ → dist/rules.json; docs/verified.json → dist/verified.json.
// Stamps the build with a digest of all that it runs (dist/build.txt), which results in a cache are held against.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileBuiltIn, readRules } from '../dist/read/read-rules.js';
import { sumUp } from '../dist/report/list-platforms.js';

const root = path.resolve(import.meta.dirname, '..');
const builtIn = path.join(root, 'rules');
const compiled = path.join(root, 'dist', 'rules.json');
writeFileSync(compiled, await compileBuiltIn(builtIn));

const { rules } = await readRules({ builtIn, extra: [], config: undefined });
const { rows } = JSON.parse(readFileSync(path.join(root, 'docs', 'verified.json'), 'utf8'));
writeFileSync(path.join(root, 'dist', 'verified.json'), `${JSON.stringify(sumUp(rules, rows))}\n`);

const dist = path.join(root, 'dist');
const digest = createHash('sha256');
for (const file of readdirSync(dist, { recursive: true }).map(String).sort())
  if (/\.js(on)?$/.test(file)) digest.update(`${file}\0`).update(readFileSync(path.join(dist, file)));
writeFileSync(path.join(dist, 'build.txt'), `${digest.digest('hex')}\n`);
