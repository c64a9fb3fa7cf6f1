// One sanitiser for each place that a text can go to, each against the strings that place would act on.

import { describe, expect, it } from 'vitest';
import { glyphsFor } from '../../src/report/glyphs.ts';
import { maskLiterals } from '../../src/report/mask-literals.ts';
import { annotationData, annotationProperty } from '../../src/report/sanitise-annotation.ts';
import { jsonText, sarifText, sarifUri } from '../../src/report/sanitise-sarif.ts';
import { isCommandLine, visibleText } from '../../src/report/sanitise-terminal.ts';
import { hostileFile, hostileText } from './hostile-result.ts';

describe('terminal', () => {
  it.each([
    ['\u001B[31mred', '␛[31mred', '<U+001B>[31mred'],
    ['a\nb\u007F', 'a␊b␡', 'a<U+000A>b<U+007F>'],
    ['\u009B31m', '<U+009B>31m', '<U+009B>31m'],
    ['\u202Egnp.exe', '<U+202E>gnp.exe', '<U+202E>gnp.exe'],
    ['a\u200Bb\uFEFF', 'a<U+200B>b<U+FEFF>', 'a<U+200B>b<U+FEFF>'],
    ['\uD800x', '<U+D800>x', '<U+D800>x'],
    ['##[group] ##vso[x]', '# #[group] # #vso[x]', '# #[group] # #vso[x]'],
    ['Müller 残高 💶 ## heading', 'Müller 残高 💶 ## heading', 'Müller 残高 💶 ## heading'],
  ])('%j', (text, unicode, ascii) => {
    expect(visibleText(text, glyphsFor({ unicode: true }))).toBe(unicode);
    expect(visibleText(text, glyphsFor({ unicode: false }))).toBe(ascii);
  });

  it('may be applied twice', () => {
    const once = visibleText(hostileText, glyphsFor({ unicode: true }));
    expect(visibleText(once, glyphsFor({ unicode: true }))).toBe(once);
  });

  it('knows a command', () => {
    expect(['::error::x', ' \t::add-mask::x'].every(isCommandLine)).toBe(true);
    expect(['a::b', ': :error::', ''].some(isCommandLine)).toBe(false);
  });
});

describe('SARIF', () => {
  it('lets no name become a link', () => {
    expect(sarifText('[x](http://evil.example) \\ ]')).toBe('\\[x\\](http://evil.example) \\\\ \\]');
    expect(sarifText(hostileText)).not.toMatch(/(?<!\\)[[\]]|[\p{Cc}\p{Cf}\p{Cs}]/u);
  });

  it('cuts a text at its limit, and no escape or character in two', () => {
    expect(sarifText('x'.repeat(2000)).length).toBe(1024);
    expect(sarifText('abc]]]', 6)).toBe('abc\\]…');
    expect(sarifText('ab💶💶', 4)).toBe('ab…');
  });

  it.each([
    ['src/[slug]/a b%.ts', 'src/%5Bslug%5D/a%20b%25.ts'],
    ['C:/x', 'C%3A/x'],
    ["it's (a) *.js", 'it%27s%20%28a%29%20%2A.js'],
    ['ü/残.js', '%C3%BC/%E6%AE%8B.js'],
    ['#?&;\n', '%23%3F%26%3B%0A'],
    ['\uD800', '%EF%BF%BD'],
  ])('encodes %j', (path, uri) => {
    expect(sarifUri(path)).toBe(uri);
    expect(sarifUri(hostileFile)).toMatch(/^[\w.~%/-]+$/);
  });

  it('writes JSON that says the same in quiet characters', () => {
    const json = jsonText({ a: hostileText, b: hostileFile });
    expect(JSON.parse(json)).toEqual({ a: hostileText, b: hostileFile });
    expect(json).not.toMatch(/[\p{Cf}\u007F-\u009F\u2028\u2029]|##(?:vso)?\[/iu);
  });
});

describe('annotations', () => {
  it('escape as the toolkit does', () => {
    expect(annotationData('100%\nnext: a, b')).toBe('100%25%0Anext: a, b');
    expect(annotationProperty('a:b,c%\nd')).toBe('a%3Ab%2Cc%25␊d');
  });

  it('stay on one line and under the limit', () => {
    expect(annotationData(hostileText)).not.toMatch(/[\p{C}\u2028\u2029]/u);
    expect(annotationProperty(hostileFile)).not.toMatch(/[\p{C}:,]/u);
    expect(annotationData('x'.repeat(9000)).length).toBeLessThan(4096);
  });
});

describe('literals', () => {
  it.each([
    ['4111 1111 1111 1111', '•••• •••• •••• ••••'],
    ['4111-1111-1111-1111', '••••-••••-••••-••••'],
    ['DE89370400440532013000', 'DE••••••••••••••••••••'],
    ['123-45-6789', '•••-••-••••'],
    ['1_000_000_000', '•_•••_•••_•••'],
    ['2026-11-24 10:30', '2026-11-24 10:30'],
    ['port 65535, 12345678', 'port 65535, 12345678'],
    ['v1.2.3.4.5.6.7.8.9.10', 'v1.2.3.4.5.6.7.8.9.10'],
    ['"sk_live_AbCdEfGhIjKlMnOp"', '"sk_l••••••••••••••••••••"'],
  ])('%s', (text, covered) => {
    expect(maskLiterals(text, '•')).toBe(covered);
    expect(covered.length).toBe(text.length);
  });
});
