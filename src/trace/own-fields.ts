// Which fields an object surely has of its own in one context: what is laid over another object (`{ ...page, ...defaults }`)
// hides those. Followed backwards like any value; where anything is not known, it has none for certain.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { FieldNames } from './field-names.ts';
import type { CallStacks, FieldStacks } from './stacks.ts';
import { anyCaller, leaveFrames, wholeValue } from './stacks.ts';

type Fields = ReadonlySet<number>;
/** Undefined for what comes back to a value that is being asked: it says nothing new. */
type Found = Fields | undefined;

const none: Fields = new Set();
const maxDepth = 16;
/** What `delete` leaves. */
const nothing = 'undefined:undefined';

/** Answers for one `Searcher`, whose stacks it shares. */
export class OwnFields {
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly calls: CallStacks;
  private readonly names: FieldNames;
  private readonly recursive: ReadonlySet<number>;
  private readonly known = new Map<string, Fields>();
  /** Answers to one question and all that it raises; undefined as long as they are asked. */
  private readonly asked = new Map<string, Found>();

  constructor(
    program: Program,
    fields: FieldStacks,
    calls: CallStacks,
    names: FieldNames,
    recursive: ReadonlySet<number>,
  ) {
    this.program = program;
    this.fields = fields;
    this.calls = calls;
    this.names = names;
    this.recursive = recursive;
  }

  /** What is wanted of a value that comes into an object, where others are laid over it; -1 for nothing. */
  uncovered(node: number, from: number, fields: number, calls: number): number {
    const later = this.program.overlays.get(node)?.get(from);
    if (!later) return fields;
    const covered = union(later.map((one) => this.of(one, calls)));
    if (covered.size === 0) return fields;
    if (this.fields.isWhole(fields)) return this.fields.exclude(covered, fields);
    return covered.has(this.fields.top(fields)) ? -1 : fields;
  }

  private of(node: number, calls: number): Fields {
    const key = `${node}/${calls}`;
    let found = this.known.get(key);
    if (!found) {
      this.asked.clear();
      found = this.at(node, wholeValue, calls, 0) ?? none;
      this.known.set(key, found);
    }
    return found;
  }

  private at(node: number, path: number, calls: number, depth: number): Found {
    if (depth > maxDepth) return none;
    const own = this.calls.outOfLoops(leaveFrames(this.program, this.calls, calls, node));
    const key = `${node}/${path}/${own}`;
    if (this.asked.has(key)) return this.asked.get(key);
    this.asked.set(key, undefined);
    const found = this.follow(node, path, own, depth + 1);
    this.asked.set(key, found);
    return found;
  }

  private follow(node: number, path: number, calls: number, depth: number): Found {
    const { program, names } = this;
    const kind = program.kinds[node] ?? 0;
    const isWhole = this.fields.isWhole(path);
    const isCell = kind === nodeKinds.cell;
    const written = new Set<number>();
    let isRemoved = false;
    let isChanged = false;
    const inside: Found[] = [];
    const ways: Found[] = [];
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const [from, op, label] = [program.inFrom[i] ?? 0, program.inOp[i] ?? 0, program.inLabel[i] ?? 0];
      switch (op) {
        case programOps.store:
          if (program.constants.get(from) === nothing) isRemoved = true;
          else if (isWhole && !names.isAny(label)) written.add(label);
          else if (isCell && this.isPart(from)) break;
          else if (this.fields.top(path) === label) inside.push(this.at(from, this.fields.rest(path), calls, depth));
          else if (!isWhole && names.meets(this.fields.top(path), label)) ways.push(none);
          break;
        case programOps.copy:
        case programOps.guard:
          ways.push(this.at(from, path, calls, depth));
          break;
        case programOps.except: {
          if (program.keys.has(node) || names.exceptionOfEach(label) !== undefined) return none;
          const left = names.exceptions(label);
          if (isWhole) ways.push(without(this.at(from, path, calls, depth), left));
          else if (!names.isAmong(left, this.fields.top(path))) ways.push(this.at(from, path, calls, depth));
          break;
        }
        case programOps.load:
          ways.push(this.at(from, this.fields.push(label, path), calls, depth));
          break;
        case programOps.enter:
          // new Page()  →  what the constructor makes of `this`
          if (program.calls[label]?.isNew && from === program.functions[program.owners[from] ?? 0]?.ret) break;
          ways.push(this.entered(node, from, label, path, calls, depth));
          break;
        case programOps.exit:
          if (calls === anyCaller || this.calls.func(calls) !== program.owners[node]) ways.push(none);
          else if (this.calls.call(calls) === label) ways.push(this.at(from, path, this.calls.rest(calls), depth));
          break;
        case programOps.changed:
          isChanged = true;
          break;
        case programOps.fallback:
        case programOps.library:
        case programOps.absorb:
        case programOps.root:
          ways.push(none);
          break;
        default:
          break;
      }
    }
    // What other functions write into a shared object has no order.
    if (isCell && isRemoved) return none;
    // What others may have changed, and nobody did.
    const isQuiet = ways.length + inside.length + (isCell ? 0 : written.size) === 0;
    if (isQuiet && (isCell || isChanged || kind === nodeKinds.after)) return undefined;
    if (isCell) return common([...ways, ...inside]);
    if (inside.length > 0) return common(inside);
    const isMadeOfAll = kind === nodeKinds.object || program.overlays.has(node);
    return union([written, isMadeOfAll ? union(ways) : common(ways)]);
  }

  // page.head.line = x, of a shared page: nothing but what is new in its head
  private isPart(node: number): boolean {
    const { kinds, inStart, inOp } = this.program;
    const ops = inOp.subarray(inStart[node] ?? 0, inStart[node + 1] ?? 0);
    return kinds[node] === nodeKinds.after && ops.every((op) => op === programOps.store);
  }

  private entered(node: number, from: number, call: number, path: number, calls: number, depth: number): Found {
    const { program } = this;
    const func = program.owners[from] ?? 0;
    if (program.calls[call]?.targets.length !== 1 || this.recursive.has(func)) return none;
    const outside = this.calls.outOfLoops(leaveFrames(program, this.calls, calls, node));
    return this.at(from, path, this.calls.push(call, func, outside), depth);
  }
}

function union(sets: readonly Found[]): Fields {
  const [first = none, ...others] = sets.filter((set) => set !== undefined && set.size > 0);
  return others.length === 0 ? first : new Set(sets.flatMap((set) => [...(set ?? [])]));
}

// What is in each of them; undefined where none says anything.
function common(sets: readonly Found[]): Found {
  const [first, ...others] = sets.filter((set) => set !== undefined);
  if (!first) return sets.length > 0 ? undefined : none;
  return others.length === 0 ? first : new Set([...first].filter((one) => others.every((other) => other.has(one))));
}

function without(fields: Found, left: Fields): Found {
  return fields && new Set([...fields].filter((one) => !left.has(one)));
}
