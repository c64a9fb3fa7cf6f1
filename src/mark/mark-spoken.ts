// Values whose names say nothing, and whose text says it: `Account balance: ${d.value} USD`. A heading that is a term of
// a category which amounts are of, with a unit of money at the value, is evidence enough where nothing speaks against it.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Said, SourceMark, TextMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps } from '../model/program.ts';
import type { DataRules } from '../model/rule.ts';
import { hasWord, nextTo } from '../model/text.ts';
import type { Classifier } from './classify.ts';

const maxNodes = 60;

/** Marks the values that only their text speaks of. */
export function markSpokenSources(
  program: Program,
  data: DataRules,
  classifier: Classifier,
  formatters: ReadonlySet<number>,
  texts: ReadonlyMap<number, ReadonlyMap<number, TextMark>>,
  named: ReadonlyMap<number, readonly SourceMark[]>,
): Map<number, SourceMark[]> {
  const marks = new Map<number, SourceMark[]>();
  const amounts = new Set(data.naming.entities.map((entry) => entry.split(':')[1] ?? ''));
  const units = [
    ...data.naming.currencyStrong,
    ...data.naming.currencyAmbiguous.filter((one) => /^\p{Sc}$/u.test(one)),
  ];
  for (const holes of texts.values()) {
    for (const [hole, text] of holes) {
      const said = text.said.find((one) => one.isHeading && !one.isPlural && amounts.has(one.category));
      if (!said || marks.has(hole) || !hasUnit(program, formatters, units, hole, text)) continue;
      if (isOpen(program, classifier, named, hole)) marks.set(hole, [markOf(data, hole, said)]);
    }
  }
  return marks;
}

function markOf(data: DataRules, node: number, said: Said): SourceMark {
  const weight = data.weights.points['phrase.heading'] ?? 0;
  const evidence = [{ kind: 'phrase', text: `"${said.text}"`, weight }];
  return { node, category: said.category, isCertain: false, isDeclared: false, evidence, path: [] };
}

function hasUnit(
  program: Program,
  formatters: ReadonlySet<number>,
  units: readonly string[],
  hole: number,
  { before, after }: TextMark,
): boolean {
  const near = nextTo(before, after);
  return formatters.has(program.callOf.get(hole) ?? -1) || units.some((unit) => hasWord(near, unit));
}

// Nothing on the way to the value has a name that says what it is, or that it is a price or a count; and not all of it
// is constants.
function isOpen(
  program: Program,
  classifier: Classifier,
  named: ReadonlyMap<number, readonly SourceMark[]>,
  hole: number,
): boolean {
  const seen = new Set([hole]);
  const queue = [hole];
  let isData = false;
  for (let at = 0; at < queue.length && at < maxNodes; at++) {
    const node = queue[at] ?? 0;
    if (named.has(node) || classifier.isPlain(nameOfNode(program, node))) return false;
    const from = program.inStart[node] ?? 0;
    const to = program.inStart[node + 1] ?? 0;
    const kind = program.kinds[node];
    isData ||= from === to && (kind === nodeKinds.parameter || kind === nodeKinds.call || kind === nodeKinds.import);
    isData ||= kind === nodeKinds.member;
    for (let i = from; i < to; i++) {
      const source = program.inFrom[i] ?? 0;
      const op = program.inOp[i];
      if (op === programOps.absorb || op === programOps.store || seen.has(source)) continue;
      seen.add(source);
      // Behind a field stands its object, whose name says little of the field.
      if (op !== programOps.load) queue.push(source);
    }
  }
  return isData;
}
