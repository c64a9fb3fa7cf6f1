// The table of visited states against a Map.

import { array, assert, integer, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { Quads } from '../../src/trace/quads.ts';

it('numbers groups of four in the order of their coming, each once', () => {
  const part = integer({ min: -1, max: 9 });
  assert(
    property(array(tuple(part, part, integer(), part), { maxLength: 300 }), (groups) => {
      const quads = new Quads();
      const known = new Map<string, number>();
      for (const group of groups) {
        const key = group.join();
        expect(quads.indexOf(...group)).toBe(known.get(key) ?? -1);
        const added = quads.add(...group);
        expect(added).toBe(known.has(key) ? undefined : known.size);
        if (added !== undefined) known.set(key, added);
        expect(quads.indexOf(...group)).toBe(known.get(key));
      }
    }),
  );
});
