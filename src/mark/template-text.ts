// A text with places to be filled in → its places, each with the text around it: `%s`, `{0}`, `{name}`, `{{ account.balance }}`,
// `<%= account.balance %>`, `%{name}`, `:name`. Lists and blocks (`{{#each fines}}`) say what the places in them are read of.

import { anyElement } from '../model/flow-graph.ts';

export interface Place {
  /** The fields down to the value; one number for a place that is known by its turn. */
  readonly path: readonly string[];
  /** What is called with it: `money` of `{{money total}}`, `{{ total | money }}`. */
  readonly helper: string;
  readonly before: string;
  readonly after: string;
}

/** As `markTexts` writes a value that is not known. */
const hole = ' … ';
const maxPlaces = 60;
const dotted = /^@?[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}\p{N}_$]+)*$/u;
const printf = /%(?:(\d+)\$)?[-+0# ]*\d*(?:\.\d+)?[sdifjoOuxeg](?![\p{L}])/gu;
const marks: readonly RegExp[] = [
  /\{\{\{?([^{}]+)\}?\}\}|\{%([^{}]+)%\}/gu,
  /<%[-=]([\s\S]+?)%>/gu,
  /[%$#]\{([^{}]+)\}|%\(([^()]+)\)[sd]/gu,
  /\{([\p{L}\p{N}_.]+)\}/gu,
  /(?<![\p{L}\p{N}:/]):([\p{L}_][\p{L}\p{N}_]{1,30})\b/gu,
];

/** The places of a text that are told by their turn: `%s`, `{0}`. */
export function placesInTurn(text: string): readonly Place[] {
  let turn = 0;
  const found = piecesOf(text, printf, ([, at]) => ({ path: [String(at ? Number(at) - 1 : turn++)], helper: '' }));
  if (found.length > 0) return found;
  return piecesOf(text, /\{(\d)\}/gu, ([, at = '']) => ({ path: [at], helper: '' }));
}

/** The places of a text that are told by names, in whatever way the text marks them. */
export function placesByName(text: string): readonly Place[] {
  for (const mark of marks) {
    const blocks: Block[] = [];
    const found = piecesOf(text, mark, (match) =>
      placeOf(match.slice(1).find((one) => one !== undefined) ?? '', blocks),
    );
    if (found.length > 0) return found;
  }
  return [];
}

/** A list or an object whose fields are read in a part of the text; `name` is what its elements are called there. */
interface Block {
  readonly path: readonly string[];
  readonly name: string;
}

type Named = Pick<Place, 'path' | 'helper'>;

function piecesOf(text: string, mark: RegExp, read: (match: RegExpMatchArray) => Named | undefined): Place[] {
  const pieces: (string | Named)[] = [];
  let end = 0;
  for (const match of text.matchAll(mark)) {
    pieces.push(text.slice(end, match.index));
    end = (match.index ?? 0) + match[0].length;
    const place = read(match);
    if (place) pieces.push(place);
    if (pieces.length > maxPlaces) break;
  }
  pieces.push(text.slice(end));
  const said = pieces.map((one) => (typeof one === 'string' ? one : hole));
  return pieces.flatMap((one, i) =>
    typeof one === 'string' ? [] : [{ ...one, before: said.slice(0, i).join(''), after: said.slice(i + 1).join('') }],
  );
}

// `#each fines`, `/each`, `for fine in fines`, `money loan.outstanding`, `total | money`, `user.balance.toFixed(2)`.
function placeOf(tag: string, blocks: Block[]): Named | undefined {
  const [said = '', filter = ''] = tag.split('|').map((part) => part.trim());
  const plain = said.replace(/\.(?:toFixed|toLocaleString|toString)\([^()]*\)/g, '');
  const words = plain
    .replace(/^&|[()"']/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const [first = '', second = '', third = '', fourth = ''] = words;
  if (/^(?:\/|end)/.test(first)) {
    blocks.pop();
    return undefined;
  }
  if (/^[!>^]|^(?:else|elif|set|if|unless|include)$/.test(first)) {
    if (first === 'if' || first === 'unless') blocks.push({ path: [], name: '' });
    return undefined;
  }
  if (first === 'for' && third === 'in') {
    blocks.push({ path: [...pathIn(fourth, blocks), anyElement], name: second });
    return undefined;
  }
  if (first.startsWith('#')) {
    const isBlock = /^#(?:each|with)$/.test(first);
    const isTest = /^#(?:if|unless|\w+Of|eq|ne|gt|lt)$/.test(first);
    const list = isBlock ? second : first.slice(1);
    const path =
      isTest || !dotted.test(list) ? [] : [...pathIn(list, blocks), ...(first === '#with' ? [] : [anyElement])];
    blocks.push({ path, name: /\bas\s+\|(\w+)/u.exec(tag)?.[1] ?? '' });
    return undefined;
  }
  const last = words[words.length - 1] ?? '';
  const field =
    words.length > 1 && !dotted.test(last) ? (words.find((word, i) => i > 0 && dotted.test(word)) ?? '') : last;
  if (!dotted.test(field) && field !== '.') return undefined;
  const helper = words.length > 1 ? first : (/^[\p{L}_]\w*/u.exec(filter)?.[0] ?? '');
  return { path: pathIn(field, blocks), helper };
}

function pathIn(field: string, blocks: readonly Block[]): readonly string[] {
  const [first = '', ...rest] = field
    .replace(/^(?:\.\.\/)+/, '')
    .split('.')
    .filter((part) => part !== '');
  const named = blocks.findLast((block) => block.name !== '' && block.name === first);
  if (named) return [...named.path, ...rest];
  const around = field.startsWith('../')
    ? []
    : (blocks.findLast((block) => block.path.length > 0 && block.name === '')?.path ?? []);
  return first === 'this' ? [...around, ...rest] : [...around, ...(first === '' ? [] : [first]), ...rest];
}
