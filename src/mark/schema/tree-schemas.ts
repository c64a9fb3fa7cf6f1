// Schemas that the program's own code writes out: `new Schema({ total: Number })`, `define('loan', { … })`,
// `pgTable('loans', { total: numeric('total') })`, `z.object({ … })`, migrations, entities, interfaces, SQL texts.
// What they have in common is an object whose fields are types; whatever holds it gives it its name.

import { nodeKinds } from '../../model/flow-graph.ts';
import type { LinkedCall, Program } from '../../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../../model/program.ts';
import type { Outgoing } from './outgoing.ts';
import type { Column, Schemas } from './schemas.ts';
import { columnOf, isTypeName, kindOfType } from './schemas.ts';
import { sqlTables } from './sql-schema.ts';

const maxHops = 40;
const maxDepth = 4;
const nameText = /^[\p{L}_][\p{L}\p{N}_.$ -]{1,40}$/u;
/** `Number(x)` makes a number, `numeric('total')` a column. */
const conversions = /^(?:Number|String|Boolean|Date|BigInt|Decimal|parseInt|parseFloat|get\w*|set\w*)$/;

/** Adds what the program says of its models. */
export function addTreeSchemas(program: Program, outgoing: Outgoing, schemas: Schemas): void {
  for (let node = 0; node < program.extra; node++) {
    if (program.kinds[node] !== nodeKinds.object) continue;
    const columns = columnsOf(program, node);
    if (columns.length === 0) continue;
    for (const name of namesOf(program, outgoing, node)) schemas.add(name, columns);
  }
  for (const call of program.calls) addMigration(program, call, schemas);
  for (const one of program.declarations) {
    const columns = one.members.map((member, i) => declaredColumn(member, one.types[i] ?? '', one.tags[i] ?? false));
    schemas.add(one.name, columns);
  }
  for (const text of program.strings) {
    if (text.length < 20 || !/\b(?:create|alter)\b/i.test(text) || !/\btable\b/i.test(text)) continue;
    for (const { names, columns } of sqlTables(text)) for (const name of names) schemas.add(name, columns);
  }
}

// `total: number`, `due: Money`; a name of another type may be a relation.
function declaredColumn(member: string, type: string, isSensitive: boolean): Column {
  const column = columnOf(member, type, { isSensitive });
  if (column.kind !== 'unknown' || !/^\p{Lu}\w+$/u.test(type)) return column;
  return { ...column, kind: 'relation', target: type };
}

// The columns of an object of types; none where most of its fields are something else.
function columnsOf(program: Program, node: number): Column[] {
  const found: Column[] = [];
  let fields = 0;
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
    if (program.inOp[i] !== programOps.store) continue;
    fields++;
    const name = program.strings[program.inLabel[i] ?? 0] ?? '';
    if (name === 'type' || name === '') return [];
    const column = typedAs(program, program.inFrom[i] ?? 0, name, 0);
    if (column) found.push(column);
  }
  return found.length * 2 >= fields ? found : [];
}

function typedAs(program: Program, node: number, name: string, depth: number): Column | undefined {
  if (depth > maxDepth) return undefined;
  const own = nameOfNode(program, node);
  switch (program.kinds[node]) {
    case nodeKinds.global:
      return isTypeName(own) ? columnOf(name, own) : undefined;
    case nodeKinds.member:
      return isTypeName(own) && /^\p{Lu}/u.test(own) ? columnOf(name, own) : undefined;
    case nodeKinds.call:
      return typeOfChain(program, node, name);
    case nodeKinds.object: {
      const type = fieldOf(program, node, 'type') ?? fieldOf(program, node, '$type');
      if (type === undefined) return undefined;
      const text = program.kinds[type] === nodeKinds.literal ? textOfNode(program, type) : undefined;
      if (text !== undefined) return kindOfType(text) === 'unknown' ? undefined : columnOf(name, text);
      return typedAs(program, type, name, depth + 1);
    }
    case nodeKinds.array:
      return undefined;
    default: {
      const start = program.inStart[node] ?? 0;
      const isCopy = (program.inStart[node + 1] ?? 0) - start === 1 && program.inOp[start] === programOps.copy;
      return isCopy ? typedAs(program, program.inFrom[start] ?? 0, name, depth + 1) : undefined;
    }
  }
}

