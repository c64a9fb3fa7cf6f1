// What is wanted of a value one step behind another: of what was stored in it, of the list that its elements come from.

import type { FieldNames } from './field-names.ts';
import type { FieldStacks } from './stacks.ts';
import { methodValue, somewhereInside, wholeValue } from './stacks.ts';

/** The field of `:text` places: what is no object. */
export const textField = -3;

/** Steps of field stacks; owned by one `Searcher`, whose stacks it shares. */
export class Wanted {
  private readonly fields: FieldStacks;
  private readonly names: FieldNames;

  constructor(fields: FieldStacks, names: FieldNames) {
    this.fields = fields;
    this.names = names;
  }

  /** True where a text can be what is wanted: it has no fields but its characters. */
  isOfText(fields: number): boolean {
    if (this.fields.isWhole(fields) || fields === somewhereInside) return true;
    const top = this.fields.top(fields);
    return top === textField || this.names.isPlace(top);
  }

  /** True where an element of a list is wanted as a whole. */
  isElement(fields: number): boolean {
    return this.names.isPlace(this.fields.top(fields)) && this.fields.isWhole(this.fields.rest(fields));
  }

  /** What is wanted of a value that is stored under a field; -1 for nothing. */
  inside(fields: number, label: number): number {
    const { names } = this;
    if (fields === methodValue) return names.isAside(label) ? -1 : methodValue;
    if (this.fields.isWhole(fields))
      return names.isBeside(label) || names.isAmong(this.fields.excluded(fields), label) ? -1 : wholeValue;
    if (fields === somewhereInside) return fields;
    const top = this.fields.top(fields);
    return top !== textField && names.meets(top, label) ? this.fields.rest(fields) : -1;
  }

  /** What is wanted of an object that some fields were left out of; -1 for nothing. */
  except(fields: number, label: number, leftOut: () => ReadonlySet<number>): number {
    const ofEach = this.names.exceptionOfEach(label);
    if (ofEach !== undefined) return this.exceptOfEach(fields, ofEach);
    if (this.fields.isWhole(fields)) return this.fields.exclude(leftOut(), fields);
    const left = leftOut();
    const top = this.fields.top(fields);
    if (this.names.isAmong(left, top)) return -1;
    const before = this.names.without(left, top);
    return before === top ? fields : this.fields.push(before, this.fields.rest(fields));
  }

  // The same for a list, where one field was left out of each of its elements.
  private exceptOfEach(fields: number, left: number): number {
    if (fields === methodValue || fields === somewhereInside) return fields;
    const isWhole = this.fields.isWhole(fields);
    if (isWhole && this.fields.excluded(fields).size > 0) return fields;
    const place = isWhole ? this.names.anyField : this.fields.top(fields);
    if (!this.names.isPlace(place)) return fields;
    const element = isWhole ? wholeValue : this.fields.rest(fields);
    if (this.fields.isWhole(element)) return this.fields.push(place, this.fields.exclude(new Set([left]), element));
    return this.fields.top(element) === left ? -1 : fields;
  }

  /** What is wanted of a list whose elements were moved; -1 for nothing. A text is cut as a list is. */
  moved(fields: number, label: number): number {
    if (fields === methodValue || fields === somewhereInside || this.fields.top(fields) === textField) return fields;
    if (this.fields.isWhole(fields))
      return this.fields.without(this.names.leftOutBefore(label, this.fields.excluded(fields)), fields);
    const before = this.names.before(label, this.fields.top(fields));
    return before < 0 ? -1 : this.fields.push(before, this.fields.rest(fields));
  }
}
