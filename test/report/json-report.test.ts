// The JSON format against its shipped schema.

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { ScanResult } from '../../src/model/finding.ts';
import { report } from '../../src/report/report.ts';
import { cannedResult, cleanResult, incompleteResult, inputFor, shortResult } from './canned-result.ts';
import { hostileResult } from './hostile-result.ts';

const schema = JSON.parse(readFileSync(new URL('../../schemas/results.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);

function check(result: unknown): string[] {
  validate(result);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

function parsed(result: ScanResult): Record<string, unknown> {
  return JSON.parse(report('json', inputFor(result)));
}

describe('the results schema', () => {
  it('holds for what is written', () => {
    for (const result of [cannedResult, shortResult, cleanResult, incompleteResult, hostileResult]) {
      expect(check(parsed(result))).toEqual([]);
    }
    const located = {
      ...cleanResult,
      diagnostics: [{ kind: 'internal', message: 'x', location: shortResult.findings[0]?.site }],
    };
    expect(check(located)).toEqual([]);
  });

  it('refuses what is missing, unknown or of another kind', () => {
    expect(check({ ...cleanResult, extra: 1 })).toEqual([' must NOT have additional properties']);
    expect(check({ ...cleanResult, status: 'fine' })).toHaveLength(1);
    const [finding] = shortResult.findings;
    const { verdict: _, ...rest } = { ...finding };
    expect(check({ ...shortResult, findings: [rest] })).toEqual(["/findings/0 must have required property 'verdict'"]);
    expect(check({ ...shortResult, findings: [{ ...finding, severity: 'huge' }] })).toHaveLength(1);
  });
});

describe('the JSON format', () => {
  it('is the result as it is, in the order of its keys', () => {
    const { diagnostics, files, ...rest } = incompleteResult;
    expect(parsed(incompleteResult)).toEqual({ ...rest, diagnostics, files });
    expect(Object.keys(parsed(incompleteResult))).toEqual(Object.keys(incompleteResult));
  });

  it('covers long numbers in source text, and leaves ids and paths alone', () => {
    const [finding] = parsed(shortResult)['findings'] as { sourceText: string; fingerprint: string }[];
    expect(finding?.sourceText).toContain('DE•••');
    expect(finding?.fingerprint).toBe('5e1f00d2b3a4958677869504132f5e1f');
  });
});
