// Holds src/expect.ts to the annotation contract of DESIGN.md, on literal texts and literal findings.

import { describe, expect, test } from 'vitest';
import type { ExpectedFinding } from '../src/expect.ts';
import { checkExpectations, readExpectations } from '../src/expect.ts';

function finding(line: number, flow = 'balance -> messenger', file = 'bot.js'): ExpectedFinding {
  const [category = '', platform = ''] = flow.split(' -> ');
  const site = { file, startLine: line, startColumn: 3, endLine: line, endColumn: 20 };
  return { category, platform, site, sinkField: 'message.text', visibility: 'shown' };
}

function failuresOf(text: string, findings: readonly ExpectedFinding[]): readonly string[] {
  return checkExpectations(readExpectations('bot.js', text), findings).failures;
}

/** The lines of the statement below the only annotation of a text. */
function extentOf(text: string): readonly [number, number] {
  const [only] = readExpectations('bot.js', text);
  return [only?.from ?? 0, only?.to ?? 0];
}

describe('readExpectations', () => {
  test('reads every form of comment', () => {
    const text = `
      // leak: balance -> messenger
      # leak: card.pan -> slack
      /* miss: balance -> viber (no model of the queue) */
      {/* noise: money.generic -> slack (a quoted price) */}
      // ok: only the link
      send(text);`;
    expect(readExpectations('bot.js', text).map(({ kind, line, from }) => [kind, line, from])).toEqual([
      ['leak', 2, 7],
      ['leak', 3, 7],
      ['miss', 4, 7],
      ['noise', 5, 7],
      ['ok', 6, 7],
    ]);
  });

  test('passes over other comments and empty lines up to the statement', () => {
    expect(extentOf('// leak: balance -> slack\n// told as a sum\n\n/*\n * say(1)\n */\nsay(sum);\n')).toEqual([7, 7]);
  });

  test('a private member is code, not a comment', () => {
    expect(extentOf('// ok: a figure of nobody\n#limit = 5;\nsay(1);')).toEqual([2, 2]);
  });

  test.each([
    ['one line', 'say(a);\nsay(b);', 1],
    ['a call over lines', 'say({\n  text: a,\n});\nsay(b);', 3],
    ['a chain', 'client\n  .to(psid)\n  .say(a);\nsay(b);', 3],
    ['an assignment that hangs', 'const reply =\n  `Sum: ${a}`;\nsay(b);', 2],
    ['a condition', 'const reply = isRich\n  ? a\n  : b;\nsay(b);', 3],
    ['brackets in a string', "say(')' + \"(\" + '\\')');\nsay(b);", 1],
    ['brackets in a template', 'say(`(${list.map((one) => `[${one}`)} {`);\nsay(b);', 1],
    ['a template over lines', 'say(`Dear ${name},\n  it is (${sum}`);\nsay(b);', 2],
    ['brackets in comments', 'say( // (\n  a, /* ( */\n);\nsay(b);', 3],
    ['a regular expression', 'say(text.replace(/[(/]["\']/g, a));\nsay(b);', 1],
    ['a division', 'say(sum / 2, all / 3);\nsay(b);', 1],
    ['an apostrophe in markup', "say(<p>Don't {a}</p>);\nsay(b);", 1],
    ['if and else', 'if (a) {\n  say(a);\n} else {\n  say(b);\n}\nsay(c);', 5],
    ['a field of an object', 'text: a,\n  to: b,\n}', 1],
    ['the last of a block', 'return say(a)\n}\nsay(b)', 1],
    ['no semicolons', 'say(a)\ncount++\nsay(b)', 1],
  ])('finds the end of %s', (_, code, to) => {
    expect(extentOf(`// leak: balance -> slack\n${code}`)).toEqual([2, to + 1]);
  });

  test.each([
    ['// ok:', '`ok:` needs a reason'],
    ['// leak: balance', '`leak: balance` is not `leak: <category> -> <platform> [in <field>]`'],
    ['// miss: balance -> slack', '`miss:` needs a reason: `miss: <category> -> <platform> (why)`'],
    ['// noise: balance -> slack ()', '`noise:` needs a reason: `noise: <category> -> <platform> (why)`'],
  ])('refuses %s', (comment, problem) => {
    expect(failuresOf(`${comment}\nsay(a);`, [])).toEqual([`bot.js:1 ${problem}`]);
  });

  test('refuses an annotation without a statement', () => {
    expect(failuresOf('say(a);\n// ok: the end', [])).toEqual(['bot.js:2 no statement follows this annotation']);
  });
});

