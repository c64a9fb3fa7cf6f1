// Sets of tokens, in the order in which they came. A set never changes: with one more token it is another set, and nodes that
// were given the same tokens in the same order share one.

import type { Token, Tokens } from './tokens.ts';

/** Sets by their numbers; 0 is the empty one. Owned by one `PointsTo`. */
export class TokenSets {
  private readonly tokens: Tokens;
  /** For each set: the set without its last token, that token, and how many it holds. */
  private readonly before: number[] = [0];
  private readonly last: number[] = [-1];
  private readonly sizes: number[] = [0];
  /** How many of them count against the most that a value keeps. */
  private readonly counted: number[] = [0];
  private readonly ids: (readonly number[] | undefined)[] = [[]];
  private readonly lists: (readonly Token[] | undefined)[] = [[]];
  private readonly larger = new Map<number, number>();

  constructor(tokens: Tokens) {
    this.tokens = tokens;
  }

  has(set: number, token: number): boolean {
    for (let at = set; at !== 0; at = this.before[at] ?? 0) if (this.last[at] === token) return true;
    return false;
  }

  /** The set with one more token, which it does not hold yet. */
  with(set: number, token: number, isCounted: boolean): number {
    const key = set * maxTokens + token;
    let found = this.larger.get(key);
    if (found === undefined) {
      found = this.before.length;
      this.before.push(set);
      this.last.push(token);
      this.sizes.push(this.sizeOf(set) + 1);
      this.counted.push(this.countOf(set) + (isCounted ? 1 : 0));
      this.larger.set(key, found);
    }
    return found;
  }

  sizeOf(set: number): number {
    return this.sizes[set] ?? 0;
  }

  countOf(set: number): number {
    return this.counted[set] ?? 0;
  }

  /** The tokens' numbers. */
  idsOf(set: number): readonly number[] {
    let ids = this.ids[set];
    if (!ids) {
      const found: number[] = [];
      for (let at = set; at !== 0; at = this.before[at] ?? 0) found.push(this.last[at] ?? -1);
      ids = found.reverse();
      this.ids[set] = ids;
    }
    return ids;
  }

  /** What is only written is none of the things that a value may be. */
  tokensOf(set: number): readonly Token[] {
    let list = this.lists[set];
    if (!list) {
      list = this.idsOf(set).flatMap((id) => {
        const token = this.tokens.at(id);
        return token && token.kind !== 'shape' ? token : [];
      });
      this.lists[set] = list;
    }
    return list;
  }
}

/** More than any program has. */
const maxTokens = 2 ** 24;
