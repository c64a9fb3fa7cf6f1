// The unit behind a number → evidence against money: `12 days`, `3 of 8 h`, `Balance of votes: 5`.

import type { Evidence } from '../model/finding.ts';
import type { TextMark } from '../model/marks.ts';
import type { DataRules, LookAlikeRule } from '../model/rule.ts';
import { beginsWith, clauseBehind, hasWord } from '../model/text.ts';

/** What look-alikes of any word are called in rules. */
const anyTerm = '*';
/** Who is counted behind a number, but owns what stands under `Expenses of members:`. */
const people = '* people';
/** As `markTexts` writes a value that is not known. */
const hole = '…';
/** Markup, ornaments and closing brackets may stand between a number and its unit; an opening one only around the unit. */
const gap = '^-?(?:</?\\w+>|[ \\t*_~`"\'”»)\\]\\p{Extended_Pictographic}\\p{M}\\u200d])*';
/** 80 %, 7/10, 21 °C: no amount of money. */
const isShare = new RegExp(`${gap}\\s?(?:[%٪°]|/\\s?\\d)`, 'u');
const paired = new RegExp(`${gap}(?:/|(?:of|out of|von|de|di|sur|van|из|z)\\s)\\s*${hole}`, 'u');

/** What is counted, where the text says so, no currency stands there, and the category is not one of pieces or days itself. */
export function unitEvidence(data: DataRules, around: TextMark, name: string, category: string): Evidence | undefined {
  if (data.weights.points[`counted.${category}`] === 0) return undefined;
  const after = unitBehind(around.after);
  const before = around.before.toLowerCase();
  if (isInMoney(data, around)) return undefined;
  const share = data.weights.points[`share.${category}`];
  if (share && isShare.test(around.after))
    return { kind: 'lookalike', text: 'a share, a level or a mark', weight: share };
  const rule = data.lookAlikes.find((one) => isCounted(one, after, before));
  // days_past_due: the unit is part of what it is called.
  if (!rule || rule.text.some((unit) => unit.length > 2 && name.toLowerCase().includes(unit))) return undefined;
  return { kind: 'lookalike', text: rule.meaning, weight: rule.points };
}

function isCounted({ term, text }: LookAlikeRule, after: string, before: string): boolean {
  if (term !== anyTerm && term !== people) return false;
  const heading = term === people ? '' : headed(before);
  return text.some((unit) => beginsWith(after, unit) || heading === unit);
}

// `5 of … hours`, `5/… h`: the unit of the second number is that of the first.
function unitBehind(text: string): string {
  const words = clauseBehind(text).toLowerCase();
  const unit = words.slice(paired.exec(words)?.[0].length ?? 0).replace(new RegExp(gap, 'u'), '');
  return /^\(([^()]+)\)/u.exec(unit)?.[1] ?? unit;
}

// `Balance of votes: `, `Balance (votes): ` → votes; in 30 days it is a day, not a unit.
function headed(text: string): string {
  const inBrackets = /\(([^()]+)\)[^\p{L}\n]*$/u.exec(text)?.[1];
  if (inBrackets !== undefined) return inBrackets.replace(/^in /, '');
  const [, counted = ''] = /(?:^|\s)(?:of|in|an|de|von)\s+([^\n:\d…]*?)[^\p{L}\n]*$/u.exec(text) ?? [];
  const words = counted.split(/\s+/);
  return words.length <= 4 ? (words[words.length - 1] ?? '') : '';
}

// € 5, $5, 5 EUR
function isInMoney({ naming }: DataRules, { before, after }: TextMark): boolean {
  const near = `${before.slice(-6)} ${after.slice(0, 6)}`;
  return /\p{Sc}\s*$/u.test(before) || naming.currencyStrong.some((unit) => hasWord(near, unit));
}
