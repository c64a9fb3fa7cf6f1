// The fixtures of flows, written in another way: each annotation must still hold.
// A file that a transformation does not apply to is counted, and so is one whose annotations would no longer be read.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Expectation } from '../../src/expect.ts';
import { checkExpectations, readExpectations } from '../../src/expect.ts';
import type { SourceFile } from '../../src/model/input.ts';
import { flows, readProject, scan } from './scan.ts';
import { transformations } from './transformations.ts';

/** Files that a transformation turns into what a fixture says is not understood yet, and that fixture. */
const known: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'functions as constants': {
    'modules-esm/forms/live.js': 'generated/default-of-changed.js',
  },
  'then in place of await': {
    'barriers-guards/guards-between-functions.js': 'generated/answers-of-closures.js',
    'branches/known-answers.js': 'generated/answers-of-closures.js',
    'closures/on-the-spot.js': 'generated/awaited-through-then.js',
    'emitters/instances.ts': 'generated/instances-after-then.mjs',
    'mutation/through-results.js': 'generated/answers-of-closures.js',
    'promises-async/not-yet.js': 'generated/awaited-through-then.js',
  },
  'a helper in another file': {
    'branches/known-answers.js': 'generated/fails-elsewhere.js',
    'conditions/refused.js': 'generated/fails-elsewhere.js',
  },
};

// `generated` is left out: it is made of forms whose verdict changes when they are written in another way.
const folders = readdirSync(flows, { withFileTypes: true }).flatMap((one) =>
  one.isDirectory() && one.name !== 'generated' ? [one.name] : [],
);
const changed = new Map(transformations.map(({ name }) => [name, 0]));
let files = 0;

describe('a flow is the same flow', () => {
  test.each(folders.sort())('%s', async (folder) => {
    const project = await readProject(join(flows, folder));
    files += project.files.length;
    const problems: string[] = [];
    for (const { name, change } of transformations) {
      const after: SourceFile[] = [];
      let count = 0;
      for (const file of project.files) {
        const result = known[name]?.[`${folder}/${file.path}`] ? undefined : change(file);
        if (result) count++;
        after.push(...(result ?? [file]));
      }
      if (count === 0) continue;
      changed.set(name, (changed.get(name) ?? 0) + count);
      const wanted = after.flatMap(({ path, text }) => readExpectations(path, text));
      const before = project.files.flatMap(({ path, text }) => readExpectations(path, text));
      expect(kindsOf(wanted), name).toEqual(kindsOf(before));
      const { failures } = checkExpectations(wanted, scan(project, after));
      problems.push(...failures.map((failure) => `${name}: ${failure}`));
    }
    expect(problems).toEqual([]);
  });
});

afterAll(() => {
  const counts = [...changed].map(([name, count]) => `${name} ${count}`);
  console.log(`metamorphic: of ${files} files changed by ${counts.join(', ')}`);
});

function kindsOf(expectations: readonly Expectation[]): readonly string[] {
  return expectations.map((one) => one.kind).sort();
}
