// Results of earlier scans in the user's own cache folder, one file for each scanned folder: `--cache`.
// Whatever is wrong with a file or the folder, it is a miss.

import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ScanResult } from '../model/finding.ts';
import type { ResultCache } from '../scan.ts';

interface Entry {
  readonly key: string;
  readonly result: ScanResult;
}

/** A cache for scans of these paths, by their absolute names. */
export function resultCache(paths: readonly string[], env: NodeJS.ProcessEnv): ResultCache {
  const home = env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache');
  const folder = path.join(home, 'leakscan');
  const scanned = (paths.length > 0 ? paths : ['.']).map((one) => path.resolve(one)).join('\0');
  const file = path.join(folder, `${createHash('sha256').update(scanned).digest('hex').slice(0, 32)}.json`);
  return {
    get(key) {
      try {
        const entry: unknown = JSON.parse(readFileSync(file, 'utf8'));
        return isEntry(entry) && entry.key === key ? entry.result : undefined;
      } catch {
        return undefined;
      }
    },
    set(key, result) {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const whole = `${file}.${randomUUID()}`;
        writeFileSync(whole, JSON.stringify({ key, result } satisfies Entry), { mode: 0o600 });
        renameSync(whole, file);
      } catch {
        // A cache that cannot be written is none.
      }
    },
  };
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const { key, result } = value as Partial<Entry>;
  return typeof key === 'string' && Array.isArray(result?.findings) && Array.isArray(result.diagnostics);
}
