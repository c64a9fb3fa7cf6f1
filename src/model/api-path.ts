// Patterns of rule files, parsed: places in a package's interface, calls with named arguments, and places in a call.
// Grammar: rules/README.md. Knows nothing about programs; `link` and `mark` do the matching.

/** `package#a.b`, `*.a.b` or a bare name. */
export type PathPattern =
  | { readonly kind: 'api'; readonly module: string; readonly members: readonly string[] }
  | { readonly kind: 'method'; readonly members: readonly string[] }
  | { readonly kind: 'name'; readonly name: string };

export interface ParameterPattern {
  /** '' for `_`. */
  readonly name: string;
  /** This argument and all that follow; with `callback`, a function in any place from here on. */
  readonly rest: boolean;
  readonly callback: readonly ParameterPattern[] | undefined;
  /** `options{done(value)}`: functions that lie in this argument, by their names. */
  readonly fields?: readonly ParameterPattern[] | undefined;
}

export interface CallPattern {
  readonly target: PathPattern;
  readonly parameters: readonly ParameterPattern[];
  /** False for a pattern without parentheses: a member, not a call. */
  readonly isCall: boolean;
}

/**
 * What is made of a function: its result comes by a promise, or goes to a callback behind its arguments; some arguments
 * are given before the others, or one call after another; several functions run one after another, the first or the last
 * first; several that are given a callback hand their values on to each other (`chained`), or all to the end (`gathered`).
 */
export const functionForms = [
  'promised',
  'calledBack',
  'partial',
  'curried',
  'piped',
  'composed',
  'chained',
  'gathered',
] as const;
export type FunctionForm = (typeof functionForms)[number];

/** A place in a call: a name of the pattern, `this`, `result`, `all`, or a shared `@name`, and the fields below it. */
export interface Place {
  readonly root: string;
  /** `name.return` of a callback. */
  readonly isReturn: boolean;
  /** `name.throw` of a callback. */
  readonly isThrow: boolean;
  /** `name.this`: what a callback is called on. */
  readonly isSelf?: boolean | undefined;
  /** `name.promised`, `name.piped`: what is made of a function, or of several. */
  readonly form?: FunctionForm | undefined;
  /** `result.resolve(0)`, `done(1)`: what the function that lies there is called with, at this position. */
  readonly given?: number | undefined;
  /** `value.toJSON()`: what the value's own method gives back. */
  readonly method?: string | undefined;
  /** `[]` is any element; `[key]` the field that the text of another place names (see `keyOf`). */
  readonly path: readonly string[];
}

/** A field that only a text has: `answer:text` is the answer where it is no object. */
export const asText = ':text';

/** The place whose text a field of a place stands for: `key` of `[key]`; undefined for a plain field. */
export function keyOf(field: string): string | undefined {
  return field.length > 2 && field.startsWith('[') ? field.slice(1, -1) : undefined;
}

/** An ApiPath as text: `module#a.b`; the module itself is `module#`. */
export function apiPath(module: string, members: readonly string[]): string {
  return `${module}#${members.join('.')}`;
}

/** The ApiPath of a member; `.default` is the module itself. */
export function memberPath(path: string, member: string): string {
  if (member === 'default' && path.endsWith('#')) return path;
  return path.endsWith('#') ? path + member : `${path}.${member}`;
}

/** Parses `telegraf#Context.reply(text, handler(ctx))`. @throws Error with a message for the rule's author. */
export function parseCallPattern(text: string): CallPattern {
  const trimmed = text.trim();
  const open = openingOfArguments(trimmed);
  // pkg#open().member
  const isMember = /\)(?:\.[^().]+)+$/.test(trimmed);
  if (open < 0 || isMember) return { target: parsePath(trimmed), parameters: [], isCall: false };
  if (!trimmed.endsWith(')')) throw new Error(`"${text}" does not end with ")"`);
  return {
    target: parsePath(trimmed.slice(0, open)),
    parameters: parseParameters(trimmed.slice(open + 1, -1), text),
    isCall: true,
  };
}

/** The same, with one pattern for each alternative where braces hold several members: `{first,sub.second}`. */
export function parseCallPatterns(text: string): CallPattern[] {
  const pattern = parseCallPattern(text);
  const { target } = pattern;
  if (target.kind === 'name' || !target.members.some((member) => /\{.*\./.test(member))) return [pattern];
  return expandBraces(target.members.join('.')).map((members) => ({
    ...pattern,
    target: { ...target, members: members.split('.') },
  }));
}

// The last top-level `(`: earlier `()` pairs belong to the path (`pkg#make().send(text)`).
function openingOfArguments(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === ')') depth++;
    else if (text[at] === '(' && --depth === 0) return at;
  }
  if (depth !== 0) throw new Error(`brackets do not match in "${text}"`);
  return -1;
}

