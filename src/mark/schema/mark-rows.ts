// Rows and answers → facts for named values, certain sources of known APIs, and rows that are written out as a whole.

import { indexCalls } from '../../model/call-index.ts';
import { anyElement, nodeKinds } from '../../model/flow-graph.ts';
import type { SchemaFile } from '../../model/input.ts';
import type { SourceMark } from '../../model/marks.ts';
import type { LinkedCall, Program } from '../../model/program.ts';
import { programOps, textOfNode } from '../../model/program.ts';
import type { Origin as OriginName, RuleSet } from '../../model/rule.ts';
import type { Classifier } from '../classify.ts';
import type { RequestMark } from '../mark-http.ts';
import { apiCalls, fieldOfApis } from './apis.ts';
import { graphqlTypes } from './graphql.ts';
import { fieldsOf, outgoingOf } from './outgoing.ts';
import { postedBodies } from './posted-bodies.ts';
import { prismaModels } from './prisma-schema.ts';
import type { Fact } from './readings.ts';
import { Readings } from './readings.ts';
import type { Origin, Reading, Rows } from './rows.ts';
import { row, rowsOf } from './rows.ts';
import { Schemas } from './schemas.ts';
import { sqlTables } from './sql-schema.ts';
import { addTreeSchemas } from './tree-schemas.ts';

/** What writes out the fields of an object beside a template. */
const renderers = /^(?:render\w*|expand|interpolate|fill\w*)$/;

export interface RowMarks {
  /** What stores and schemas say of a value. */
  factOf(node: number): Fact | undefined;
  factOfType(type: string, field: string): Fact;
  /** What they say of a field below a value. */
  factBelow(node: number, path: readonly string[]): Fact | undefined;
  /** Sources that need no name. */
  readonly sources: ReadonlyMap<number, readonly SourceMark[]>;
  readonly origins: ReadonlyMap<number, OriginName>;
  /** Values of which a rule has said all: fields of an API's answer, and parts of its client, which are called like what they give. */
  readonly settled: ReadonlySet<number>;
}

/** Reads the schemas of a program, and what its rows and answers are; of the calls `inPart` a text tells which fields they show. */
export function markRows(
  program: Program,
  rules: RuleSet,
  classifier: Classifier,
  requests: readonly RequestMark[],
  schemaFiles: readonly SchemaFile[],
  ruled: ReadonlyMap<number, OriginName>,
  inPart: ReadonlySet<number>,
): RowMarks {
  const outgoing = outgoingOf(program);
  const schemas = new Schemas();
  for (const { path, text } of schemaFiles)
    for (const { names, columns } of schemaOf(path, text)) for (const name of names) schemas.add(name, columns);
  addTreeSchemas(program, outgoing, schemas);
  const readings = new Readings(rules.data, classifier, schemas);
  const apis = apiCalls(program, rules, requests);
  const rows = rowsOf(
    program,
    outgoing,
    (call) => apis.get(call) ?? [],
    new Map(requests.map(({ call, urls }) => [call, urls])),
    (name) => readings.isModel(name),
    // options.get('wallet') of a command: what the user typed, and no wallet of a store.
    (call) => ruled.has(call.node),
    postedBodies(program, rules.apis),
  );
  const sources = new Map<number, SourceMark[]>();
  const origins = new Map<number, OriginName>();
  const weight = rules.data.weights.points['origin.sdk'] ?? 0;
  const note = (node: number, mark: Omit<SourceMark, 'node' | 'isDeclared' | 'path'>, isDeclared = true): void => {
    const known = sources.get(node) ?? [];
    if (known.some((one) => one.category === mark.category)) return;
    sources.set(node, [...known, { ...mark, node, isDeclared, path: [] }]);
  };
  const mixed = mixedPlaces(rows);
  // An answer's fields, and the answer itself where it is the datum.
  for (const [node, found] of [...rows.readings, ...starts(program, apis, rows)]) {
    for (const { origin, path } of found) {
      const said = fieldOfApis(origin.apis, path);
      if (said === undefined) continue;
      const { category, api } = said;
      origins.set(node, category === 'public' ? 'public' : 'api');
      if (category === 'public') continue;
      const evidence = [{ kind: 'origin.sdk', text: api, weight }];
      note(node, { category, isCertain: true, evidence }, !mixed.has(placeOf(origin, path)));
    }
  }
  const settled = new Set([...origins.keys(), ...clientParts(program, apis)]);
  for (const call of rows.queries) if (!origins.has(call)) origins.set(call, 'stored');
  const isSerialiser = serialisersOf(rules.data.naming.serialisers);
  for (const [index, call] of program.calls.entries()) {
    // What a text shows of a row, the text tells.
    if (call.targets.length > 0 || inPart.has(index)) continue;
    const held = isSerialiser(call) ? writtenRows(program, call, rows) : joinedCells(call, rows);
    const whole = held.map((one) => readings.ofWhole(one)).find((one) => one !== undefined);
    if (whole) note(call.node, { category: whole.category, isCertain: false, evidence: whole.evidence });
  }
  for (const [node, found] of rows.readings) {
    const plucked = found.find((one) => one.isWhole && one.origin.apis.length === 0);
    const fact = plucked && readings.ofRow(plucked);
    const [guess] = fact?.guesses ?? [];
    if (fact && guess && !fact.isNeutral)
      note(node, { category: guess.category, isCertain: false, evidence: [...guess.evidence, ...fact.evidence] });
  }
  return {
    sources,
    origins,
    settled,
    factOf: (node) => strongest((rows.readings.get(node) ?? []).filter(isStored).map((one) => readings.ofRow(one))),
    factOfType: (type, field) => readings.ofType(type, field),
    factBelow: (node, below) =>
      strongest(
        (rows.holders.get(node) ?? [])
          .filter(isStored)
          .map(({ origin, path }) =>
            readings.ofRow({ origin, path: [...path, ...below.filter(isNamed)], isWhole: false }),
          ),
      ),
  };
}

