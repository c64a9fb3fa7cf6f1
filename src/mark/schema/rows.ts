// Where the fields of rows and answers are read: a walk forward from each read of a store and each call of a known API,
// through variables, functions, lists and fields, without callers. Evidence, not flow.

import { isAside } from '../../model/flow-graph.ts';
import { placesOf } from '../../model/list-places.ts';
import type { LinkedCall, Program } from '../../model/program.ts';
import { programOps, textOfNode } from '../../model/program.ts';
import type { ApiRule } from '../../model/rule.ts';
import { surroundingsOf } from '../surroundings.ts';
import { answersOf } from './apis.ts';
import { graphqlIn, isGraphqlMaker } from './graphql.ts';
import type { Outgoing } from './outgoing.ts';
import type { PostedBody } from './posted-bodies.ts';
import { partsOf } from './query-parts.ts';

/** One read of a store, one call of an API, or the body of one request. */
export interface Origin {
  /** Of a body, a number that no call has. */
  readonly call: number;
  /** Names that may be those of its model, the likeliest first. */
  readonly names: readonly string[];
  /** Result column → the columns it is made of; `*` stands for all of the tables. */
  readonly aliases: Map<string, readonly string[]>;
  /** Columns that the query leaves out. */
  readonly hidden: Set<string>;
  readonly apis: readonly ApiRule[];
  /** Asked in SQL. */
  readonly isQuery: boolean;
  /** Nothing is known of the call but the name of the model that it is given. */
  readonly isNamed: boolean;
  /** Aliases hold on the whole way down, not in a row alone. */
  readonly isNested: boolean;
}

/** A field of a row or answer, by the fields that were read down to it. `isWhole`: the value with all that is in it. */
export interface Reading {
  readonly origin: Origin;
  readonly path: readonly string[];
  readonly isWhole: boolean;
  /** Fields that are gone: `{ iban, ...rest }`, `delete row.iban`, `{ ...row, iban: '' }`. */
  readonly without?: readonly string[];
  /** The only fields of it that are written out. */
  readonly only?: readonly string[];
}

export interface Rows {
  readonly readings: ReadonlyMap<number, readonly Reading[]>;
  /** Nodes that hold a row, a list of rows, or a part of one. */
  readonly holders: ReadonlyMap<number, readonly Reading[]>;
  /** Results of calls that are known to read a store by what they are given alone. */
  readonly queries: ReadonlySet<number>;
}

const maxPath = 8;
const maxStack = 3;
const maxOriginStates = 3000;
const maxStates = 400_000;
/** A place that rows of more reads reach is a helper that says nothing of any. */
const maxOrigins = 6;
/** `accounts.get(id)` reads an account; what `accounts.ticket(id)` gives is not known. */
const asksFor =
  /^(?:get|find|fetch|load|list|read|query|select|search|retrieve|all|first|last|one|many|scan|where|filter|by|lookup|peek|at)(?![a-z])/;
const writes = /^(?:create|insert|update|upsert|save|merge|returning$|findOneAnd|findByIdAnd)/;
/** createOrder('BTC', 'market', 'buy'): what is asked for names no table. */
const orders = /^(?:create|place|submit|cancel|edit)\w*Orders?$/;
/** A row of a sheet, in a path. */
export const row = '#row';
const scalars = /^(?:sum|avg|min|max|distinct)$/;

interface State {
  readonly node: number;
  readonly stack: readonly string[];
  readonly path: readonly string[];
  /** The one column that the rows have been reduced to. */
  readonly plucked: string;
  readonly without: readonly string[];
}

