// Names → guesses of a category, with their evidence. Everything it knows comes from rules/data; it holds only
// splitting and matching. Each distinct name is judged once.

import type { Evidence } from '../model/finding.ts';
import type { DataRules, LookAlikeRule, TermRule } from '../model/rule.ts';
import type { Guess } from './guess.ts';
import { isConstantName, singular, wordsOf } from './identifier.ts';
import type { Entity, Lexicon } from './lexicon.ts';
import { entityIn, isSpending, lexiconOf, termsAtEnd, termsIn, weakPoints, wordsIn } from './lexicon.ts';
import { guessPerson } from './person.ts';

/** What a look-alike is held against; all lower case. */
export interface LookAlikeContext {
  readonly receivers: readonly string[];
  /** Tables and models that the value is read of, in the singular. */
  readonly tables: readonly string[];
  readonly siblings: readonly string[];
  readonly imports: readonly string[];
  readonly text: string;
}

export interface Classifier {
  /** Readings of a value's name and the name before its dot, best first; none when an ending makes it neutral. */
  byName(name: string, receiver: string): readonly Guess[];
  /** What a field is that names a person, of objects with these names, the nearest first. */
  byPerson(field: string, holders: readonly string[]): readonly Guess[];
  isPerson(field: string): boolean;
  /** Readings of a function that gives data: `getBalance`. */
  byFunction(name: string): readonly Guess[];
  /** Readings of the tables and columns of an SQL text. */
  bySql(sql: string): readonly Guess[];
  byUrl(url: string): Evidence | undefined;
  /** The financial entity a name carries (`expense` of `userExpenses`), or ''. */
  entity(name: string): string;
  /** The same for the name of a type, whose last word may say only that it is one: `LoanDetails`. */
  entityOfType(type: string): string;
  entityCategory(entity: string): string;
  lookAlike(name: string, context: LookAlikeContext): Evidence | undefined;
  siblings(names: readonly string[]): Evidence | undefined;
  /** A name speaks of what is everybody's: a price, an average. */
  isPublic(text: string): boolean;
  /** The sum of what is spent: `totalGastos`, `total expense`. */
  isSpending(name: string): boolean;
  /** What is counted under this name, or in the table of this name, and is no money; '' for none. */
  thing(name: string): string;
  isMoneyFormatter(name: string): boolean;
  /** The name says that it is an amount, and not of what: `betrag`, `totalAmount`. */
  isAmount(name: string): boolean;
  /** The name says that it is no amount of anybody's: a price, a count, a constant, a flag. */
  isPlain(name: string): boolean;
  gamePrior(words: readonly string[]): Evidence | undefined;
  /** The same for a project that counts things as a bank counts money: blood, books, credits of courses. */
  thingPrior(words: ReadonlySet<string>): Evidence | undefined;
}

/** Builds a classifier over a vocabulary. */
export function createClassifier(data: DataRules): Classifier {
  const lexicon = lexiconOf(data);
  const names = new Map<string, readonly Guess[]>();
  const entities = new Map<string, string>();
  const categories = new Map([...lexicon.entities.values()].map((one) => [one.name, one.category]));
  return {
    byName: (name, receiver) => remember(names, `${receiver}.${name}`, () => guessName(lexicon, name, receiver)),
    byPerson: (field, holders) => guessPerson(lexicon, field, holders),
    isPerson: (field) => lexicon.people.has(wordsIn(lexicon, field).join(' ')),
    byFunction: (name) => remember(names, `${name}()`, () => guessFunction(lexicon, name)),
    bySql: (sql) => remember(names, sql, () => guessSql(lexicon, sql)),
    byUrl: (url) => urlEvidence(lexicon, url),
    entity: (name) => remember(entities, name, () => findEntity(lexicon, name)),
    entityOfType: (type) => remember(entities, `:${type}`, () => findEntityOfType(lexicon, type)),
    entityCategory: (entity) => categories.get(entity) ?? '',
    lookAlike: (name, context) => worstLookAlike(lexicon, name, context),
    siblings: (found) => siblingEvidence(lexicon, found),
    thing: (name) => thingIn(lexicon, name),
    isMoneyFormatter: (name) => isMoneyFormatter(lexicon, name),
    isPublic: (text) => wordsOf(text).some((word) => lexicon.publicWords.has(word)),
    isSpending: (name) => isSpending(lexicon, wordsIn(lexicon, name)),
    isAmount: (name) => isAmount(lexicon, name),
    isPlain: (name) => isPlain(lexicon, name),
    gamePrior: (words) => gameEvidence(data, words),
    thingPrior: (words) => thingEvidence(data, words),
  };
}

