// Constant texts → which of them ask the reader to type a secret into the chat ("Please send us your PIN").
// Such a text is a source of its own: the search says whether it reaches a user.

import { nodeKinds } from '../model/flow-graph.ts';
import type { SourceMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../model/program.ts';
import type { DataRules, Origin, SolicitationRule } from '../model/rule.ts';

/** The category of these sources. */
const category = 'solicitation';

const minText = 4;
const maxText = 4000;
const maxGap = 90;
const maxWordsBetween = 9;
/** Stands for a value that is not known. */
const hole = '\uFFFC';
/** Stands for the `*` of a word. */
const anyLetters = '\uE000';
const maxCopies = 6;

export interface Solicitations {
  readonly sources: ReadonlyMap<number, SourceMark>;
  /** A text of the program is no datum of a customer's. */
  readonly origins: ReadonlyMap<number, Origin>;
  readonly quiet: ReadonlySet<number>;
}

/** Marks the texts that ask, and those that take it back. */
export function markSolicitations(program: Program, data: DataRules): Solicitations {
  const matcher = createSolicitations(data.solicitation);
  const sources = new Map<number, SourceMark>();
  const origins = new Map<number, Origin>();
  const weight = data.weights.points['asks'] ?? 0;
  const note = (node: number, asked: Asked | undefined): void => {
    if (!asked) return;
    const evidence = [{ kind: 'asks', text: `for ${asked.object}: "${asked.words}"`, weight }];
    sources.set(node, { node, category, isCertain: false, isDeclared: false, evidence, path: [] });
    origins.set(node, 'public');
  };
  const texts = [...program.templates].map(([node, parts]) => [node, textOfParts(program, parts)] as const);
  const parts = new Set([...program.templates.keys()].flatMap((node) => literalsIn(program, node)));
  for (let node = 0; node < program.nodeCount; node++) {
    const text = parts.has(node) || !isConstant(program, node) ? undefined : textOfNode(program, node);
    if (text !== undefined) note(node, matcher.find(text));
  }
  for (const [node, text] of texts) note(node, matcher.find(text));
  const quiet = new Set<number>();
  if (sources.size === 0) return { sources, origins, quiet };
  for (const [node, text] of texts) if (!sources.has(node) && matcher.isQuiet(text)) quiet.add(node);
  return { sources, origins, quiet };
}

// A literal, or a value of a JSON file.
function isConstant(program: Program, node: number): boolean {
  if (node < program.extra) return program.kinds[node] === nodeKinds.literal;
  return program.inStart[node] === program.inStart[node + 1];
}

// 'Your card number: ' + url  →  the first text says nothing without the rest.
function literalsIn(program: Program, template: number): number[] {
  const found: number[] = [];
  for (let i = program.inStart[template] ?? 0; i < (program.inStart[template + 1] ?? 0); i++) {
    const from = program.inFrom[i] ?? 0;
    if (program.inOp[i] === programOps.derive && program.kinds[from] === nodeKinds.literal) found.push(from);
  }
  return found;
}

function textOfParts(program: Program, parts: readonly (string | number)[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const text = constantText(program, part);
      if (text !== undefined) return text.replaceAll('*', hole);
      return /(?:url|link|href|page|site)$/i.test(nameOfNode(program, part)) ? ' https://* ' : hole;
    })
    .join('');
}

// The text that a variable of this place was given; a parameter may be given another one by each call.
function constantText(program: Program, node: number): string | undefined {
  let at = node;
  for (let copies = 0; copies < maxCopies; copies++) {
    const text = textOfNode(program, at);
    const start = program.inStart[at] ?? 0;
    const isCopy = (program.inStart[at + 1] ?? 0) - start === 1 && program.inOp[start] === programOps.copy;
    if (text !== undefined || !isCopy) return text;
    at = program.inFrom[start] ?? -1;
  }
  return undefined;
}

/** What a text asks for, and the words that ask. */
export interface Asked {
  readonly object: string;
  readonly words: string;
}

export interface SolicitationMatcher {
  find(text: string): Asked | undefined;
  /** True where a text sends the reader to another place, or warns. */
  isQuiet(text: string): boolean;
}

interface Language {
  readonly order: SolicitationRule['order'];
  readonly isSpaced: boolean;
  readonly asks: RegExp;
  readonly between: ReadonlySet<string>;
  objects(): readonly (readonly [string, RegExp])[];
  silent(): RegExp;
}

