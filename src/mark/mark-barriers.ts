// Calls × barrier rules → what stops a category. A mask of the bot's own is not trusted by its name:
// its body is followed, and the rules know the primitives that really mask (`slice(-4)`, a replace of digits, a hash).

import { matchesWildcard } from '../model/api-path.ts';
import { indexCalls } from '../model/call-index.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { BarrierMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { programOps, spanOfNode, textOfNode } from '../model/program.ts';
import type { BarrierRule, RuleSet } from '../model/rule.ts';
import { foldText } from './fold-text.ts';
import { nodesOf, shapeOf } from './mark-sinks.ts';

const maxCopies = 8;

/** Marks the calls that stop categories, by call. */
export function markBarriers(program: Program, rules: RuleSet): Map<number, BarrierMark> {
  const index = indexCalls(rules.barriers, (rule) => [rule.call]);
  const marks = new Map<number, BarrierMark>();
  program.calls.forEach((call, i) => {
    for (const { pattern, rule } of index.match({ ...shapeOf(call), isOwn: call.targets.length > 0 })) {
      const fits = Object.entries(rule.where).every(([name, wanted]) =>
        nodesOf(program, call, pattern.parameters, { root: name, isReturn: false, isThrow: false, path: [] }).some((node) =>
          isOneOf(constantOf(program, node), wanted),
        ),
      );
      if (fits) marks.set(i, joined(marks.get(i), rule));
    }
  });
  return marks;
}

// The constant that an argument is, as it is written: a text, a pattern, a number with its sign.
function constantOf(program: Program, node: number): string | undefined {
  const seen = new Set([node]);
  for (const at of seen) {
    const found = program.kinds[at] === nodeKinds.literal ? textOfNode(program, at) : negativeNumber(program, at);
    if (found !== undefined) return found;
    for (let i = program.inStart[at] ?? 0; i < (program.inStart[at + 1] ?? 0) && seen.size < maxCopies; i++) {
      if (program.inOp[i] === programOps.copy) seen.add(program.inFrom[i] ?? 0);
    }
  }
  return foldText(program, node, []);
}

// -4: a value that is derived from nothing but the number one character further on.
function negativeNumber(program: Program, node: number): string | undefined {
  const start = program.inStart[node] ?? 0;
  if ((program.inStart[node + 1] ?? 0) - start !== 1 || program.inOp[start] !== programOps.derive) return undefined;
  const number = program.inFrom[start] ?? 0;
  const text = program.kinds[number] === nodeKinds.literal ? textOfNode(program, number) : undefined;
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  const [outer, inner] = [spanOfNode(program, node), spanOfNode(program, number)];
  return inner.start === outer.start + 1 && inner.end === outer.end ? `-${text}` : undefined;
}

function isOneOf(text: string | undefined, wanted: readonly string[]): boolean {
  return text !== undefined && wanted.some((pattern) => pattern === text || matchesWildcard(pattern, text));
}

function joined(before: BarrierMark | undefined, rule: BarrierRule): BarrierMark {
  const stops = rule.stops.length === 0 ? undefined : rule.stops;
  if (!before) return { stops, isGuard: rule.guard };
  return {
    stops: before.stops && stops ? [...before.stops, ...stops] : undefined,
    isGuard: before.isGuard && rule.guard,
  };
}
