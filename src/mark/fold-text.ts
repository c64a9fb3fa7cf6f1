// The constant text of a value, followed backwards through variables, fields, files and templates:
// URLs, event names, arguments of barriers. Unknown parts become `{NAME}` (a variable or setting) or `*`.

import { anyElement, nodeKinds } from '../model/flow-graph.ts';
import { fieldBefore, isLeftOut, moveOfLabel } from '../model/list-places.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../model/program.ts';

const maxTexts = 6;
const stepsForText = 50;
const maxFields = 6;

/** Folds the text of a value below some fields; undefined when nothing of it is known. */
export function foldText(program: Program, node: number, path: readonly string[]): string | undefined {
  return foldTexts(program, node, path)[0];
}

/** The text of a value that can have no other; undefined where callers or branches give several. */
export function onlyText(program: Program, node: number): string | undefined {
  const own = textOfNode(program, node);
  if (own !== undefined) return own;
  const texts = foldTexts(program, node, []);
  return texts.length === 1 ? texts[0] : undefined;
}

/**
 * The texts that a value may have on different ways, at most `limit`; known ones first, names of settings last.
 * `via` says for some functions which of their calls counts.
 */
export function foldTexts(
  program: Program,
  node: number,
  path: readonly string[],
  limit: number = maxTexts,
  via: ReadonlyMap<number, number> = new Map(),
): readonly string[] {
  return new Folder(program, limit, via).fold(node, path);
}

class Folder {
  private readonly program: Program;
  private readonly maxTexts: number;
  private readonly via: ReadonlyMap<number, number>;
  private readonly open = new Set<string>();
  private readonly known = new Map<string, readonly string[]>();
  /** What was found while these values were open: it holds as long as they are. */
  private readonly meanwhile = new Map<
    string,
    { readonly found: readonly string[]; readonly loops: readonly string[] }
  >();
  /** Open values that were met again. */
  private loops = new Set<string>();
  private steps = 0;
  private lastStep: number;

  constructor(program: Program, limit: number, via: ReadonlyMap<number, number>) {
    this.program = program;
    this.via = via;
    this.maxTexts = limit;
    this.lastStep = limit * stepsForText;
  }

  fold(node: number, path: readonly string[]): readonly string[] {
    const { program } = this;
    const key = `${node}/${path.join('.')}`;
    const known = this.known.get(key);
    if (known) return known;
    const before = this.meanwhile.get(key);
    if (before?.loops.every((loop) => this.open.has(loop))) {
      for (const loop of before.loops) this.loops.add(loop);
      return before.found;
    }
    if (this.open.has(key)) this.loops.add(key);
    if (this.open.has(key) || path.length > maxFields || this.steps++ > this.lastStep) return [];
    this.open.add(key);
    const around = this.loops;
    this.loops = new Set();
    let found = (path.length === 0 ? this.foldValue(node) : undefined) ?? this.follow(node, path);
    this.open.delete(key);
    this.loops.delete(key);
    // Within a loop nothing is unknown yet: the text may come in elsewhere.
    const isWhole = this.loops.size === 0;
    const name = nameOfNode(program, node);
    const kind = program.kinds[node];
    const isNamed = kind === nodeKinds.member || kind === nodeKinds.parameter;
    if (isWhole && found.length === 0 && path.length === 0 && name !== '' && isNamed) found = [`{${name}}`];
    if (isWhole) this.known.set(key, found);
    else this.meanwhile.set(key, { found, loops: [...this.loops] });
    for (const loop of this.loops) around.add(loop);
    this.loops = around;
    return found;
  }

  private foldValue(node: number): readonly string[] | undefined {
    const { program } = this;
    const parts = program.templates.get(node);
    if (parts) return this.joined(parts);
    const text = textOfNode(program, node);
    // A star that the program writes is no unknown part.
    if (text !== undefined && (program.kinds[node] === nodeKinds.literal || !text.includes('*'))) return [text];
    const call = program.calls[program.callOf.get(node) ?? -1];
    return call && this.foldCall(call);
  }

  private foldCall(call: LinkedCall): readonly string[] | undefined {
    const [first = -1, second = -1] = call.args;
    if (call.isNew && first >= 0 && call.paths.some((path) => path === 'global#URL' || path === 'url#URL')) {
      // new URL('/me/messages', base)
      const [texts = [], known = []] = this.foldEach(second < 0 ? [first] : [first, second]);
      if (second < 0) return texts;
      const bases = known.length > 0 ? known : ['*'];
      return bases.flatMap((base) => texts.map((text) => resolveUrl(text, base))).slice(0, this.maxTexts);
    }
    if (call.paths.includes('path#join'))
      return this.joined(call.args.flatMap((part, i) => (i === 0 ? [part] : ['/', part])));
    if (call.paths.includes('util#format') && first >= 0) return this.formatted(first, call.args.slice(1));
    if (call.name !== 'concat' || call.targets.length > 0 || this.fold(call.receiver, []).length === 0)
      return undefined;
    return this.joined([call.receiver, ...call.args]);
  }

