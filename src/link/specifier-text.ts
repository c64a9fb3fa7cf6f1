// The texts that a computed module specifier may have: `load('./a')` with `load = (name) => require(name)`,
// `path.join(dir, file)` with `dir` from the caller, names from a list. Followed backwards while the tree still grows.

import { anyElement } from '../model/flow-graph.ts';
import { fieldBefore, isLeftOut, moveOfLabel } from '../model/list-places.ts';
import { programOps } from '../model/program.ts';
import type { CallGraph } from './connect.ts';
import type { Incoming } from './incoming.ts';

const maxSteps = 600;
const maxTexts = 24;
const unknown = '*';

/** Answers for one round of linking. */
export class SpecifierTexts {
  private readonly graph: CallGraph;
  private readonly incoming: Incoming;
  private readonly callOf: ReadonlyMap<number, number>;
  /** What a receiver or an argument was before a call. */
  private readonly before: ReadonlyMap<number, number>;
  private readonly templates: ReadonlyMap<number, readonly (string | number)[]>;
  private readonly open = new Set<string>();
  private steps = 0;

  constructor(graph: CallGraph, incoming: Incoming) {
    const { tree } = graph;
    this.graph = graph;
    this.incoming = incoming;
    this.callOf = new Map(tree.calls.map((call, index) => [call.node, index]));
    this.before = new Map(
      tree.calls.flatMap((call) => [
        [call.receiverAfter, call.receiver] as const,
        ...call.argsAfter.map((after, i) => [after, call.args[i] ?? -1] as const),
      ]),
    );
    this.templates = new Map(
      tree.files.flatMap((file, i) => {
        const base = tree.bases[i] ?? 0;
        return file.templates.map(
          ({ node, parts }) =>
            [node + base, parts.map((part) => (typeof part === 'string' ? part : part + base))] as const,
        );
      }),
    );
  }

  /** Texts with `*` for their unknown parts; those of which nothing is known are left out. */
  of(node: number): readonly string[] {
    this.steps = 0;
    return [...this.fold(node, [])].filter((text) => !/^[*/.]*$/.test(text));
  }

  private fold(node: number, path: readonly string[]): ReadonlySet<string> {
    const key = `${node}/${path.join('.')}`;
    // What a loop brings is what came into it.
    if (this.open.has(key)) return new Set();
    if (this.steps++ > maxSteps || path.length > 6) return new Set([unknown]);
    this.open.add(key);
    const found = this.written(node, path) ?? this.called(node, path) ?? this.follow(node, path);
    this.open.delete(key);
    return found.size <= maxTexts ? found : new Set([unknown]);
  }

  private written(node: number, path: readonly string[]): ReadonlySet<string> | undefined {
    if (path.length > 0) return undefined;
    const parts = this.templates.get(node);
    if (parts) return this.joined(parts, '');
    const text = this.graph.tree.textOf(node);
    return text === undefined || text.includes(unknown) ? undefined : new Set([text]);
  }

  // Node's own functions of paths and URLs.
  private called(node: number, path: readonly string[]): ReadonlySet<string> | undefined {
    const index = this.callOf.get(node);
    const call = index === undefined ? undefined : this.graph.tree.calls[index];
    if (!call || index === undefined || (path.length > 0 && path[0] !== 'href' && path[0] !== 'pathname'))
      return undefined;
    const [first = -1, second = -1] = call.args;
    for (const name of this.graph.paths[index] ?? []) {
      switch (name.replace(/#(?:posix|win32|promises)\./, '#')) {
        case 'path#join':
          return this.joined(call.args, '/');
        case 'path#resolve':
          return map(this.joined(call.args, '/'), fromRoot);
        case 'path#dirname':
          return map(this.fold(first, []), (text) => text.replace(/\/?[^/]*$/, ''));
        case 'path#normalize':
        case 'url#fileURLToPath':
        case 'url#pathToFileURL':
          return this.fold(first, []);
        case 'url#URL':
        case 'global#URL':
          if (!call.isNew) break;
          return second < 0 ? this.fold(first, []) : this.relative(this.fold(first, []), this.fold(second, []));
        default:
          break;
      }
    }
    return undefined;
  }

  // new URL('./a.js', import.meta.url)
  private relative(texts: ReadonlySet<string>, bases: ReadonlySet<string>): ReadonlySet<string> {
    return new Set([...texts].flatMap((text) => [...bases].map((base) => base.replace(/[^/]*$/, '') + text)));
  }

  private joined(parts: readonly (string | number)[], separator: string): ReadonlySet<string> {
    let texts = [''];
    parts.forEach((part, i) => {
      const next = typeof part === 'string' ? [part] : [...this.fold(part, [])];
      const before = texts.slice(0, maxTexts);
      texts = before.flatMap((text) => next.map((one) => (i === 0 ? one : text + separator + one)));
    });
    return new Set(texts.slice(0, maxTexts));
  }

  private follow(node: number, path: readonly string[]): ReadonlySet<string> {
    const { tree } = this.graph;
    const [top, ...rest] = path;
    const found = new Set<string>();
    const offsets = this.incoming.of(node);
    const before = this.before.get(node) ?? -1;
    let isKnown = before >= 0;
    if (before >= 0) for (const text of this.fold(before, path)) found.add(text);
    for (const i of offsets) {
      const from = tree.edges[i + 1] ?? 0;
      const label = tree.strings[tree.edges[i + 3] ?? 0] ?? '';
      let texts: ReadonlySet<string> | undefined;
      switch (tree.edges[i]) {
        case programOps.copy:
        case programOps.guard:
        case programOps.fallback:
        case programOps.enter:
        case programOps.exit:
          texts = this.fold(from, path);
          break;
        case programOps.except:
          if (!isLeftOut(label, top)) texts = this.fold(from, path);
          break;
        case programOps.move: {
          const before = top === undefined ? undefined : fieldBefore(moveOfLabel(label), top);
          if (top === undefined) texts = this.fold(from, path);
          else if (before !== undefined) texts = this.fold(from, [before, ...rest]);
          break;
        }
        case programOps.load:
          texts = this.fold(from, [label, ...path]);
          break;
        case programOps.store:
          if (top !== undefined && (top === label || top === anyElement || label === anyElement))
            texts = this.fold(from, rest);
          break;
        default:
          break;
      }
      if (!texts) continue;
      isKnown = true;
      for (const text of texts) found.add(text);
    }
    return isKnown ? found : new Set([unknown]);
  }
}

// Relative to where the process was started, which is not known.
function fromRoot(text: string): string {
  const at = text.lastIndexOf('//');
  const last = at < 0 ? text : text.slice(at + 1);
  return last.startsWith('/') || last.startsWith(unknown) ? last : `*/${last.replace(/^\.\//, '')}`;
}

function map(texts: ReadonlySet<string>, change: (text: string) => string): ReadonlySet<string> {
  return new Set([...texts].map(change));
}
