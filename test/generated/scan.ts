// Scans files that are nowhere on the disk with the rules of the flow fixtures.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyse } from '../../src/analyse.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Input, SourceFile } from '../../src/model/input.ts';
import { read } from '../../src/read/read.ts';

export const flows = fileURLToPath(new URL('../../fixtures/flows', import.meta.url));
const builtInRules = fileURLToPath(new URL('../../rules', import.meta.url));
const settings = { version: '0.0.0', confidence: 'medium', severity: 'low', today: '2026-01-01' } as const;

/** A project of its own: its input, as `read` gives it with the rules of the flow fixtures. */
export async function readProject(root: string): Promise<Input> {
  const rules = [join(flows, 'rules.yml')];
  return (await read({ paths: [root], builtInRules, rules, config: { kind: 'none' } })).input;
}

/** An input without files, to be filled by `scan`. */
export async function emptyProject(): Promise<Input> {
  return {
    ...(await readProject(join(flows, 'assignment'))),
    files: [],
    jsonFiles: [],
    schemaFiles: [],
    packages: [],
    outcomes: [],
  };
}

/** @throws when a file of the input is not analysed as a whole. */
export function scan(project: Input, files: readonly SourceFile[]): readonly Finding[] {
  const result = analyse({ ...project, files }, settings);
  const broken = result.files.filter(({ state }) => state === 'degraded' || state === 'failed');
  if (broken.length > 0) throw new Error(broken.map(({ path, reason }) => `${path}: ${reason}`).join('\n'));
  return result.findings;
}
