// Calls × barrier rules → what stops a category. A mask of the bot's own is not trusted by its name:
// its body is followed, and the rules know the primitives that really mask (`slice(-4)`, a replace of digits, a hash).

import { matchesWildcard } from '../model/api-path.ts';
import type { CallIndex } from '../model/call-index.ts';
import { indexCalls } from '../model/call-index.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { BarrierMark } from '../model/marks.ts';
import type { LinkedCall, Program } from '../model/program.ts';
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
    if (!isSure(index, call)) return;
    for (const { pattern, rule } of index.match(shapeOf(call))) {
      const fits = Object.entries(rule.where).every(([name, wanted]) =>
        nodesOf(program, call, pattern.parameters, { root: name, isReturn: false, isThrow: false, path: [] }).some(
          (node) => isOneOf(constantOf(program, node), wanted),
        ),
      );
      if (fits) marks.set(i, joined(marks.get(i), rule));
    }
  });
  markAnswers(program, index, marks);
  return marks;
}

/** What the library keeps, or has asked about, where a callback says yes. */
const keepers = new Set(['filter', 'find', 'findLast']);
const askers = new Set(['every']);

// const isFine = (value) => isSafe(value)  →  isFine(x) is a guard as well; rows.filter(isFine) keeps what is safe.
function markAnswers(program: Program, index: CallIndex<BarrierRule>, marks: Map<number, BarrierMark>): void {
  const guardOf = (func: number): BarrierMark | undefined =>
    program.functions[func]?.answers.flatMap((call) => marks.get(call) ?? []).find((mark) => mark.isGuard);
  const all = (funcs: readonly number[]): BarrierMark | undefined => {
    const found = funcs.map(guardOf);
    return found.every((mark) => mark !== undefined) ? found[0] : undefined;
  };
  for (let size = -1; size !== marks.size; ) {
    size = marks.size;
    program.calls.forEach((call, i) => {
      if (marks.has(i) || call.spreads.length > 0) return;
      if (call.targets.length > 0) {
        const guard = call.args.length === 1 && !call.isRearranged ? all(call.targets) : undefined;
        if (guard) marks.set(i, guard);
      } else if (keepers.has(call.name) || askers.has(call.name)) {
        const guard = all(call.callbacks[0] ?? []) ?? guardBehind(program, index, call.args[0] ?? -1);
        if (guard) marks.set(i, { ...guard, isGuard: askers.has(call.name) });
      }
    });
  }
}

// rows.filter(isSafe)
function guardBehind(program: Program, index: CallIndex<BarrierRule>, argument: number): BarrierMark | undefined {
  const rules = (program.paths.get(argument) ?? []).flatMap((path) => index.matchPath(path));
  const guard = rules.find(({ rule }) => rule.guard && Object.keys(rule.where).length === 0);
  return guard && joined(undefined, guard.rule);
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

// fn(value), where fn may be a barrier or something else, stops nothing.
function isSure(index: CallIndex<BarrierRule>, call: LinkedCall): boolean {
  const isRenamed = call.receiver < 0 && call.paths.some((path) => path !== `global#${call.name}` && isPlain(path));
  if (!isRenamed) return true;
  return call.targets.length === 0 && call.paths.every((path) => index.matchPath(path).length > 0);
}

function isPlain(path: string): boolean {
  return path.startsWith('global#') && !path.includes('.');
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
