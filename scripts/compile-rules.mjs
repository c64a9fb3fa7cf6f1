// Decodes and checks the built-in rules once, at build time: rules/ → dist/rules.json.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileBuiltIn } from '../dist/read/read-rules.js';

const root = path.resolve(import.meta.dirname, '..');
writeFileSync(path.join(root, 'dist', 'rules.json'), await compileBuiltIn(path.join(root, 'rules')));
