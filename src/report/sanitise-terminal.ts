// Foreign text → text that is safe in a terminal and in a build log: control, bidi and invisible characters become visible,
// runner commands are broken up. Names, paths and source lines all pass through here. Knows nothing about layout.

import type { Glyphs } from './glyphs.ts';
import { codePointName } from './glyphs.ts';

// Control, format (bidi, zero width, tags) and line separators, lone surrogates, and letters that show nothing.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]/u;
const unseenRuns = new RegExp(unseen, 'gu');

/** One code point as it may be shown. */
export function visibleCharacter(character: string, glyphs: Glyphs): string {
  if (!unseen.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 || code === 0x7f ? glyphs.control(code) : codePointName(code);
}

/** A text on one line as it may be shown. */
export function visibleText(text: string, glyphs: Glyphs): string {
  return breakCommands(text.replace(unseenRuns, (character) => visibleCharacter(character, glyphs)));
}

/** GitHub's runner obeys `##[…]` and Azure's agent `##vso[…]` wherever they stand in a line; a space between the signs ends that. */
export function breakCommands(text: string): string {
  return text.replace(/##(?=(?:vso)?\[)/gi, '# #');
}

/** True for a line that GitHub's runner would take for a command (`::error::…`), leading white space included. */
export function isCommandLine(text: string): boolean {
  return text.trimStart().startsWith('::');
}
