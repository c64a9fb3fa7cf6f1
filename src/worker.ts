// The worker's side: runs the analysis and tells the main thread, through shared memory, which file is being parsed.

import module from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { analyse } from './analyse.ts';
import type { WorkerTask } from './watchdog.ts';

// As in bin/leakscan.js; here it is the compiler that counts.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();
const { input, settings, progress } = workerData as WorkerTask;
const current = new Int32Array(progress);
const result = analyse(input, settings, (index) => Atomics.store(current, 0, index));
parentPort?.postMessage(result);
