// SQL that gives back the row it has just written (`INSERT … RETURNING`) → the values it was given: they are no stored data.

import type { WrittenRow } from '../model/marks.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import { onlyText } from './fold-text.ts';

const insert = /^\s*insert\s+(?:or\s+\w+\s+)?into\s+[\w."`[\]]+\s*\(([^)]*)\)\s*values\b/i;
/** With these, columns may come from the table after all. */
const reads = /\bselect\b|\bdo\s+update\b|\bon\s+duplicate\b/i;

/** By call node: what a call that inserts and returns was given. */
export function markWritten(program: Program): Map<number, WrittenRow> {
  const rows = new Map<number, WrittenRow>();
  for (const call of program.calls) {
    const isStored = call.models.some((model) => model.origin === 'stored');
    // A function of the tree may hand the SQL on.
    const own = isStored || call.targets.length > 0 ? columnsOf(program, call.args[0]) : undefined;
    const prepared = own || !isStored ? undefined : preparedBy(program, call);
    const columns = own ?? columnsOf(program, prepared?.args[0]);
    if (columns) rows.set(call.node, { columns, values: own ? call.args.slice(1) : call.args });
  }
  return rows;
}

// db.prepare('INSERT …').get(chat, amount)
function preparedBy(program: Program, call: LinkedCall): LinkedCall | undefined {
  let at = call.receiver;
  for (let hops = 0; hops < 4 && at >= 0; hops++) {
    const found = program.calls[program.callOf.get(at) ?? -1];
    if (found) return found;
    const start = program.inStart[at] ?? 0;
    at = program.inOp[start] === programOps.copy ? (program.inFrom[start] ?? -1) : -1;
  }
  return undefined;
}

function columnsOf(program: Program, arg: number | undefined): readonly string[] | undefined {
  const text = arg === undefined ? undefined : onlyText(program, arg);
  const [, columns] = (text && !reads.test(text) && insert.exec(text)) || [];
  return columns?.split(',').map((column) => column.replace(/["`[\]\s]/g, ''));
}