function remember<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}

function guessName(lexicon: Lexicon, name: string, receiver: string): readonly Guess[] {
  if (isConstantName(name) && !isColumnOf(lexicon, receiver)) return [];
  const words = withoutKey(wordsIn(lexicon, name));
  const [first = ''] = words;
  if (words.length === 0 || words.length > 8) return [];
  const own = termsAtEnd(lexicon, words);
  // no_rekening is a term as a whole, whatever `no` begins in another language.
  const isTerm = own.some((rule) => rule.exact && rule.term.split(' ').length === words.length);
  if (words.length > 1 && !isTerm && (lexicon.booleans.has(first) || isVerb(lexicon, first))) return [];
  const receiverWords = wordsIn(lexicon, receiver).filter((word) => !lexicon.qualifiers.has(word));
  const joined =
    receiverWords.length === 0
      ? []
      : termsAtEnd(lexicon, [
          ...receiverWords.slice(-2, -1),
          singular(receiverWords[receiverWords.length - 1] ?? ''),
          ...words,
        ]);
  const isLonger = (joined[0]?.term.split(' ').length ?? 0) > words.length;
  if (isNeutral(lexicon, words, own) && !isLonger) return [];
  const counted = withoutMinorUnit(lexicon, words);
  if (counted) {
    const isPrice = lexicon.plain.has(counted[counted.length - 1] ?? '');
    const guesses = termsIn(lexicon, counted).map((rule) => guessOf(lexicon, rule, 'name', name));
    if (isPrice) return best(guesses);
    return best(
      (guesses.length > 0 ? guesses : inCents(lexicon, words, name)).map((one) => inMinorUnits(lexicon, one)),
    );
  }
  return best([
    ...(isLonger ? joined.map((rule) => guessOf(lexicon, rule, 'qualifiedName', `${receiver}.${name}`)) : []),
    ...termsIn(lexicon, words).map((rule) => measured(lexicon, words, guessOf(lexicon, rule, 'name', name), rule)),
  ]);
}

// ownersByIban, totalByMonth: what a list is looked up by is not what it holds.
function withoutKey(words: readonly string[]): readonly string[] {
  const by = words.indexOf('by');
  return by > 0 && by < words.length - 1 ? words.slice(0, by) : words;
}

// sueldoNeto, totalTagihan, betragRechnung: a word of measure beside a term says that it is an amount.
function measured(lexicon: Lexicon, words: readonly string[], guess: Guess, rule: TermRule): Guess {
  const more = lexicon.data.weights.points['name.measured'] ?? 0;
  if (guess.exact || guess.points < 3 || more === 0 || isAmount(lexicon, words.join(' '))) return guess;
  const own = new Set(rule.term.split(' '));
  const isMeasured = words.some((word) => !own.has(word) && (lexicon.measures.has(word) || lexicon.amounts.has(word)));
  if (!isMeasured) return guess;
  const points = guess.points + more;
  return { ...guess, points, evidence: guess.evidence.map((item) => ({ ...item, weight: points })) };
}

// availableCents, total_minor: what is counted in cents is money, and the word before them says which.
function inMinorUnits(lexicon: Lexicon, guess: Guess): Guess {
  const points = guess.points + (guess.exact ? 0 : (lexicon.data.weights.points['name.minor'] ?? 0));
  return { ...guess, points, evidence: guess.evidence.map((item) => ({ ...item, weight: points })) };
}

// goalCents, raised_cents: money, whatever it is called, where the unit is of nothing else (ironOre is no money).
function inCents(lexicon: Lexicon, words: readonly string[], name: string): readonly Guess[] {
  const [unit] = lexicon.amounts.has(words[words.length - 1] ?? '') ? termsAtEnd(lexicon, words.slice(-1)) : [];
  return unit ? [guessOf(lexicon, unit, 'name', name)] : [];
}

function withoutMinorUnit(lexicon: Lexicon, words: readonly string[]): readonly string[] | undefined {
  const length = [2, 1].find((count) => count < words.length && lexicon.minorUnits.has(words.slice(-count).join(' ')));
  return length === undefined ? undefined : words.slice(0, -length);
}

