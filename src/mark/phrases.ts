// Texts → the categories they speak of: a phrase anywhere near a value, or a heading right before it that is a term.

import type { Said } from '../model/marks.ts';
import type { DataRules, TermRule } from '../model/rule.ts';
import { standsAlone } from '../model/text.ts';
import { foldAccents, isUnspaced, wordsOf } from './identifier.ts';
import { isSpending, lexiconOf, termsAtEnd, withoutPrepositions, wordsIn } from './lexicon.ts';

/** Points of a term from which it may stand as a heading: `Saldo: …`. */
const headingPoints = 3;
const headingLength = 48;

export interface PhraseReader {
  /** What the text around a value says of it, each category once; the heading first, then the longest phrase. */
  read(before: string, after: string, label: string): readonly Said[];
  /** True for a text that speaks of what is everybody's. */
  isPublic(text: string): boolean;
}

interface Phrase {
  readonly text: string;
  readonly category: string;
  /** Its place in the rules. */
  readonly order: number;
}

/** Reads texts with a vocabulary; each distinct text is read once. */
export function createPhraseReader(data: DataRules): PhraseReader {
  const lexicon = lexiconOf(data);
  const phrases = indexOf(data);
  const sums = new Set(data.naming.sums);
  const units = [...data.naming.currencyStrong, ...data.naming.currencyAmbiguous].sort((a, b) => b.length - a.length);
  const known = new Map<string, readonly Said[]>();
  const headingIn = (heading: string, isPoint: boolean): Said | undefined => {
    const all = withoutPrepositions(lexicon, wordsIn(lexicon, heading));
    if (all.some((word) => lexicon.publicWords.has(word))) return undefined;
    // `Your balance is`: what the sentence turns on stands before words that add nothing.
    const end = all.findLastIndex((word) => !lexicon.fillers.has(word)) + 1;
    const full = termsAtEnd(lexicon, all.slice(-4));
    const words = (full.some((rule) => rule.points >= headingPoints) ? all : all.slice(0, end)).slice(-4);
    const [best] = [...termsAtEnd(lexicon, words)].sort((a, b) => b.points - a.points);
    if (!best || best.points < headingPoints || best.isPattern) return undefined;
    const last = words[words.length - 1] ?? '';
    const count = best.term.split(' ').length;
    const rest = words === all ? all.slice(0, -count) : all.slice(0, Math.max(0, end - count));
    const isWhole = rest.length <= 3 && rest.every((word) => lexicon.fillers.has(word) || lexicon.measures.has(word));
    // Behind words that add nothing a term counts only where there is no other.
    if (words.length > 0 && !isWhole && all[all.length - 1] !== words[words.length - 1]) return undefined;
    return {
      text: textOf(best, words),
      category: best.category === 'transaction' && isSpending(lexicon, all) ? 'spending' : best.category,
      isHeading: true,
      isPlural: isCount(last, sums),
      isWhole: isWhole && (isPoint || end < all.length || best.exact),
      isExact: best.exact,
    };
  };
  const read = (before: string, after: string, label: string): readonly Said[] => {
    const said: Said[] = [];
    for (const text of [label, lastLine(before)]) {
      const heading = headingOf(text, units);
      const found = heading === '' ? undefined : headingIn(heading, text === label || isPoint(text));
      if (found) said.push(found);
    }
    for (const { text, category } of phrasesIn(phrases, foldAccents(`${label} ${before} ${after}`).toLowerCase()))
      if (!said.some((one) => one.category === category && !one.isHeading))
        said.push({ text, category, isHeading: false, isPlural: false, isWhole: false, isExact: false });
    return said;
  };
  return {
    isPublic: (text) => wordsOf(text).some((word) => lexicon.publicWords.has(word)),
    read: (before, after, label) => {
      const key = `${before}\0${after}\0${label}`;
      let said = known.get(key);
      if (!said) {
        said = read(before, after, label);
        known.set(key, said);
      }
      return said;
    },
  };
}

// Transactions: 12 is a count, Expenses: 12 is a sum.
function isCount(word: string, sums: ReadonlySet<string>): boolean {
  return /^[a-z]+s$/.test(word) && !sums.has(word);
}

// `Balance: `, `Saldo – `: what follows is the value of what stands before.
function isPoint(text: string): boolean {
  return /[:：=–—][^\p{L}\d]*$/u.test(text);
}

function textOf(rule: TermRule, words: readonly string[]): string {
  return words.slice(-rule.term.split(' ').length).join(' ');
}

// Phrases by their first word; those of languages without spaces by their first letter.
function indexOf(data: DataRules): ReadonlyMap<string, readonly Phrase[]> {
  const index = new Map<string, Phrase[]>();
  data.phrases.forEach(({ category, phrases }, order) => {
    for (const one of phrases) {
      const text = foldAccents(one).toLowerCase();
      const [first = ''] = text.match(/^[\p{L}\p{M}]+|^./u) ?? [];
      const key = isUnspaced(text) ? (text[0] ?? '') : first;
      const known = index.get(key);
      if (known) known.push({ text, category, order });
      else index.set(key, [{ text, category, order }]);
    }
  });
  return index;
}

function phrasesIn(index: ReadonlyMap<string, readonly Phrase[]>, text: string): readonly Phrase[] {
  const found: Phrase[] = [];
  for (const { 0: word, index: at } of text.matchAll(/[\p{L}\p{M}]+/gu)) {
    for (const phrase of index.get(word) ?? [])
      if (text.startsWith(phrase.text, at) && standsAlone(text, phrase.text, at)) found.push(phrase);
    if (!isUnspaced(word)) continue;
    for (let i = at; i < at + word.length; i++)
      for (const phrase of index.get(text[i] ?? '') ?? []) if (text.startsWith(phrase.text, i)) found.push(phrase);
  }
  return found.sort((a, b) => b.text.length - a.text.length || a.order - b.order);
}

// The line that a value stands in, or the heading above it: `*Your seed phrase:*\n\n`.
function lastLine(text: string): string {
  const shown = text.replace(/<\/?\w+>/g, '');
  const above = /[:：][^\p{L}\d]*\n[^\p{L}\d]*$/u.exec(shown);
  const heading = above ? shown.slice(0, above.index + 1) : shown;
  return heading.slice(heading.lastIndexOf('\n') + 1);
}

// What a heading adds in brackets: `Balance (updated hourly): `.
const aside = /[(（[][^()（）[\]]*[)）\]](?=[\s:：=*_~]*$)/u;

// The words of a heading, without signs, what it adds in brackets, and the unit that stands before the value: `*💳 Saldo:* Rp ` → saldo.
function headingOf(text: string, units: readonly string[]): string {
  const end = text.replace(aside, '').slice(-headingLength).trimEnd();
  const unit = units.find((one) => end.endsWith(one) && standsAlone(end, one, end.length - one.length));
  return foldAccents(unit === undefined ? end : end.slice(0, -unit.length))
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\d]+/gu, ' ')
    .trim();
}
