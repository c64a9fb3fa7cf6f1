// Identifiers → lower-case words: camelCase, snake_case, SCREAMING, accents folded, plurals beside singulars.

/** A program says the same few names again and again. */
const known = new Map<string, readonly string[]>();

/** The words of an identifier, lower case, accents folded: `saldoDisponível2` → saldo, disponivel2. */
export function wordsOf(identifier: string): readonly string[] {
  let words = known.get(identifier);
  if (!words) {
    words = splitWords(identifier);
    known.set(identifier, words);
  }
  return words;
}

/** The words of a name or a text; not remembered. */
export function splitWords(identifier: string): string[] {
  return foldAccents(identifier)
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Hangul}]+/gu, ' $& ')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\d]+/u)
    .filter((word) => word !== '');
}

// Letters of their own that people without the right keyboard write as another; Persian forms of Arabic letters.
// biome-ignore format: a table
const otherLetters: Readonly<Record<string, string>> = {
  ł: 'l', Ł: 'L', ø: 'o', Ø: 'O', đ: 'd', Đ: 'D', ı: 'i', ß: 'ss', æ: 'ae', Æ: 'Ae', œ: 'oe', Œ: 'Oe', ð: 'd', þ: 'th',
  ی: 'ي', ى: 'ي', ک: 'ك', 'ـ': '', ʻ: '', ʼ: '', '‘': '', '’': '',
};
const other = new RegExp(`[${Object.keys(otherLetters).join('')}]`, 'gu');

/**
 * A text without the accents that people leave out: `Überweisung` → Uberweisung, `ё` → е, Arabic and Hebrew without
 * points. The vowel signs of Thai and Devanagari and the marks of kana are letters to their readers, and stay.
 */
export function foldAccents(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is most of what there is
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text
    .normalize('NFD')
    .replace(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}])\p{M}+/gu, '$1')
    .normalize('NFC')
    .replace(other, (letter) => otherLetters[letter] ?? letter);
}

/** The other way to write a word without its accents: `Überweisung` → Ueberweisung; as it is when there is none. */
export function spelledOut(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[äöüåø]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa' })[letter] ?? 'oe');
}

/** Written without spaces: Chinese, Japanese, Thai, and Korean, whose compounds may be. */
export function isUnspaced(word: string): boolean {
  return /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Hangul}]/u.test(word);
}

/** The singular of an English plural; other words as they are. */
export function singular(word: string): string {
  if (word.length <= 3 || /(?:ss|us|is)$/.test(word)) return word;
  if (/ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?:ches|shes|xes|sses|[ntr]uses)$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** SCREAMING_SNAKE: a constant or an enum member. */
export function isConstantName(identifier: string): boolean {
  return /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$/.test(identifier) && identifier.length > 3;
}