function isAmount(lexicon: Lexicon, name: string): boolean {
  const words = wordsIn(lexicon, name);
  return (
    words.some((word) => lexicon.amounts.has(word)) &&
    words.every((word) => lexicon.amounts.has(word) || lexicon.qualifiers.has(word) || lexicon.measures.has(word))
  );
}

// leave_balance, blood_bank; vacation_savings are money.
function thingIn(lexicon: Lexicon, name: string): string {
  const words = wordsIn(lexicon, name);
  const pairs = words.map((word, i) => `${word} ${words[i + 1] ?? ''}`);
  const thing = [...words, ...pairs].find((word) => lexicon.things.has(word)) ?? '';
  const entity = findEntity(lexicon, words.filter((word) => word !== thing).join(' '));
  return thing !== '' && (entity === '' || /^(?:balance|account)$/.test(entity)) ? thing : '';
}

// asMoney, formatEuro, eurFormat: a unit of money, and else only words that say that something is written out.
function isMoneyFormatter(lexicon: Lexicon, name: string): boolean {
  const words = wordsOf(name);
  if (lexicon.formatters.has(words.join(' '))) return true;
  return (
    words.length > 1 &&
    words.some((word) => lexicon.formatterUnits.has(word)) &&
    words.some((word) => lexicon.formatterWords.has(word)) &&
    words.every((word) => lexicon.formatterUnits.has(word) || lexicon.formatterWords.has(word))
  );
}

// row.BALANCE, account.BALANCE, u.IBAN: a column of a row that is at hand. Tabs.BALANCE, env.BALANCE and texts.BALANCE
// are constants: what holds many of them is named in the plural or at length.
function isColumnOf(lexicon: Lexicon, receiver: string): boolean {
  if (!/^\p{Ll}/u.test(receiver)) return false;
  const [last = ''] = wordsOf(receiver).slice(-1);
  return (
    lexicon.qualifiers.has(last) ||
    (receiver.length === 1 && receiver !== 't') ||
    entityIn(lexicon, singular(last)) !== undefined
  );
}

// `createBalance` does something; `sumInsured` and `listPrice` are values, their first word is a noun as well.
function isVerb(lexicon: Lexicon, word: string): boolean {
  return (lexicon.others.has(word) || lexicon.sources.has(word)) && !lexicon.qualifiers.has(word);
}

// transactionId, budgetService: the ending says what it is, unless a term reaches over it (`private key`).
function isNeutral(lexicon: Lexicon, words: readonly string[], own: readonly TermRule[]): boolean {
  const reaches = (length: number): boolean => own.some((rule) => rule.term.split(' ').length > length);
  if (words.length > 1 && lexicon.neutralFirst.has(words[0] ?? '') && !reaches(words.length - 1)) return true;
  for (let length = Math.min(lexicon.neutralWords, words.length); length > 0; length--) {
    if (!lexicon.neutral.has(words.slice(-length).join(' '))) continue;
    return !reaches(length);
  }
  return false;
}

function isPlain(lexicon: Lexicon, name: string): boolean {
  if (name === '') return false;
  const words = wordsIn(lexicon, name);
  const last = words[words.length - 1] ?? '';
  const [first = ''] = words;
  const isFlag = words.length > 1 && lexicon.booleans.has(first);
  const isHead = lexicon.headFirst.size > 0 && words.length > 1 && lexicon.plain.has(first);
  return isConstantName(name) || isFlag || isHead || lexicon.plain.has(last) || isNeutral(lexicon, words, []);
}

function guessOf(lexicon: Lexicon, rule: TermRule, kind: string, text: string): Guess {
  const isSum = rule.category === 'transaction' && isSpending(lexicon, wordsIn(lexicon, text));
  const points =
    kind === 'qualifiedName'
      ? Math.min(rule.points, lexicon.data.weights.points['qualifiedName'] ?? rule.points)
      : rule.points;
  return {
    category: isSum ? 'spending' : rule.category,
    points,
    exact: rule.exact,
    evidence: [{ kind, text: `\`${text}\``, weight: points }],
  };
}

function best(guesses: readonly Guess[]): readonly Guess[] {
  const byCategory = new Map<string, Guess>();
  for (const guess of guesses) {
    const known = byCategory.get(guess.category);
    if (!known || known.points < guess.points) byCategory.set(guess.category, guess);
  }
  return [...byCategory.values()].sort((a, b) => b.points - a.points).slice(0, 3);
}

