// The constant that a value is in one context: `get('open')` makes `kind` the text "open" within that call.
// Followed backwards like any value; when several are possible, or anything is not known, there is none.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program, ProgramTest } from '../model/program.ts';
import { nameOfNode, programOps } from '../model/program.ts';
import type { FieldNames } from './field-names.ts';
import type { Move } from './move.ts';
import { recursiveFunctions } from './recursion.ts';
import type { CallStacks, FieldStacks } from './stacks.ts';
import { anyCaller, leaveFrames, wholeValue } from './stacks.ts';

/** `string:open`, `boolean:true`; an object or function is `object:`. */
export type Encoded = string;

/** What is known of a value that was tested. */
export type Fact = Pick<ProgramTest, 'subject' | 'constant' | 'holds'>;

const anObject: Encoded = 'object:';
const nothing: Encoded = 'undefined:undefined';
/** Not undefined, and no more is known. */
const something: Encoded = 'something:';

/** What is known of lists in a context, and of their elements in a turn. */
export interface KnownLists {
  /** The text that a part of a list is: the name of a field. */
  textAt(node: number, fields: number, calls: number): string | undefined;
  /** The places that an element is to be looked for at, instead of by the edges into it. */
  movesFrom(
    node: number,
    fields: number,
    calls: number,
  ): readonly Pick<Move, 'node' | 'fields' | 'calls'>[] | undefined;
  /** All texts in a list or set. */
  textsIn(list: number, calls: number): readonly string[] | undefined;
}

const maxDepth = 24;
const objectKinds: ReadonlySet<number> = new Set([
  nodeKinds.object,
  nodeKinds.array,
  nodeKinds.function,
  nodeKinds.class,
]);

/** What the constants of a program are; owned by one `Searcher`, whose stacks it shares. */
export class KnownValues {
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly calls: CallStacks;
  private readonly names: FieldNames;
  private readonly known = new Map<string, Encoded | undefined>();
  private lists: KnownLists | undefined;
  /** Of functions that call themselves: one frame stands for many runs. */
  readonly recursive: ReadonlySet<number>;

  constructor(program: Program, fields: FieldStacks, calls: CallStacks, names: FieldNames) {
    this.program = program;
    this.fields = fields;
    this.calls = calls;
    this.names = names;
    this.recursive = recursiveFunctions(program);
  }

  /** The constant of a value within a run of its function; undefined where it is none, or not known. */
  constantOf(node: number, fields: number, stack: number): Encoded | undefined {
    const found = this.valueOf(node, fields, stack, 0);
    return found === something ? undefined : found;
  }

  /** False where a test of a way (index in `ways`) is decided otherwise by the caller's constants. */
  isOpen(way: number, stack: number): boolean {
    return (this.program.ways[way] ?? []).every((index) => {
      const test = this.program.tests[index];
      return !test || this.passes(test, stack) !== false;
    });
  }

  /** Whether a test is passed in a context; undefined where that is not known. */
  passes(test: ProgramTest, stack: number): boolean | undefined {
    const value = this.constantOf(test.subject, wholeValue, stack);
    if (value === undefined) return undefined;
    if (test.list < 0) return fits(test, value);
    const listed = this.lists?.textsIn(test.list, stack);
    return listed && listed.some((text) => value === `string:${text}`) === test.holds;
  }

  /** Says of elements of lists, in their turns, what they are. */
  lookInto(lists: KnownLists): void {
    this.lists = lists;
  }

  /**
   * False where a default surely does not count: `f({ a: 'x' })`, `function f({ a = load() })`. `position` is that of the
   * parameter that it is the default of; -1 for a part of a pattern.
   */
  mayFallBack(node: number, position: number, stack: number): boolean {
    const given = this.given(node, wholeValue, stack, 0);
    if (given !== undefined) return given === nothing;
    return position < 0 || !this.isArgument(node, position, stack);
  }

  private valueOf(node: number, fields: number, stack: number, depth: number): Encoded | undefined {
    if (depth > maxDepth) return undefined;
    const key = `${node}/${fields}/${stack}`;
    if (this.known.has(key)) return this.known.get(key);
    // A value that comes back to itself says nothing.
    this.known.set(key, undefined);
    const found = this.follow(node, fields, stack, depth);
    this.known.set(key, found);
    return found;
  }