describe('checkExpectations', () => {
  test('a leak wants exactly its category and platform, within its statement', () => {
    const text = '// leak: balance -> messenger\nsay({\n  text: a,\n});\nsay(b);';
    expect(failuresOf(text, [finding(2)])).toEqual([]);
    expect(failuresOf(text, [finding(3)])).toEqual([]);
    expect(failuresOf(text, [])).toEqual(['bot.js:1 missing finding balance -> messenger']);
    expect(failuresOf(text, [finding(5)])).toEqual([
      'bot.js:5 unexpected finding balance -> messenger: the statement has no annotation',
      'bot.js:1 missing finding balance -> messenger',
    ]);
    expect(failuresOf(text, [finding(2), finding(2, 'credit -> messenger')])).toEqual([
      'bot.js:2 unexpected finding credit -> messenger',
    ]);
    expect(failuresOf(text, [finding(2, 'balance -> messenger', 'other.js')])).toHaveLength(2);
  });

  test('a leak may say in which field it lands, and who sees it there', () => {
    const text = (rest: string): string => `// leak: balance -> messenger ${rest}\nsay(a);`;
    for (const rest of ['in message.text', 'in message.text as shown', 'as shown', '(why)'])
      expect(failuresOf(text(rest), [finding(2)])).toEqual([]);
    for (const rest of ['in message', 'in message.text as hidden', 'as preview (why)'])
      expect(failuresOf(text(rest), [finding(2)])).toEqual(['bot.js:1 lands in message.text as shown']);
  });

  test('several annotations speak of one statement', () => {
    const text = '// leak: balance -> messenger\n// leak: credit -> messenger\nsay(a);';
    expect(failuresOf(text, [finding(3), finding(3, 'credit -> messenger')])).toEqual([]);
    expect(failuresOf(text, [finding(3)])).toEqual(['bot.js:2 missing finding credit -> messenger']);
  });

  test('an ok statement has no finding', () => {
    const text = '// ok: masked\nsay(a);';
    expect(failuresOf(text, [])).toEqual([]);
    expect(failuresOf(text, [finding(2)])).toEqual(['bot.js:2 unexpected finding balance -> messenger (ok: masked)']);
  });

  test('the innermost statement counts', () => {
    const text = '// ok: the list itself\nall.forEach((a) => {\n  // leak: balance -> messenger\n  say(a);\n});';
    expect(failuresOf(text, [finding(4)])).toEqual([]);
    expect(failuresOf(text, [finding(4), finding(2)])).toHaveLength(1);
  });

  test('a miss passes while absent, a noise while reported', () => {
    const miss = '// miss: balance -> messenger (through a queue)\nsay(a);';
    const noise = '// noise: balance -> messenger (a look-alike)\nsay(a);';
    expect(failuresOf(miss, [])).toEqual([]);
    expect(failuresOf(miss, [finding(2)])).toEqual([
      'bot.js:1 balance -> messenger is found now: turn `miss` into `leak`',
    ]);
    expect(failuresOf(noise, [finding(2)])).toEqual([]);
    expect(failuresOf(noise, [])).toEqual([
      'bot.js:1 balance -> messenger is not reported any more: turn `noise` into `ok`',
    ]);
  });

  test('totals count the annotations of each kind', () => {
    const text = `// leak: balance -> messenger
say(a);
// ok: a greeting
// miss: credit -> messenger (not yet)
say(b);
// noise: balance -> messenger (a look-alike)
say(c);`;
    const report = checkExpectations(readExpectations('bot.js', text), [finding(2), finding(7)]);
    expect(report).toEqual({ totals: { leak: 1, ok: 1, miss: 1, noise: 1 }, failures: [] });
  });
});
