// Underlines stand under what they mean, whatever a terminal makes of the line.

import { describe, expect, it } from 'vitest';
import { codeFrame } from '../../src/report/code-frame.ts';
import { displayWidth } from '../../src/report/display-width.ts';
import { glyphsFor } from '../../src/report/glyphs.ts';

const glyphs = glyphsFor({ unicode: true });

function draw(text: string, marked: string, columns = 60, note = ''): string {
  const startColumn = text.indexOf(marked) + 1;
  const mark = { startColumn, endColumn: startColumn + marked.length, tone: 'way', note } as const;
  const lines = codeFrame([{ kind: 'line', number: 7, text, marks: [mark] }], columns, glyphs);
  return lines.map((line) => line.map((one) => one.text).join('')).join('\n');
}

describe('underlines', () => {
  // The column and the width of the underline, and of what stands above it.
  it.each([
    ['reply(balance)', 'balance', 'balance'],
    ['\t\treply(\tbalance)', 'balance', 'balance'],
    ['reply("残高", balance)', 'balance', 'balance'],
    ['reply("残高")', '残高', '残高'],
    ['reply("e\u0301te\u0301", balance)', 'balance', 'balance'],
    ['reply("💶💶", balance)', 'balance', 'balance'],
    ['reply("\u202E", balance)', 'balance', 'balance'],
    ['reply("\u001B[31m", balance)', 'balance', 'balance'],
    ['reply("##[group]", balance)', 'balance', 'balance'],
    ['reply("\u{E0041}", balance)', 'balance', 'balance'],
    ['reply("4111111111111111", balance)', '"4111111111111111"', '"••••••••••••••••"'],
  ])('of %j under %j', (text, marked, shown) => {
    const [source = '', underline = ''] = draw(text, marked).split('\n');
    expect(underline.trimEnd().length).toBe(displayWidth(source.slice(0, source.indexOf(shown) + shown.length)));
    expect(underline.match(/~+/)?.[0].length).toBe(displayWidth(shown));
  });

  it('shows what does not show', () => {
    expect(draw('a("\u001B[2J\u202E\u200B\u0085")', 'a')).toContain('a("␛[2J<U+202E><U+200B><U+0085>")');
  });

  it('moves a window over a long line', () => {
    const long = `const all = [${'"something else", '.repeat(12)}account.balance, ${'"and more", '.repeat(12)}];`;
    const [source = '', underline = ''] = draw(long, 'account.balance').split('\n');
    expect(displayWidth(source)).toBeLessThanOrEqual(60);
    expect(source).toMatch(/│ ….*…$/);
    expect(source.slice(underline.indexOf('~'), underline.lastIndexOf('~') + 1)).toBe('account.balance');
  });

  it('keeps to the width with a span that is longer than a line', () => {
    const long = `const text = "${'x'.repeat(300)}";`;
    for (const line of draw(long, `"${'x'.repeat(300)}"`).split('\n'))
      expect(displayWidth(line)).toBeLessThanOrEqual(60);
  });

  it('survives a line that is a megabyte long', () => {
    const started = draw(`${'x,'.repeat(500_000)}balance`, 'balance');
    expect(started).toContain('balance');
    expect(started.length).toBeLessThan(200);
  });

  it('draws something for a span outside of the line', () => {
    const mark = { startColumn: 90, endColumn: 95, tone: 'way', note: 'gone' } as const;
    const lines = codeFrame([{ kind: 'line', number: 1, text: '', marks: [mark] }], 60, glyphs);
    expect(
      lines
        .flat()
        .map((one) => one.text)
        .join(''),
    ).toContain('gone');
  });

  it('writes a note beside where there is room, else below', () => {
    expect(draw('reply(balance)', 'balance', 60, 'an account balance')).toMatch(/~~~ an account balance$/);
    expect(draw(`reply(${' '.repeat(34)}balance)`, 'balance', 60, 'an account balance').split('\n')).toHaveLength(3);
  });
});