function guessFunction(lexicon: Lexicon, name: string): readonly Guess[] {
  const words = wordsIn(lexicon, name);
  const [first = '', ...rest] = words;
  if (rest.length === 0 || !lexicon.sources.has(first)) return [];
  const until = rest.findIndex((word, i) => i > 0 && /^(?:by|for|from|of|in|with|on|to|per)$/.test(word));
  const subject = until < 0 ? rest : rest.slice(0, until);
  if (isNeutral(lexicon, subject, termsAtEnd(lexicon, subject))) return [];
  const terms = termsIn(lexicon, subject);
  const weight = lexicon.data.weights.points['origin.fn'] ?? 0;
  return best(
    terms
      .filter((rule) => rule.points > weakPoints)
      .map((rule) => ({
        category: rule.category === 'transaction' && isSpending(lexicon, words) ? 'spending' : rule.category,
        points: weight + rule.points / 2,
        exact: false,
        evidence: [
          { kind: 'origin.fn', text: `\`${name}()\``, weight },
          { kind: 'name', text: `\`${subject.join(' ')}\``, weight: Math.min(rule.points, 3.5) / 2 },
        ],
      })),
  );
}

const sqlWords = new Set(
  'select from where and or order by group limit as desc asc join on left inner sum count avg max min distinct insert into values update set delete returning coalesce not null is in having case when then else end'.split(
    ' ',
  ),
);

function guessSql(lexicon: Lexicon, sql: string): readonly Guess[] {
  const weight = lexicon.data.weights.points['origin.sql'] ?? 0;
  const identifiers = sql.slice(0, 4000).match(/[\p{L}_][\p{L}\p{M}\p{N}_]*/gu) ?? [];
  const found: Guess[] = [];
  for (const identifier of new Set(identifiers)) {
    if (sqlWords.has(identifier.toLowerCase())) continue;
    // SQL does not tell capitals from small letters.
    const name = /\p{Ll}/u.test(identifier) ? identifier : identifier.toLowerCase();
    for (const guess of guessName(lexicon, name, '')) {
      if (guess.points > weakPoints)
        found.push({ ...guess, points: weight, evidence: [{ kind: 'origin.sql', text: `\`${identifier}\``, weight }] });
    }
  }
  return best(found);
}

function urlEvidence(lexicon: Lexicon, url: string): Evidence | undefined {
  const weight = lexicon.data.weights.points['origin.http'] ?? 0;
  for (const segment of url.split(/[/?&={}.:_-]+/)) {
    const rules = segment.length < 3 ? [] : termsAtEnd(lexicon, wordsIn(lexicon, segment));
    if (rules.some((rule) => rule.points >= 2.5) || /^accounts?$/i.test(segment))
      return { kind: 'origin.http', text: `\`${segment}\``, weight };
  }
  return undefined;
}

function findEntity(lexicon: Lexicon, name: string): string {
  const words = wordsIn(lexicon, name);
  const last = singular(words[words.length - 1] ?? '');
  if (words.length > 1 && lexicon.neutral.has(last) && !tableWords.has(last)) return '';
  for (let from = 0; from < words.length; from++) {
    const [word = '', next] = words.slice(from, from + 2);
    const pair = next === undefined ? undefined : entityOf(lexicon, word, next);
    const found = pair ?? entityIn(lexicon, word) ?? entityIn(lexicon, singular(word));
    if (found) return found.name;
  }
  return '';
}

// PaymentRecord, LoanDetails, FicheDePaie; of a PaymentStatus nothing is said, it ends in a word of its own.
function findEntityOfType(lexicon: Lexicon, type: string): string {
  const words = wordsIn(lexicon, type);
  const kept = words.filter((word, i) => i === 0 || !lexicon.qualifiers.has(word));
  return findEntity(lexicon, kept.join(' ')) || findEntity(lexicon, type);
}

// Endings that name a place where things of a kind are kept, and not something about them.
const tableWords = new Set('model schema entity list repository repo service table sheet'.split(' '));

function entityOf(lexicon: Lexicon, word: string, next: string): Entity | undefined {
  return entityIn(lexicon, `${word} ${next}`) ?? entityIn(lexicon, `${word} ${singular(next)}`);
}

