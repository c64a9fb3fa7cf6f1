// What a value may be, for the call graph.

import type { FunctionForm } from '../model/api-path.ts';

export type Token =
  | { readonly kind: 'function'; readonly func: number }
  | { readonly kind: 'class'; readonly cls: number }
  | { readonly kind: 'instance'; readonly cls: number }
  | { readonly kind: 'prototype'; readonly cls: number }
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
  | { readonly kind: 'api'; readonly path: string };

/** Equal for equal tokens. */
export function keyOf(token: Token): string {
  switch (token.kind) {
    case 'function':
      return `f${token.func}`;
    case 'class':
      return `c${token.cls}`;
    case 'instance':
      return `i${token.cls}`;
    case 'prototype':
      return `p${token.cls}`;
    case 'object':
      return `o${token.node}`;
    case 'bound':
      return `b${token.func}${token.how}${token.binds}${token.form ?? ''}`;
    case 'partial':
      return `q${token.func}:${token.binds}${token.form ?? ''}`;
    case 'api':
      return `#${token.path}`;
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
