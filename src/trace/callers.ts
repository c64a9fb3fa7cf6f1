// Who calls a function, and which calls it is given to.

import type { Program } from '../model/program.ts';
import { callsBy } from '../model/program.ts';

/** Answers for one `Searcher`; each list is made when it is first asked for. */
export class Callers {
  private readonly program: Program;
  private callers: ReadonlyMap<number, readonly number[]> | undefined;
  private givers: ReadonlyMap<number, readonly number[]> | undefined;

  constructor(program: Program) {
    this.program = program;
  }

  /** The calls that may run a function. */
  of(func: number): readonly number[] {
    this.callers ??= callsBy(this.program, (call) => call.targets);
    return this.callers.get(func) ?? [];
  }

  /** The calls that a function is an argument of. */
  givenTo(func: number): readonly number[] {
    this.givers ??= callsBy(this.program, (call) => call.callbacks.flat());
    return this.givers.get(func) ?? [];
  }
}
