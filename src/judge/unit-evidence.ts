// The unit behind a number → evidence against money: `12 days`, `3 of 8 h`, `Balance of votes: 5`.

import type { Evidence } from '../model/finding.ts';
import type { TextMark } from '../model/marks.ts';
import type { DataRules, LookAlikeRule } from '../model/rule.ts';

/** What look-alikes of any word are called in rules. */
const anyTerm = '*';
/** As `markTexts` writes a value that is not known. */
const hole = '…';

/** What is counted, where the text says so, no currency stands there, and the category is not one of pieces or days itself. */
export function unitEvidence(data: DataRules, around: TextMark, name: string, category: string): Evidence | undefined {
  if (data.weights.points[`counted.${category}`] === 0) return undefined;
  const after = nextWords(around.after);
  const before = around.before.toLowerCase();
  if (data.naming.currencyStrong.some((unit) => isNear(around, unit))) return undefined;
  const rule = data.lookAlikes.find((one) => one.term === anyTerm && isCounted(one, after, before));
  // days_past_due: the unit is part of what it is called.
  if (!rule || rule.text.some((unit) => unit.length > 2 && name.toLowerCase().includes(unit))) return undefined;
  return { kind: 'lookalike', text: rule.meaning, weight: rule.points };
}

function isCounted(rule: LookAlikeRule, after: string, before: string): boolean {
  return rule.text.some((unit) => isFirst(after, unit) || isHeading(before, unit));
}

// `5 of … hours`, `5/… h`: the unit of the second number is that of the first.
function nextWords(text: string): string {
  const words = text.toLowerCase().replace(/^[^\p{L}\d°/…]+/u, '');
  const pair = new RegExp(`^(?:/|(?:of|out of|von|de|di|sur|van|из|z)\\s)\\s*${hole}\\s*`, 'u').exec(words);
  return pair ? words.slice(pair[0].length).replace(/^[^\p{L}°]+/u, '') : words;
}

function isFirst(text: string, unit: string): boolean {
  return text.startsWith(unit) && !/^\p{L}/u.test(text.slice(unit.length));
}

// `Balance of votes: `
function isHeading(text: string, unit: string): boolean {
  const [, counted] = /(?:^|\s)(?:of|in|an|de|von)\s+([^\n:]*?)[^\p{L}]*$/u.exec(text) ?? [];
  return (
    counted !== undefined && counted.split(/\s+/).length <= 4 && isFirst(counted.split(/\s+/).slice(-1)[0] ?? '', unit)
  );
}

// € 5, 5 EUR
function isNear({ before, after }: TextMark, unit: string): boolean {
  const near = `${before.slice(-6)} ${after.slice(0, 6)}`;
  const at = near.indexOf(unit);
  if (at < 0 || !/^\p{L}+$/u.test(unit)) return at >= 0;
  return !/\p{L}/u.test(near[at - 1] ?? ' ') && !/\p{L}/u.test(near[at + unit.length] ?? ' ');
}
