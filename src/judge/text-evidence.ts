// The text around a value → evidence: a currency sign, a unit of a game, a phrase of a category, a heading that is a term.

import type { Evidence } from '../model/finding.ts';
import type { TextMark } from '../model/marks.ts';
import type { DataRules } from '../model/rule.ts';

export interface TextFinding {
  readonly evidence: readonly Evidence[];
  /** The category that a phrase or a heading speaks of; '' when none does. */
  readonly category: string;
}

/** Points of a term from which it may stand as a heading: `Saldo: …`. */
const headingPoints = 3;
const maxHeadingWords = 4;

/** Evidence in the texts just before and after a value, and in the label of the interface element it stands in. */
export function textEvidence(data: DataRules, around: TextMark, name: string, category: string): TextFinding {
  const found: Evidence[] = [];
  const { naming, weights } = data;
  const { before, after, label } = around;
  const add = (kind: string, text: string, weight: number | undefined): void => {
    if (weight) found.push({ kind, text, weight });
  };
  const headings = [label, lastLine(before)].map(headingOf);
  const next = after.slice(0, 16).toLowerCase();
  const game = naming.gameUnits.find((unit) => startsWith(next, unit) || headings.some((one) => endsIn(one, unit)));
  if (game) add('units.game', game, weights.points['units.game']);
  const alike = lookAlikeText(data, name, next);
  if (alike) found.push(alike);
  // The unit stands next to the value: `€ 5`, `5 EUR`, `Rp5`.
  const near = `${before.slice(-6)} ${after.slice(0, 10)}`;
  const strong = naming.currencyStrong.find((unit) => hasWord(near, unit));
  if (strong) add('units', strong, weights.points['units']);
  else {
    const weak = naming.currencyAmbiguous.find((unit) => hasWord(near, unit));
    if (weak) add('units', weak, weights.points['units.ambiguous']);
  }
  const counted = weights.points[`counted.${category}`] ?? weights.points['counted'];
  if (!strong && isCounted(lastWord(name), next)) add('counted', lastWord(name), counted);
  const phrase =
    phraseIn(data, `${label} ${before} ${after}`.toLowerCase(), category) ?? headingIn(data, headings, lastWord(name));
  if (phrase) add('phrase', `"${phrase.text}"`, weights.points['phrase']);
  return { evidence: found, category: phrase?.category ?? '' };
}

interface Phrase {
  readonly text: string;
  readonly category: string;
}

// A phrase of the value's own category goes before those of others.
function phraseIn(data: DataRules, text: string, category: string): Phrase | undefined {
  const own = data.phrases.filter((one) => one.category === category);
  const others = data.phrases.filter((one) => one.category !== category);
  for (const rule of [...own, ...others]) {
    const found = rule.phrases.find((one) => hasWord(text, one));
    if (found) return { text: found, category: rule.category };
  }
  return undefined;
}

// `Saldo: 12`, a field with the name "Net pay": what the value is called for the reader is a term itself.
// `Budget: ${budget}` says the same word twice, and is no second witness.
function headingIn(data: DataRules, headings: readonly string[], own: string): Phrase | undefined {
  const terms = termsOf(data);
  for (const heading of headings) {
    const words = heading.split(' ');
    for (let length = Math.min(maxHeadingWords, words.length); length > 0; length--) {
      const text = words.slice(-length).join(' ');
      const category = terms.get(text);
      if (category !== undefined && !endsIn(text, own)) return { text, category };
    }
  }
  return undefined;
}

const knownTerms = new WeakMap<DataRules, ReadonlyMap<string, string>>();

function termsOf(data: DataRules): ReadonlyMap<string, string> {
  let terms = knownTerms.get(data);
  if (!terms) {
    const strong = data.terms.filter((rule) => !rule.isPattern && rule.points >= headingPoints);
    terms = new Map(strong.map((rule) => [rule.term, rule.category]));
    knownTerms.set(data, terms);
  }
  return terms;
}

// 12 messages, 3 files: what is counted after the number betrays a word that also means money.
function lookAlikeText(data: DataRules, name: string, next: string): Evidence | undefined {
  const last = lastWord(name);
  const rule = data.lookAlikes.find((one) => one.term === last && one.text.some((word) => startsWith(next, word)));
  return rule && { kind: 'lookalike', text: rule.meaning, weight: rule.points };
}

// You have 12 expenses: what is counted is named right after it.
function isCounted(word: string, next: string): boolean {
  return word.length > 2 && startsWith(next, word.endsWith('s') ? word : `${word}s`);
}

function lastWord(name: string): string {
  return (name.match(/\p{Lu}?\p{Ll}+/gu) ?? []).pop()?.toLowerCase() ?? '';
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}

// The words of a heading, without signs: `*💳 Saldo:* ` → saldo.
function headingOf(text: string): string {
  return text
    .slice(-48)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim();
}

function endsIn(heading: string, unit: string): boolean {
  return heading === unit || heading.endsWith(` ${unit}`);
}

// The word that comes first after a value, signs and markup aside; a sign may stand anywhere near it.
function startsWith(text: string, word: string): boolean {
  if (!/^\p{L}/u.test(word)) return text.includes(word);
  const words = text.replace(/^[^\p{L}\d]+/u, '');
  return words.startsWith(word) && !/^\p{L}/u.test(words.slice(word.length));
}

// Signs may touch the number; words must stand alone.
function hasWord(text: string, word: string): boolean {
  const isWord = /^\p{L}/u.test(word);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWord) return true;
    const before = text[at - 1] ?? ' ';
    const after = text[at + word.length] ?? ' ';
    if (!/\p{L}/u.test(before) && (!/\p{L}/u.test(after) || !/\p{L}$/u.test(word))) return true;
  }
  return false;
}
