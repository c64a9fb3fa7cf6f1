// The vocabulary, made ready for look-up: terms by their words, in each form that a language gives them.

import { RE2JS } from 're2js';
import type { DataRules, LanguageRule, TermRule } from '../model/rule.ts';
import { foldAccents, isUnspaced, singular, spelledOut, wordsOf } from './identifier.ts';
import { romanised } from './romanise.ts';

export interface Lexicon {
  readonly data: DataRules;
  readonly terms: ReadonlyMap<string, readonly TermRule[]>;
  /** For each language that inflects: its endings, and its terms without them. */
  readonly inflected: readonly Inflected[];
  readonly patterns: readonly { readonly rule: TermRule; readonly pattern: RE2JS }[];
  /** Words of languages that are written without spaces. */
  readonly pieces: ReadonlySet<string>;
  /** Last parts of compounds. */
  readonly heads: ReadonlySet<string>;
  /** Languages in which what is spoken of comes first. */
  readonly headFirst: ReadonlySet<string>;
  readonly neutral: ReadonlySet<string>;
  readonly neutralWords: number;
  readonly neutralFirst: ReadonlySet<string>;
  /** Fields that name a person. */
  readonly people: ReadonlySet<string>;
  readonly plain: ReadonlySet<string>;
  readonly booleans: ReadonlySet<string>;
  readonly sources: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
  readonly qualifiers: ReadonlySet<string>;
  /** Entity, as names are split → as it stands in the rules, and its category. */
  readonly entities: ReadonlyMap<string, Entity>;
  readonly formatters: ReadonlySet<string>;
  readonly formatterWords: ReadonlySet<string>;
  readonly formatterUnits: ReadonlySet<string>;
  /** Words for an amount of anything. */
  readonly amounts: ReadonlySet<string>;
  /** Words that make an amount of a term. */
  readonly measures: ReadonlySet<string>;
  /** Units that amounts in whole numbers are counted in, of one or two words. */
  readonly minorUnits: ReadonlySet<string>;
  /** What has a balance or credits, and is no money. */
  readonly things: ReadonlySet<string>;
  readonly outflows: ReadonlySet<string>;
  readonly totals: ReadonlySet<string>;
  readonly prepositions: ReadonlySet<string>;
  /** Words that add nothing to a heading. */
  readonly fillers: ReadonlySet<string>;
  /** Words that make what a text speaks of everybody's. */
  readonly publicWords: ReadonlySet<string>;
}

export interface Entity {
  readonly name: string;
  readonly category: string;
}

interface Inflected {
  /** By their last letter. */
  readonly endings: Endings;
  readonly terms: ReadonlyMap<string, readonly TermRule[]>;
  readonly entities: ReadonlyMap<string, Entity>;
}

type Endings = ReadonlyMap<string, readonly string[]>;

const none: readonly string[] = [];
const maxTermWords = 4;
const minStem = { Latin: 4, other: 3 };
const minGlued = 6;
const minCompoundRest = 3;
/** A weak term alone decides nothing. */
export const weakPoints = 1;
const generic = 'money.generic';

const known = new WeakMap<DataRules, Lexicon>();

/** The lexicon of a vocabulary, made once. */
export function lexiconOf(data: DataRules): Lexicon {
  let lexicon = known.get(data);
  if (!lexicon) {
    lexicon = makeLexicon(data);
    known.set(data, lexicon);
  }
  return lexicon;
}

function makeLexicon(data: DataRules): Lexicon {
  const { naming } = data;
  const rules = data.terms.filter((rule) => !rule.isPattern).flatMap((rule) => inLatin(data, rule));
  const entities = new Map(
    [...naming.entities.flatMap((entry) => entitiesInLatin(data, entry)), ...naming.entities].map(
      (entry) => [plain(entry.split(':')[0] ?? ''), entityOf(entry)] as const,
    ),
  );
  const neutral = setOf(naming.neutralSuffixes);
  const qualifiers = setOf(naming.qualifiers);
  const terms = termMap(rules);
  const words = [...terms.keys(), ...neutral, ...qualifiers, ...entities.keys()];
  return {
    data,
    terms,
    inflected: data.languages.filter((one) => one.endings.length > 0).map((one) => inflectedOf(one, rules, entities)),
    patterns: data.terms.filter((rule) => rule.isPattern).map((rule) => ({ rule, pattern: RE2JS.compile(rule.term) })),
    pieces: new Set(words.flatMap((one) => one.split(' ')).filter(isUnspaced)),
    heads: setOf(data.languages.flatMap((one) => one.heads)),
    headFirst: new Set(data.languages.filter((one) => one.headFirst).map((one) => one.id)),
    neutral,
    neutralWords: Math.max(1, ...naming.neutralSuffixes.map((suffix) => suffix.split(' ').length)),
    neutralFirst: setOf(naming.neutralPrefixes),
    people: setOf(naming.personFields),
    plain: setOf(naming.plainWords),
    booleans: setOf(naming.booleanPrefixes),
    sources: setOf(naming.sourcePrefixes),
    others: setOf(naming.otherPrefixes),
    qualifiers,
    entities,
    formatters: setOf(naming.moneyFormatters),
    formatterWords: setOf(naming.formatterWords),
    formatterUnits: setOf(naming.formatterUnits),
    amounts: setOf(naming.amountWords),
    measures: setOf(naming.measures),
    minorUnits: setOf(naming.minorUnits),
    things: setOf(naming.countedThings),
    outflows: setOf(naming.outflows),
    totals: setOf(naming.totals),
    prepositions: setOf(naming.prepositions),
    fillers: setOf(naming.fillers),
    publicWords: setOf(naming.publicWords),
  };
}

