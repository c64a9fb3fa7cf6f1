// One helper for several addresses: what each call of the helper hands over, so that a request is looked at call by call.

import { anyElement, nodeKinds } from '../model/flow-graph.ts';
import { isLeftOut } from '../model/list-places.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { Holder } from './nodes-of.ts';

const maxCallers = 200;
const maxVisits = 200;

/** The calls of the tree's functions, as far as they are plain. Owned by one `mark`. */
export class HelperCalls {
  private readonly program: Program;
  private readonly callers = new Map<number, number[]>();
  private readonly known = new Map<number, readonly number[] | undefined>();

  constructor(program: Program) {
    this.program = program;
    program.calls.forEach(({ targets }, i) => {
      for (const target of targets) this.callers.set(target, [...(this.callers.get(target) ?? []), i]);
    });
  }

  /** All calls of a function; undefined where it may be called in other ways, too. */
  callersOf(func: number): readonly number[] | undefined {
    if (!this.known.has(func)) this.known.set(func, this.findCallers(func));
    return this.known.get(func);
  }

  private findCallers(func: number): readonly number[] | undefined {
    const { program } = this;
    const all = this.callers.get(func) ?? [];
    // A helper that calls itself once more hands on what it was given.
    const found = all.filter((i) => !isWithin(program, program.calls[i]?.owner ?? -1, func));
    const isPlain = found.every((i) => {
      const call = program.calls[i];
      return call !== undefined && !call.isRearranged && call.spreads.length === 0;
    });
    const from = new Set(all);
    const isAll = (program.functions[func]?.params ?? []).every((param) =>
      edgesInto(program, param).every((i) => program.inOp[i] === programOps.exit && from.has(program.inLabel[i] ?? -1)),
    );
    return isPlain && isAll && found.length > 0 && found.length <= maxCallers ? found : undefined;
  }

  /** What a call gives for a value in the function that it calls; undefined where the value may come from elsewhere. */
  given(func: number, call: number, holder: Holder): readonly Holder[] | undefined {
    const { params = [], rest = -1 } = this.program.functions[func] ?? {};
    const args = this.program.calls[call]?.args ?? [];
    return this.parametersBehind(func, holder)?.flatMap(({ node, path }) => {
      const at = params.indexOf(node);
      const [top = anyElement, ...below] = path;
      const isElement = at === rest && top !== anyElement;
      const given = isElement
        ? args.slice(at + Number(top)).slice(0, 1)
        : args.slice(at, at === rest ? undefined : at + 1);
      return given.map((argument) => ({ node: argument, path: at === rest ? below : path }));
    });
  }

  private parametersBehind(func: number, holder: Holder): readonly Holder[] | undefined {
    const { program } = this;
    const { params = [], self = -1, handedIn = [] } = program.functions[func] ?? {};
    const others = new Set([self, ...handedIn]);
    const found: Holder[] = [];
    const seen = new Set<string>();
    const queue: Holder[] = [];
    const visit = (node: number, path: readonly string[]): void => {
      const key = `${node}/${path.join('.')}`;
      if (!seen.has(key)) queue.push({ node, path });
      seen.add(key);
    };
    visit(holder.node, holder.path);
    for (const { node, path } of queue) {
      if (params.includes(node)) found.push({ node, path });
      if (params.includes(node)) continue;
      const edges = edgesInto(program, node);
      const isUnknown = edges.length === 0 && (program.callOf.has(node) || program.kinds[node] === nodeKinds.parameter);
      if (isUnknown || others.has(node) || queue.length > maxVisits) return undefined;
      for (const i of edges) {
        if (!this.step(i, path, visit)) return undefined;
      }
    }
    return found;
  }

  // One edge backwards; false where it leaves the function.
  private step(edge: number, path: readonly string[], visit: (node: number, path: readonly string[]) => void): boolean {
    const { program } = this;
    const from = program.inFrom[edge] ?? 0;
    const label = program.strings[program.inLabel[edge] ?? 0] ?? '';
    const [top, ...rest] = path;
    switch (program.inOp[edge]) {
      case programOps.copy:
      case programOps.guard:
      case programOps.fallback:
        visit(from, path);
        return true;
      case programOps.except:
        if (!isLeftOut(label, top)) visit(from, path);
        return true;
      case programOps.load:
        visit(from, [label, ...path]);
        return true;
      case programOps.store:
        if (top === undefined || top === label || top === anyElement || label === anyElement) visit(from, rest);
        return true;
      case programOps.derive:
      case programOps.library:
      case programOps.absorb:
        visit(from, []);
        return true;
      case programOps.same:
      case programOps.changed:
        return true;
      default:
        return false;
    }
  }
}

function isWithin(program: Program, inner: number, func: number): boolean {
  for (let at = inner; at >= 0; at = program.functions[at]?.parent ?? -1) if (at === func) return true;
  return false;
}

function edgesInto(program: Program, node: number): readonly number[] {
  const start = program.inStart[node] ?? 0;
  return Array.from({ length: (program.inStart[node + 1] ?? 0) - start }, (_, i) => start + i);
}
