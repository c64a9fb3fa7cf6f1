// Each row of rules/platforms is held by a fixture: without the row, some annotation of fixtures/platforms breaks.
// A folder is marked and searched once, with what every row marks; then each row's marks are left out in turn, and what
// is left is judged anew.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { extractAll } from '../src/analyse.ts';
import type { Expectation } from '../src/expect.ts';
import { checkExpectations, readExpectations } from '../src/expect.ts';
import { judge } from '../src/judge/judge.ts';
import { guessSdks, withGuessed } from '../src/link/guessed-sdks.ts';
import { link } from '../src/link/link.ts';
import { mark } from '../src/mark/mark.ts';
import { markHttp } from '../src/mark/mark-http.ts';
import { markResponses } from '../src/mark/mark-responses.ts';
import { markSinks } from '../src/mark/mark-sinks.ts';
import type { Flow } from '../src/model/flow.ts';
import type { Input } from '../src/model/input.ts';
import type { SinkMark } from '../src/model/marks.ts';
import type { RuleSet, RuleSource } from '../src/model/rule.ts';
import { read } from '../src/read/read.ts';
import { trace } from '../src/trace/trace.ts';

const platforms = fileURLToPath(new URL('../fixtures/platforms', import.meta.url));
const builtInRules = fileURLToPath(new URL('../rules', import.meta.url));
const settings = { confidence: 'medium', severity: 'low', today: '2026-01-01' } as const;

const nameOf = ({ file, line }: RuleSource): string => `${file}:${line}`;

describe('the rows of the platforms', () => {
  it('are all needed by a fixture', { timeout: 120_000 }, async () => {
    const needed = new Set<string>();
    let rules: RuleSet | undefined;
    const folders = readdirSync(platforms, { withFileTypes: true }).filter((one) => one.isDirectory());
    for (const { name } of folders) {
      const root = join(platforms, name);
      const { input } = await read({ paths: [root], builtInRules, rules: [], config: { kind: 'auto' } });
      rules = input.rules;
      for (const row of neededBy(input, expectationsOf(root))) needed.add(row);
    }
    const rows = [...(rules?.sinks ?? []).map(({ at, call }) => ({ at, says: call }))]
      .concat((rules?.http ?? []).map(({ at, urls }) => ({ at, says: urls[0] ?? '' })))
      .concat((rules?.webhooks ?? []).map(({ at, payload }) => ({ at, says: payload.join(', ') })))
      .filter(({ at }) => at.file.startsWith('rules/platforms/'));
    const idle = rows.filter(({ at }) => !needed.has(nameOf(at)));
    expect(rows.length).toBeGreaterThan(1000);
    expect(idle.map(({ at, says }) => `${nameOf(at)} ${says}`)).toEqual([]);
  });
});

/** The rows without which an annotation breaks. */
function neededBy(input: Input, expectations: readonly Expectation[]): readonly string[] {
  const { packages, compilerPaths, jsonFiles, schemaFiles } = input;
  const { graphs } = extractAll(input.files);
  const rules = withGuessed(input.rules, guessSdks(graphs, input));
  const program = link(graphs, { packages, compilerPaths, jsonFiles, rules });
  const versionOf = (name: string): string =>
    packages.find(({ dependencies }) => dependencies[name] !== undefined)?.dependencies[name] ?? '';
  const sinks = [
    ...markSinks(program, rules, versionOf),
    ...markHttp(program, rules, packages).sinks,
    ...markResponses(program, rules, packages),
  ];
  const marks = { ...mark(program, rules, packages, schemaFiles), sinks };
  const { flows } = trace(program, marks);
  const texts = new Map(input.files.map((file) => [file.path, file.text]));
  const failuresWithout = (row: string): readonly string[] => {
    const left = flowsOf(flows, firstOfEach(sinks, row));
    const { findings } = judge(program, marks, left, rules, input.policy, texts, settings);
    return checkExpectations(expectations, findings).failures;
  };
  expect(failuresWithout('')).toEqual([]);
  const rows = new Set(flows.flatMap(({ sink }) => nameOf((sinks[sink] as SinkMark).at)));
  return [...rows].filter((row) => failuresWithout(row).length > 0);
}

// Of several marks of one place the first counts, as in `mark`.
function firstOfEach(sinks: readonly SinkMark[], without: string): ReadonlySet<number> {
  const found = new Map<string, number>();
  sinks.forEach((sink, index) => {
    const place = `${sink.platform}/${sink.call}/${sink.node}/${sink.path.join('.')}`;
    if (nameOf(sink.at) !== without && !found.has(place)) found.set(place, index);
  });
  return new Set(found.values());
}

function flowsOf(flows: readonly Flow[], sinks: ReadonlySet<number>): readonly Flow[] {
  const places = new Map<number, number>();
  flows.forEach((flow, index) => {
    if (sinks.has(flow.sink)) places.set(index, places.size);
  });
  return [...places.keys()].map((index) => {
    const flow = flows[index] as Flow;
    return { ...flow, within: places.get(flow.within) ?? -1 };
  });
}

function expectationsOf(root: string): readonly Expectation[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile() || !/\.(?:[cm]?[jt]s|[jt]sx)$/.test(entry.name)) return [];
    const file = join(entry.parentPath, entry.name);
    return readExpectations(file.slice(root.length + 1).replaceAll('\\', '/'), readFileSync(file, 'utf8'));
  });
}
