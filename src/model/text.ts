// Looking for words in texts that a user sees.

// Languages without spaces between words, or with particles that are written on them.
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u;

// What Korean writes on a noun, at its end.
const particle = /^(?:입니다|이에요|예요|이|은|는|을|를|가|의|도|만|까지)/u;

/** Signs may touch the number; words must stand alone. */
export function hasWord(text: string, word: string): boolean {
  const isWord = /^\p{L}/u.test(word) && !unspaced.test(word);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWord || standsAlone(text, word, at)) return true;
  }
  return false;
}

/** True when the word at this place is not part of a longer one. */
export function standsAlone(text: string, word: string, at: number): boolean {
  const before = text[at - 1] ?? ' ';
  const after = text[at + word.length] ?? ' ';
  return !/\p{L}/u.test(before) && (!/\p{L}/u.test(after) || !/\p{L}$/u.test(word));
}

/** What stands nearest to a value, where its unit is: `€ 5`, `5 EUR`, `Rp5`. */
export function nextTo(before: string, after: string): string {
  return `${before.slice(-6)} ${after.slice(0, 10)}`;
}

/** What stands behind a value up to the end of its line, cell, sentence or clause. */
export function clauseBehind(after: string): string {
  return after.split(/[\n|•·;。、，；]|<br|[.,!?](?:\s|$)/u, 1)[0] ?? '';
}

/** True where a text begins with this word, and the word is not the label of what follows: `days`, not `Days: 3`. */
export function beginsWith(text: string, word: string): boolean {
  if (!text.startsWith(word)) return false;
  const rest = text.slice(word.length);
  if (/^\s*[:：=]/u.test(rest)) return false;
  return (
    !/^\p{L}/u.test(rest) || /\p{Script=Han}$/u.test(word) || (/\p{Script=Hangul}$/u.test(word) && particle.test(rest))
  );
}

/** True for what a variable is called that holds a unit of money. */
export function isCurrencyName(name: string): boolean {
  return /(?:currency|currencyCode|symbol|asset|ccy|token|moneda|moeda|waehrung|devise|valuta)$/i.test(name);
}