// A term, and how it is written in Latin letters, where its language is shown.
function inLatin({ languages }: DataRules, rule: TermRule): readonly TermRule[] {
  const schemes = rule.language === '' ? [] : (languages.find((one) => one.id === rule.language)?.latin ?? []);
  return [rule, ...romanised(rule.term, schemes).map((term) => ({ ...rule, term }))];
}

function entitiesInLatin({ languages }: DataRules, entry: string): readonly string[] {
  const [name = '', category = ''] = entry.split(':');
  return romanised(
    name,
    languages.flatMap((one) => one.latin),
  ).map((word) => `${word}:${category}`);
}

/** A term as names are split. */
function plain(text: string): string {
  return wordsOf(text).join(' ');
}

function setOf(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => [plain(text), plain(spelledOut(text))]));
}

function entityOf(entry: string): Entity {
  const [name = '', category = ''] = entry.split(':');
  return { name, category };
}

// A term is known as it is written, with its accents spelled out, and as one word: account balance, accountbalance.
function termMap(rules: readonly TermRule[]): Map<string, TermRule[]> {
  const terms = new Map<string, TermRule[]>();
  const add = (key: string, rule: TermRule): void => {
    const known = terms.get(key);
    if (!known) terms.set(key, [rule]);
    else if (!known.some((one) => one.category === rule.category && one.language === rule.language)) known.push(rule);
  };
  for (const rule of rules) {
    for (const key of new Set([plain(rule.term), plain(spelledOut(rule.term))])) add(key, rule);
  }
  for (const rule of rules) {
    const glued = plain(rule.term).replaceAll(' ', '');
    if (rule.points > weakPoints && glued.length >= minGlued && !terms.has(glued)) add(glued, rule);
  }
  return terms;
}

// The forms that the terms of a language, and the entities among them, may have.
function inflectedOf(
  language: LanguageRule,
  rules: readonly TermRule[],
  entities: ReadonlyMap<string, Entity>,
): Inflected {
  const endings = new Map<string, string[]>();
  for (const ending of new Set(language.endings.map((one) => foldAccents(one).toLowerCase()))) {
    const letter = ending.slice(-1);
    endings.set(letter, [...(endings.get(letter) ?? []), ending]);
  }
  const own = rules.filter((rule) => rule.language === language.id);
  const terms = new Map<string, TermRule[]>();
  for (const rule of own) {
    for (const form of formsOf(plain(rule.term), endings)) {
      const known = terms.get(form);
      if (known) known.push(rule);
      else terms.set(form, [rule]);
    }
  }
  const forms = new Map<string, Entity>();
  for (const [word, entity] of entities) {
    // Only what is also a term of the language is known to be of it.
    if (!own.some((rule) => plain(rule.term) === word)) continue;
    for (const form of formsOf(word, endings)) if (!forms.has(form)) forms.set(form, entity);
  }
  return { endings, terms, entities: forms };
}

// A word, and what is left of it without each of the endings.
function formsOf(text: string, endings: Endings): readonly string[] {
  const fitting = endings.get(text.slice(-1)) ?? none;
  if (fitting.length === 0) return [text];
  const letters = text.length - text.lastIndexOf(' ') - 1;
  const least = /[a-z]$/.test(text) ? minStem.Latin : minStem.other;
  const forms = [text];
  for (const ending of fitting) {
    if (letters - ending.length >= least && text.endsWith(ending)) forms.push(text.slice(0, -ending.length));
  }
  return forms;
}

/** The words of a name, its compounds taken apart: `账户余额` → 账户, 余额; `nettoloon` → netto, loon. */
export function wordsIn(lexicon: Lexicon, name: string): readonly string[] {
  const words = wordsOf(name);
  return words.some((word) => isCompound(lexicon, word)) ? words.flatMap((word) => partsOf(lexicon, word)) : words;
}

function isCompound(lexicon: Lexicon, word: string): boolean {
  return isUnspaced(word) || (lexicon.heads.size > 0 && word.length > minStem.Latin + minCompoundRest);
}

function partsOf(lexicon: Lexicon, word: string): readonly string[] {
  if (isUnspaced(word)) return piecesOf(lexicon, word);
  if (lexicon.terms.has(word)) return [word];
  for (let cut = minCompoundRest; cut <= word.length - minStem.Latin; cut++) {
    if (lexicon.heads.has(word.slice(cut))) return [word.slice(0, cut), word.slice(cut)];
  }
  return [word];
}

