// A field whose name says nothing, of an entry of something financial, that is written out as money: `usd(expense.v)`.

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
import { surroundingsOf } from './surroundings.ts';

const maxNodes = 30;
const maxNames = 4;

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
  const noteField = (field: number): void => {
    if (named.has(field) || marks.has(field) || rows.settled.has(field) || rows.factOf(field)) return;
    const name = nameOfNode(program, field);
    if (name.length > 1 && classifier.isPlain(name)) return;
    const entity = entityOf(program, classifier, field);
    const category = classifier.entityCategory(entity);
    if (category === '') return;
    const evidence = [{ kind: 'receiver', text: entity, weight }, ...project];
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

// Number(row.total), row.total.toFixed(2), Math.max(0, row.total): the number itself, however it is written.
function isNumberOf(program: Program, node: number): boolean {
  const call = program.calls[program.callOf.get(node) ?? -1];
  return /^(?:Number|parseFloat|parseInt|String|toFixed|toLocaleString|toString|round|floor|ceil|abs|max|min)$/.test(
    call?.name ?? '',
  );
}

/** Fields that a value is a copy of, or computed of. */
export function fieldsIn(program: Program, node: number): readonly number[] {
  if (node < 0) return [];
  const seen = [node];
  for (let at = 0; at < seen.length && seen.length < maxNodes; at++) {
    const here = seen[at] ?? 0;
    if (
      program.kinds[here] === nodeKinds.member ||
      (program.kinds[here] === nodeKinds.call && !isNumberOf(program, here))
    )
      continue;
    for (let i = program.inStart[here] ?? 0; i < (program.inStart[here + 1] ?? 0); i++) {
      const op = program.inOp[i];
      const from = program.inFrom[i] ?? 0;
      if ((op === programOps.copy || op === programOps.derive) && !seen.includes(from)) seen.push(from);
    }
  }
  return seen.filter((one) => program.kinds[one] === nodeKinds.member);
}