function worstLookAlike(lexicon: Lexicon, name: string, context: LookAlikeContext): Evidence | undefined {
  const all = wordsIn(lexicon, name);
  const words = withoutMinorUnit(lexicon, all) ?? all;
  const heads = new Set(termsAtEnd(lexicon, words).map((rule) => rule.term));
  if (heads.size === 0) heads.add(words[words.length - 1] ?? '');
  for (const head of [...heads]) heads.add(singular(head));
  let worst: LookAlikeRule | undefined;
  let points = 0;
  for (const rule of lexicon.data.lookAlikes) {
    const against = pointsAgainst(lexicon, rule, words, heads, context);
    if (against >= points) continue;
    worst = rule;
    points = against;
  }
  return worst && { kind: 'lookalike', text: worst.meaning, weight: points };
}

// `loadBalancer` is one by its own words. `balance` is one by what stands around it; `accountBalance`, a longer term, is not.
function pointsAgainst(
  lexicon: Lexicon,
  rule: LookAlikeRule,
  words: readonly string[],
  heads: ReadonlySet<string>,
  context: LookAlikeContext,
): number {
  const phrase = ` ${words.join(' ')} `;
  if (rule.compound.some((one) => phrase.includes(` ${one} `))) return rule.points;
  if (!heads.has(rule.term)) return 0;
  // One sibling may be chance, two are a pattern.
  const siblings = rule.siblings.filter((one) => context.siblings.includes(one)).length;
  if (siblings >= 2 || isHeldBy(rule.receiver, context)) return rule.points;
  // That a package is there says little of a single value, and nothing of a list.
  return words[words.length - 1] === rule.term && rule.imports.some((one) => context.imports.includes(one))
    ? Math.max(rule.points, lexicon.data.weights.points['lookalike.imports'] ?? 0)
    : 0;
}

function isHeldBy(receiver: readonly string[], { receivers, tables }: LookAlikeContext): boolean {
  const words = [...receivers.slice(0, 2), ...tables];
  return receiver.some((one) => words.includes(one));
}

// The word that a field's name turns on: the last one, or the first one where a language begins with it.
function headsOf(lexicon: Lexicon, name: string): readonly string[] {
  const words = wordsIn(lexicon, name);
  const last = words[words.length - 1] ?? '';
  return [last, singular(last), ...(lexicon.headFirst.size > 0 ? words.slice(0, 1) : [])];
}

function siblingEvidence(lexicon: Lexicon, names: readonly string[]): Evidence | undefined {
  const { naming, weights } = lexicon.data;
  const { points } = weights;
  const distinct = new Set(names.flatMap((name) => headsOf(lexicon, name)));
  const has = (words: readonly string[]): boolean => words.some((word) => distinct.has(word));
  const financial = [...new Set(names)].filter((name) =>
    guessName(lexicon, name, '').some((guess) => guess.points >= 2.5),
  );
  let weight = Math.max(0, financial.length - 1) * (points['siblings'] ?? 0);
  const money = has(naming.moneyFields);
  const text = has(naming.textFields);
  if (money && distinct.has('currency')) weight += points['siblings.pair'] ?? 0;
  if (money && text && has(naming.timeFields)) weight += points['siblings.triple'] ?? 0;
  else if (money && text && has(naming.kindFields)) weight += points['siblings.pair'] ?? 0;
  if (weight === 0) return undefined;
  return {
    kind: 'siblings',
    text: [...new Set(names)].slice(0, 4).join(', '),
    weight: Math.min(weight, points['siblings.cap'] ?? weight),
  };
}

function gameEvidence(data: DataRules, words: readonly string[]): Evidence | undefined {
  const markers = new Set(data.naming.gameMarkers);
  const found = new Set(words.map((word) => word.toLowerCase()).filter((word) => markers.has(word)));
  if (found.size < 3) return undefined;
  return {
    kind: 'project.game',
    text: [...found].slice(0, 4).join(', '),
    weight: data.weights.points['project.game'] ?? 0,
  };
}

function thingEvidence(data: DataRules, words: ReadonlySet<string>): Evidence | undefined {
  const weight = data.weights.points['project.things'] ?? 0;
  for (const entry of data.naming.thingMarkers) {
    const [about = '', markers = ''] = entry.split(':');
    const found = markers.split(' ').filter((word) => words.has(word));
    if (found.length >= 3) return { kind: 'project.things', text: `${about}: ${found.slice(0, 4).join(', ')}`, weight };
  }
  return undefined;
}
