// Tests run in forks with a large stack, since the parser and the walk recurse; the built command line is tested as built.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
});
