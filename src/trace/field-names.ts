// The fields of field stacks, as numbers: those of the program's string table, and places of lists that a search makes up on its way.

import { anyElement, computedNames, isAside } from '../model/flow-graph.ts';
import {
  fieldBefore,
  fieldLeftOfEach,
  fieldOfPlaces,
  leftOutBefore,
  moveOfLabel,
  placesCover,
  placesMeet,
  placesOf,
} from '../model/list-places.ts';
import type { Program } from '../model/program.ts';

/** A longer list of fields that an element is none of is not kept. */
const maxLeftOut = 4;

/** Numbers of fields and what they have to do with one another. Owned by one `trace` call. */
export class FieldNames {
  readonly anyField: number;
  private readonly numbers: Map<string, number>;
  private readonly texts: string[];
  private readonly asides: ReadonlySet<number>;
  /** `#line` */
  private readonly privates: ReadonlySet<number>;
  private readonly ranges: Set<number>;
  /** For a field that is any but some others, which these are. */
  private readonly others = new Map<number, ReadonlySet<number>>();
  private readonly exceptSets = new Map<number, ReadonlySet<number>>();

  constructor(program: Program) {
    this.texts = [...program.strings];
    this.numbers = new Map(this.texts.map((text, i) => [text, i]));
    this.anyField = this.numberOf(anyElement);
    this.asides = new Set(this.texts.flatMap((text, i) => (isAside(text) ? [i] : [])));
    this.privates = new Set(this.texts.flatMap((text, i) => (/^#[A-Za-z_$]/.test(text) ? [i] : [])));
    this.ranges = new Set(this.texts.flatMap((text, i) => (isRange(text) ? [i] : [])));
  }

  numberOf(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.texts.push(text);
      this.numbers.set(text, number);
      if (isRange(text)) this.ranges.add(number);
    }
    return number;
  }

  /** The name of a field; '' for a number that is none. */
  textOf(field: number): string {
    return this.texts[field] ?? '';
  }

  isAside(field: number): boolean {
    return this.asides.has(field);
  }

  /** True for a field that is no part of the value as a whole: whoever is given an object does not see its private fields. */
  isBeside(field: number): boolean {
    return this.privates.has(field) || (this.asides.has(field) && this.textOf(field) !== computedNames);
  }

  /** True for any element, or any but some. */
  isAny(field: number): boolean {
    return field === this.anyField || this.others.has(field);
  }

  /** True for what may be an element of a list. */
  isPlace(field: number): boolean {
    return this.others.has(field) || placesOf(this.textOf(field)) !== undefined;
  }

  /** True where a field that is read may be one that was written. */
  meets(read: number, written: number): boolean {
    if (read === written) return true;
    if (this.isAny(read)) return !this.asides.has(written) && !this.others.get(read)?.has(written);
    if (written === this.anyField) return !this.asides.has(read);
    if (!this.ranges.has(read) && !this.ranges.has(written)) return false;
    return placesMeet(this.textOf(read), this.textOf(written));
  }

  /** True where a field is surely one of those that are left out. */
  isAmong(left: ReadonlySet<number>, field: number): boolean {
    if (left.has(field)) return true;
    if (this.others.has(field)) return left.has(this.anyField);
    for (const one of left)
      if ((one === this.anyField || this.ranges.has(one)) && placesCover(this.textOf(one), this.textOf(field)))
        return true;
    return false;
  }

  /** What is left of any element where some are left out, or of places of a list that was cut at one of them. */
  without(left: ReadonlySet<number>, field: number): number {
    const cut = this.beforeCut(left, field);
    if (cut !== field || !this.isAny(field)) return cut;
    const single = [...left].filter((one) => !this.ranges.has(one) && !this.asides.has(one));
    const all = new Set([...(this.others.get(field) ?? []), ...single]);
    if (single.length === 0 || all.size > maxLeftOut) return field;
    // No name in a program looks like this.
    const number = this.numberOf(`but:${[...all].sort((a, b) => a - b).join()}`);
    this.others.set(number, all);
    return number;
  }

  private beforeCut(left: ReadonlySet<number>, field: number): number {
    if (!this.isAny(field) && !this.ranges.has(field)) return field;
    const { from = 0, to = 0 } = placesOf(this.isAny(field) ? anyElement : this.textOf(field)) ?? {};
    let end = to;
    for (const one of left) {
      const cut = this.ranges.has(one) ? placesOf(this.textOf(one)) : undefined;
      if (cut?.to === Number.POSITIVE_INFINITY) end = Math.min(end, cut.from);
    }
    return end === to ? field : this.numberOf(fieldOfPlaces({ from, to: end }));
  }

  /** The fields of an `except` edge's label. */
  exceptions(label: number): ReadonlySet<number> {
    let set = this.exceptSets.get(label);
    if (!set) {
      set = new Set(
        this.textOf(label)
          .split('|')
          .map((name) => this.numberOf(name)),
      );
      this.exceptSets.set(label, set);
    }
    return set;
  }

  /** The field that an `except` edge leaves out of every element; undefined where it leaves out fields of its own. */
  exceptionOfEach(label: number): number | undefined {
    const field = fieldLeftOfEach(this.textOf(label));
    return field === undefined ? undefined : this.numberOf(field);
  }

  /** Where the element at a field of a moved list comes from; -1 where no element does. */
  before(label: number, field: number): number {
    const text = this.others.has(field) ? anyElement : this.textOf(field);
    const before = fieldBefore(moveOfLabel(this.textOf(label)), text);
    return before === undefined ? -1 : this.numberOf(before);
  }

  /** What is left out of a list where these fields are left out of what was moved from it. */
  leftOutBefore(label: number, left: Iterable<number>): ReadonlySet<number> {
    const fields = [...left].map((field) => this.textOf(field));
    return new Set(leftOutBefore(moveOfLabel(this.textOf(label)), fields).map((field) => this.numberOf(field)));
  }
}

function isRange(field: string): boolean {
  return field.startsWith('[') && field !== anyElement;
}
