// The lines of a file → the hash by which GitHub's code scanning recognises an alert on each (`primaryLocationLineHash`).
// The published rolling hash: 100 characters from the start of the line, blanks left out, line breaks as one, base 37, modulo 2^64.

const span = 100;
const base = 37n;
const lineFeed = 10;
const endOfFile = 0xffff;

/** Hash and ordinal of each wanted line (numbers from 1), e.g. `c129715d7a2bc9a3:1`. */
export function lineHashes(lines: readonly string[], wanted: ReadonlySet<number>): ReadonlyMap<number, string> {
  const { units, starts } = unitsOf(lines);
  const counts = new Map<string, number>();
  const hashes = new Map<number, string>();
  let hash = 0n;
  const leading = BigInt.asUintN(64, base ** BigInt(span));
  // The sum over the window that begins at the first unit; each move drops one unit and takes in the next, zero past the end.
  for (let at = 0; at < span; at++) hash = BigInt.asUintN(64, hash * base + BigInt(units[at] ?? 0));
  let line = 0;
  for (let at = 0; line < starts.length; at++) {
    if (starts[line] === at) {
      const text = hash.toString(16);
      const count = (counts.get(text) ?? 0) + 1;
      counts.set(text, count);
      line++;
      if (wanted.has(line)) hashes.set(line, `${text}:${count}`);
    }
    const next = hash * base + BigInt(units[at + span] ?? 0) - leading * BigInt(units[at] ?? 0);
    hash = BigInt.asUintN(64, next);
  }
  return hashes;
}

// Character codes without blanks, and the index at which each line begins.
function unitsOf(lines: readonly string[]): { units: number[]; starts: number[] } {
  const units: number[] = [];
  const starts: number[] = [];
  lines.forEach((line, index) => {
    starts.push(units.length);
    for (let at = 0; at < line.length; at++) {
      const unit = line.charCodeAt(at);
      if (unit !== 32 && unit !== 9) units.push(unit);
    }
    units.push(index === lines.length - 1 ? endOfFile : lineFeed);
  });
  return { units, starts };
}
