// SQL that gives back the row it has just written (`INSERT … RETURNING`) → the values it was given: they are no stored data.

import type { WrittenRow } from '../model/marks.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import { onlyText } from './fold-text.ts';
import { splitTop, untilClosed } from './schema/sql-schema.ts';

const insert = /^\s*insert\s+(?:or\s+\w+\s+)?into\s+[\w."`[\]]+\s*\(([^)]*)\)\s*values\s*\(?/i;
/** With these, columns may come from the table after all. */
const reads = /\bselect\b|\bdo\s+update\b|\bon\s+duplicate\b/i;
const maxHops = 4;

/** A column, and where its value stands among those that are given: a place, a name, or neither for what the SQL says itself. */
interface Column {
  readonly name: string;
  readonly from: number | string | undefined;
}

/** By call node: what a call that inserts and returns was given. */
export function markWritten(program: Program): Map<number, WrittenRow> {
  const rows = new Map<number, WrittenRow>();
  for (const call of program.calls) {
    const isStored = call.models.some((model) => model.origin === 'stored');
    // A function of the tree may hand the SQL on.
    const own = isStored || call.targets.length > 0 ? columnsOf(program, call.args[0]) : undefined;
    const prepared = own || !isStored ? undefined : preparedBy(program, call);
    const columns = own ?? columnsOf(program, prepared?.args[0]);
    if (!columns) continue;
    const given = own ? call.args.slice(1) : call.args;
    rows.set(call.node, new Map(columns.map((column) => [column.name, valuesOf(program, column, given)])));
  }
  return rows;
}

// db.prepare('INSERT …').get(chat, amount)
function preparedBy(program: Program, call: LinkedCall): LinkedCall | undefined {
  let at = call.receiver;
  for (let hops = 0; hops < maxHops && at >= 0; hops++) {
    const found = program.calls[program.callOf.get(at) ?? -1];
    if (found) return found;
    at = copied(program, at);
  }
  return undefined;
}

function copied(program: Program, node: number): number {
  const start = program.inStart[node] ?? 0;
  return program.inOp[start] === programOps.copy ? (program.inFrom[start] ?? -1) : -1;
}

function columnsOf(program: Program, arg: number | undefined): readonly Column[] | undefined {
  const text = arg === undefined ? undefined : onlyText(program, arg);
  const found = text && !reads.test(text) ? insert.exec(text) : undefined;
  if (!text || !found) return undefined;
  const values = found[0].endsWith('(') ? splitTop(untilClosed(text, found.index + found[0].length)) : [];
  let places = 0;
  const froms = values.map((value) => {
    const word = value.trim();
    if (word === '?') return places++;
    const numbered = /^\$(\d+)\b/.exec(word);
    if (numbered) return Number(numbered[1]) - 1;
    return /^[$:@](\w+)/.exec(word)?.[1];
  });
  const names = (found[1] ?? '').split(',').map((column) => column.replace(/["`[\]\s]/g, ''));
  return names.map((name, i) => ({ name, from: froms[i] }));
}

// Where the place is not found, any of the values may be meant.
function valuesOf(program: Program, { from }: Column, given: readonly number[]): readonly number[] {
  if (typeof from === 'number' && given.length > 1) return given.slice(from, from + 1);
  const [all] = given;
  if (all === undefined || from === undefined) return given;
  const labels = typeof from === 'number' ? [String(from)] : [from, `$${from}`, `:${from}`, `@${from}`];
  const found = storedIn(program, all, labels);
  return found.length > 0 ? found : given;
}

// [chat, amount], { $amount: amount }
function storedIn(program: Program, literal: number, labels: readonly string[]): readonly number[] {
  for (let at = literal, hops = 0; hops < maxHops && at >= 0; hops++) {
    const found: number[] = [];
    for (let i = program.inStart[at] ?? 0; i < (program.inStart[at + 1] ?? 0); i++) {
      const label = program.strings[program.inLabel[i] ?? 0] ?? '';
      if (program.inOp[i] === programOps.store && labels.includes(label)) found.push(program.inFrom[i] ?? -1);
    }
    if (found.length > 0) return found;
    at = copied(program, at);
  }
  return [];
}