/** Finds the fields that are read of rows and answers. */
export function rowsOf(
  program: Program,
  outgoing: Outgoing,
  apisOf: (call: number) => readonly ApiRule[],
  urlsOf: ReadonlyMap<number, readonly string[]>,
  isModel: (name: string) => boolean,
  isKnown: (call: LinkedCall) => boolean,
  posted: readonly PostedBody[],
): Rows {
  const readings = new Map<number, Reading[]>();
  const holders = new Map<number, Reading[]>();
  const queries = new Set<number>();
  let visited = 0;
  program.calls.forEach((call, index) => {
    if (visited > maxStates) return;
    const apis = apisOf(index);
    const urls = urlsOf.get(index)?.filter((url) => url !== '') ?? [];
    const asked =
      apis.length > 0
        ? { ...noNames, call: index, aliases: new Map(), hidden: new Set<string>(), apis }
        : graphqlOrigin(program, call, index);
    const origin =
      asked ??
      (urls.length > 0
        ? requestOrigin(index, urls, isModel)
        : isKnown(call)
          ? undefined
          : storeOrigin(program, call, index, isModel));
    if (!origin) return;
    if (
      (origin.isQuery || (origin.isNamed && isRead(program, call))) &&
      call.targets.length === 0 &&
      call.models.length === 0
    )
      queries.add(call.node);
    visited += new Walk(program, outgoing, origin, readings, holders).run(call);
  });
  for (const { node, apis } of posted) {
    const origin = { ...noNames, call: -2 - node, aliases: new Map(), hidden: new Set<string>(), apis };
    visited += new Walk(program, outgoing, origin, readings, holders).runFrom(node);
  }
  for (const [node, found] of readings)
    if (new Set(found.map((one) => one.origin)).size > maxOrigins) readings.delete(node);
  return { readings, holders, queries };
}

// find(…), send(new ScanCommand({ TableName: 'pots' }))
function isRead(program: Program, call: LinkedCall): boolean {
  if (call.isNew) return false;
  const made = program.calls[program.callOf.get(call.args[0] ?? -1) ?? -1];
  return call.name === 'send' ? /^(?:Get|BatchGet|Scan|Query)/.test(made?.name ?? '') : asksFor.test(call.name);
}

const noNames: Omit<Origin, 'call' | 'aliases' | 'hidden'> = {
  names: [],
  apis: [],
  isQuery: false,
  isNamed: false,
  isNested: false,
};

// client.request(gql`{ me { funds: balance } }`): the names on the way down are those of fields.
function graphqlOrigin(program: Program, call: LinkedCall, index: number): Origin | undefined {
  if (call.isNew || isGraphqlMaker.test(call.name)) return undefined;
  for (const arg of call.args.slice(0, 3)) {
    const query = graphqlIn(program, arg);
    if (query)
      return {
        ...noNames,
        call: index,
        names: [query.root],
        aliases: new Map(query.aliases),
        hidden: new Set(),
        isNested: true,
      };
  }
  return undefined;
}

