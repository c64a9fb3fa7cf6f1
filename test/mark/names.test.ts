// Names as they are written around the world → what the classifier makes of them.

import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createClassifier } from '../../src/mark/classify.ts';
import { foldAccents, spelledOut, wordsOf } from '../../src/mark/identifier.ts';
import { vocabularyFor } from '../../src/mark/languages.ts';
import type { Program } from '../../src/model/program.ts';
import type { DataRules } from '../../src/model/rule.ts';
import { readRules } from '../../src/read/read-rules.ts';

let data: DataRules;

beforeAll(async () => {
  const builtIn = fileURLToPath(new URL('../../rules', import.meta.url));
  data = (await readRules({ builtIn, extra: [], config: undefined })).rules.data;
});

function vocabulary(...texts: string[]): DataRules {
  return vocabularyFor({ strings: texts, templates: new Map() } as unknown as Program, data);
}

function categoriesOf(name: string, ...texts: string[]): string[] {
  return createClassifier(vocabulary(...texts))
    .byName(name, '')
    .filter((guess) => guess.points > 1)
    .map((guess) => guess.category);
}

describe('words of a name', () => {
  it.each([
    ['überweisungsBetrag', 'uberweisungs betrag'],
    ['sốDư', 'so du'],
    ['Łączne_wydatki', 'laczne wydatki'],
    ['İşlemTutarı', 'islem tutari'],
    ['用户balance', '用户 balance'],
    ['शेष_राशि', 'शेष राशि'],
    ['ยอดเงิน', 'ยอดเงิน'],
  ])('%s', (name, words) => {
    expect(wordsOf(name).join(' ')).toBe(words);
  });

  it('keeps the marks that are letters', () => {
    expect(foldAccents('がっこう')).toBe('がっこう');
    expect(foldAccents('ёлка')).toBe('елка');
    expect(spelledOut('gebühr')).toBe('gebuehr');
  });
});

describe('a language', () => {
  it('is shown by two of its words, or by its script', () => {
    const shown = (...texts: string[]): string[] => vocabulary(...texts).languages.map((one) => one.id);
    expect(shown('Hello, your balance is here')).toEqual([]);
    expect(shown('Merhaba, lütfen bekleyin')).toEqual(['tr']);
    expect(shown('残りは')).toContain('ja');
    expect(shown('Привет')).toContain('ru');
  });

  it('lends its ambiguous words only where it is shown', () => {
    expect(categoriesOf('rata')).toEqual([]);
    expect(categoriesOf('rata', 'Ciao, scrivi il tuo messaggio, grazie')).toEqual(['credit']);
  });

  it('inflects where it is shown', () => {
    expect(categoriesOf('borclari', 'Merhaba, lütfen bekleyin')).toEqual(['credit']);
    expect(categoriesOf('wydatkow', 'Cześć, wybierz wiadomość')).toEqual(['transaction']);
    expect(categoriesOf('jahresgehalt', 'Hallo, bitte warten')).toEqual(['income']);
  });

  it('may begin with what is spoken of', () => {
    const greeting = 'Hola, escribe tu mensaje, gracias';
    expect(categoriesOf('saldoDeAna', greeting)).toEqual(['balance']);
    expect(categoriesOf('fechaPago', greeting)).toEqual([]);
  });
});
