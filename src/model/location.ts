// Where something stands in a scanned file. Paths are relative to the scanned root and use '/'.
// Knows nothing about the disk or about the compiler.

/** A span of source text. Lines and columns start at 1; `endColumn` is the column after the last character (UTF-16 units). */
export interface Location {
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Orders locations by file (bytes), then by position. */
export function compareLocations(a: Location, b: Location): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (
    a.startLine - b.startLine || a.startColumn - b.startColumn || a.endLine - b.endLine || a.endColumn - b.endColumn
  );
}

/** Offsets of the first character of each line, for `locate`. */
export function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 13 && text.charCodeAt(at + 1) === 10) continue;
    if (code === 10 || code === 13 || code === 0x2028 || code === 0x2029) starts.push(at + 1);
  }
  return starts;
}

/** Turns offsets into a Location by binary search in the line starts of the file. */
export function locate(file: string, lineStarts: readonly number[], start: number, end: number): Location {
  const from = lineOf(lineStarts, start);
  const to = lineOf(lineStarts, end);
  return {
    file,
    startLine: from + 1,
    startColumn: start - (lineStarts[from] ?? 0) + 1,
    endLine: to + 1,
    endColumn: end - (lineStarts[to] ?? 0) + 1,
  };
}

function lineOf(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
