// What a platform posts to the bot: values that are told by the fields they are read from, whatever host took the request.

import { anyElement } from '../model/flow-graph.ts';
import type { FieldNames } from './field-names.ts';
import type { FieldStacks } from './stacks.ts';

/** How much the fields say: a way of several fields holds anywhere, a single one at the body itself only. */
export type PostedForm = 'way' | 'field' | undefined;

/** Field stacks × the ways that rules name. */
export class PostedForms {
  private readonly fields: FieldStacks;
  private readonly names: FieldNames;
  private readonly ways: readonly (readonly string[])[];
  private readonly known = new Map<number, PostedForm>();

  constructor(fields: FieldStacks, names: FieldNames, ways: readonly (readonly string[])[]) {
    this.fields = fields;
    this.names = names;
    this.ways = ways;
  }

  /** What the fields that are wanted of a value say of it. */
  of(stack: number): PostedForm {
    if (this.fields.top(stack) < 0) return undefined;
    if (!this.known.has(stack)) this.known.set(stack, this.formOf(stack));
    return this.known.get(stack);
  }

  /** True for a name that a form's field has: `form.get('Body')`. */
  isField(name: string): boolean {
    return this.ways.some((way) => way.length === 1 && way[0] === name);
  }

  /** The names of the fields that are wanted, outermost first. */
  namesOf(stack: number): readonly string[] {
    const wanted: string[] = [];
    for (let at = stack; this.fields.top(at) >= 0; at = this.fields.rest(at))
      wanted.push(this.names.textOf(this.fields.top(at)));
    return wanted;
  }

  private formOf(stack: number): PostedForm {
    const wanted = this.namesOf(stack);
    const lengths = this.ways.filter((way) => isStart(way, wanted)).map((way) => way.length);
    if (lengths.length === 0) return undefined;
    return Math.max(...lengths) > 1 ? 'way' : 'field';
  }
}

function isStart(way: readonly string[], wanted: readonly string[]): boolean {
  return way.length <= wanted.length && way.every((name, i) => fits(name, wanted[i] ?? ''));
}

// `[]` is any place of a list, `*` any name.
function fits(name: string, field: string): boolean {
  if (name === anyElement) return field === anyElement || /^\d+$/.test(field) || field.startsWith('[');
  return name === '*' || name === field;
}
