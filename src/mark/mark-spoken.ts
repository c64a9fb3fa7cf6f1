// Values whose names say nothing, and whose text says it: `Account balance: ${d.value} USD`. A heading or a phrase of a
// category which amounts are of, with a unit of money at the value, is evidence enough where nothing speaks against it;
// a label that is a term and nothing else needs no unit: `Your credit score is ${n}`, a field `Kontostand`.

import type { Evidence } from '../model/finding.ts';
import { anyElement, nodeKinds } from '../model/flow-graph.ts';
import type { BarrierMark, Said, SourceMark, TextMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps } from '../model/program.ts';
import type { DataRules } from '../model/rule.ts';
import { hasWord, nextTo } from '../model/text.ts';
import type { Classifier } from './classify.ts';
import { writtenOut } from './formatters.ts';
import type { RowMarks } from './schema/mark-rows.ts';

const maxNodes = 60;

/** Marks the values that only their text speaks of. */
export function markSpokenSources(
  program: Program,
  data: DataRules,
  classifier: Classifier,
  formatters: ReadonlySet<number>,
  texts: ReadonlyMap<number, ReadonlyMap<number, TextMark>>,
  named: ReadonlyMap<number, readonly SourceMark[]>,
  project: readonly Evidence[],
  rows: RowMarks,
  barriers: ReadonlyMap<number, BarrierMark>,
): Map<number, SourceMark[]> {
  // What is left of the value behind a mask is not what the text names.
  const isStopped = (node: number, category: string): boolean => {
    const barrier = barriers.get(program.callOf.get(node) ?? -1);
    return barrier !== undefined && !barrier.isGuard && barrier.stops?.includes(category) !== false;
  };

  const marks = new Map<number, SourceMark[]>();
  const amounts = new Set(data.naming.entities.map((entry) => entry.split(':')[1] ?? ''));
  const units = [
    ...data.naming.currencyStrong,
    ...data.naming.currencyAmbiguous.filter((one) => /^\p{Sc}$/u.test(one)),
  ];
  for (const [at, holes] of texts) {
    // A value that is given to a call may be given to others, which say other things of it.
    const into = program.kinds[at] === nodeKinds.call || program.kinds[at] === nodeKinds.object ? at : undefined;
    for (const [hole, text] of holes) {
      const known = marks.get(hole) ?? [];
      if (text.said.length === 0 || known.some((one) => one.into === undefined || into === undefined)) continue;
      const isMoney = hasUnit(program, formatters, units, hole, text);
      if (text.isPublic) continue;
      const said = text.said.find(
        (one) => isEnough(one, amounts.has(one.category), isMoney) && !isSettled(rows, hole, one, isMoney),
      );
      const isClosed = (node: number): boolean =>
        rows.factOf(node)?.isNeutral === true || isStopped(node, said?.category ?? '');
      if (said && isOpen(program, classifier, formatters, named, hole, said, isMoney, isClosed))
        marks.set(hole, [...known, { ...markOf(data, hole, said, project), ...(into === undefined ? {} : { into }) }]);
    }
  }
  return marks;
}

// What is known of the row that a value was read of: a flag, a date; without a unit or a heading beyond doubt, of a table
// that is about other things.
function isSettled(rows: RowMarks, node: number, said: Said, isMoney: boolean): boolean {
  const fact = rows.factOf(node);
  if (rows.settled.has(node)) return true;
  return (
    fact !== undefined && (fact.isNeutral || (fact.guesses.length === 0 && !isMoney && !(said.isWhole && said.isExact)))
  );
}

// Labels of things that are counted or chosen are no data: `Transactions`, `Sender`.
function isEnough(said: Said, isOfAmounts: boolean, isMoney: boolean): boolean {
  if (said.isPlural && (isOfAmounts || !said.isExact)) return false;
  if (said.isWhole) return isOfAmounts || said.isExact;
  return isMoney && isOfAmounts;
}

function markOf(data: DataRules, node: number, said: Said, project: readonly Evidence[]): SourceMark {
  const { points } = data.weights;
  const weight = (said.isWhole ? points['label'] : points['phrase.heading']) ?? 0;
  const evidence = [{ kind: said.isWhole ? 'label' : 'phrase', text: `"${said.text}"`, weight }, ...project];
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

// A name of another meaning speaks against the text; a letter says nothing, and any amount may be the one spoken of.
function isTaken(
  classifier: Classifier,
  marks: readonly SourceMark[],
  said: Said,
  name: string,
  isMoney: boolean,
): boolean {
  if (marks.length > 0) return !marks.every((one) => one.isAmount) || !(said.isWhole || isMoney);
  if (name.length === 1) return !(isMoney || said.isWhole);
  return classifier.isPlain(name);
}

interface Place {
  readonly node: number;
  /** The call whose function this is in; -1 for any. */
  readonly call: number;
}

function keyOf(node: number, call: number): string {
  return `${node}/${call}`;
}

// Nothing on the way to the value has a name that says what it is, or that it is a price or a count; and not all of it
// is constants.
function isOpen(
  program: Program,
  classifier: Classifier,
  formatters: ReadonlySet<number>,
  named: ReadonlyMap<number, readonly SourceMark[]>,
  hole: number,
  said: Said,
  isMoney: boolean,
  isClosed: (node: number) => boolean,
): boolean {
  const queue: Place[] = [{ node: hole, call: -1 }];
  const seen = new Set([keyOf(hole, -1)]);
  let isData = false;
  for (let at = 0; at < queue.length && at < maxNodes; at++) {
    const { node, call } = queue[at] ?? { node: 0, call: -1 };
    if (isClosed(node)) return false;
    const index = program.callOf.get(node) ?? -1;
    const written = formatters.has(index) ? writtenOut(program, index) : -1;
    if (written >= 0) {
      // What is called so only writes it out.
      queue.push({ node: written, call });
      continue;
    }
    // `String(value)`: what a library function is called says nothing of what it is given.
    const name = (program.calls[index]?.models.length ?? 0) > 0 ? '' : nameOfNode(program, node);
    if (isTaken(classifier, named.get(node) ?? [], said, name, isMoney)) return false;
    const from = program.inStart[node] ?? 0;
    const to = program.inStart[node + 1] ?? 0;
    const kind = program.kinds[node];
    isData ||= from === to && (kind === nodeKinds.parameter || kind === nodeKinds.call || kind === nodeKinds.import);
    isData ||= kind === nodeKinds.member;
    for (let i = from; i < to; i++) {
      const source = program.inFrom[i] ?? 0;
      const op = program.inOp[i];
      const label = program.inLabel[i] ?? -1;
      if (op === programOps.absorb || op === programOps.store) continue;
      // Into a function, and out of it to the caller that is being looked at, not to all.
      if (op === programOps.exit && call >= 0 && label !== call) continue;
      const next = { node: source, call: op === programOps.enter ? label : op === programOps.exit ? -1 : call };
      if (seen.has(keyOf(source, next.call))) continue;
      seen.add(keyOf(source, next.call));
      // Behind a field stands its object, whose name says little of the field.
      if (op !== programOps.load || program.strings[label] === anyElement) queue.push(next);
    }
  }
  return isData;
}
