// The smaller commands: explain a finding, list and validate rules.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LeakscanError } from '../model/diagnostic.ts';
import { maxFileBytes, readText } from '../read/file-host.ts';
import type { CheckedPlatform } from '../report/list-platforms.ts';
import { colorLevel } from './terminal.ts';

/** Scans again and prints the findings that a fingerprint's beginning or a rule id names. */
export async function runExplain(wanted: string, folder: string, isColored: boolean): Promise<void> {
  const { scan } = await import('../scan.ts');
  const { result, lines, root } = await scan({ paths: [folder], confidence: 'low', severity: 'info' });
  const findings = result.findings.filter((one) => one.fingerprint.startsWith(wanted) || one.ruleId === wanted);
  if (findings.length === 0) throw new LeakscanError(`no finding "${wanted}" in ${folder}`);
  const { explain } = await import('../report/explain.ts');
  const color = isColored ? colorLevel(process.stdout, process.env) : 0;
  process.stdout.write(
    explain({
      result: { ...result, findings },
      lines,
      root,
      color,
      columns: process.stdout.columns ?? 100,
      quiet: false,
    }),
  );
}

/** `rules list` prints platforms and counts, or with --platforms how they were checked; `rules validate FILE…` decodes files and says nothing when they are right. */
export async function runRules(action: string, files: readonly string[], arePlatforms: boolean): Promise<void> {
  const { readRules } = await import('../read/read-rules.ts');
  const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
  const builtIn = path.join(root, 'rules');
  if (action === 'validate') {
    if (files.length === 0) throw new LeakscanError('rules validate needs a file');
    await readRules({ builtIn, extra: files, config: undefined });
    process.stdout.write(`${files.length} rule file${files.length === 1 ? '' : 's'} valid\n`);
    return;
  }
  if (action !== 'list') throw new LeakscanError(`unknown action "${action}"; known: list, validate`);
  const { rules } = await readRules({ builtIn, extra: files, config: undefined });
  if (arePlatforms) {
    const { listPlatforms, platformRows } = await import('../report/list-platforms.ts');
    const rows = platformRows(rules, readVerified(path.join(root, 'dist', 'verified.json')));
    process.stdout.write(listPlatforms(rows, process.stdout.columns ?? 80));
    return;
  }
  const { listRules } = await import('../report/list-rules.ts');
  process.stdout.write(listRules(rules));
}

// Made by the build, of docs/verified.json.
function readVerified(file: string): Record<string, CheckedPlatform> {
  const found = readText(file, maxFileBytes);
  return found.kind === 'text' ? JSON.parse(found.text) : {};
}