// numeric('total', { precision: 12 }).notNull(), z.number().optional(), DataTypes.DECIMAL(12, 2)
function typeOfChain(program: Program, node: number, name: string): Column | undefined {
  let at: number = node;
  for (let hops = 0; hops < 8; hops++) {
    const call = program.calls[program.callOf.get(at) ?? -1];
    if (!call) return undefined;
    if (isTypeName(call.name) && !conversions.test(call.name)) return columnOf(name, call.name);
    at = call.receiver;
    if (at < 0) return undefined;
    // DataTypes.DECIMAL(10).UNSIGNED ends in a member.
    if (program.kinds[at] === nodeKinds.member && isTypeName(nameOfNode(program, at)))
      return columnOf(name, nameOfNode(program, at));
  }
  return undefined;
}

function fieldOf(program: Program, node: number, field: string): number | undefined {
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
    if (program.inOp[i] === programOps.store && program.strings[program.inLabel[i] ?? 0] === field)
      return program.inFrom[i];
  }
  return undefined;
}

// The names that an object of types goes under: variables, texts and options of the calls it is given to.
function namesOf(program: Program, outgoing: Outgoing, node: number): Set<string> {
  const names = new Set<string>();
  const seen = new Set([node]);
  for (const at of seen) {
    if (seen.size > maxHops) break;
    if (program.kinds[at] === nodeKinds.variable) names.add(nameOfNode(program, at));
    for (const index of outgoing.given.get(at) ?? []) {
      const call = program.calls[index];
      if (!call || call.targets.length > 0) continue;
      if (/^(?:init|define|model|schema|object|[a-z]+Table)$/i.test(call.name)) {
        const [holder = ''] = call.chain;
        if (/^init$/i.test(call.name)) names.add(holder);
      }
      for (const arg of call.args) for (const text of textsOf(program, arg)) names.add(text);
      seen.add(call.node);
    }
    for (let i = outgoing.start[at] ?? 0; i < (outgoing.start[at + 1] ?? 0); i++) {
      const op = program.inOp[outgoing.edge[i] ?? 0];
      const label = program.strings[program.inLabel[outgoing.edge[i] ?? 0] ?? 0] ?? '';
      const isPart = op === programOps.store && /^(?:properties|columns|fields|schema|attributes)$/.test(label);
      if (op === programOps.copy || isPart) seen.add(outgoing.to[i] ?? 0);
    }
  }
  return names;
}

const nameOptions = ['modelName', 'tableName', 'collection', 'name', 'title', 'table'];

function textsOf(program: Program, arg: number): string[] {
  const text = textOfNode(program, arg);
  if (text !== undefined) return nameText.test(text) ? [text] : [];
  if (program.kinds[arg] !== nodeKinds.object) return [];
  return nameOptions.flatMap((option) => {
    const value = textOfNode(program, fieldOf(program, arg, option) ?? -1);
    return value !== undefined && nameText.test(value) ? [value] : [];
  });
}

// createTable('loans', (table) => { table.decimal('amount', 12, 2) })
function addMigration(program: Program, call: LinkedCall, schemas: Schemas): void {
  if (!/^(?:createTable\w*|alterTable|table)$/.test(call.name)) return;
  const table = textOfNode(program, call.args[0] ?? -1);
  const builders = new Set(call.callbacks.flat());
  if (table === undefined || builders.size === 0) return;
  const columns = callsOf(program, builders).flatMap((one) => {
    const column = textOfNode(program, one.args[0] ?? -1);
    if (column === undefined || !isTypeName(one.name)) return [];
    return [columnOf(column, /(?:^|_)id$/i.test(column) ? 'id' : one.name)];
  });
  schemas.add(table, columns);
}

const callsByOwner = new WeakMap<Program, Map<number, LinkedCall[]>>();

function callsOf(program: Program, functions: ReadonlySet<number>): LinkedCall[] {
  let byOwner = callsByOwner.get(program);
  if (!byOwner) {
    byOwner = new Map();
    for (const call of program.calls) {
      const list = byOwner.get(call.owner);
      if (list) list.push(call);
      else byOwner.set(call.owner, [call]);
    }
    callsByOwner.set(program, byOwner);
  }
  return [...functions].flatMap((func) => byOwner.get(func) ?? []);
}