// From the end, the longest known piece each time; what is not known stays together.
function piecesOf(lexicon: Lexicon, word: string): readonly string[] {
  const letters = [...word].slice(-24);
  const parts: string[] = [];
  let unknown = '';
  for (let end = letters.length; end > 0; ) {
    let start = 0;
    while (start < end && !lexicon.pieces.has(letters.slice(start, end).join(''))) start++;
    if (start === end) {
      unknown = `${letters[end - 1]}${unknown}`;
      end--;
      continue;
    }
    if (unknown !== '') parts.unshift(unknown);
    unknown = '';
    parts.unshift(letters.slice(start, end).join(''));
    end = start;
  }
  if (unknown !== '') parts.unshift(unknown);
  return parts;
}

/** The longest term that the words end in; an exact plural does not lend its points to the singular. */
export function termsAtEnd(lexicon: Lexicon, words: readonly string[]): readonly TermRule[] {
  for (let length = Math.min(maxTermWords, words.length); length > 0; length--) {
    const found = termsOf(lexicon, words.slice(-length));
    if (found) return found;
  }
  const whole = words.join(' ');
  return lexicon.patterns.filter(({ pattern }) => pattern.matches(whole)).map(({ rule }) => rule);
}

/** The rules of exactly these words. */
function termsOf(lexicon: Lexicon, words: readonly string[]): readonly TermRule[] | undefined {
  const text = words.join(' ');
  const direct = lexicon.terms.get(text) ?? lexicon.terms.get(words.join(''));
  if (direct) return direct;
  const last = words[words.length - 1] ?? '';
  const inSingular = lexicon.terms.get([...words.slice(0, -1), singular(last)].join(' '));
  if (inSingular) return inSingular;
  for (const { endings, terms } of lexicon.inflected) {
    for (const form of formsOf(text, endings)) {
      const found = terms.get(form);
      if (found) return found;
    }
  }
  return undefined;
}

/** The terms of a name's words: at their end, before a tail that adds nothing, or at the head of a language that begins with it. */
export function termsIn(lexicon: Lexicon, words: readonly string[]): readonly TermRule[] {
  const own = termsAtEnd(lexicon, words);
  if (own.some((rule) => rule.points > weakPoints)) return own;
  const joined = withoutPrepositions(lexicon, words);
  const linked = joined.length < words.length ? termsAtEnd(lexicon, joined).filter((one) => one.exact) : [];
  if (linked.length > 0) return linked;
  const before = termsBeforeTail(lexicon, words);
  return [...own, ...(before.length > 0 ? before : termsAtHead(lexicon, words))];
}

/** The words without what stands between those of a term: `limite de crédito`, `impuestoAPagar`. */
export function withoutPrepositions(lexicon: Lexicon, words: readonly string[]): readonly string[] {
  return words.filter((word, i) => i === 0 || i === words.length - 1 || !lexicon.prepositions.has(word));
}

// balanceEur, debtAmount, transactionList: the last word adds nothing to the term before it.
function termsBeforeTail(lexicon: Lexicon, words: readonly string[]): readonly TermRule[] {
  for (let end = words.length - 1; end > 0 && isTail(lexicon, words[end] ?? ''); end--) {
    const found = termsAtEnd(lexicon, words.slice(0, end)).filter((rule) => rule.points > weakPoints);
    if (found.length > 0) return found;
  }
  return [];
}

function isTail(lexicon: Lexicon, word: string): boolean {
  return lexicon.qualifiers.has(word) || (lexicon.terms.get(word) ?? []).some((rule) => rule.category === generic);
}

// saldoUsuario, gastosRestaurantes: whose or what for follows.
function termsAtHead(lexicon: Lexicon, words: readonly string[]): readonly TermRule[] {
  if (lexicon.headFirst.size === 0) return [];
  let from = 0;
  while (from < words.length - 1 && lexicon.qualifiers.has(words[from] ?? '')) from++;
  for (let end = Math.min(words.length - 1, from + maxTermWords); end > from; end--) {
    const found = (termsOf(lexicon, words.slice(from, end)) ?? []).filter(
      (rule) => rule.points > weakPoints && lexicon.headFirst.has(rule.language),
    );
    if (found.length > 0) return found;
  }
  return [];
}

/** The entity of one or two words. */
export function entityIn(lexicon: Lexicon, text: string): Entity | undefined {
  const direct = lexicon.entities.get(text);
  if (direct) return direct;
  for (const { endings, entities } of lexicon.inflected) {
    for (const form of formsOf(text, endings)) {
      const found = entities.get(form);
      if (found) return found;
    }
  }
  return undefined;
}

/** The words say that things that were spent are summed up: `totalGastos`, `ausgabenGesamt`. */
export function isSpending(lexicon: Lexicon, words: readonly string[]): boolean {
  return (
    words.some((word) => lexicon.totals.has(word)) &&
    words.some((word) => lexicon.outflows.has(word) || lexicon.outflows.has(singular(word)))
  );
}
