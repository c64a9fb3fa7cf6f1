// Writes docs/platforms.md from the rules and docs/verified.json.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readRules } from '../dist/read/read-rules.js';
import { packageTexts, platformRows, sumUp } from '../dist/report/list-platforms.js';
import { platformsPage } from './platforms-page.mjs';

const root = path.resolve(import.meta.dirname, '..');
const { rules } = await readRules({ builtIn: path.join(root, 'rules'), extra: [], config: undefined });
const { date, rows } = JSON.parse(readFileSync(path.join(root, 'docs', 'verified.json'), 'utf8'));
const page = platformsPage(platformRows(rules, sumUp(rules, rows)), date, packageTexts);
writeFileSync(path.join(root, 'docs', 'platforms.md'), page);