// GET …/v1/loans/42: the nearest word of the path that means something.
function requestOrigin(call: number, urls: readonly string[], isModel: (name: string) => boolean): Origin | undefined {
  // A helper that asks for many things says nothing of any.
  if (urls.length > 2) return undefined;
  const found = urls.flatMap((url) => {
    const path = url.replace(/^https?:\/\/[^/]*|[?#].*$/g, '').replace(/\{[^}]*\}/g, '');
    const names = path.split('/').filter((one) => /^[a-z][\w-]{2,40}$/i.test(one));
    return names.reverse().filter(isModel);
  });
  return found.length > 0 ? { ...noNames, call, names: found, aliases: new Map(), hidden: new Set() } : undefined;
}

// A call reads a store when a model says so, when it is given an SQL text, or when nothing is known of it but a model's name.
function storeOrigin(
  program: Program,
  call: LinkedCall,
  index: number,
  isModel: (name: string) => boolean,
): Origin | undefined {
  if (
    call.targets.length > 0 &&
    !call.args.some((arg) => /^\s*(?:select|with|insert|update)\b/i.test(textOfNode(program, arg) ?? ''))
  )
    return undefined;
  const own = partsOf(program, call);
  const isStored = call.models.some((model) => model.origin === 'stored');
  const isQuery = own.tables.length > 0;
  const holder = asksFor.test(call.name) ? call.chain.slice(0, 1) : [];
  const isOpen = call.models.every(({ origin, flow }) => origin === '' && flow.some((one) => one.startsWith('this')));
  const isNamed = isOpen && [...(orders.test(call.name) ? [] : own.texts), ...holder].some(isModel);
  const isWritten = givesWritten(call);
  if (!isStored && !isQuery && !isNamed && !isWritten) return undefined;
  const aliases = new Map(own.aliases);
  const hidden = new Set(own.hidden);
  const names = [...own.tables, ...own.texts];
  const tables = new Set(own.tables);
  if (isStored || isNamed || isWritten) {
    const around = surroundingsOf(program, call.receiver >= 0 ? call.receiver : call.node);
    for (const other of around.calls.slice(0, 8)) {
      const one = program.calls[other];
      if (!one || one === call) continue;
      const parts = partsOf(program, one);
      names.push(...parts.tables, ...(tables.size > 0 ? [] : parts.texts));
      for (const table of parts.tables) tables.add(table);
      for (const [name, made] of parts.aliases) if (!aliases.has(name)) aliases.set(name, made);
      for (const name of parts.hidden) hidden.add(name);
    }
    // What SQL names goes before whatever else is called so: the file of a database, a variable.
    if (!names.some((name) => tables.has(name))) names.push(...call.chain, ...around.names);
  }
  if (isWritten && !isStored && !isQuery && !names.some(isModel)) return undefined;
  return { call: index, names: [...new Set(names)], aliases, hidden, apis: [], isQuery, isNamed, isNested: false };
}

// update(…), findOneAndUpdate(…), returning(): gives back what was written, as a row of its table.
function givesWritten(call: LinkedCall): boolean {
  if (!writes.test(call.name) || call.models.length === 0) return false;
  if (call.models.some(({ origin }) => origin !== '')) return false;
  return call.name === 'returning' || call.models.some(({ flow }) => flow.some(isToResult));
}

function isToResult(flow: string): boolean {
  return /-> result/.test(flow) && !/^(?:this|result)\b|\.return /.test(flow);
}

class Walk {
  private readonly seen = new Set<string>();
  private readonly queue: State[] = [];
  private readonly program: Program;
  private readonly outgoing: Outgoing;
  private readonly origin: Origin;
  private readonly readings: Map<number, Reading[]>;
  private readonly holders: Map<number, Reading[]>;

  constructor(
    program: Program,
    outgoing: Outgoing,
    origin: Origin,
    readings: Map<number, Reading[]>,
    holders: Map<number, Reading[]>,
  ) {
    this.program = program;
    this.outgoing = outgoing;
    this.origin = origin;
    this.readings = readings;
    this.holders = holders;
  }

  /** Returns how many states it took. */
  run(call: LinkedCall): number {
    const column = scalars.test(call.name) ? textOfNode(this.program, call.args[0] ?? -1) : undefined;
    const plucked = column !== undefined && /^\w+$/.test(column) ? column : '';
    for (const node of [call.node, ...answersOf(this.program, call, this.origin.apis)])
      this.visit({ node, stack: [], path: [], plucked, without: [] });
    if (plucked !== '') this.note(this.readings, call.node, [plucked], true);
    return this.drain();
  }

  /** The same, from a value that no call gave. */
  runFrom(node: number): number {
    this.visit({ node, stack: [], path: [], plucked: '', without: [] });
    return this.drain();
  }

  private drain(): number {
    for (let at = 0; at < this.queue.length && at < maxOriginStates; at++) this.step(this.queue[at] as State);
    return this.queue.length;
  }

  private visit(state: State): void {
    const key = `${state.node}/${state.stack.join('.')}/${state.path.join('.')}/${state.plucked}/${state.without.join('|')}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.queue.push(state);
    if (state.stack.length === 0) this.note(this.holders, state.node, state.path, false, state.without);
  }

  private note(
    list: Map<number, Reading[]>,
    node: number,
    path: readonly string[],
    isWhole: boolean,
    without: readonly string[] = [],
  ): void {
    const reading = { origin: this.origin, path, isWhole, without };
    const known = list.get(node);
    if (!known) list.set(node, [reading]);
    else if (known.length < 24) known.push(reading);
  }

  private step(state: State): void {
    const { program, outgoing } = this;
    const { node, stack, path } = state;
    if (stack.length === 0) for (const call of outgoing.asked.get(node) ?? []) this.ask(state, program.calls[call]);
    for (let i = outgoing.start[node] ?? 0; i < (outgoing.start[node + 1] ?? 0); i++) {
      const edge = outgoing.edge[i] ?? 0;
      const to = outgoing.to[i] ?? 0;
      const label = program.inLabel[edge] ?? 0;
      switch (program.inOp[edge]) {
        case programOps.load:
          this.load(state, to, program.strings[label] ?? '');
          break;
        case programOps.store:
          if (stack.length < maxStack)
            this.visit({ ...state, node: to, stack: [program.strings[label] ?? '', ...stack] });
          break;
        case programOps.except: {
          if (path.length > maxPath) break;
          const gone = stack.length === 0 ? (program.strings[label] ?? '').replaceAll('[].', '').split('|') : [];
          this.visit({ ...state, node: to, without: [...new Set([...state.without, ...gone])].sort() });
          break;
        }
        case programOps.derive:
        case programOps.absorb:
        case programOps.same:
        case programOps.changed:
          break;
        case programOps.library:
          // A chain is still what it began as; what a library makes of its arguments may be anything.
          if (program.calls[label]?.receiver === node) this.visit({ ...state, node: to });
          break;
        default:
          if (path.length <= maxPath) this.visit({ ...state, node: to });
      }
    }
  }

  private load(state: State, to: number, field: string): void {
    const [top, ...below] = state.stack;
    const last = state.path[state.path.length - 1] ?? '';
    // data.values[1][2] is a cell of a sheet, in the third column.
    const isSheet = last === 'values' || last === row;
    if (top === undefined && isSheet && /^(?:\[.*\]|\d+)$/.test(field)) {
      const path = [...state.path.slice(0, last === row ? -1 : undefined), last === row ? `#${field}` : row];
      if (last === row && /^\d/.test(field)) this.note(this.readings, to, path, false);
      this.visit({ ...state, node: to, path });
      return;
    }
    if (top !== undefined) {
      if (top === field || placesOf(top) || placesOf(field) || top === '[]' || field === '[]')
        this.visit({ ...state, node: to, stack: below });
      return;
    }
    // What a read fails with is no row.
    if (field === '~failure' || /^(?:length|size|byteLength|count)$/.test(field)) return;
    if (isAside(field) || placesOf(field) !== undefined || /^(?:\[.*\]|\d+)$/.test(field)) {
      this.visit({ ...state, node: to });
      return;
    }
    if (state.path.length >= maxPath) return;
    const path = [...state.path, field];
    this.note(this.readings, to, path, false);
    this.visit({ ...state, node: to, path, without: [] });
  }

  // A method of a row, or a further step of a query.
  private ask(state: State, call: LinkedCall | undefined): void {
    if (!call) return;
    const { program } = this;
    const key = call.args.length === 1 ? textOfNode(program, call.args[0] ?? -1) : undefined;
    if (
      key !== undefined &&
      /^(?:get|getDataValue|getValue|field)$/.test(call.name) &&
      /^[\p{L}_][\p{L}\p{N}_. -]*$/u.test(key)
    ) {
      this.load(state, call.node, key);
      return;
    }
    const parts = partsOf(program, call);
    for (const [name, made] of parts.aliases) if (!this.origin.aliases.has(name)) this.origin.aliases.set(name, made);
    for (const name of parts.hidden) this.origin.hidden.add(name);
    if (call.name === 'pluck' || scalars.test(call.name)) {
      const column =
        (key && /^\w+$/.test(key) ? key : undefined) ?? [...this.origin.aliases.keys()].find((one) => one !== '*');
      if (column === undefined || call.targets.length > 0) return;
      this.note(this.readings, call.node, [column], true);
      this.visit({ ...state, node: call.node, plucked: column });
    } else if (state.plucked !== '' && /^(?:get|all|first|iterate|then|exec|value)$/.test(call.name)) {
      this.note(this.readings, call.node, [state.plucked], true);
    }
  }
}
