// Questions that a search raises on its way, and those that these raise: answers are kept, and the work for them is bounded.

/** Values looked at for one question and all that it raises. */
const maxWork = 4000;
/** Questions that a question may raise, one within the other. */
const maxDepth = 4;

/** Owned by one `Callees`. */
export class Questions {
  private depth = 0;
  private cuts = 0;
  private work = 0;

  /** A question that is asked while it is being answered, or too deep within others, has no answer there. */
  ask<Answer>(
    known: Map<string, Answer | undefined>,
    key: string,
    answer: () => Answer | undefined,
  ): Answer | undefined {
    if (known.has(key)) return known.get(key);
    if (this.depth >= maxDepth) {
      this.cuts++;
      return undefined;
    }
    const { cuts } = this;
    if (this.depth === 0) this.work = 0;
    known.set(key, undefined);
    this.depth++;
    const found = answer();
    this.depth--;
    if (found === undefined && this.cuts > cuts && this.depth > 0) known.delete(key);
    else known.set(key, found);
    return found;
  }

  /** Counts one more value that was looked at; true where there have been too many. */
  isOver(): boolean {
    if (++this.work <= maxWork) return false;
    this.cuts++;
    return true;
  }
}
