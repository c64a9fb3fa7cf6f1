// One function of a generated program while it is written: its lines, its variables, and what each of them holds.

import type { HelperName } from './helpers.ts';
import type { Held, Kind, Of, Shape } from './shapes.ts';
import { clean, leaking, leaks, readsOf } from './shapes.ts';

/** What a unit shares with the rest of its program. */
export interface Surroundings {
  /** The expression that names a helper; the program takes note that it is needed. */
  readonly helper: (name: HelperName) => string;
  /** The number of the next sink, whose truth is this. */
  readonly number: (leaks: boolean) => number;
}

export class Unit {
  readonly lines: string[] = [];
  readonly slots: Held[] = [];
  private names = 0;
  private readonly around: Surroundings;

  constructor(around: Surroundings) {
    this.around = around;
    this.bind('__src()', leaking, 'figure');
    this.bind("'Ada Lindqvist'", clean, 'name');
  }

  fresh(stem = 'v'): string {
    return `${stem}${++this.names}`;
  }

  line(...lines: readonly string[]): void {
    this.lines.push(...lines);
  }

  helper(name: HelperName): string {
    return this.around.helper(name);
  }

  /** Declares a constant. */
  bind<S extends Shape>(expression: string, shape: S, stem?: string): Held<S> {
    const name = this.fresh(stem);
    this.line(`const ${name} = ${expression};`);
    return this.keep(name, shape);
  }

  /** Takes note of a variable that lines written by hand declare. */
  keep<S extends Shape>(name: string, shape: S): Held<S> {
    const held = { expression: name, shape };
    this.slots.push(held);
    return held;
  }

  /** One of the values that can be read here; small seeds choose among the newest variables. */
  any(seed: number, fits: (held: Held) => boolean = () => true): Held | undefined {
    const fitting = this.slots.toReversed().flatMap((slot) => readsOf(slot, 24).filter(fits));
    return fitting[seed % Math.max(1, fitting.length)];
  }

  of<K extends Kind>(kind: K, seed: number, fits: (shape: Of<K>) => boolean = () => true): Held<Of<K>> | undefined {
    const found = this.any(seed, ({ shape }) => shape.kind === kind && fits(shape as Of<K>));
    return found as Held<Of<K>> | undefined;
  }

  /** A constant for the value, so that code which runs later can name it without `await`. */
  named<S extends Shape>(held: Held<S>): Held<S> {
    return /^\w+$/.test(held.expression) ? held : this.bind(held.expression, held.shape);
  }

  /**
   * A constant that nothing else will see, for a value that is guarded: a guard does not hold for a variable that a closure hands on
   * or writes (fixtures/flows/generated/guarded-and-captured.js).
   */
  guarded<S extends Shape>({ expression, shape }: Held<S>): Held<S> {
    const name = this.fresh();
    this.line(`const ${name} = ${expression};`);
    return { expression: name, shape };
  }

  /** An annotated call of the sink, or of a function that is given the number and the value. */
  sink(expression: string, isLeak: boolean, indent = '', call = '__snk'): void {
    const number = this.around.number(isLeak);
    this.line(`${indent}// ${isLeak ? 'leak: transaction -> messenger' : 'ok: clean by construction'}`);
    this.line(`${indent}${call}(${number}, ${expression});`);
  }

  /** A value that can be sent, and whether it leaks. */
  payload(seed: number, wanted?: boolean): (Held & { readonly isLeak: boolean }) | undefined {
    const found = this.any(seed, ({ shape }) => {
      const isLeak = leaks(shape);
      return isLeak !== undefined && (wanted === undefined || isLeak === wanted);
    });
    return found && { ...found, isLeak: leaks(found.shape) === true };
  }
}
