// The constant text of a value, followed backwards through variables, fields, files and templates:
// URLs, event names, arguments of barriers. Unknown parts become `{NAME}` (a variable or setting) or `*`.

import { anyElement, nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../model/program.ts';

const maxSteps = 200;

/** Folds the text of a value below some fields; undefined when nothing of it is known. */
export function foldText(program: Program, node: number, path: readonly string[]): string | undefined {
  return new Folder(program).fold(node, path);
}

class Folder {
  private readonly program: Program;
  private readonly open = new Set<string>();
  private steps = 0;

  constructor(program: Program) {
    this.program = program;
  }

  fold(node: number, path: readonly string[]): string | undefined {
    const { program } = this;
    const key = `${node}/${path.join('.')}`;
    if (this.open.has(key) || this.steps++ > maxSteps) return undefined;
    this.open.add(key);
    const found = path.length === 0 ? (this.foldValue(node) ?? this.follow(node, path)) : this.follow(node, path);
    this.open.delete(key);
    if (found !== undefined) return found;
    const name = nameOfNode(program, node);
    const kind = program.kinds[node];
    if (path.length === 0 && name !== '' && (kind === nodeKinds.member || kind === nodeKinds.parameter))
      return `{${name}}`;
    return undefined;
  }

  private foldValue(node: number): string | undefined {
    const parts = this.program.templates.get(node);
    if (!parts) {
      const text = textOfNode(this.program, node);
      return text?.includes('*') ? undefined : text;
    }
    return parts.map((part) => (typeof part === 'string' ? part : (this.fold(part, []) ?? '*'))).join('');
  }

  private follow(node: number, path: readonly string[]): string | undefined {
    const { program } = this;
    const [top, ...rest] = path;
    let named: string | undefined;
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? 0;
      const label = program.strings[program.inLabel[i] ?? 0] ?? '';
      let found: string | undefined;
      switch (program.inOp[i]) {
        case programOps.copy:
        case programOps.guard:
        case programOps.root:
        case programOps.enter:
        case programOps.exit:
          found = this.fold(from, path);
          break;
        case programOps.except:
          if (top === undefined || !label.split('|').includes(top)) found = this.fold(from, path);
          break;
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
      if (found !== undefined && !/^\{[^}]*\}$/.test(found)) return found;
      named ??= found;
    }
    return named;
  }
}