function parsePath(text: string): PathPattern {
  if (text === '' || /\s/.test(text)) throw new Error(`"${text}" is not a path such as package#Member.method`);
  if (text.startsWith('*.')) return { kind: 'method', members: splitOutsideBraces(text.slice(2), '.') };
  const hash = text.indexOf('#');
  if (hash >= 0) {
    const rest = text.slice(hash + 1);
    return { kind: 'api', module: text.slice(0, hash), members: rest === '' ? [] : splitOutsideBraces(rest, '.') };
  }
  const segments = splitOutsideBraces(text, '.');
  if (segments.length === 1) return { kind: 'name', name: text };
  return { kind: 'api', module: segments[0] ?? '', members: segments.slice(1) };
}

/** Roots of places that no argument may be called by. */
const reservedNames = new Set(['this', 'result', 'all']);

function parseParameters(text: string, whole: string): ParameterPattern[] {
  if (text.trim() === '') return [];
  return splitOutsideBraces(text, ',').map((part) => {
    let name = part.trim();
    const rest = name.startsWith('...') || name.startsWith('…');
    if (rest) name = name.replace(/^(\.\.\.|…),?\s*/, '');
    const brace = name.indexOf('{');
    const fields = brace < 0 ? undefined : parseParameters(name.slice(brace + 1, -1), whole);
    if (brace >= 0) name = name.slice(0, brace);
    const open = name.indexOf('(');
    const callback = open < 0 ? undefined : parseParameters(name.slice(open + 1, -1), whole);
    if (open >= 0) {
      if (!name.endsWith(')')) throw new Error(`brackets do not match in "${whole}"`);
      name = name.slice(0, open);
    }
    if (!/^[\w$]*$/.test(name)) throw new Error(`"${name}" is not a name for an argument in "${whole}"`);
    if (reservedNames.has(name))
      throw new Error(`"${name}" in "${whole}" is reserved: call the argument something else`);
    return { name: name === '_' ? '' : name, rest, callback, fields };
  });
}

/** Places by their text: rules name the same few again and again. */
const places = new Map<string, readonly Place[]>();

/** Parses `extra.reply_markup.inline_keyboard[][].text`; braces give several places. */
export function parsePlace(text: string): readonly Place[] {
  let found = places.get(text);
  if (!found) {
    found = placesOf(text);
    places.set(text, found);
  }
  return found;
}

function placesOf(text: string): readonly Place[] {
  return expandBraces(text.trim()).map((one) => {
    const isText = one.endsWith(':text');
    const given = /\((\d)\)$/.exec(one);
    const called = /\.(\w+)\(\)$/.exec(one);
    const end = given ?? called;
    const plain = end ? one.slice(0, end.index) : isText ? one.slice(0, -':text'.length) : one;
    const tokens = plain.match(/[^.[\]]+|\[(?:'[^']*'|[\w.$~=+!*<>#-]*)\]/g) ?? [];
    const isWhole = tokens.join('') === plain.replace(/\.(?![^[]*\])/g, '');
    if (tokens.length === 0 || /^[.[]|\.\.|\.$|\.\[/.test(plain.replace(/\[[^\]]*\]/g, '[]')) || !isWhole) {
      throw new Error(`"${text}" is not a place such as body.message.text or rows[]`);
    }
    const [root = '', ...fields] = tokens.map((token) => (/^\[\d+\]$/.test(token) ? token.slice(1, -1) : token));
    const isReturn = fields[0] === 'return';
    const isThrow = fields[0] === 'throw';
    const form = functionForms.find((one) => one === fields[0]);
    const isSelf = fields[0] === 'this';
    const below = (isReturn || isThrow || isSelf || form ? fields.slice(1) : fields).filter((field) => field !== '**');
    const path = isText ? [...below, asText] : below;
    const position = given ? Number(given[1]) : undefined;
    return { root, isReturn, isThrow, isSelf, form, given: position, method: called?.[1], path };
  });
}

/** `a{b,c}d` → `abd`, `acd`. */
export function expandBraces(text: string): string[] {
  const open = text.indexOf('{');
  if (open < 0) return [text];
  const close = matchingBrace(text, open);
  if (close < 0) throw new Error(`"{" without "}" in "${text}"`);
  const tails = expandBraces(text.slice(close + 1));
  return splitOutsideBraces(text.slice(open + 1, close), ',').flatMap((choice) =>
    expandBraces(choice.trim()).flatMap((middle) => tails.map((tail) => text.slice(0, open) + middle + tail)),
  );
}

function matchingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

function splitOutsideBraces(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{' || char === '(') depth++;
    else if (char === '}' || char === ')') depth--;
    else if (char === separator && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

/** Matches text against a pattern in which `*` stands for any characters; linear in the text for each `*`. */
export function matchesWildcard(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  let at = 0;
  let inText = 0;
  let star = -1;
  let mark = 0;
  while (inText < text.length) {
    if (at < pattern.length && pattern[at] === '*') {
      star = at++;
      mark = inText;
    } else if (at < pattern.length && pattern[at] === text[inText]) {
      at++;
      inText++;
    } else if (star >= 0) {
      at = star + 1;
      inText = ++mark;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
