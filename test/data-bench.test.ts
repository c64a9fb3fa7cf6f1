// The classifier over the labelled rows of test/data (npm run bench:data): its figures may not fall below what it has
// reached, and each class of evidence is needed.

import { beforeAll, describe, expect, it } from 'vitest';
import { classes, readRows } from '../scripts/bench-data/rows.mjs';
import { figuresOf, judgeRows, judgeWithout, prepare } from '../scripts/bench-data/score.mjs';

/** Reached, less half a point. Whoever makes the classifier better raises them; nobody lowers them. */
const floor = { recall: 0.795, precision: 0.915, silent: 0.975 };
/** Classes of evidence that do not better the score yet; one that begins to is taken out here. */
const undecisive = ['sdk', 'schema', 'label'];

interface Judged {
  readonly row: { readonly wanted: readonly string[] };
  readonly found: readonly string[];
}

describe('the table of labelled rows', () => {
  let table: Awaited<ReturnType<typeof prepare>>;
  let judged: Judged[];
  beforeAll(async () => {
    table = await prepare(readRows());
    judged = judgeRows(table.projects, table.rules);
  }, 300_000);

  it('has at least 1,500 rows, and almost half of them are no data', () => {
    const none = judged.filter(({ row }) => row.wanted.length === 0).length;
    expect(judged.length).toBeGreaterThanOrEqual(1500);
    expect(none / judged.length).toBeGreaterThanOrEqual(0.45);
  });

  it('is told apart as well as before', () => {
    const { recall, precision } = figuresOf(judged);
    const none = judged.filter(({ row }) => row.wanted.length === 0);
    const silent = none.filter(({ found }) => found.length === 0).length / none.length;
    expect(recall).toBeGreaterThanOrEqual(floor.recall);
    expect(precision).toBeGreaterThanOrEqual(floor.precision);
    expect(silent).toBeGreaterThanOrEqual(floor.silent);
  });

  it.each(classes.filter((klass) => !undecisive.includes(klass)))(
    'is told apart worse without the evidence of %s',
    (klass) => {
      const after = figuresOf(judgeWithout(table.projects, table.rules, klass, judged)).mean;
      expect(after).toBeLessThan(figuresOf(judged).mean);
    },
    120_000,
  );
});
