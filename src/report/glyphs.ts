// The few signs a text report draws with, in Unicode and in ASCII. Each takes one column, so that a layout holds in both.

/** Signs of a text report. */
export interface Glyphs {
  readonly bar: string;
  readonly by: string;
  readonly dot: string;
  readonly cut: string;
  readonly mask: string;
  /** A control character made visible. */
  readonly control: (code: number) => string;
}

/** Named by its number, as in `<U+202E>`. */
export function codePointName(code: number): string {
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

const unicodeGlyphs: Glyphs = {
  bar: '│',
  by: '┊',
  dot: '·',
  cut: '…',
  mask: '•',
  control: (code) => (code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? '␡' : codePointName(code)),
};

const asciiGlyphs: Glyphs = { bar: '|', by: ':', dot: '-', cut: '~', mask: '*', control: codePointName };

/** The signs for an output that can or cannot show Unicode. */
export function glyphsFor(output: { readonly unicode?: boolean }): Glyphs {
  return output.unicode === false ? asciiGlyphs : unicodeGlyphs;
}
