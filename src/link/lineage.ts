// Base classes, as far as linking knows them by now.

import type { Token } from './tokens.ts';
import type { Tree } from './tree.ts';

const maxDepth = 12;

/** The classes that a class extends, nearest first; `tokensOf` tells what its `extends` may be. */
export function baseClassesOf(tree: Tree, cls: number, tokensOf: (node: number) => readonly Token[]): number[] {
  const found: number[] = [];
  let at = cls;
  for (let depth = 0; depth < maxDepth; depth++) {
    const base = tree.classes[at]?.base ?? -1;
    const token = base < 0 ? undefined : tokensOf(base).find((one) => one.kind === 'class');
    if (token?.kind !== 'class' || found.includes(token.cls) || token.cls === cls) break;
    found.push(token.cls);
    at = token.cls;
  }
  return found;
}
