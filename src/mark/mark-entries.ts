// A field whose name says nothing, of an entry of something financial, that is written out as money: `usd(expense.v)`;
// or a column with a fraction, of whatever table.

import type { Evidence } from '../model/finding.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { SourceMark, TextMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps } from '../model/program.ts';
import type { DataRules } from '../model/rule.ts';
import { hasWord, nextTo } from '../model/text.ts';
import type { Classifier } from './classify.ts';
import { writtenOut } from './formatters.ts';
import type { RowMarks } from './schema/mark-rows.ts';
import type { Fact } from './schema/readings.ts';
import { surroundingsOf } from './surroundings.ts';

const maxNodes = 30;
const maxNames = 4;
const generic = 'money.generic';

/** Marks the fields that are written out as money, where the object they are read of is called after something financial. */
export function markEntries(
  program: Program,
  data: DataRules,
  classifier: Classifier,
  formatters: ReadonlySet<number>,
  texts: ReadonlyMap<number, ReadonlyMap<number, TextMark>>,
  named: ReadonlyMap<number, readonly SourceMark[]>,
  project: readonly Evidence[],
  rows: RowMarks,
): Map<number, SourceMark[]> {
  const marks = new Map<number, SourceMark[]>();
  const weight = data.weights.points['receiver'] ?? 0;
  const typed = (field: number, name: string): Fact | undefined => {
    const type = program.types.get(baseOf(program, field)) ?? '';
    const fact = type === '' ? undefined : rows.factOfType(type, name);
    return fact?.isFraction ? fact : undefined;
  };
  const noteField = (field: number): void => {
    const name = nameOfNode(program, field);
    if (named.has(field) || marks.has(field) || rows.settled.has(field)) return;
    if (name.length > 1 && classifier.isPlain(name)) return;
    const fact = rows.factOf(field) ?? typed(field, name);
    if (fact && !fact.isFraction) return;
    const entity = fact ? '' : entityOf(program, classifier, field);
    const category = fact ? generic : classifier.entityCategory(entity);
    if (category === '') return;
    const evidence = [
      fact
        ? { kind: 'origin.schema', text: `\`${name}\``, weight: data.weights.points['schema.fraction'] ?? 0 }
        : { kind: 'receiver', text: entity, weight },
      ...project,
    ];
    marks.set(field, [
      { node: field, category, isCertain: false, isDeclared: false, isAmount: false, evidence, path: [] },
    ]);
  };
  for (const index of formatters) for (const field of fieldsIn(program, writtenOut(program, index))) noteField(field);
  for (const holes of texts.values())
    for (const [hole, { before, after }] of holes)
      if (data.naming.currencyStrong.some((unit) => hasWord(nextTo(before, after), unit)))
        for (const field of fieldsIn(program, hole)) noteField(field);
  return marks;
}

function baseOf(program: Program, field: number): number {
  for (let i = program.inStart[field] ?? 0; i < (program.inStart[field + 1] ?? 0); i++)
    if (program.inOp[i] === programOps.load) return program.inFrom[i] ?? -1;
  return -1;
}

// The object, and what it was taken out of: `a` of `ausgaben.map((a) => …)`.
function entityOf(program: Program, classifier: Classifier, field: number): string {
  for (let i = program.inStart[field] ?? 0; i < (program.inStart[field + 1] ?? 0); i++) {
    if (program.inOp[i] !== programOps.load) continue;
    for (const name of surroundingsOf(program, program.inFrom[i] ?? 0).names.slice(0, maxNames)) {
      const entity = classifier.entity(name);
      if (entity !== '') return entity;
    }
  }
  return '';
}

/** Calls that give back a number that they are given, or are called on: `Number(row.held).toFixed(2)`. */
const sameNumber =
  /^(?:Number|parseFloat|parseInt|String|BigInt|Decimal|BigNumber|Big|abs|round|floor|ceil|trunc|max|min|toFixed|toString|toLocaleString|toNumber|valueOf)$/;

/** Fields that a value is a copy of, or computed of. */
export function fieldsIn(program: Program, node: number): readonly number[] {
  if (node < 0) return [];
  const seen = [node];
  for (let at = 0; at < seen.length && seen.length < maxNodes; at++) {
    const here = seen[at] ?? 0;
    if (program.kinds[here] === nodeKinds.member) continue;
    const call = program.calls[program.callOf.get(here) ?? -1];
    if (call) {
      const given =
        sameNumber.test(call.name) && call.targets.length === 0
          ? [call.receiver, ...(/^m(?:ax|in)$/.test(call.name) ? call.args : call.args.slice(0, 1))]
          : [];
      for (const from of given) if (from >= 0 && !seen.includes(from)) seen.push(from);
      continue;
    }
    for (let i = program.inStart[here] ?? 0; i < (program.inStart[here + 1] ?? 0); i++) {
      const op = program.inOp[i];
      const from = program.inFrom[i] ?? 0;
      if ((op === programOps.copy || op === programOps.derive) && !seen.includes(from)) seen.push(from);
    }
  }
  return seen.filter((one) => program.kinds[one] === nodeKinds.member);
}
