// The worker's side: runs the analysis and tells the main thread, through shared memory, which file is being parsed.

import { parentPort, workerData } from 'node:worker_threads';
import { analyse } from './analyse.ts';
import type { WorkerTask } from './watchdog.ts';

const { input, settings, progress } = workerData as WorkerTask;
const current = new Int32Array(progress);
const result = analyse(input, settings, (index) => Atomics.store(current, 0, index));
parentPort?.postMessage(result);
