// Identifiers → lower-case words: camelCase, snake_case, SCREAMING, accents folded, plurals beside singulars.

/** A program says the same few names again and again. */
const known = new Map<string, readonly string[]>();

/** The words of an identifier, lower case, accents folded: `saldoDisponível2` → saldo, disponivel2. */
export function wordsOf(identifier: string): readonly string[] {
  let words = known.get(identifier);
  if (!words) {
    words = split(identifier);
    known.set(identifier, words);
  }
  return words;
}

function split(identifier: string): string[] {
  return identifier
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
}

/** The singular of an English plural; other words as they are. */
export function singular(word: string): string {
  if (word.length <= 3 || /(?:ss|us|is)$/.test(word)) return word;
  if (/ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(?:ches|shes|xes|sses)$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** SCREAMING_SNAKE: a constant or an enum member. */
export function isConstantName(identifier: string): boolean {
  return /^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$/.test(identifier) && identifier.length > 3;
}
