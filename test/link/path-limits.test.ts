// Limits of ApiPaths: no path that a built-in rule speaks of may be beyond them.

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isTooLong } from '../../src/link/path-limits.ts';
import { expandBraces, parseCallPatterns } from '../../src/model/api-path.ts';
import { read } from '../../src/read/read.ts';

const root = (folder: string): string => fileURLToPath(new URL(`../../${folder}`, import.meta.url));

test('no built-in rule speaks of a path that is not followed', async () => {
  const { input } = await read({
    paths: [root('fixtures/apps/wsj-messenger')],
    builtInRules: root('rules'),
    rules: [],
    config: { kind: 'none' },
  });
  const { types, models, sinks, responses, apis, sources, origins } = input.rules;
  const patterns = [
    ...types.flatMap((row) => [row.type, ...row.from]),
    ...[...models, ...sinks, ...responses].map((row) => row.call),
    ...apis.flatMap((row) => row.calls),
    ...[...sources, ...origins].map((row) => row.call),
  ].filter((pattern) => pattern !== undefined && pattern !== '');
  const paths = patterns.flatMap(parseCallPatterns).flatMap(({ target }) => {
    // What a package calls of what it is given is named from the object inwards, and no path that a value has.
    if (target.kind !== 'api' || target.module.startsWith('implemented:')) return [];
    return expandBraces(`${target.module}#${target.members.join('.')}`);
  });
  expect(paths.length).toBeGreaterThan(1000);
  expect([...new Set(paths.filter(isTooLong))]).toEqual([]);
});

test('what a loop or a recursion walks along is not followed', () => {
  expect(isTooLong('pkg#Node.next.next')).toBe(false);
  expect(isTooLong('pkg#Node.next.next.next')).toBe(true);
  expect(isTooLong('bot#().on().on().on()')).toBe(true);
  expect(isTooLong('pkg#a().b().c().d().e()')).toBe(true);
  expect(isTooLong('global#console.log')).toBe(false);
  expect(isTooLong('global#console.log.line')).toBe(true);
  expect(isTooLong('global#window.store.line')).toBe(false);
});
