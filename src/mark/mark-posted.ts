// A request that sends a record and is answered with it (`POST /rest/v1/entries`) → the values that the record was made of: what
// comes back under their names is no stored data.

import type { WrittenRow } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { RequestMark } from './mark-http.ts';
import type { Holder } from './nodes-of.ts';

/** Addresses that answer with something else than what they are given. */
const asks =
  /(?:search|quer(?:y|ies)|find|filter|lookup|list|graphql|rpc|convert|exchange|quote|estimate|predict|calc|report|statement|balance|summary|history|oauth|token|login|batch)/i;
const maxNodes = 80;

/** By call node: the fields of the record that a request was given. */
export function markPosted(program: Program, requests: readonly RequestMark[]): Map<number, WrittenRow> {
  const rows = new Map<number, WrittenRow>();
  for (const { call, urls, isModel, bodies } of requests) {
    if (isModel || bodies.length === 0 || urls.some((url) => asks.test(url))) continue;
    const row = new Map<string, number[]>();
    for (const body of bodies) for (const node of valuesAt(program, body)) fieldsOf(program, node, row);
    const node = program.calls[call]?.node ?? -1;
    if (row.size > 0 && node >= 0) rows.set(node, row);
  }
  return rows;
}

// { method: 'POST', body: … }
function valuesAt(program: Program, { node, path }: Holder): readonly number[] {
  let here: readonly number[] = [node];
  for (const field of path) {
    const open = [...here];
    const found: number[] = [];
    for (let at = 0; at < open.length && at < maxNodes; at++) {
      for (const { from, op, name } of into(program, open[at] ?? -1)) {
        if (op === programOps.store && name === field) found.push(from);
        else if (op === programOps.copy && !open.includes(from)) open.push(from);
      }
    }
    here = found;
  }
  return here;
}

// JSON.stringify([{ amount, category: found.category ?? 'other' }])
function fieldsOf(program: Program, body: number, row: Map<string, number[]>): void {
  const open = [body];
  for (let at = 0; at < open.length && at < maxNodes; at++) {
    for (const { from, op, name, call } of into(program, open[at] ?? -1)) {
      const isWhole = op === programOps.copy || (op === programOps.library && isSerializer(program, call));
      if (!isWhole && op !== programOps.store) continue;
      if (op === programOps.store && /^\p{L}\w*$/u.test(name)) row.set(name, [...(row.get(name) ?? []), from]);
      if (!open.includes(from)) open.push(from);
    }
  }
}

function isSerializer(program: Program, call: number): boolean {
  return /^(?:stringify|URLSearchParams|toString)$/.test(program.calls[call]?.name ?? '');
}

interface Step {
  readonly from: number;
  readonly op: number;
  /** The field of a store. */
  readonly name: string;
  /** The call of a library's step. */
  readonly call: number;
}

function into(program: Program, node: number): Step[] {
  const steps: Step[] = [];
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
    const label = program.inLabel[i] ?? 0;
    const op = program.inOp[i] ?? -1;
    const name = op === programOps.store ? (program.strings[label] ?? '') : '';
    steps.push({ from: program.inFrom[i] ?? -1, op, name, call: op === programOps.library ? label : -1 });
  }
  return steps;
}
