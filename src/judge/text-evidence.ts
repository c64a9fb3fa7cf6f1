// The text around a value → evidence: a currency sign, a unit of a game, a phrase of the category.

import type { Evidence } from '../model/finding.ts';
import type { DataRules } from '../model/rule.ts';

/** Evidence in the texts just before and after a value, and in the label of the interface element it stands in. */
export function textEvidence(
  data: DataRules,
  before: string,
  after: string,
  label: string,
  category: string,
): readonly Evidence[] {
  const found: Evidence[] = [];
  const { naming, weights } = data;
  const add = (kind: string, text: string, weight: number | undefined): void => {
    if (weight !== undefined) found.push({ kind, text, weight });
  };
  // The unit stands next to the value: `€ 5`, `5 EUR`, `Rp5`.
  const near = `${before.slice(-6)} ${after.slice(0, 10)}`;
  const game = naming.gameUnits.find((unit) => hasWord(after.slice(0, 16).toLowerCase(), unit));
  if (game) add('units.game', game, weights.points['units.game']);
  const strong = naming.currencyStrong.find((unit) => hasWord(near, unit));
  if (strong) add('units', strong, weights.points['units']);
  else {
    const weak = naming.currencyAmbiguous.find((unit) => hasWord(near, unit));
    if (weak) add('units', weak, weights.points['units.ambiguous']);
  }
  const text = `${label} ${before} ${after}`.toLowerCase();
  const own = data.phrases.filter((one) => one.category === category).flatMap((one) => one.phrases);
  const others =
    category === 'money.generic'
      ? []
      : data.phrases.filter((one) => one.category !== category).flatMap((one) => one.phrases);
  const phrase = [...own, ...others].find((one) => hasWord(text, one));
  if (phrase) add('phrase', `"${phrase}"`, weights.points['phrase']);
  return found;
}

// Signs may touch the number; words must stand alone.
function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word);
  if (at < 0) return false;
  if (!/^[\p{L}]/u.test(word)) return true;
  const before = text[at - 1] ?? ' ';
  const after = text[at + word.length] ?? ' ';
  return !/\p{L}/u.test(before) && !/\p{L}/u.test(after);
}
