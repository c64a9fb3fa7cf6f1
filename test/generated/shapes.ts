// What a generated expression holds, with JavaScript's own identity: a shape is shared by all that share the value.

export type Shape =
  | { readonly kind: 'text'; readonly leaks: boolean }
  | { readonly kind: 'object'; readonly fields: Map<string, Shape>; isFrozen: boolean }
  | { readonly kind: 'list'; readonly items: Shape[]; readonly isLoose: boolean; isFrozen: boolean }
  | { readonly kind: 'thunk'; readonly result: Shape }
  | { readonly kind: 'promise'; readonly value: Shape }
  | { readonly kind: 'box'; held: Shape; isFrozen: boolean }
  | { readonly kind: 'map'; readonly entries: Map<string, Shape>; isFrozen: boolean };

export type Kind = Shape['kind'];
export type Of<K extends Kind> = Extract<Shape, { readonly kind: K }>;

/** An expression and what it holds. */
export interface Held<S extends Shape = Shape> {
  readonly expression: string;
  readonly shape: S;
}

export const leaking: Shape = { kind: 'text', leaks: true };
export const clean: Shape = { kind: 'text', leaks: false };
export const text = (leaks: boolean): Shape => (leaks ? leaking : clean);
export const object = (fields: Readonly<Record<string, Shape>>): Of<'object'> => ({
  kind: 'object',
  fields: new Map(Object.entries(fields)),
  isFrozen: false,
});
export const list = (...items: readonly Shape[]): Of<'list'> => ({
  kind: 'list',
  items: [...items],
  isLoose: false,
  isFrozen: false,
});
/**
 * A list that is only read as a whole: positions behind a spread, in a rest and after a push are not told apart
 * (fixtures/flows/spread-rest/behind-a-spread.js, destructuring/rests.js, generated/pushed.js).
 */
export const looseList = (...items: readonly Shape[]): Of<'list'> => ({ ...list(...items), isLoose: true });
export const thunk = (result: Shape): Shape => ({ kind: 'thunk', result });
export const promise = (value: Shape): Shape => ({ kind: 'promise', value });
export const box = (held: Shape): Of<'box'> => ({ kind: 'box', held, isFrozen: false });
export const map = (entries: Readonly<Record<string, Shape>>): Of<'map'> => ({
  kind: 'map',
  entries: new Map(Object.entries(entries)),
  isFrozen: false,
});

/** The values directly inside that can be read one by one, with the way to write the read. */
function partsOf({ expression, shape }: Held): readonly Held[] {
  switch (shape.kind) {
    case 'text':
      return [];
    case 'object':
      return [...shape.fields].map(([name, part]) => ({ expression: `${expression}.${name}`, shape: part }));
    case 'list':
      if (shape.isLoose) return [];
      return shape.items.map((part, at) => ({ expression: `${expression}[${at}]`, shape: part }));
    case 'thunk':
      return [{ expression: `${expression}()`, shape: shape.result }];
    case 'promise':
      return [{ expression: `(await ${expression})`, shape: shape.value }];
    case 'box':
      return [{ expression: `${expression}.take()`, shape: shape.held }];
    case 'map':
      return [...shape.entries].map(([key, part]) => ({ expression: `${expression}.get('${key}')`, shape: part }));
    default: {
      const rest: never = shape;
      return rest;
    }
  }
}

/** The value itself and all that can be read from it, outermost first, at most `limit` of them. */
export function readsOf(value: Held, limit = 40): readonly Held[] {
  const reads: Held[] = [value];
  for (let at = 0; at < reads.length && reads.length < limit; at++) {
    const one = reads[at];
    if (one) reads.push(...partsOf(one));
  }
  return reads.slice(0, limit);
}

/** The shapes directly inside. */
export function insideOf(shape: Shape): readonly Shape[] {
  if (shape.kind === 'list') return shape.items;
  return partsOf({ expression: '', shape }).map((part) => part.shape);
}

/** Whether sending the value as it is sends the datum; undefined where it holds code, which nobody sends. */
export function leaks(shape: Shape): boolean | undefined {
  if (shape.kind === 'text') return shape.leaks;
  if (shape.kind !== 'object' && shape.kind !== 'list') return undefined;
  const parts = insideOf(shape).map(leaks);
  return parts.includes(undefined) ? undefined : parts.includes(true);
}

/** No step may change the value, or anything in it, from now on: it is one of two that a branch chooses from. */
export function freeze(shape: Shape): void {
  if ('isFrozen' in shape) {
    if (shape.isFrozen) return;
    shape.isFrozen = true;
  }
  for (const part of insideOf(shape)) freeze(part);
}

/** What a branch leaves that chooses between two values of one form; undefined when the forms differ. */
export function join(left: Shape, right: Shape): Shape | undefined {
  if (left.kind === 'text' && right.kind === 'text') return text(left.leaks || right.leaks);
  if (left.kind === 'object' && right.kind === 'object' && left.fields.size === right.fields.size) {
    const joined = object({});
    joined.isFrozen = true;
    for (const [name, part] of left.fields) {
      const other = right.fields.get(name);
      const both = other && join(part, other);
      if (!both) return undefined;
      joined.fields.set(name, both);
    }
    return joined;
  }
  return undefined;
}
