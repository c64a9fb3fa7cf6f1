// Brings in the TypeScript compiler that ts-morph carries, on first use and by `require`:
// importing it as an ES module costs 0.13 CPU seconds more (the export names of the CommonJS source are lexed).

import { createRequire } from 'node:module';
import type { ts } from 'ts-morph';

/** The compiler's API. Node caches the module, so later calls are look-ups. */
export function loadCompiler(): typeof ts {
  return createRequire(import.meta.url)('ts-morph').ts;
}
