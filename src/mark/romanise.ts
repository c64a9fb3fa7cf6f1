// Words of languages that are not written in Latin letters, as developers write them in names: `переказ` → perekaz.

/** Letters by what stands for them; what is in no pair stays as it is. */
type Scheme = ReadonlyMap<string, string>;

const least = 3;

/** The ways in which a text may be written, each once. */
export function romanised(text: string, schemes: readonly string[]): readonly string[] {
  const word = text.toLowerCase();
  const found = schemes.map((scheme) => written(word, pairsOf(scheme)));
  return [...new Set(found)].filter((one) => one !== word && one.length >= least && /^[a-z\d ]+$/.test(one));
}

function written(word: string, pairs: Scheme): string {
  return [...word].map((letter) => pairs.get(letter) ?? letter).join('');
}

const known = new Map<string, Scheme>();

// `ж=zh ь= ю=yu`
function pairsOf(scheme: string): Scheme {
  let pairs = known.get(scheme);
  if (!pairs) {
    pairs = new Map(scheme.split(/\s+/).map((pair) => [pair.slice(0, 1), pair.slice(2)] as const));
    known.set(scheme, pairs);
  }
  return pairs;
}
