// The text around a value → evidence: a currency sign, a unit of a game, a phrase of a category, a heading that is a term.

import type { Evidence } from '../model/finding.ts';
import type { Said, TextMark } from '../model/marks.ts';
import type { DataRules } from '../model/rule.ts';
import { beginsWith, clauseBehind, hasWord, nextTo } from '../model/text.ts';

export interface TextFinding {
  readonly evidence: readonly Evidence[];
  /** The category that a phrase or a heading speaks of; '' when none does. */
  readonly category: string;
  /** It is a heading that says so. */
  readonly isHeading: boolean;
}

/** Evidence in the texts just before and after a value, and in the label of the interface element it stands in. */
export function textEvidence(data: DataRules, around: TextMark, name: string, category: string): TextFinding {
  const found: Evidence[] = [];
  const { naming, weights } = data;
  const { before, after, label } = around;
  const add = (kind: string, text: string, weight: number | undefined): void => {
    if (weight) found.push({ kind, text, weight });
  };
  const headings = [label, lastLine(before)].map(headingOf);
  const next = clauseBehind(after).slice(0, 16).toLowerCase();
  const game = naming.gameUnits.find((unit) => isUnit(next, unit) || headings.some((one) => endsIn(one, unit)));
  if (game) add('units.game', game.replace('*', ''), weights.points['units.game']);
  const alike = lookAlikeText(data, name, next);
  if (alike) found.push(alike);
  const near = nextTo(before, after);
  const strong = naming.currencyStrong.find((unit) => hasWord(near, unit));
  if (strong) add('units', strong, weights.points['units']);
  else {
    const weak = naming.currencyAmbiguous.find((unit) => hasWord(near, unit));
    // `$` right before a number is a price tag; behind one it may be anything.
    const isBefore = weak !== undefined && /^\p{Sc}$/u.test(weak) && before.trimEnd().endsWith(weak);
    if (weak) add('units', weak, weights.points[isBefore ? 'units.before' : 'units.ambiguous']);
  }
  const counted = weights.points[`counted.${category}`] ?? weights.points['counted'];
  if (!strong && isCounted(lastWord(name), next)) add('counted', lastWord(name), counted);
  const phrase = saidOf(around.said, category, lastWord(name));
  const isTerm = phrase?.isHeading && !phrase.isPlural;
  if (phrase) add('phrase', `"${phrase.text}"`, weights.points[isTerm ? 'phrase.heading' : 'phrase']);
  return { evidence: found, category: phrase?.category ?? '', isHeading: phrase?.isHeading ?? false };
}

// What is said of the value's own category goes before what is said of others. `Budget: ${budget}` says the same word
// twice, and is no second witness; a phrase of more than that word is.
function saidOf(said: readonly Said[], category: string, own: string): Said | undefined {
  const others = said.filter((one) => !(one.isHeading && own !== '' && endsIn(one.text, own)));
  const [first] = others;
  // What was spent in a month is more than one payment.
  const sum = first?.category === 'transaction' ? others.find((one) => one.category === 'spending') : undefined;
  return others.find((one) => one.category === category) ?? sum ?? first;
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

const minInvented = 2;

// A unit that begins with `*` is the end of a made-up one: 12 loungebucks.
function isUnit(text: string, unit: string): boolean {
  if (!unit.startsWith('*')) return startsWith(text, unit);
  const [word = ''] = /\p{L}+/u.exec(text) ?? [];
  return word.endsWith(unit.slice(1)) && word.length >= unit.length - 1 + minInvented;
}

// The word that comes first after a value, signs and markup aside; a sign may stand anywhere near it.
function startsWith(text: string, word: string): boolean {
  if (!/^\p{L}/u.test(word)) return text.includes(word);
  const words = text.replace(/^[^\p{L}\d]+/u, '');
  return beginsWith(words, word);
}
