// Templates and interface elements → the text around each value, as a user would see it.

import { nodeKinds } from '../model/flow-graph.ts';
import type { TextMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { programOps, textOfNode } from '../model/program.ts';
import { foldTexts } from './fold-text.ts';
import type { PhraseReader } from './phrases.ts';

const labelKeys = new Set(['name', 'title', 'label', 'header', 'caption', 'key']);
/** More texts than these are a table of many things. */
const maxHeadings = 2;
const window = { before: 60, after: 30 };

/** For each template and each label-bearing object: the text around the values in it. */
export function markTexts(program: Program, phrases: PhraseReader): Map<number, Map<number, TextMark>> {
  const marks = new Map<number, Map<number, TextMark>>();
  // What stands in the same line.
  const isPublic = (before: string, after: string): boolean =>
    phrases.isPublic(`${before.slice(before.lastIndexOf('\n') + 1)} ${after.split('\n')[0] ?? ''}`);
  for (const [node, parts] of program.templates) {
    const holes = new Map<number, TextMark>();
    parts.forEach((part, i) => {
      if (typeof part === 'string') return;
      const before = textOf(program, parts.slice(0, i)).slice(-window.before);
      const after = textOf(program, parts.slice(i + 1)).slice(0, window.after);
      holes.set(part, {
        before,
        after,
        label: '',
        said: phrases.read(before, after, ''),
        isPublic: isPublic(before, after),
      });
    });
    marks.set(node, holes);
  }
  for (let node = 0; node < program.extra; node++) {
    if (program.kinds[node] !== nodeKinds.object) continue;
    const label = labelOf(program, node);
    if (label === '') continue;
    const holes = new Map<number, TextMark>();
    const mark = { before: '', after: '', label, said: phrases.read('', '', label), isPublic: phrases.isPublic(label) };
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      if (program.inOp[i] === programOps.store) holes.set(program.inFrom[i] ?? 0, mark);
    }
    marks.set(node, holes);
  }
  return marks;
}

function textOf(program: Program, parts: readonly (string | number)[]): string {
  return parts
    .map((part, i) => {
      if (typeof part === 'string') return part;
      return textOfNode(program, part) ?? headingIn(program, part, parts[i + 1]) ?? ' … ';
    })
    .join('');
}

// `${due > 0 ? 'You owe' : 'You get back'}: ${due}`: one of two headings, both of which speak of the value.
function headingIn(program: Program, node: number, next: string | number | undefined): string | undefined {
  if (typeof next !== 'string' || !/^[*_~`]{0,3}(?:<\/\w+>)?\s?[:：]/.test(next)) return undefined;
  const texts = foldTexts(program, node, [], maxHeadings + 1);
  const isKnown = texts.length > 0 && texts.length <= maxHeadings && texts.every((text) => !/[*{]/.test(text));
  return isKnown ? texts.join(' / ') : undefined;
}

function labelOf(program: Program, node: number): string {
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
    if (program.inOp[i] !== programOps.store) continue;
    const key = program.strings[program.inLabel[i] ?? 0] ?? '';
    const text = labelKeys.has(key) ? textOfNode(program, program.inFrom[i] ?? 0) : undefined;
    if (text) return text;
  }
  return '';
}
