// What the calls of a query say of its result: the tables it asks, and which columns go under which names.

import { nodeKinds } from '../../model/flow-graph.ts';
import type { LinkedCall, Program } from '../../model/program.ts';
import { nameOfNode, programOps, spanOfNode, textOfNode } from '../../model/program.ts';
import { fieldsOf } from './outgoing.ts';
import { projectionOf } from './projection.ts';
import { isSql, parseSql } from './sql-query.ts';

export interface QueryParts {
  /** Tables that SQL texts name. */
  readonly tables: readonly string[];
  /** Constant texts that may name a model: `collection('payments')`, `{ TableName: 'loans' }`. */
  readonly texts: readonly string[];
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly order: readonly string[];
  /** Columns that are not asked for. */
  readonly hidden: readonly string[];
}

const maxDepth = 5;
const holderKeys =
  /^(?:TableName|table|tableName|collection|range|sheet|sheetName|worksheet|from|model|source|dataset)$/;
const selecting =
  /^(?:select|addSelect|selectDistinct|selectDistinctOn|selectRaw|columns?|sum|avg|min|max|sumDistinct)$/;
const grouping = /^(?:aggregate|group|project|addFields|set)$/;
const notNames =
  /^(?:on|once|emit|off|command|hears|action|callbackQuery|t|i18n|translate|require|log|info|warn|error|debug|getenv|test|match|replace|split|join|includes|startsWith|endsWith|indexOf|use|trigger|reply\w*|send\w*|setTitle|setDescription|setName|addField|button|text)$/i;

