// Law: the graphs between extraction and the rest are plain data, so that they can be stored and sent between threads.
// Findings made from a graph that went through JSON or v8 serialisation are those made from the graph itself.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import type { Extraction } from '../src/analyse.ts';
import { conclude, extractAll } from '../src/analyse.ts';
import { read } from '../src/read/read.ts';

const apps = fileURLToPath(new URL('../fixtures/apps', import.meta.url));
const builtInRules = fileURLToPath(new URL('../rules', import.meta.url));
const settings = { version: '0.0.0', confidence: 'low', severity: 'info', today: '2026-01-01' } as const;

describe.each(readdirSync(apps).sort())('%s', (app) => {
  test.each([
    ['JSON', (extraction: Extraction): Extraction => JSON.parse(JSON.stringify(extraction))],
    ['v8', (extraction: Extraction): Extraction => deserialize(serialize(extraction))],
  ])('keeps its findings through %s', async (_, copyOf) => {
    const { input } = await read({ paths: [join(apps, app)], builtInRules, rules: [], config: { kind: 'none' } });
    const extraction = extractAll(input.files);
    const copy = copyOf(extraction);
    expect(copy).toEqual(extraction);
    expect(conclude(input, copy, settings)).toEqual(conclude(input, extraction, settings));
  });
});
