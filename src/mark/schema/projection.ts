// Which columns a query asks for, and which it leaves out: select, attributes, projection, omit, in the ways of the ORMs.

import { nodeKinds } from '../../model/flow-graph.ts';
import type { LinkedCall, Program } from '../../model/program.ts';
import { textOfNode } from '../../model/program.ts';
import { fieldsOf } from './outgoing.ts';

export interface Projection {
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
}

const choosing = /^(?:select|addSelect|columns?|first|returning)$/;
/** Keys of an object of settings under which columns stand. */
const chosen = /^(?:select|attributes|projection|fields|columns)$/;
const left = /^(?:omit|exclude)$/;
const finding = /^find(?:One|ById|OneAndUpdate|ByIdAndUpdate)?$/;
const column = /^[+-]?[\p{L}_][\p{L}\p{N}_.]*$/u;
const maxDepth = 4;
const yes = new Set(['boolean:true', 'number:1']);
const no = new Set(['boolean:false', 'number:0']);

/** Reads the columns of one call of a query. */
export function projectionOf(program: Program, call: LinkedCall): Projection {
  const shown: string[] = [];
  const hidden: string[] = [];
  const into = { shown, hidden };
  call.args.forEach((arg, i) => {
    const isObject = program.kinds[arg] === nodeKinds.object;
    if (choosing.test(call.name) && !isObject) noteTexts(program, arg, into);
    if (!isObject) {
      // findOne(filter, 'name city')
      if (finding.test(call.name) && i > 0 && textOfNode(program, arg) !== undefined) noteTexts(program, arg, into);
      return;
    }
    // findOne(filter, { name: 1 }), select({ name: 1 })
    if ((finding.test(call.name) && i === 1) || call.name === 'select') noteFlags(program, arg, into, 0);
    for (const [key, value] of fieldsOf(program, arg)) {
      if (chosen.test(key)) noteFlags(program, value, into, 0);
      else if (left.test(key)) noteLeft(program, value, hidden);
    }
  });
  return { shown, hidden };
}

interface Into {
  readonly shown: string[];
  readonly hidden: string[];
}

// 'name, city', 'name -iban', ['name', 'city'], 'name, accounts(balance)'
function noteTexts(program: Program, node: number, { shown, hidden }: Into): void {
  const text = textOfNode(program, node);
  const texts = text === undefined ? listed(program, node) : [text];
  for (const one of texts) {
    if (one.length > 400 || /[*'`=<>]|\bas\b|::/i.test(one)) continue;
    for (const part of one.split(/[\s,()]+/)) {
      const word = part.replaceAll('"', '').replace(/^.*:/, '');
      if (!column.test(word)) continue;
      const name = word.replace(/^[+-]|^.*\./g, '');
      (word.startsWith('-') ? hidden : shown).push(name.replace(/^.*\./, ''));
    }
  }
}

// { name: true, accounts: { select: { balance: true } }, iban: false }
function noteFlags(program: Program, node: number, into: Into, depth: number): void {
  if (program.kinds[node] !== nodeKinds.object) {
    noteTexts(program, node, into);
    return;
  }
  if (depth > maxDepth) return;
  for (const [key, value] of fieldsOf(program, node)) {
    const flag = flagOf(program, value);
    if (yes.has(flag)) into.shown.push(key);
    else if (no.has(flag)) into.hidden.push(key);
    else if (left.test(key)) noteLeft(program, value, into.hidden);
    else if (program.kinds[value] === nodeKinds.object) {
      if (!chosen.test(key) && depth % 2 === 0) into.shown.push(key);
      noteFlags(program, value, into, depth + 1);
    }
  }
}

function noteLeft(program: Program, node: number, hidden: string[]): void {
  for (const [key, value] of fieldsOf(program, node)) {
    const name = textOfNode(program, value);
    if (yes.has(flagOf(program, value))) hidden.push(key);
    else if (name !== undefined && column.test(name)) hidden.push(name);
  }
}

function flagOf(program: Program, node: number): string {
  return program.constants.get(node) ?? `number:${textOfNode(program, node) ?? ''}`;
}

function listed(program: Program, node: number): string[] {
  if (program.kinds[node] !== nodeKinds.array) return [];
  return fieldsOf(program, node).flatMap(([, value]) => textOfNode(program, value) ?? []);
}