/** Prepares the words of all languages. */
export function createSolicitations(rules: readonly SolicitationRule[]): SolicitationMatcher {
  const languages = rules.map(languageOf);
  return {
    find(text) {
      if (text.length < minText || text.length > maxText) return undefined;
      const sentences = sentencesOf(folded(text));
      for (const language of languages) {
        const asked = sentences.map((one) => askedIn(language, one));
        const at = asked.findIndex((one) => one !== undefined);
        const isElsewhere = at >= 0 && (hasAddress(sentences[at]) || hasAddress(sentences[at + 1]));
        if (at >= 0 && !isElsewhere) return asked[at];
      }
      return undefined;
    },
    isQuiet(text) {
      if (text.length > maxText) return false;
      const plain = folded(text);
      return hasAddress(plain) || languages.some((language) => language.silent().test(plain));
    },
  };
}

function languageOf({ order, isSpaced, asks, objects, between, silent }: SolicitationRule): Language {
  return {
    order,
    isSpaced,
    asks: wordsPattern(asks, isSpaced, 'gu'),
    between: new Set(between.map(folded)),
    // Most languages are not met in a scan.
    objects: once(() =>
      Object.entries(objects).map(([object, words]) => [object, wordsPattern(words, isSpaced, 'gu')] as const),
    ),
    silent: once(() => wordsPattern(silent, isSpaced, 'u')),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

// One choice of words, the longer ones first, without repetition inside: linear in the text.
function wordsPattern(words: readonly string[], isSpaced: boolean, flags: string): RegExp {
  const choices = [...words]
    .map((word) => folded(word.replaceAll('*', anyLetters)))
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(anyLetters, '[\\p{L}\\p{M}]*'));
  if (choices.length === 0) return /(?!)/u;
  const all = `(?:${choices.join('|')})`;
  return new RegExp(isSpaced ? `(?<![\\p{L}\\p{M}])${all}(?![\\p{L}\\p{M}])` : all, flags);
}

// Without capitals, accents, markup; ı and đ have no accent to lose.
function folded(text: string): string {
  return text
    .replace(/<\/?[a-z][^<>]{0,80}>/gi, ' ')
    .normalize('NFD')
    .replace(/[\u0300-\u036f\u064b-\u0655\u0670]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll('đ', 'd')
    .replaceAll('ł', 'l')
    .replaceAll('’', "'")
    .replace(/[*_~`"“”«»]+/g, '')
    .replace(/[^\S\n]+/g, ' ');
}

// What follows a colon belongs to it: "Please send: \n- your card number".
function sentencesOf(text: string): string[] {
  return text.replace(/:\s*\n\s*/g, ': ').split(/[.!?…]+(?=\s|$)|[。！？؟।\n;]+/);
}

function hasAddress(text: string | undefined): boolean {
  return text !== undefined && /https?:\/\/|\bwww\./.test(text);
}

function askedIn(language: Language, sentence: string): Asked | undefined {
  const asks = [...sentence.matchAll(language.asks)].map(spanOf);
  if (asks.length === 0) return undefined;
  const found = language
    .objects()
    .flatMap(([object, pattern]) => [...sentence.matchAll(pattern)].map((match) => ({ object, ...spanOf(match) })));
  if (found.length === 0 || language.silent().test(sentence)) return undefined;
  for (const one of found) {
    for (const ask of asks) {
      const isAskFirst = ask.end <= one.start;
      if (language.order === 'asks first' && !isAskFirst) continue;
      if (language.order === 'objects first' && isAskFirst) continue;
      const [first, second] = isAskFirst ? [ask, one] : [one, ask];
      if (first.end > second.start || second.start - first.end > maxGap) continue;
      if (!isNear(language, sentence.slice(first.end, second.start))) continue;
      return { object: one.object, words: sentence.slice(first.start, second.end).replaceAll(hole, '…') };
    }
  }
  return undefined;
}

function spanOf(match: RegExpMatchArray): { readonly start: number; readonly end: number } {
  const start = match.index ?? 0;
  return { start, end: start + match[0].length };
}

function isNear(language: Language, gap: string): boolean {
  const words = gap.match(/[\p{L}\p{M}]+/gu) ?? [];
  if (words.length > maxWordsBetween) return false;
  return words.every((word) => (language.isSpaced ? language.between.has(word) : isMadeOf(word, language.between)));
}

// 您的完整: the longest word that fits goes first.
function isMadeOf(text: string, words: ReadonlySet<string>): boolean {
  let at = 0;
  while (at < text.length) {
    let length = Math.min(8, text.length - at);
    while (length > 0 && !words.has(text.slice(at, at + length))) length--;
    if (length === 0) return false;
    at += length;
  }
  return true;
}