  private follow(node: number, fields: number, calls: number, depth: number): Encoded | undefined {
    const { program } = this;
    const given = this.given(node, fields, calls, depth);
    if (given !== undefined && given !== nothing) return given;
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      if (program.inOp[i] !== programOps.fallback) continue;
      const from = program.inFrom[i] ?? 0;
      const otherwise = this.valueOf(from, fields, leaveFrames(program, this.calls, calls, from), depth + 1);
      if (given === nothing) return otherwise;
      return this.fields.isWhole(fields) && otherwise !== undefined && otherwise !== nothing ? something : undefined;
    }
    return given;
  }

  // What a value is where no default counts.
  private given(node: number, fields: number, calls: number, depth: number): Encoded | undefined {
    const { program } = this;
    const kind = program.kinds[node] ?? 0;
    const isWhole = this.fields.isWhole(fields);
    const constant = isWhole ? program.constants.get(node) : undefined;
    if (constant !== undefined) return constant;
    if (isWhole && kind === nodeKinds.literal) return this.literal(node);
    if (isWhole && kind === nodeKinds.template) return something;
    if (isWhole && objectKinds.has(kind)) return anObject;
    const text = this.lists?.textAt(node, fields, calls);
    if (text !== undefined) return `string:${text}`;
    const moves = this.lists?.movesFrom(node, fields, calls);
    if (moves) {
      const values = new Set(moves.map((move) => this.valueOf(move.node, move.fields, move.calls, depth + 1)));
      return values.size === 1 ? [...values][0] : undefined;
    }
    // An object that several functions share may be changed by any of them, or by who imports it.
    if (!isWhole && kind === nodeKinds.cell) return undefined;
    const found = new Set<Encoded | undefined>();
    const go = (from: number, wanted: number, stack: number): void => {
      found.add(this.valueOf(from, wanted, leaveFrames(program, this.calls, stack, from), depth + 1));
    };
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const [from, op, label] = [program.inFrom[i] ?? 0, program.inOp[i] ?? 0, program.inLabel[i] ?? 0];
      switch (op) {
        case programOps.copy:
        case programOps.guard:
          // What a call may have changed is not known. A library's call may give back nothing at all: `text.match(/a/)`.
          if (kind === nodeKinds.after || (isWhole && kind === nodeKinds.call)) found.add(undefined);
          else if (op === programOps.copy && !this.isOpen(label, calls)) break;
          else if (this.isMissing(from, calls)) found.add(nothing);
          else go(from, fields, calls);
          break;
        case programOps.load:
          go(from, this.fields.push(label, fields), calls);
          break;
        case programOps.store: {
          const top = this.fields.top(fields);
          if (isWhole) found.add(anObject);
          else if (top === label && label !== this.names.anyField) go(from, this.fields.rest(fields), calls);
          else if (this.names.meets(top, label)) found.add(undefined);
          break;
        }
        case programOps.except:
          // Which field was left out is asked of the key.
          if (!isWhole && (program.keys.has(node) || this.names.exceptionOfEach(label) !== undefined))
            found.add(undefined);
          else if (isWhole || !this.names.isAmong(this.names.exceptions(label), this.fields.top(fields)))
            go(from, fields, calls);
          break;
        // ok(value)  →  what the function gives back
        case programOps.enter: {
          const func = program.owners[from] ?? 0;
          const call = program.calls[label];
          const isSure = call?.targets.length === 1 && call.targets[0] === func && !this.recursive.has(func);
          if (isSure && kind === nodeKinds.call) go(from, fields, this.calls.push(label, func, calls));
          else found.add(undefined);
          break;
        }
        case programOps.exit: {
          const own = this.calls.outOfLoops(calls);
          if (!this.isRunOf(own, program.owners[node] ?? 0)) found.add(undefined);
          else if (this.calls.call(own) === label) go(from, fields, this.calls.rest(own));
          break;
        }
        case programOps.fallback:
        case programOps.same:
        case programOps.changed:
          break;
        default:
          found.add(undefined);
      }
    }
    if (found.size === 0) return this.isEmpty(node, fields) || this.isMissing(node, calls) ? nothing : undefined;
    const [only] = found;
    if (found.size === 1 || found.has(undefined) || found.has(nothing)) return found.size === 1 ? only : undefined;
    return something;
  }

  // A field that is not written in a literal; of a list, an element.
  private isEmpty(node: number, fields: number): boolean {
    if (this.fields.isWhole(fields)) return false;
    const kind = this.program.kinds[node];
    const top = this.names.textOf(this.fields.top(fields));
    return kind === nodeKinds.object || (kind === nodeKinds.array && /^\d+$/.test(top));
  }

  // True when the stack says who called this very run of the function.
  private isRunOf(calls: number, func: number): boolean {
    return calls !== anyCaller && this.calls.func(calls) === func && !this.recursive.has(func);
  }

  private literal(node: number): Encoded | undefined {
    const text = this.program.strings[this.program.texts[node] ?? 0];
    // With no text at all, it may stand for nothing: `let note;`.
    if (text === undefined || text === '') return undefined;
    return text.includes('*') ? something : `string:${text}`;
  }

  // f('given')  →  the default of its first parameter does not count; `undefined` is no argument
  private isArgument(node: number, position: number, stack: number): boolean {
    const { program } = this;
    const func = program.owners[node] ?? 0;
    const own = this.calls.outOfLoops(stack);
    if (own === anyCaller || this.calls.func(own) !== func) return false;
    const call = program.calls[this.calls.call(own)];
    if (!call?.targets.includes(func) || call.isRearranged || call.spreads.length > 0) return false;
    const given = call.args[position];
    return given !== undefined && nameOfNode(program, given) !== 'undefined';
  }

  /** True where a parameter is surely given nothing in this context, undefined where that is not known. */
  private isMissing(node: number, stack: number): boolean | undefined {
    const { program } = this;
    const calls = this.calls.outOfLoops(stack);
    if (program.kinds[node] !== nodeKinds.parameter || calls === anyCaller) return undefined;
    const func = program.owners[node] ?? 0;
    const one = program.functions[func];
    const call = program.calls[this.calls.call(calls)];
    if (!one || !call || !this.isRunOf(calls, func)) return undefined;
    if (!call.targets.includes(func) || call.isRearranged || call.spreads.length > 0) return undefined;
    const position = one.params.indexOf(node);
    return position < 0 || position === one.rest ? undefined : position >= call.args.length;
  }
}

/** True when a value passes a test. */
export function fits({ constant, holds }: Fact, value: Encoded): boolean {
  return (constant === '' ? isTrue(value) : value === constant) === holds;
}

/** `if (value)` */
export function isTrue(value: Encoded): boolean {
  return ![
    'string:',
    'number:0',
    'number:NaN',
    'boolean:false',
    'null:null',
    'undefined:undefined',
    'bigint:0',
  ].includes(value);
}
