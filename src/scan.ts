// The main flow: read → (in one worker: extract → link → mark → trace → judge) → result.
// Never prints, writes or exits.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import type { AnalyseSettings } from './analyse.ts';
import type { FileOutcome } from './model/diagnostic.ts';
import type { ScanResult, SourceLines } from './model/finding.ts';
import type { Input } from './model/input.ts';
import type { Confidence, Severity } from './model/rule.ts';
import type { ReadOptions } from './read/read.ts';
import { read } from './read/read.ts';
import { runWorker } from './watchdog.ts';

export interface ScanOptions {
  /** Files or folders; the current folder when empty. */
  readonly paths?: readonly string[];
  /** Rule files or folders beside the built-in ones. */
  readonly rules?: readonly string[];
  /** A configuration file; `false` for none; left out: leakscan.yml of the scanned root. */
  readonly config?: string | false;
  /** Findings below these are counted, not listed. Default: medium, low. */
  readonly confidence?: Confidence;
  readonly severity?: Severity;
  /** ISO date that the last days of policy rows are held against. Default: today. */
  readonly today?: string;
  /** Keeps results by a key of all that they depend on, so that a scan of the same again is only looked up. */
  readonly cache?: ResultCache;
  readonly signal?: AbortSignal;
  /** Told the number of files parsed so far, a few times a second. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** Where results are kept; keys are SHA-256 in hexadecimal. What cannot be read or kept is a miss, not an error. */
export interface ResultCache {
  get(key: string): ScanResult | undefined;
  set(key: string, result: ScanResult): void;
}

export interface ScanReport {
  readonly root: string;
  readonly result: ScanResult;
  /** Lines of the files that findings speak of. */
  readonly lines: SourceLines;
}

/** Scans. @throws LeakscanError for wrong paths, configuration or rules. */
export async function scan(options: ScanOptions = {}): Promise<ScanReport> {
  const { root, input } = await read(readOptionsOf(options));
  const settings: AnalyseSettings = {
    version: packageVersion(),
    confidence: options.confidence ?? 'medium',
    severity: options.severity ?? 'low',
    today: options.today ?? new Date().toISOString().slice(0, 10),
  };
  const key = options.cache && keyOf(input, settings);
  const kept = key === undefined ? undefined : options.cache?.get(key);
  const result = kept ?? (await analyseGuarded(input, settings, options));
  if (key !== undefined && !kept) options.cache?.set(key, result);
  return { root, result, lines: linesOf(input, result) };
}

// All that a result depends on: what was read, how it is asked, and this build of leakscan; undefined where it is no build.
function keyOf(input: Input, settings: AnalyseSettings): string | undefined {
  const stamp = new URL('./build.txt', import.meta.url);
  if (!existsSync(stamp)) return undefined;
  const parts = serialize([readFileSync(stamp, 'utf8'), process.version, settings, input]);
  return createHash('sha256').update(parts).digest('hex');
}

function readOptionsOf(options: ScanOptions): ReadOptions {
  const { config } = options;
  return {
    paths: options.paths && options.paths.length > 0 ? options.paths : ['.'],
    builtInRules: path.join(packageRoot(), 'rules'),
    rules: options.rules ?? [],
    config:
      config === undefined ? { kind: 'auto' } : config === false ? { kind: 'none' } : { kind: 'file', path: config },
  };
}

// A file that takes the worker down is left out, named, and the rest is analysed again.
async function analyseGuarded(input: Input, settings: AnalyseSettings, options: ScanOptions): Promise<ScanResult> {
  const failed: FileOutcome[] = [];
  let rest = input;
  for (;;) {
    const outcome = await runWorker(rest, settings, options.signal, options.onProgress);
    if (outcome.kind === 'result') return outcome.result;
    const culprit = rest.files[outcome.file];
    if (!culprit || failed.length >= 20) throw new Error(`analysis failed: ${outcome.reason}`);
    failed.push({ path: culprit.path, state: 'failed', reason: outcome.reason });
    const files = rest.files.filter((file) => file !== culprit);
    rest = { ...input, files, outcomes: [...input.outcomes, ...failed] };
  }
}

function linesOf(input: Input, result: ScanResult): SourceLines {
  const wanted = new Set(
    result.findings.flatMap((finding) => [
      finding.site.file,
      finding.sink.file,
      ...finding.path.map((step) => step.location.file),
    ]),
  );
  const lines: Record<string, readonly string[]> = Object.create(null);
  for (const file of input.files)
    if (wanted.has(file.path)) lines[file.path] = file.text.split(/\r\n|[\n\r\u2028\u2029]/);
  return lines;
}

function packageRoot(): string {
  return path.dirname(path.dirname(fileURLToPath(import.meta.url)));
}

/** The version in package.json. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'));
  return String((manifest as { version?: unknown }).version ?? '');
}
