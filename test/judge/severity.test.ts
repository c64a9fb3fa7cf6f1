// Severity: category × origin × how much of the datum is left.

import path from 'node:path';
import { expect, it } from 'vitest';
import { severityOf } from '../../src/judge/severity.ts';
import type { Origin, Severity } from '../../src/model/rule.ts';
import { readRules } from '../../src/read/read-rules.ts';

const builtIn = path.resolve(import.meta.dirname, '../../rules');
const { data } = (await readRules({ builtIn, extra: [], config: undefined })).rules;

const of = (id: string, origin: Origin, isMasked = false): Severity =>
  severityOf(
    data,
    data.categories.find((one) => one.id === id),
    { origin, isMasked },
  );

it('is the category’s for what comes out of a store or an API', () => {
  expect([of('balance', 'stored'), of('account.number', 'api'), of('billing', 'stored')]).toEqual([
    'high',
    'critical',
    'medium',
  ]);
});

it('is at most low for what the user typed', () => {
  for (const { id, floor } of data.categories) {
    if (floor === 'info') expect(['info', 'low'], id).toContain(of(id, 'inbound'));
  }
});

it('stays for typed card numbers, codes, keys, credentials and tax ids', () => {
  for (const id of ['card.pan', 'card.sad', 'crypto.secret', 'credential', 'gov.taxid']) {
    expect(of(id, 'inbound'), id).toBe('critical');
  }
});

it('is a hint for what is kept masked, whatever it is a part of', () => {
  expect([of('card.pan', 'stored', true), of('card.meta', 'stored', true)]).toEqual(['info', 'info']);
  expect(of('gov.taxid', 'stored', true)).toBe('info');
});
