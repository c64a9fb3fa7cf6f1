// What stands around and behind a value: names it went through, types, SQL texts, URLs, calls. Evidence, not flow:
// a short walk backwards that ignores fields and callers.

import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../model/program.ts';

export interface Surroundings {
  /** Variables, parameters, fields and functions on the way, nearest first. */
  readonly names: readonly string[];
  readonly types: readonly string[];
  /** Constant arguments of calls on the way that look like SQL. */
  readonly sql: readonly string[];
  /** The tables that these ask. */
  readonly tables: readonly string[];
  /** Calls on the way (indices), nearest first. */
  readonly calls: readonly number[];
}

const maxNodes = 60;
const sqlStart = /^\s*(?:select|insert|update|delete|with)\b/i;
const sqlTable = /\b(?:from|join|into|update)\s+["`[]?(?:\w+\.)?(\w+)/gi;

/** Walks backwards from a value's object. */
export function surroundingsOf(program: Program, node: number, answers?: ReadonlyMap<number, number>): Surroundings {
  const names: string[] = [];
  const types: string[] = [];
  const sql: string[] = [];
  const calls: number[] = [];
  const seen = new Set([node]);
  const queue = [node];
  for (let at = 0; at < queue.length && at < maxNodes; at++) {
    const here = queue[at] ?? 0;
    const name = nameOfNode(program, here);
    // What a file of code is called says little of all that it exports.
    const isFile = program.kinds[here] === nodeKinds.import && !/\.(?:json|csv|ya?ml)$/.test(name);
    if (name !== '' && !isFile && !names.includes(name)) names.push(name);
    const type = program.types.get(here);
    if (type !== undefined) types.push(type);
    const call = program.callOf.get(here) ?? answers?.get(here);
    if (call !== undefined) noteCall(program, call, calls, sql, names);
    for (let i = program.inStart[here] ?? 0; i < (program.inStart[here + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? 0;
      const op = program.inOp[i];
      if (op === programOps.absorb || op === programOps.derive || seen.has(from)) continue;
      // Of an unknown call only the receiver counts: its arguments are other things.
      if (op === programOps.library && program.calls[program.inLabel[i] ?? 0]?.receiver !== from) continue;
      if (op === programOps.store) continue;
      seen.add(from);
      queue.push(from);
    }
  }
  const tables = sql.flatMap((text) => [...text.matchAll(sqlTable)].map(([, table = '']) => table));
  return { names, types, sql, tables, calls };
}

function noteCall(program: Program, index: number, calls: number[], sql: string[], names: string[]): void {
  const call = program.calls[index];
  if (!call) return;
  calls.push(index);
  for (const name of call.chain) if (name !== '' && !names.includes(name)) names.push(name);
  for (const arg of call.args) {
    const text = textOfNode(program, arg);
    if (text !== undefined && sqlStart.test(text)) noteSql(text, sql, names);
    else if (text !== undefined && /^[\w.$-]{2,40}$/.test(text) && call.models.length === 0) names.push(text);
  }
}

// A query that only counts says nothing of sums, whatever its tables are called.
function noteSql(text: string, sql: string[], names: string[]): void {
  if (/\bcount\s*\(/i.test(text) && !/\b(?:sum|avg|min|max)\s*\(/i.test(text)) return;
  sql.push(text);
  for (const [, table = ''] of text.matchAll(sqlTable)) if (!names.includes(table)) names.push(table);
}
