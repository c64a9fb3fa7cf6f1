// Work is done again when something that it looked at has grown, and only then.

import { describe, expect, it } from 'vitest';
import { Reads } from '../../src/link/reads.ts';

describe('pieces of work', () => {
  it('are done again only when what they looked at has grown, or the stamp is another', () => {
    const sizes = [0, 0, 0];
    const reads = new Reads();
    const kind = reads.add((index) => sizes[index] ?? 0);
    const pieces = reads.pieces();
    let done = 0;
    const redo = (stamp = 0): number => {
      pieces.redo(7, stamp, () => {
        reads.note(kind, 1);
        done++;
      });
      return done;
    };
    expect([redo(), redo()]).toEqual([1, 1]);
    sizes[2] = 1;
    expect(redo()).toBe(1);
    sizes[1] = 1;
    expect([redo(), redo()]).toEqual([2, 2]);
    expect([redo(1), redo(1)]).toEqual([3, 3]);
  });

  it('are done again when they themselves let grow what they looked at', () => {
    let size = 0;
    const reads = new Reads();
    const kind = reads.add(() => size);
    const pieces = reads.pieces();
    let done = 0;
    const redo = (): number => {
      pieces.redo(0, 0, () => {
        reads.note(kind, 0);
        size = 1;
        done++;
      });
      return done;
    };
    expect([redo(), redo(), redo()]).toEqual([1, 2, 2]);
  });

  it('do not see what others look at meanwhile', () => {
    let size = 0;
    const reads = new Reads();
    const kind = reads.add(() => size);
    const pieces = reads.pieces();
    let done = 0;
    const redo = (): number => {
      pieces.redo(0, 0, () => {
        done++;
      });
      return done;
    };
    redo();
    reads.note(kind, 0);
    size = 1;
    expect(redo()).toBe(1);
  });
});