  private joined(parts: readonly (string | number)[]): readonly string[] {
    let texts: readonly string[] = [''];
    for (const known of this.foldEach(parts)) {
      const next = known.length > 0 ? known : ['*'];
      texts = texts.flatMap((text) => next.map((one) => text + one)).slice(0, this.maxTexts);
    }
    return texts;
  }

  // No part takes the steps that the parts behind it need.
  private foldEach(parts: readonly (string | number)[]): readonly (readonly string[])[] {
    const { lastStep } = this;
    return parts.map((part, i) => {
      if (typeof part === 'string') return [part];
      this.lastStep = this.steps + (lastStep - this.steps) / (parts.length - i);
      const found = this.fold(part, []);
      this.lastStep = lastStep;
      return found;
    });
  }

  // util.format('%s/%s', base, method): the values stand where the marks are, and behind the text where there are more of them.
  private formatted(format: number, values: readonly number[]): readonly string[] {
    return this.fold(format, []).flatMap((text) => {
      const parts = text.split(/%[sdifjoO]/);
      const pairs = parts.flatMap((part, i) => {
        const value = values[i];
        return i === parts.length - 1 ? [part] : [part, value ?? '%s'];
      });
      return this.joined([...pairs, ...values.slice(parts.length - 1).flatMap((value) => [' ', value])]);
    });
  }

  // Whether an argument of this call is looked at: not where another call of the same function is meant.
  private counts(call: number): boolean {
    const targets = this.via.size === 0 ? [] : (this.program.calls[call]?.targets ?? []);
    return targets.every((target) => (this.via.get(target) ?? call) === call);
  }

  private follow(node: number, path: readonly string[]): readonly string[] {
    const { program } = this;
    const [top, ...rest] = path;
    const known = new Set<string>();
    const named = new Set<string>();
    let paths: readonly string[] = [''];
    const defaults: number[] = [];
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? 0;
      const label = program.strings[program.inLabel[i] ?? 0] ?? '';
      let found: readonly string[] = [];
      switch (program.inOp[i]) {
        case programOps.copy:
        case programOps.guard:
        case programOps.root:
        case programOps.enter:
          found = this.fold(from, path);
          break;
        case programOps.fallback:
          defaults.push(from);
          break;
        case programOps.exit:
          if (this.counts(program.inLabel[i] ?? -1)) found = this.fold(from, path);
          break;
        case programOps.except:
          if (!isLeftOut(label, top)) found = this.fold(from, path);
          break;
        case programOps.move: {
          const before = top === undefined ? undefined : fieldBefore(moveOfLabel(label), top);
          if (top === undefined) found = this.fold(from, path);
          else if (before !== undefined) found = this.fold(from, [before, ...rest]);
          break;
        }
        case programOps.load:
          found = this.fold(from, [label, ...path]);
          break;
        case programOps.store:
          if (top === label || top === anyElement) found = this.fold(from, rest);
          // url.pathname = '/me/messages'
          else if (top === undefined && label === 'pathname') paths = this.fold(from, []);
          break;
        case programOps.library:
          // `url.trim()`, `String(url)`: the text is still in there.
          if (path.length === 0) found = this.fold(from, path);
          break;
        default:
          break;
      }
      for (const text of found) (/^\{[^}]*\}$/.test(text) ? named : known).add(text);
      if (known.size >= this.maxTexts || this.steps > this.lastStep) break;
    }
    // Of one call it is known whether the default counts.
    if (this.via.size === 0 || known.size === 0)
      for (const text of defaults.flatMap((from) => this.fold(from, path))) known.add(text);
    return [...known, ...named]
      .flatMap((text) => paths.map((one) => (one === '' ? text : resolveUrl(one, text))))
      .slice(0, this.maxTexts);
  }
}

function resolveUrl(text: string, base: string): string {
  if (/^[a-z]+:/i.test(text)) return text;
  const origin = /^(?:[a-z]+:\/\/[^/]*|\{[^}]*\}|\*)/i.exec(base)?.[0] ?? '';
  if (text.startsWith('/')) return origin + text;
  const folder = base === origin ? `${base}/` : base.replace(/[^/]*$/, '');
  return folder + text.replace(/^(?:\.\/)+/, '');
}
