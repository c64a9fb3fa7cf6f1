// Which natural languages a program is written in, by the scripts and frequent words of its texts and names, and the
// vocabulary that counts there: a word that means something else in English (`rate`, `due`, `para`) is a term of
// another language only where that language is shown. What no other language has counts everywhere.

import type { Program } from '../model/program.ts';
import type { DataRules, LanguageRule } from '../model/rule.ts';
import { foldAccents, splitWords } from './identifier.ts';

/** So many different words of a language show it. */
const enoughWords = 2;
/** A word of more languages than these shows none of them. */
const maxLanguagesOfWord = 2;
const minTermLetters = 5;
const maxText = 4000;
const maxLetters = 4_000_000;

const scripts: Readonly<Record<string, RegExp>> = {
  Arabic: /\p{Script=Arabic}/u,
  Bengali: /\p{Script=Bengali}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Devanagari: /\p{Script=Devanagari}/u,
  Greek: /\p{Script=Greek}{3}/u,
  Han: /\p{Script=Han}/u,
  Hangul: /\p{Script=Hangul}/u,
  Hebrew: /\p{Script=Hebrew}/u,
  Kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  Thai: /\p{Script=Thai}/u,
};

/** The vocabulary that counts in a program. */
export function vocabularyFor(program: Program, data: DataRules): DataRules {
  const spoken = languagesOf(program, data);
  const ambiguous = new Map(data.languages.map((one) => [one.id, new Set(one.ambiguous.map(plain))]));
  const counts = (language: string, word: string): boolean =>
    language === '' || spoken.has(language) || !ambiguous.get(language)?.has(plain(word));
  return {
    ...data,
    terms: data.terms.filter((rule) => counts(rule.language, rule.term)),
    phrases: data.phrases.map((rule) => ({
      ...rule,
      phrases: rule.phrases.filter((phrase) => counts(rule.language, phrase)),
    })),
    languages: data.languages.filter((one) => spoken.has(one.id)),
  };
}

function plain(text: string): string {
  return foldAccents(text).toLowerCase();
}

function languagesOf(program: Program, data: DataRules): ReadonlySet<string> {
  const signs = signsOf(data);
  const found = new Map<string, Set<string>>();
  const spoken = new Set<string>();
  let open = data.languages.filter((one) => one.script !== '');
  const seen = new Set<string>();
  let letters = 0;
  for (const text of textsOf(program)) {
    letters += text.length;
    if (letters > maxLetters) break;
    const part = text.slice(0, maxText);
    if (/[^ -~\s]/.test(part)) open = open.filter((one) => !isIn(one, part, spoken));
    for (const word of splitWords(part)) {
      if (seen.has(word)) continue;
      seen.add(word);
      for (const language of signs.get(word) ?? []) {
        const words = found.get(language);
        if (words) words.add(word);
        else found.set(language, new Set([word]));
      }
    }
  }
  for (const [language, words] of found) if (words.size >= enoughWords) spoken.add(language);
  return spoken;
}

function isIn(language: LanguageRule, text: string, spoken: Set<string>): boolean {
  if (!scripts[language.script]?.test(text)) return false;
  spoken.add(language.id);
  return true;
}

/** The words of a program's names and texts. */
export function spokenWords(program: Program): ReadonlySet<string> {
  const words = new Set<string>();
  let letters = 0;
  for (const text of textsOf(program)) {
    letters += text.length;
    if (letters > maxLetters) break;
    for (const word of splitWords(text.slice(0, maxText))) words.add(word);
  }
  return words;
}

function* textsOf(program: Program): Iterable<string> {
  yield* program.strings;
  for (const parts of program.templates.values()) for (const part of parts) if (typeof part === 'string') yield part;
}

// Frequent words, and terms that only one or two languages have.
function signsOf(data: DataRules): ReadonlyMap<string, ReadonlySet<string>> {
  const signs = new Map<string, Set<string>>();
  const add = (word: string, language: string): void => {
    const known = signs.get(word);
    if (known) known.add(language);
    else signs.set(word, new Set([language]));
  };
  const english = new Set<string>();
  for (const { term, language } of data.terms)
    if (language === '') for (const word of term.split(' ')) english.add(word);
  const ambiguous = new Set(data.languages.flatMap((one) => one.ambiguous.map((word) => `${one.id} ${plain(word)}`)));
  for (const { id, words } of data.languages) for (const word of words) add(plain(word), id);
  for (const { term, language } of data.terms) {
    const word = plain(term);
    if (language === '' || word.length < minTermLetters || word.includes(' ')) continue;
    if (!english.has(word) && !ambiguous.has(`${language} ${word}`)) add(word, language);
  }
  for (const [word, languages] of signs) if (languages.size > maxLanguagesOfWord) signs.delete(word);
  return signs;
}
