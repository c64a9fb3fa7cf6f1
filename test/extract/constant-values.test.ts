// Folding of operators on known values: what is known, and what is left open.

import { describe, expect, it } from 'vitest';
import { exact, falsy, foldBinary, foldUnary, isNullish, truthOf, truthy } from '../../src/extract/constant-values.ts';

describe('known values', () => {
  it('have a truth', () => {
    expect([exact(''), exact(0), exact(null), exact(Number.NaN), falsy].map(truthOf)).toEqual(Array(5).fill(false));
    expect([exact('0'), exact(-1), truthy].map(truthOf)).toEqual([true, true, true]);
    expect(truthOf(undefined)).toBeUndefined();
  });

  it('are nullish, or not, or perhaps', () => {
    expect([exact(undefined), exact(null)].map(isNullish)).toEqual([true, true]);
    expect([exact(0), truthy].map(isNullish)).toEqual([false, false]);
    expect(isNullish(falsy)).toBeUndefined();
  });
});

describe('operators', () => {
  it('work as in the language on values of one kind', () => {
    expect(foldBinary('+', exact('a'), exact(1))).toEqual(exact('a1'));
    expect(foldBinary('<', exact(1), exact(2))).toEqual(exact(true));
    expect(foldBinary('>', exact('a'), exact('b'))).toEqual(exact(false));
    expect(foldBinary('==', exact(null), exact(undefined))).toEqual(exact(true));
    expect(foldBinary('!=', exact(0), exact(null))).toEqual(exact(true));
    expect(foldUnary('typeof', exact(null))).toEqual(exact('object'));
    expect(foldUnary('!', truthy)).toEqual(exact(false));
  });

  it('leave open what needs a conversion, or is not known', () => {
    expect(foldBinary('==', exact('1'), exact(1))).toBeUndefined();
    expect(foldBinary('===', truthy, exact(1))).toBeUndefined();
    expect(foldBinary('<', exact('1'), exact(2))).toBeUndefined();
    expect(foldUnary('typeof', truthy)).toBeUndefined();
    expect(foldUnary('-', undefined)).toBeUndefined();
  });
});
