// What a read asks for: the tables of its SQL, the names on the way to it, the keys that it is asked by, and whether they name
// an owner.

import { nodeKinds } from '../model/flow-graph.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../model/program.ts';
import type { DataRules } from '../model/rule.ts';
import { onlyText } from './fold-text.ts';
import { singular, wordsOf } from './identifier.ts';

const maxHops = 6;
/** The fields of an update that hold whom it came from. */
const senders = /^(?:from|author|source|peer)$/;
/** What a query is asked by, written as a call: `where(and(eq(staff.chat, id), isNull(staff.left)))`. */
const conditions = /^(?:and|or|eq|equals|inArray|where|filter|is|match)$/i;
const sqlStart = /^\s*(?:select|with)\b/i;
const sqlTable = /\b(?:from|join)\s+["`[]?(?:\w+\.)?(\w+)/gi;

/** The words that name an owner. */
export function ownersOf(data: DataRules): ReadonlySet<string> {
  return new Set(data.naming.owners.flatMap((word) => wordsOf(word)));
}

/** True where one of the names has such a word. */
export function isAboutOwner(owners: ReadonlySet<string>, names: readonly string[]): boolean {
  return names.some((name) => wordsOf(name).some((word) => owners.has(word) || owners.has(singular(word))));
}

// A function's name counts where it asks for a list, or for what a market says: one plan may well be somebody's.
function isMarketRead(name: string): boolean {
  return (
    singular(name) !== name ||
    /(?:Ticker|Quote|Price|(?:Exchange|Conversion|Fx|Currency)Rate|OHLCV|OrderBook)$/.test(name)
  );
}

/** True where a read names an owner in its words or its address, or is asked by the id of whom the bot talks to. */
export function asksForOwner(
  program: Program,
  owners: ReadonlySet<string>,
  call: LinkedCall,
  urls: readonly string[],
): boolean {
  if (urls.some((url) => isAboutOwner(owners, url.replace(/^\w+:\/\/[^/]*/, '').split(/[/?&=]+/)))) return true;
  if (isAboutOwner(owners, questionOf(program, call).words)) return true;
  return chainOf(program, call).some(({ args }) => args.some((arg) => isOwnersId(program, owners, arg, 4)));
}

/** A call, and those that it is chained to: `where(…)`, `from(…)`, `select()`. */
export function chainOf(program: Program, call: LinkedCall): readonly LinkedCall[] {
  const chain = [call];
  for (let at = madeBy(program, call.receiver); at && chain.length < maxHops; at = madeBy(program, at.receiver))
    chain.push(at);
  return chain;
}

// ctx.from.id, message.author.id, chatId, [userId], { where: { id: sender } }, eq(staff.chat, id)
function isOwnersId(program: Program, owners: ReadonlySet<string>, node: number, depth: number): boolean {
  const names: string[] = [];
  let at = node;
  for (let hops = 0; hops < 3 && at >= 0; hops++) {
    names.push(nameOfNode(program, at));
    at = program.kinds[at] === nodeKinds.member ? (program.inFrom[program.inStart[at] ?? 0] ?? -1) : -1;
  }
  if (isAboutOwner(owners, names) || names.some((name) => senders.test(name))) return true;
  const made = program.calls[program.callOf.get(node) ?? -1];
  if (made && made.targets.length === 0 && depth > 1 && conditions.test(made.name))
    return made.args.some((arg) => isOwnersId(program, owners, arg, depth - 1));
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0) && depth > 0; i++) {
    const op = program.inOp[i];
    if (op !== programOps.store && op !== programOps.copy && op !== programOps.derive) continue;
    if (isOwnersId(program, owners, program.inFrom[i] ?? 0, depth - 1)) return true;
  }
  return false;
}

export interface Question {
  /** Tables of its SQL. */
  readonly tables: readonly string[];
  /** Names on the way to the call: `prisma.product.findMany`, `from('products')`. */
  readonly names: readonly string[];
  /** Words of all of these, and of what it is asked by. */
  readonly words: readonly string[];
}

/** Looks at a call and at those that it is chained to. */
export function questionOf(program: Program, call: LinkedCall): Question {
  const tables: string[] = [];
  const names: string[] = [...(isMarketRead(call.name) ? [call.name] : []), ...call.chain];
  const keys: string[] = [];
  let at: LinkedCall | undefined = call;
  for (let hops = 0; hops < maxHops && at; hops++) {
    for (const [i, arg] of at.args.entries()) {
      // Only the SQL, which comes first, is worth being followed through variables.
      const text: string | undefined = i === 0 ? onlyText(program, arg) : textOfNode(program, arg);
      if (text !== undefined && sqlStart.test(text)) {
        for (const [, table = ''] of text.matchAll(sqlTable)) tables.push(table);
        keys.push(...(text.replace(/\border\s+by\b/gi, '').match(/[A-Za-z_]\w*/g) ?? []));
      } else if (text !== undefined && /^[\w-]{2,40}$/.test(text)) (at === call ? keys : names).push(text);
      else keysOf(program, arg, 3, keys);
    }
    at = madeBy(program, at.receiver);
    if (at) names.push(at.name, ...at.chain);
  }
  const words = [...names, ...tables, ...keys].flatMap((name) => wordsOf(name).map(singular));
  return { tables, names, words };
}

// The call whose result a value is, perhaps behind a variable.
function madeBy(program: Program, node: number): LinkedCall | undefined {
  for (let at = node, hops = 0; at >= 0 && hops < maxHops; hops++) {
    const call = program.calls[program.callOf.get(at) ?? -1];
    if (call) return call;
    const start = program.inStart[at] ?? 0;
    if (program.inOp[start] !== programOps.copy) return undefined;
    at = program.inFrom[start] ?? -1;
  }
  return undefined;
}

// The names of the fields of an object, and of those below them: what a query is asked by.
function keysOf(program: Program, node: number, depth: number, keys: string[]): void {
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0) && depth > 0; i++) {
    const isField = program.inOp[i] === programOps.store;
    if (!isField && program.inOp[i] !== programOps.copy) continue;
    if (isField) keys.push(program.strings[program.inLabel[i] ?? 0] ?? '');
    keysOf(program, program.inFrom[i] ?? 0, depth - 1, keys);
  }
}
