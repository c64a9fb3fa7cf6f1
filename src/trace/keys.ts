// Which texts a computed key may be, seen from a search's own context: `pick(page, 'head')` reads `page[key]`.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps } from '../model/program.ts';
import type { FieldNames } from './field-names.ts';
import type { FieldStacks } from './stacks.ts';
import { wholeValue } from './stacks.ts';

/** A value on the way backwards: what is wanted of it, and where. */
export interface Visit {
  readonly node: number;
  readonly fields: number;
  readonly calls: number;
}

/** Says of a value on the way backwards whether it is an end; `visit` goes on elsewhere. */
export type EndsAt = (
  one: Visit,
  visit: (node: number, fields: number, calls: number) => void,
) => 'end' | 'open' | 'unknown';

/** Follows a value backwards in a context; false where a part of the way cannot be seen. */
export type Follow = (start: number, startCalls: number, endsAt: EndsAt, startFields?: number) => boolean;

/** The text that a value is known to be in a context: the name of a field that a list is made of. */
export type TextAt = (node: number, fields: number, calls: number) => string | undefined;

const budget = 80;
const maxKeys = 8;

/** Answers for one `Callees`, which follows values backwards for it. */
export class Keys {
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly names: FieldNames;
  private readonly follow: Follow;
  private readonly textAt: TextAt;

  constructor(program: Program, fields: FieldStacks, names: FieldNames, follow: Follow, textAt: TextAt) {
    this.program = program;
    this.fields = fields;
    this.names = names;
    this.follow = follow;
    this.textAt = textAt;
  }

  /** The texts that a key (or a part of it) can have, as fields; undefined when one of them cannot be seen. */
  textsOf(key: number, calls: number, part = wholeValue): readonly number[] | undefined {
    const { program } = this;
    const found = new Set<number>();
    let visits = 0;
    const endsAt: EndsAt = ({ node, fields, calls: stack }) => {
      if (++visits > budget || found.size > maxKeys) return 'unknown';
      const named = this.textAt(node, fields, stack);
      if (named !== undefined) {
        found.add(this.names.numberOf(named));
        return 'end';
      }
      if (!this.fields.isWhole(fields)) return 'open';
      const text = program.texts[node] ?? 0;
      const symbol = this.symbolOf(node) ?? this.objectOf(node);
      if (text === 0 && symbol === undefined) return this.isMadeUp(node) ? 'unknown' : 'open';
      if (this.names.textOf(text).includes('*')) return 'unknown';
      found.add(symbol === undefined ? text : this.names.numberOf(symbol));
      return 'end';
    };
    const isKnown = this.follow(key, calls, endsAt, part);
    return isKnown && found.size > 0 ? [...found] : undefined;
  }

  // Symbol('line') is another one at each place, Symbol.for('line') is the same everywhere.
  private symbolOf(node: number): string | undefined {
    const { program } = this;
    if (program.kinds[node] !== nodeKinds.call) return undefined;
    if (nameOfNode(program, node) === 'Symbol') return `symbol ${node}`;
    const { paths = [], args = [] } = program.calls[program.callOf.get(node) ?? -1] ?? {};
    const text = paths.includes('global#Symbol.for') ? (program.texts[args[0] ?? -1] ?? 0) : 0;
    return text === 0 ? undefined : `symbol for ${this.names.textOf(text)}`;
  }

  // new Feed()  →  the object of this place; not where the constructor gives another one back
  private objectOf(node: number): string | undefined {
    const { program } = this;
    const kind = program.kinds[node];
    if (kind === nodeKinds.object || kind === nodeKinds.array) return `object ${node}`;
    const call = kind === nodeKinds.call ? program.calls[program.callOf.get(node) ?? -1] : undefined;
    if (!call?.isNew) return undefined;
    const isOwn = call.targets.every((func) => this.isNothing(program.functions[func]?.ret ?? -1));
    return isOwn && (call.targets.length > 0 || this.isNothing(node)) ? `object ${node}` : undefined;
  }

  private isNothing(node: number): boolean {
    return node < 0 || this.program.inStart[node] === this.program.inStart[node + 1];
  }

  // A text that is put together or cut, or what a library's function made of one. A version that nothing has filled is none.
  private isMadeUp(node: number): boolean {
    const { program } = this;
    const start = program.inStart[node] ?? 0;
    const end = program.inStart[node + 1] ?? 0;
    for (let i = start; i < end; i++) {
      const op = program.inOp[i];
      if (op === programOps.derive || op === programOps.move) return true;
      // An element of a list stays the same: that is loaded by a node of linking's own.
      if ((program.inFrom[i] ?? 0) >= program.extra) continue;
      if (op === programOps.copy && program.kinds[node] === nodeKinds.call) return true;
      const call = op === programOps.exit ? program.calls[program.inLabel[i] ?? 0] : undefined;
      if (call && !call.targets.includes(program.owners[node] ?? -1)) return true;
    }
    return start === end && program.kinds[node] !== nodeKinds.after;
  }
}
