// Which keys a computed access may mean, seen from a search's own context: `pick(page, 'head')` reads `page[key]`.

import { anyElement, nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { CallStacks, FieldStacks } from './stacks.ts';
import { anyCaller, leaveFrames, wholeValue } from './stacks.ts';

const budget = 80;
const maxKeys = 6;

interface Visit {
  readonly node: number;
  readonly fields: number;
  readonly calls: number;
}

/** Answers for one `Searcher`, whose stacks it shares. */
export class Keys {
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly calls: CallStacks;
  private readonly contextsAt: (calls: number, node: number) => readonly number[];
  private readonly known = new Map<number, Map<number, readonly number[] | undefined>>();

  constructor(
    program: Program,
    fields: FieldStacks,
    calls: CallStacks,
    contextsAt: (calls: number, node: number) => readonly number[],
  ) {
    this.program = program;
    this.fields = fields;
    this.calls = calls;
    this.contextsAt = contextsAt;
  }

  /** The fields that a computed access means, by the value that is read or stored; undefined when it may be any. */
  of(value: number, calls: number): readonly number[] | undefined {
    const key = this.program.keys.get(value);
    if (key === undefined) return undefined;
    let byCalls = this.known.get(key);
    if (!byCalls) {
      byCalls = new Map();
      this.known.set(key, byCalls);
    }
    if (!byCalls.has(calls)) byCalls.set(calls, this.search(key, calls));
    return byCalls.get(calls);
  }

  private search(start: number, startCalls: number): readonly number[] | undefined {
    const { program } = this;
    const found = new Set<number>();
    const seen = new Set<string>();
    const queue: Visit[] = [];
    const visit = (node: number, fields: number, calls: number): void => {
      const key = `${node}/${fields}/${calls}`;
      if (seen.has(key)) return;
      seen.add(key);
      queue.push({ node, fields, calls });
    };
    visit(start, wholeValue, startCalls);
    for (const one of queue) {
      if (queue.length > budget || found.size > maxKeys) return undefined;
      const text = this.fields.isWhole(one.fields) ? (program.texts[one.node] ?? 0) : 0;
      if (text > 0 && !program.strings[text]?.includes('*')) found.add(text);
      else if (!this.expand(one, visit)) return undefined;
    }
    return found.size > 0 ? [...found] : undefined;
  }

  // False when the key may be one that cannot be seen.
  private expand(
    { node, fields, calls }: Visit,
    visit: (node: number, fields: number, calls: number) => void,
  ): boolean {
    const { program } = this;
    const start = program.inStart[node] ?? 0;
    const end = program.inStart[node + 1] ?? 0;
    const kind = program.kinds[node];
    // What is written out holds nothing but what is stored in it; a version that nothing has filled is none.
    const isClosed = (kind === nodeKinds.object || kind === nodeKinds.array) && !this.fields.isWhole(fields);
    if (start === end) return isClosed || kind === nodeKinds.after;
    const top = this.fields.top(fields);
    const anyField = program.strings[top] === anyElement;
    // What a library makes of a text is another text.
    const isAnswer = kind === nodeKinds.call;
    const move = (from: number, wanted: number): void => {
      for (const stack of this.contextsAt(calls, from)) visit(from, wanted, stack);
    };
    for (let i = start; i < end; i++) {
      const from = program.inFrom[i] ?? 0;
      const label = program.inLabel[i] ?? 0;
      if (isAnswer && program.inOp[i] !== programOps.enter) return false;
      switch (program.inOp[i]) {
        case programOps.copy:
        case programOps.guard:
        case programOps.fallback:
          move(from, fields);
          break;
        case programOps.except:
          if (!program.strings[label]?.split('|').includes(program.strings[top] ?? '')) move(from, fields);
          break;
        case programOps.load:
          if (program.keys.has(node)) return false;
          move(from, this.fields.push(label, fields));
          break;
        case programOps.store:
          if (this.fields.isWhole(fields) || program.keys.has(from)) return false;
          if (top === label || anyField || program.strings[label] === anyElement) move(from, this.fields.rest(fields));
          break;
        case programOps.enter:
          visit(from, fields, this.calls.push(label, program.owners[from] ?? 0, this.leave(calls, node)));
          break;
        case programOps.exit:
          // Who calls the function is not known: it may be given any key. A library gives its callbacks other texts, or elements.
          if (calls === anyCaller) return false;
          if (from < program.extra && !program.calls[label]?.targets.includes(program.owners[node] ?? -1)) return false;
          if (this.calls.func(calls) !== program.owners[node]) visit(from, fields, calls);
          else if (this.calls.call(calls) === label) visit(from, fields, this.calls.rest(calls));
          break;
        case programOps.same:
        case programOps.changed:
        case programOps.absorb:
          break;
        default:
          return false;
      }
    }
    return true;
  }

  private leave(calls: number, node: number): number {
    return leaveFrames(this.program, this.calls, calls, node);
  }
}
