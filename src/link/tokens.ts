// What a value may be, for the call graph.

import type { FunctionForm } from '../model/api-path.ts';

export type Token =
  | { readonly kind: 'function'; readonly func: number }
  | { readonly kind: 'class'; readonly cls: number }
  | { readonly kind: 'instance'; readonly cls: number }
  | { readonly kind: 'prototype'; readonly cls: number }
  /** A plain object that has the fields of an instance: `{ ...page }`. */
  | { readonly kind: 'copied'; readonly cls: number }
  /** An object, array or module's exports, by its node. */
  | { readonly kind: 'object'; readonly node: number }
  /** A function taken as an object by `.call`, `.apply` or `.bind`. */
  | {
      readonly kind: 'bound';
      readonly func: number;
      readonly how: string;
      readonly binds: readonly number[];
      readonly form?: FunctionForm | undefined;
    }
  /** What `bind` gives back, with the calls of `bind`, the first one first; or a function that `form` has wrapped. */
  | {
      readonly kind: 'partial';
      readonly func: number;
      readonly binds: readonly number[];
      readonly form?: FunctionForm | undefined;
    }
  | { readonly kind: 'api'; readonly path: string }
  /** What a written type says, by the type's node; it holds nothing of the program's own. */
  | { readonly kind: 'shape'; readonly node: number };

export type ShapeToken = Extract<Token, { readonly kind: 'shape' }>;

/** Tokens by their numbers; owned by one `PointsTo`. */
export class Tokens {
  private readonly all: Token[] = [];
  private readonly ids = new Map<string, number>();

  at(id: number): Token | undefined {
    return this.all[id];
  }

  shapeAt(id: number): ShapeToken | undefined {
    const token = this.all[id];
    return token?.kind === 'shape' ? token : undefined;
  }

  idOf(token: Token): number {
    const key = keyOf(token);
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.all.length;
      this.all.push(token);
      this.ids.set(key, id);
    }
    return id;
  }

  /** True for what holds nothing that the program stores in it. */
  isOutside(id: number): boolean {
    const kind = this.all[id]?.kind;
    return kind === 'api' || kind === 'shape';
  }

  /** What a copy of the fields is. */
  copied(id: number): number {
    const token = this.all[id];
    return token?.kind === 'instance' ? this.idOf({ kind: 'copied', cls: token.cls }) : id;
  }

  /** The token whose fields a token has: the fields of a copy are not told apart from those of the instance. */
  holder(id: number): number {
    const token = this.all[id];
    return token?.kind === 'copied' ? this.idOf({ kind: 'instance', cls: token.cls }) : id;
  }
}

// Equal for equal tokens.
function keyOf(token: Token): string {
  switch (token.kind) {
    case 'function':
      return `f${token.func}`;
    case 'class':
      return `c${token.cls}`;
    case 'instance':
      return `i${token.cls}`;
    case 'prototype':
      return `p${token.cls}`;
    case 'copied':
      return `d${token.cls}`;
    case 'object':
      return `o${token.node}`;
    case 'bound':
      return `b${token.func}${token.how}${token.binds}${token.form ?? ''}`;
    case 'partial':
      return `q${token.func}:${token.binds}${token.form ?? ''}`;
    case 'api':
      return `#${token.path}`;
    case 'shape':
      return `t${token.node}`;
    default: {
      const never: never = token;
      return never;
    }
  }
}

/** Members that every array, text or function has: no element at an unknown key is meant by them. */
export const builtInMembers: ReadonlySet<string> = new Set(
  [Array, String, Map, Promise, Function, Object, RegExp, Number, Date].flatMap((type) =>
    Object.getOwnPropertyNames(type.prototype),
  ),
);