/** What one call of a query says. */
export function partsOf(program: Program, call: LinkedCall): QueryParts {
  const tables: string[] = [];
  const texts: string[] = [];
  const order: string[] = [];
  const aliases = new Map<string, readonly string[]>();
  const all = textsOf(program, call);
  for (const text of all) {
    if (isSql(text)) {
      const query = parseSql(text);
      tables.push(...query.tables);
      if (query.isAll) aliases.set('*', query.tables);
      for (const [name, made] of query.columns) aliases.set(name, made);
      order.push(...query.order);
    } else noteNames(text, call.name, aliases);
  }
  for (const arg of call.args.flatMap((one) => [one, ...madeOf(program, one)])) {
    const text = textOfNode(program, arg);
    const name = nameOfNode(program, arg);
    if (text === undefined && name !== '' && isTable(program, call, arg, name)) texts.push(name);
    if (text !== undefined && !notNames.test(call.name)) texts.push(...modelTexts(text));
    if (program.kinds[arg] === nodeKinds.object) {
      for (const [key, value] of fieldsOf(program, arg)) {
        const held = holderKeys.test(key) ? textOfNode(program, value) : undefined;
        if (held !== undefined) texts.push(...modelTexts(held));
        if (key === 'attributes' || key === 'include') notePairs(program, value, aliases, 0);
      }
    }
    if (grouping.test(call.name)) noteFields(program, arg, aliases, 0);
    if (selecting.test(call.name)) noteSelected(program, arg, aliases);
  }
  if (/^(?:select|addSelect)$/.test(call.name) && call.args.length === 2) {
    const [expression = '', name = ''] = call.args.map((arg) => textOfNode(program, arg) ?? '');
    if (/^\w+$/.test(name) && /[.(]/.test(expression)) aliases.set(name, columnsIn(expression));
  }
  const { shown, hidden } = projectionOf(program, call);
  for (const name of shown) if (!aliases.has(name)) aliases.set(name, [name]);
  return { tables, texts, aliases, order, hidden };
}

// getRepository(Payslip), from(mortgages): a class or a table in an argument's place.
function isTable(program: Program, call: LinkedCall, arg: number, name: string): boolean {
  if (program.kinds[arg] === nodeKinds.call) return false;
  return /^(?:from|into|table|getRepository|getMongoRepository|update|insert|leftJoin|innerJoin|getModelToken|sheet)$/.test(
    call.name,
  )
    ? true
    : /^\p{Lu}\p{Ll}/u.test(name) && /^(?:find|get|count|create|select|query)/.test(call.name);
}

// send(new GetCommand({ TableName: 'payouts' })), get(ref(db, 'wallets/1')), getDocs(query(collection(db, 'debts')))
function madeOf(program: Program, arg: number, depth = 0): readonly number[] {
  const made = program.calls[program.callOf.get(arg) ?? -1];
  if (!made || depth > 3) return [];
  const isPlace = /^(?:ref|doc|collection|collectionGroup|query|child)$/.test(made.name);
  if (isPlace) return made.args.flatMap((one) => [one, ...madeOf(program, one, depth + 1)]);
  return made.isNew ? made.args : [];
}

// 'Expenses!A2:D', 'wallet:*', 'accounts/42', './data/expenses.json'
function modelTexts(text: string): string[] {
  // A file of a database holds many tables.
  if (text.length > 60 || /\s{2}|[<>{}\n?]|\.(?:db3?|sqlite3?)$/.test(text)) return [];
  const parts = text
    .replace(/!.*$/, '')
    .replace(/\.(?:json|csv|xlsx?)$/, '')
    .split(/[/:*\\]+/);
  return parts.filter((part) => /^[\p{L}_][\p{L}\p{N}_. -]*$/u.test(part)).reverse();
}

/** Constant texts of a call's arguments, lists and tagged templates included. */
function textsOf(program: Program, call: LinkedCall): string[] {
  const found: string[] = [];
  for (const [i, arg] of call.args.entries()) {
    const text = textOfNode(program, arg) ?? (i === 0 ? taggedText(program, arg) : undefined);
    if (text !== undefined) found.push(text);
    const kind = program.kinds[arg];
    if (kind === nodeKinds.array || kind === nodeKinds.object)
      for (const [key, value] of fieldsOf(program, arg)) {
        const inner = textOfNode(program, value);
        if (inner !== undefined && (kind === nodeKinds.array || /^(?:sql|text|query|statement)$/.test(key)))
          found.push(inner);
      }
  }
  return found;
}

const templatesAt = new WeakMap<Program, ReadonlyMap<string, number>>();

/** sql`SELECT … ${id}`: the tag is given the pieces; the template stands at the same place. */
export function taggedText(program: Program, arg: number): string | undefined {
  if (program.kinds[arg] !== nodeKinds.literal || arg >= program.extra) return undefined;
  let known = templatesAt.get(program);
  if (!known) {
    known = new Map([...program.templates.keys()].map((node) => [placeOf(program, node), node] as const));
    templatesAt.set(program, known);
  }
  const template = known.get(placeOf(program, arg));
  if (template === undefined) return undefined;
  const parts = program.templates.get(template) ?? [];
  return parts.map((part) => (typeof part === 'string' ? part : '$1')).join('');
}

function placeOf(program: Program, node: number): string {
  const { file, start, end } = spanOfNode(program, node);
  return `${file}/${start}/${end}`;
}

// knex.sum('amount as total'), supabase.select('figure:balance')
function noteNames(text: string, method: string, aliases: Map<string, readonly string[]>): void {
  const isCount = /^count/.test(method);
  for (const part of text.length < 400 && (isCount || selecting.test(method)) ? text.split(',') : []) {
    const [, expression = '', name = ''] = /^\s*([\s\S]+?)\s+as\s+(\w+)\s*$/i.exec(part) ?? [];
    if (name !== '') aliases.set(name, isCount ? [] : columnsIn(expression));
    const [, alias = '', column = ''] = /^\s*(\w+)\s*:\s*(\w+)(?:::\w+)?\s*$/.exec(part) ?? [];
    if (alias !== '' && method === 'select') aliases.set(alias, [column]);
  }
}

function columnsIn(expression: string): readonly string[] {
  return parseSql(`SELECT ${expression} AS x FROM t`).columns.get('x') ?? [];
}

// { $group: { _id: null, figure: { $sum: '$amount' } } }
function noteFields(program: Program, node: number, aliases: Map<string, readonly string[]>, depth: number): void {
  if (depth > maxDepth) return;
  for (const [key, value] of fieldsOf(program, node)) {
    const columns = dollarsIn(program, value, 0);
    if (columns.length > 0 && !/^[$\d[]|^_id$/.test(key)) aliases.set(key, columns);
    noteFields(program, value, aliases, depth + 1);
  }
}

function dollarsIn(program: Program, node: number, depth: number): string[] {
  const text = textOfNode(program, node);
  if (text !== undefined) return /^\$[\w.]+$/.test(text) ? [text.replace(/^.*[$.]/, '')] : [];
  if (depth > maxDepth) return [];
  return fieldsOf(program, node).flatMap(([, value]) => dollarsIn(program, value, depth + 1));
}

// select({ figure: sum(payments.amount) }), sum({ figure: 'amount' })
function noteSelected(program: Program, node: number, aliases: Map<string, readonly string[]>): void {
  if (program.kinds[node] !== nodeKinds.object) return;
  for (const [key, value] of fieldsOf(program, node)) {
    const columns = mentioned(program, value, 0);
    if (columns.length > 0) aliases.set(key, columns);
  }
}

function mentioned(program: Program, node: number, depth: number): string[] {
  if (depth > maxDepth) return [];
  const text = textOfNode(program, node);
  if (text !== undefined)
    return /^[\w.]+$/.test(text) ? [text.replace(/^.*\./, '')] : isSql(`SELECT ${text}`) ? [...columnsIn(text)] : [];
  if (program.kinds[node] === nodeKinds.member) return [nameOfNode(program, node)];
  const call = program.calls[program.callOf.get(node) ?? -1];
  if (call) {
    if (/^count/i.test(call.name)) return [];
    const own = call.args.flatMap((arg) => mentioned(program, arg, depth + 1));
    return own.length > 0 || call.receiver < 0 ? own : mentioned(program, call.receiver, depth + 1);
  }
  const start = program.inStart[node] ?? 0;
  const isCopy = (program.inStart[node + 1] ?? 0) - start === 1 && program.inOp[start] === programOps.copy;
  return isCopy ? mentioned(program, program.inFrom[start] ?? 0, depth + 1) : [];
}

// attributes: [[fn('SUM', col('amount')), 'figure']]
function notePairs(program: Program, node: number, aliases: Map<string, readonly string[]>, depth: number): void {
  if (depth > maxDepth) return;
  const fields = new Map(fieldsOf(program, node));
  const name = textOfNode(program, fields.get('1') ?? -1);
  const first = fields.get('0');
  if (name !== undefined && first !== undefined && fields.size === 2) {
    const columns = mentioned(program, first, 0).filter((one) => !/^(?:sum|avg|min|max|count)$/i.test(one));
    if (columns.length > 0) aliases.set(name, columns);
  }
  for (const value of fields.values())
    if (program.kinds[value] === nodeKinds.array || program.kinds[value] === nodeKinds.object)
      notePairs(program, value, aliases, depth + 1);
}
