// Which classes' objects have a method, of their own or by inheritance: `const c = isLoud ? new Loud() : new Quiet()` may be
// of either class, but what a method that only Loud has left in it is nothing that one finds that only Quiet has.

import type { Program } from '../model/program.ts';

const nobody: ReadonlySet<number> = new Set();
/** Chains of `super.m()` that are followed. */
const maxChain = 3;

/** Answers over one program. */
export class Bearers {
  private readonly program: Program;
  private known: ReadonlyMap<number, ReadonlySet<number>> | undefined;

  constructor(program: Program) {
    this.program = program;
  }

  /** The classes that the receiver of a call is of where it runs this method; undefined where that says nothing. */
  at(call: number, method: number): readonly number[] | undefined {
    const one = this.program.calls[call];
    if (!one || one.targets.length < 2 || one.isRearranged || one.name === 'super') return undefined;
    const all = [...this.of(method)];
    const { classes } = one;
    return classes.length === 0 || all.length === 0 ? undefined : all.filter((cls) => classes.includes(cls));
  }

  /** The class of what `new` makes at a node; undefined for another node, or where it may be of several. */
  madeAt(node: number): number | undefined {
    const call = this.program.calls[this.program.callOf.get(node) ?? -1];
    const [target = -1, ...others] = call?.isNew ? call.targets : [];
    const cls = this.program.functions[target]?.cls ?? -1;
    return cls < 0 || others.length > 0 ? undefined : cls;
  }

  private of(method: number): ReadonlySet<number> {
    this.known ??= this.find();
    return this.known.get(method) ?? nobody;
  }

  private find(): ReadonlyMap<number, ReadonlySet<number>> {
    const { classes, functions, calls } = this.program;
    const found = new Map<number, Set<number>>();
    classes.forEach(({ methods }, cls) => {
      for (const method of methods.values()) found.set(method, (found.get(method) ?? new Set()).add(cls));
    });
    // super.m() runs a method on objects that have another one under its name.
    for (let round = 0; round < maxChain; round++) {
      for (const { owner, name, targets } of calls) {
        const cls = functions[owner]?.cls ?? -1;
        for (const target of cls < 0 ? [] : targets) {
          const bearers = found.get(target);
          const isAbove = classes[cls]?.bases.includes(functions[target]?.cls ?? -1);
          if (!bearers || !isAbove || classes[cls]?.methods.get(name) === target) continue;
          for (const one of [cls, ...(found.get(owner) ?? [])]) bearers.add(one);
        }
      }
    }
    return found;
  }
}