// Names of functions, and calls of a package whose name alone says too little: `json2csv#Parser.parse`.
function serialisersOf(entries: readonly string[]): (call: LinkedCall) => boolean {
  const names = new Set(entries.filter((entry) => !entry.includes('#')));
  const index = indexCalls(
    entries.filter((entry) => entry.includes('#')),
    (entry) => [`${entry}()`],
  );
  return (call) => names.has(call.name) || call.paths.some((path) => index.matchPath(path).length > 0);
}

// stringify(row), render(template, row), expand({ $root: row }): what is written out as a whole.
function writtenRows(program: Program, { name, args }: LinkedCall, rows: Rows): readonly Reading[] {
  const isRenderer = renderers.test(name);
  // JSON.stringify(row, ['name', 'city'])
  const chosen = name === 'stringify' && program.kinds[args[1] ?? -1] === nodeKinds.array ? args[1] : undefined;
  if (chosen !== undefined) {
    const only = fieldsOf(program, chosen).flatMap(([, value]) => textOfNode(program, value) ?? []);
    return (rows.holders.get(args[0] ?? -1) ?? []).map((one) => ({ ...one, only }));
  }
  return args.slice(0, isRenderer ? 3 : 1).flatMap((arg) => {
    const held = rows.holders.get(arg) ?? [];
    if (!isRenderer || held.length > 0 || program.kinds[arg] !== nodeKinds.object) return held;
    const fields: Reading[] = [];
    for (let i = program.inStart[arg] ?? 0; i < (program.inStart[arg + 1] ?? 0); i++)
      if (program.inOp[i] === programOps.store) fields.push(...(rows.holders.get(program.inFrom[i] ?? -1) ?? []));
    return fields;
  });
}

// row.join(', '): a row of a sheet, with all of its cells.
function joinedCells({ name, receiver }: LinkedCall, rows: Rows): readonly Reading[] {
  if (name !== 'join') return [];
  return (rows.holders.get(receiver) ?? []).flatMap((one) =>
    one.path[one.path.length - 1] === row ? [{ ...one, path: one.path.slice(0, -1) }] : [],
  );
}

function schemaOf(path: string, text: string): ReturnType<typeof sqlTables> {
  if (path.endsWith('.prisma')) return prismaModels(text);
  return /\.g(?:raphqls?|ql)$/.test(path) ? graphqlTypes(text) : sqlTables(text);
}

// The answers themselves.
function* starts(
  program: Program,
  apis: ReadonlyMap<number, unknown>,
  rows: Rows,
): Generator<[number, readonly Reading[]]> {
  for (const index of apis.keys()) {
    const node = program.calls[index]?.node ?? -1;
    const found = (rows.holders.get(node) ?? []).filter(
      ({ origin, path }) => origin.call === index && path.length === 0,
    );
    yield [node, found];
  }
}

// stripe.charges.list(): what is before the dot is a part of the client, and no charges.
function clientParts(program: Program, apis: ReadonlyMap<number, unknown>): ReadonlySet<number> {
  const parts = new Set<number>();
  for (const index of apis.keys()) {
    const receiver = program.calls[index]?.receiver ?? -1;
    if (receiver >= 0) parts.add(receiver);
  }
  for (const node of parts) {
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++)
      if (isPart(program.inOp[i]) && parts.size < 10_000) parts.add(program.inFrom[i] ?? 0);
  }
  return parts;
}

function isPart(op: number | undefined): boolean {
  return op === programOps.load || op === programOps.copy;
}

function placeOf(origin: Origin, path: readonly string[]): string {
  return `${origin.call}/${path.join('.')}`;
}

// Places below which something is read that is no datum: there, each field speaks for itself.
function mixedPlaces(rows: Rows): ReadonlySet<string> {
  const mixed = new Set<string>();
  for (const found of rows.readings.values())
    for (const { origin, path } of found) {
      if (origin.apis.length === 0) continue;
      const said = fieldOfApis(origin.apis, path)?.category ?? 'public';
      if (said !== 'public') continue;
      for (let end = 0; end < path.length; end++) mixed.add(placeOf(origin, path.slice(0, end)));
    }
  return mixed;
}

// An element is of the table that its list is of.
function isNamed(field: string): boolean {
  return field !== anyElement;
}

function isStored({ origin }: Reading): boolean {
  return origin.apis.length === 0;
}

// Of several rows that a value may be of, one that says something goes before those that do not.
function strongest(facts: readonly Fact[]): Fact | undefined {
  const [first] = facts;
  return facts.find((fact) => fact.evidence.length > 0) ?? facts.find((fact) => !fact.isNeutral) ?? first;
}
