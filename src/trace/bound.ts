// The object that a called function is bound to: the run of the code that bound it, where that can be told.

import type { Program } from '../model/program.ts';
import type { EndsAt, Follow } from './keys.ts';
import type { FieldStacks } from './stacks.ts';

/** Answers for one `Callees`, which follows values backwards for it. */
export class BoundObjects {
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly follow: Follow;
  private readonly endsAt: EndsAt;

  constructor(program: Program, fields: FieldStacks, follow: Follow, endsAt: EndsAt) {
    this.program = program;
    this.fields = fields;
    this.follow = follow;
    this.endsAt = endsAt;
  }

  /** The contexts in which a call of `bind` made a called value; undefined when they are not known. */
  contextsOf(callee: number, bind: number, calls: number): readonly number[] | undefined {
    const found = new Set<number>();
    const isKnown = this.follow(callee, calls, (one, visit) => {
      if (this.program.callOf.get(one.node) === bind && this.fields.isWhole(one.fields)) found.add(one.calls);
      return this.endsAt(one, visit);
    });
    return isKnown ? [...found] : undefined;
  }
}
