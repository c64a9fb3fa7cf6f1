// The name of somebody who answers for a debt, shares an account or is paid: `loan.guarantors.map((one) => one.name)`.

import type { Guess } from './guess.ts';
import { singular } from './identifier.ts';
import type { Lexicon } from './lexicon.ts';
import { termsAtEnd, wordsIn } from './lexicon.ts';

const leastPoints = 2.5;

/** What a field is that names a person, by the nearest name before it that says who that is. */
export function guessPerson(lexicon: Lexicon, field: string, holders: readonly string[]): readonly Guess[] {
  for (const holder of holders) {
    const words = wordsIn(lexicon, holder);
    const last = singular(words[words.length - 1] ?? '');
    const [rule] = termsAtEnd(lexicon, [...words.slice(0, -1), last]);
    if (!rule || rule.points < leastPoints || !(rule.category === 'relationship' || isPaid(rule))) continue;
    const points = Math.min(rule.points + 1, 6);
    const evidence = [{ kind: 'qualifiedName', text: `\`${holder}.${field}\``, weight: points }];
    return [{ category: rule.category, points, exact: false, evidence }];
  }
  return [];
}

// A beneficiary is somebody; a transfer is not.
function isPaid(rule: { readonly category: string; readonly exact: boolean }): boolean {
  return rule.category === 'transfer' && rule.exact;
}
