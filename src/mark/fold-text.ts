// The constant text of a value, followed backwards through variables, fields, files and templates:
// URLs, event names, arguments of barriers. Unknown parts become `{NAME}` (a variable or setting) or `*`.

import { anyElement, nodeKinds } from '../model/flow-graph.ts';
import { fieldBefore, isLeftOut, moveOfLabel } from '../model/list-places.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../model/program.ts';

const maxSteps = 300;
const maxTexts = 6;

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

/** The texts that a value may have on different ways; known ones first, names of settings last. */
export function foldTexts(program: Program, node: number, path: readonly string[]): readonly string[] {
  return new Folder(program).fold(node, path);
}

class Folder {
  private readonly program: Program;
  private readonly open = new Set<string>();
  private readonly known = new Map<string, readonly string[]>();
  /** Open values that were met again. */
  private loops = new Set<string>();
  private steps = 0;

  constructor(program: Program) {
    this.program = program;
  }

  fold(node: number, path: readonly string[]): readonly string[] {
    const { program } = this;
    const key = `${node}/${path.join('.')}`;
    const known = this.known.get(key);
    if (known) return known;
    if (this.open.has(key)) this.loops.add(key);
    if (this.open.has(key) || this.steps++ > maxSteps) return [];
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
    for (const loop of this.loops) around.add(loop);
    this.loops = around;
    return found;
  }

  private foldValue(node: number): readonly string[] | undefined {
    const { program } = this;
    const parts = program.templates.get(node);
    if (parts) return this.joined(parts);
    const text = textOfNode(program, node);
    if (text !== undefined && !text.includes('*')) return [text];
    const call = program.calls[program.callOf.get(node) ?? -1];
    return call && this.foldCall(call);
  }

  private foldCall(call: LinkedCall): readonly string[] | undefined {
    const [first = -1, second = -1] = call.args;
    if (call.isNew && second >= 0 && call.paths.some((path) => path === 'global#URL' || path === 'url#URL')) {
      // new URL('/me/messages', base)
      return this.fold(second, []).flatMap((base) => this.fold(first, []).map((text) => resolveUrl(text, base)));
    }
    if (call.name !== 'concat' || call.targets.length > 0 || this.fold(call.receiver, []).length === 0)
      return undefined;
    return this.joined([call.receiver, ...call.args]);
  }

  private joined(parts: readonly (string | number)[]): readonly string[] {
    let texts: readonly string[] = [''];
    for (const part of parts) {
      const known = typeof part === 'string' ? [part] : this.fold(part, []);
      const next = known.length > 0 ? known : ['*'];
      texts = texts.flatMap((text) => next.map((one) => text + one)).slice(0, maxTexts);
    }
    return texts;
  }

  private follow(node: number, path: readonly string[]): readonly string[] {
    const { program } = this;
    const [top, ...rest] = path;
    const known = new Set<string>();
    const named = new Set<string>();
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? 0;
      const label = program.strings[program.inLabel[i] ?? 0] ?? '';
      let found: readonly string[] = [];
      switch (program.inOp[i]) {
        case programOps.copy:
        case programOps.guard:
        case programOps.root:
        case programOps.enter:
        case programOps.exit:
          found = this.fold(from, path);
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
          break;
        case programOps.library:
          // `url.trim()`, `String(url)`: the text is still in there.
          if (path.length === 0) found = this.fold(from, path);
          break;
        default:
          break;
      }
      for (const text of found) (/^\{[^}]*\}$/.test(text) ? named : known).add(text);
      if (known.size >= maxTexts || this.steps > maxSteps) break;
    }
    return [...known, ...named].slice(0, maxTexts);
  }
}

function resolveUrl(text: string, base: string): string {
  if (/^[a-z]+:/i.test(text)) return text;
  const origin = /^(?:[a-z]+:\/\/[^/]*|\{[^}]*\}|\*)/i.exec(base)?.[0] ?? '';
  return text.startsWith('/') ? origin + text : base.replace(/[^/]*$/, '') + text;
}
