// The main thread's side: starts the worker with a large stack and a heap limit, watches it, and says which file
// it was at when it died or hung. The main thread itself never parses.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { AnalyseSettings } from './analyse.ts';
import type { ScanResult } from './model/finding.ts';
import type { Input } from './model/input.ts';

export interface WorkerTask {
  readonly input: Input;
  readonly settings: AnalyseSettings;
  readonly progress: SharedArrayBuffer;
}

export type WorkerOutcome =
  | { readonly kind: 'result'; readonly result: ScanResult }
  | { readonly kind: 'failed'; readonly file: number; readonly reason: string };

const stackMegabytes = 240;
const heapMegabytes = 4096;
/** A file that is parsed for longer than this hangs. */
const fileMilliseconds = 20_000;
const tick = 100;

/** Runs the analysis in a worker. Rejects only when the signal aborts. */
export function runWorker(
  input: Input,
  settings: AnalyseSettings,
  signal: AbortSignal | undefined,
  onProgress: ((done: number, all: number) => void) | undefined,
): Promise<WorkerOutcome> {
  const progress = new SharedArrayBuffer(4);
  const current = new Int32Array(progress);
  Atomics.store(current, 0, -1);
  const task: WorkerTask = { input, settings, progress };
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile(), {
      workerData: task,
      resourceLimits: { stackSizeMb: stackMegabytes, maxOldGenerationSizeMb: heapMegabytes },
      stdout: false,
      stderr: false,
    });
    let lastFile = -1;
    let since = Date.now();
    const timer = setInterval(() => {
      const file = Atomics.load(current, 0);
      if (file !== lastFile) {
        lastFile = file;
        since = Date.now();
        onProgress?.(Math.min(file + 1, input.files.length), input.files.length);
      } else if (file < input.files.length && file >= 0 && Date.now() - since > fileMilliseconds) {
        finish({ kind: 'failed', file, reason: `parsing took longer than ${fileMilliseconds / 1000} s` });
      }
    }, tick);
    const abort = (): void => {
      stop();
      reject(signal?.reason ?? new Error('aborted'));
    };
    const stop = (): void => {
      clearInterval(timer);
      signal?.removeEventListener('abort', abort);
      void worker.terminate();
    };
    const finish = (outcome: WorkerOutcome): void => {
      stop();
      resolve(outcome);
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    worker.once('message', (result: ScanResult) => finish({ kind: 'result', result }));
    worker.once('error', (error: NodeJS.ErrnoException) => {
      finish({ kind: 'failed', file: Atomics.load(current, 0), reason: reasonOf(error) });
    });
    worker.once('exit', (code) => {
      if (code !== 0)
        finish({ kind: 'failed', file: Atomics.load(current, 0), reason: `the worker stopped (${code})` });
    });
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return 'out of memory';
  if (error instanceof RangeError) return 'nested too deeply';
  return `internal error: ${error.message.split('\n')[0]}`;
}

// The built worker stands beside the built main file; from the sources, the one in dist is taken.
function workerFile(): string {
  const beside = fileURLToPath(new URL('./worker.js', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../dist/worker.js', import.meta.url));
}
