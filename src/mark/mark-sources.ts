// Named values × vocabulary → sources with their evidence: name, receiver, types, siblings, SQL, URL, function, look-alikes.
// Evidence that depends on the way to a sink (phrases, units, formatters) is added by `judge`.

import type { Evidence } from '../model/finding.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { SourceMark } from '../model/marks.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../model/program.ts';
import type { DataRules } from '../model/rule.ts';
import { answersOfCalls } from './callback-answers.ts';
import type { Classifier } from './classify.ts';
import type { Guess } from './guess.ts';
import { singular } from './identifier.ts';
import type { RequestMark } from './mark-http.ts';
import { headingOfCell, remoteOf } from './named-by-text.ts';
import type { RowMarks } from './schema/mark-rows.ts';
import type { Fact } from './schema/readings.ts';
import type { Surroundings } from './surroundings.ts';
import { surroundingsOf } from './surroundings.ts';

const generic = 'money.generic';
const numbered = /^(?:account\.|card\.|gov\.)/;
/** Points from which a name says something. */
const telling = 2.5;
/** How many names before a person's say whose name it is. */
const maxHolders = 2;
const dues = new Set(['billing', 'credit', 'tax', 'insurance']);

/** What all sources of a program share. */
interface Setting {
  readonly program: Program;
  readonly data: DataRules;
  readonly classifier: Classifier;
  /** Evidence for or against the whole project. */
  readonly project: readonly Evidence[];
  readonly urlOfCall: ReadonlyMap<number, string>;
  readonly siblings: ReadonlyMap<number, readonly string[]>;
  readonly imports: readonly string[];
  /** Members of declared types. */
  readonly declared: ReadonlyMap<string, readonly string[]>;
  /** What stores and schemas say. */
  readonly rows: RowMarks;
  /** Parameters that are the answers of calls. */
  readonly answers: ReadonlyMap<number, number>;
}

/** Marks every named value that may be of a category. */
export function markNamedSources(
  program: Program,
  data: DataRules,
  classifier: Classifier,
  project: readonly Evidence[],
  requests: readonly RequestMark[],
  rows: RowMarks,
): Map<number, SourceMark[]> {
  const setting: Setting = {
    program,
    data,
    classifier,
    project,
    urlOfCall: new Map(requests.map((request) => [request.call, request.url])),
    siblings: siblingNames(program),
    imports: [...program.packages],
    declared: membersByType(program),
    rows,
    answers: answersOfCalls(program),
  };
  const marks = new Map<number, SourceMark[]>();
  for (let node = 0; node < program.extra; node++) {
    if (rows.settled.has(node)) continue;
    const fact = factOf(setting, node);
    const own = guessesOf(setting, node);
    const guesses = fact ? joined(own, fact) : own.length > 0 ? own : ofTypeAlone(setting, node);
    if (guesses.length === 0) continue;
    const found = guesses.flatMap((guess) => sourceOf(setting, node, guess, fact) ?? []);
    if (found.length > 0) marks.set(node, strongest(found));
  }
  return marks;
}

// `quantity` of a PortfolioPosition: a word for an amount of anything, read of a type that is financial.
function ofTypeAlone({ program, classifier }: Setting, node: number): readonly Guess[] {
  if (program.kinds[node] !== nodeKinds.member || !classifier.isAmount(nameOfNode(program, node))) return [];
  const base = baseOf(program, node);
  const types = base < 0 || program.types.size === 0 ? [] : surroundingsOf(program, base).types;
  if (!types.some((type) => classifier.entityOfType(type) !== '')) return [];
  const text = nameOfNode(program, node);
  return [{ category: generic, points: 1, exact: false, evidence: [{ kind: 'name', text: `\`${text}\``, weight: 1 }] }];
}

// What the row that a value was read of says of it, or else its declared type.
function factOf({ program, rows }: Setting, node: number): Fact | undefined {
  if (program.kinds[node] === nodeKinds.variable || program.kinds[node] === nodeKinds.parameter) return undefined;
  const fact = rows.factOf(node);
  if (fact || program.kinds[node] !== nodeKinds.member) return fact;
  const type = program.types.get(baseOf(program, node));
  return type === undefined ? undefined : rows.factOfType(type, nameOfNode(program, node));
}

// A column that is a flag or a date is nothing else, whatever it is called.
function joined(own: readonly Guess[], fact: Fact): readonly Guess[] {
  if (fact.isNeutral) return [];
  const categories = new Set(own.map((guess) => guess.category));
  const isBetter = (guess: Guess): boolean =>
    !own.some((one) => one.category === guess.category && one.points > guess.points);
  const better = fact.guesses.filter((guess) => !categories.has(guess.category) || isBetter(guess));
  // An amount of a table is one of its kind, and no longer any amount.
  const replaced = new Set([...better.map((guess) => guess.category), ...(better.length > 0 ? ['money.generic'] : [])]);
  return [...better, ...own.filter((guess) => !replaced.has(guess.category))];
}

// The best of each category, and only categories that come near the best one.
function strongest(found: readonly SourceMark[]): SourceMark[] {
  const sorted = [...found].sort((a, b) => total(b) - total(a));
  const best = total(sorted[0]);
  const kept = new Map<string, SourceMark>();
  for (const mark of sorted) if (!kept.has(mark.category) && total(mark) >= best - 2) kept.set(mark.category, mark);
  return [...kept.values()].slice(0, 2);
}

function total(mark: SourceMark | undefined): number {
  return (mark?.evidence ?? []).reduce((sum, item) => sum + item.weight, 0);
}

function guessesOf({ program, classifier, data, answers }: Setting, node: number): readonly Guess[] {
  const name = headingOfCell(program, node) || nameOfNode(program, node);
  switch (program.kinds[node]) {
    case nodeKinds.member:
      if (name === 'data') return classifier.byFunction(remoteOf(program, baseOf(program, node)));
      return name === '' || isImportedClass(program, node, name)
        ? []
        : orPerson(program, classifier, node, classifier.byName(name, receiverName(program, node)));
    case nodeKinds.variable:
      return isDataVariable(program, node) ? classifier.byName(name, '') : [];
    case nodeKinds.parameter:
      // A parameter of a function that the tree calls is judged by what it is given.
      if (hasCallers(program, node) && !answers.has(node)) return [];
      return named(classifier.byName(name, ''), answered(program, classifier, answers, node));
    case nodeKinds.call: {
      const call = program.calls[program.callOf.get(node) ?? -1];
      if (!call || call.isNew) return [];
      const key = keyOfRead(program, call);
      // rpc('outstanding_loan'): a function of the database.
      const remote = remoteOf(program, node);
      if (remote !== '') return classifier.byFunction(remote);
      if (key === undefined) return classifier.byFunction(call.name);
      const guesses = classifier.byName(key, call.chain[0] ?? '');
      return isStoreOfKeys(call) ? guesses.map((guess) => underKey(data, guess, key)) : guesses;
    }
    default:
      return [];
  }
}

function answered(
  program: Program,
  classifier: Classifier,
  answers: Setting['answers'],
  node: number,
): readonly Guess[] {
  return classifier.byFunction(program.calls[answers.get(node) ?? -1]?.name ?? '');
}

// A name that is telling says what it is; `result` is what was asked for.
function named(own: readonly Guess[], asked: readonly Guess[]): readonly Guess[] {
  return own.some((guess) => guess.points >= telling) ? own : [...own, ...asked];
}

// guarantors.map((one) => one.name), coSigner.name
function orPerson(program: Program, classifier: Classifier, node: number, guesses: readonly Guess[]): readonly Guess[] {
  const name = nameOfNode(program, node);
  const base = baseOf(program, node);
  if (guesses.length > 0 || base < 0 || !classifier.isPerson(name)) return guesses;
  const holders = surroundingsOf(program, base).names.filter((one) => one.length > 1);
  return classifier.byPerson(name, holders.slice(0, maxHolders));
}

// import { Salary } from './entities': a class, or what stands for a table, is no datum.
function isImportedClass(program: Program, node: number, name: string): boolean {
  return /^\p{Lu}[\p{L}\d]*\p{Ll}/u.test(name) && program.kinds[baseOf(program, node)] === nodeKinds.import;
}

// row.get('Amount') is a read of a field, and so are hget(key, 'amount', callback), hget('amounts', id), lrange('amounts:7', 0, -1).
function keyOfRead(program: Program, call: LinkedCall): string | undefined {
  const asked = call.args.filter((_, i) => (call.callbacks[i]?.length ?? 0) === 0);
  const [first = -1, second = -1] = asked;
  if (asked.length === 1 && /^get(?:Value|DataValue|Cell|String|Number|Field)?$/.test(call.name))
    return textOfNode(program, first);
  if (/^h(?:get|incrby(?:float)?)$/i.test(call.name) && asked.length > 1)
    return textOfNode(program, second) ?? (isStoreOfKeys(call) ? textOfNode(program, first) : undefined);
  return isStoreOfKeys(call) && readsOfKeys.test(call.name) ? textOfNode(program, first) : undefined;
}

/** Commands of Redis that give what lies under their first argument. */
const readsOfKeys =
  /^(?:(?:in|de)crby|incrbyfloat|incr|decr|get(?:set|del|ex)|[lr]pop|lrange|lindex|smembers|srandmember|z(?:rev)?range(?:byscore)?|zscore|zincrby|hvals)$/i;

function isStoreOfKeys(call: LinkedCall): boolean {
  return call.models.some((model) => model.origin === 'stored' && model.call.startsWith('redis#'));
}

// What lies under a key is what the key says.
function underKey(data: DataRules, guess: Guess, key: string): Guess {
  if (guess.points < telling) return guess;
  const evidence = { kind: 'origin.key', text: `\`${key}\``, weight: weight(data, 'origin.key') };
  return { ...guess, points: guess.points + evidence.weight, evidence: [...guess.evidence, evidence] };
}

/** Calls that make what stands for a table. */
const models = /^(?:define|model|discriminator|extend|createModel|modelFactory|init)$/;

// A variable that only holds a function, a class, a constant or an import is not a datum.
function isDataVariable(program: Program, node: number): boolean {
  let isData = false;
  const isCapital = /^\p{Lu}[\p{L}\d]*\p{Ll}/u.test(nameOfNode(program, node));
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
    const from = program.inFrom[i] ?? 0;
    const kind = program.kinds[from];
    // const Loan = sequelize.define('Loan', { … })
    if (isCapital && models.test(program.calls[program.callOf.get(from) ?? -1]?.name ?? '')) continue;
    if (
      kind === nodeKinds.function ||
      kind === nodeKinds.class ||
      kind === nodeKinds.literal ||
      kind === nodeKinds.import
    )
      continue;
    isData = true;
  }
  return isData;
}

function hasCallers(program: Program, node: number): boolean {
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
    if (program.inOp[i] === programOps.exit) return true;
  }
  return false;
}

/** The name before the last dot: `account` of `account.balance`, `getAccount` of `getAccount().balance`. */
function receiverName(program: Program, node: number): string {
  const base = baseOf(program, node);
  if (base < 0) return '';
  const name = nameOfNode(program, base);
  // accounts[0].number: one of the accounts.
  const list = /^\d*$/.test(name) ? baseOf(program, base) : -1;
  return list < 0 ? name : nameOfNode(program, list);
}

function baseOf(program: Program, node: number): number {
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
    if (program.inOp[i] === programOps.load) return program.inFrom[i] ?? -1;
  }
  return -1;
}

// Fields that are read of the same object, and fields that it is built of.
function siblingNames(program: Program): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (let node = 0; node < program.extra; node++) {
    if (program.kinds[node] !== nodeKinds.member) continue;
    const base = baseOf(program, node);
    if (base < 0) continue;
    const names = found.get(base);
    if (names) names.push(nameOfNode(program, node));
    else found.set(base, [nameOfNode(program, node)]);
  }
  return found;
}

function sourceOf(setting: Setting, node: number, guess: Guess, fact: Fact | undefined): SourceMark | undefined {
  const { program, classifier, data } = setting;
  const base = baseOf(program, node);
  const around = surroundingsOf(program, base >= 0 ? base : node, setting.answers);
  const evidence: Evidence[] = [...guess.evidence];
  const name = nameOfNode(program, node);
  // A column whose name says nothing counts by its type alone.
  if (guess.points === 0 && fact) {
    evidence.push(...fact.evidence, ...setting.project);
    push(evidence, besideCells(setting, base));
    return { node, category: guess.category, isCertain: false, isDeclared: false, evidence, path: [] };
  }
  const entity = entityAround(setting, base >= 0 ? around.names : around.names.slice(1));
  if (entity) evidence.push({ kind: 'receiver', text: entity, weight: weight(data, 'receiver') });
  const type = [program.types.get(node) ?? '', ...around.types].find((one) => classifier.entityOfType(one) !== '');
  if (type) evidence.push({ kind: 'typeName', text: type, weight: weight(data, 'typeName') });
  if (fact) evidence.push(...fact.evidence);
  const siblings = classifier.siblings([
    ...(setting.siblings.get(base) ?? []),
    ...(fact?.siblings ?? []),
    ...(setting.declared.get(type ?? '') ?? []),
  ]);
  if (siblings) evidence.push(siblings);
  push(evidence, fromFunction(setting, around));
  push(evidence, fromSql(setting, around, guess.category, name));
  push(evidence, fromUrl(setting, around));
  const context = {
    receivers: around.names.map((one) => one.toLowerCase()),
    tables: tablesAround(setting, around),
    siblings: (setting.siblings.get(base) ?? []).map((one) => one.toLowerCase()),
    imports: setting.imports,
    text: '',
  };
  const lookAlike = classifier.lookAlike(name, context);
  push(evidence, lookAlike);
  if (guess.category === 'balance' || guess.category === 'credit')
    push(evidence, ofThings(setting, around, [name, ...guess.evidence.map((item) => item.text)]));
  evidence.push(...setting.project);
  // A declared type says what an amount is of before a name near it does.
  const owner = type ? classifier.entityOfType(type) : entity;
  const specific = owner ? classifier.entityCategory(owner) : '';
  const isAmount = guess.category === generic || (!fact && isLoose(classifier, guess.category, name));
  const isOwned = isAmount ? specific !== '' : isDue(classifier, guess.category, specific, name);
  const read = isOwned ? specific : guess.category;
  // The total of a table of expenses is what was spent.
  const isSum = read === 'transaction' && entity !== '' && classifier.isSpending(`${name} ${entity}`);
  const category = isSum ? 'spending' : read;
  return {
    node,
    category,
    isCertain: guess.exact,
    isDeclared: false,
    isAmount: isAmount && specific === '',
    isOfElements: isOfElements(program, node, category),
    evidence,
    path: [],
  };
}

// SELECT charge FROM scooters, Scooter.findOne(): what the row is one of.
function tablesAround({ program }: Setting, { tables, calls }: Surroundings): readonly string[] {
  const chains = calls.slice(0, 4).flatMap((call) => program.calls[call]?.chain.slice(0, 1) ?? []);
  const models = chains.filter((one) => /^\p{Lu}\p{Ll}/u.test(one));
  return [...tables, ...models].map((one) => singular(one.toLowerCase().replaceAll('_', ' ')));
}

// The elements of `balances` are such; those of an `iban` are letters; what `amounts` were taken out of has said what they are.
function isOfElements(program: Program, node: number, category: string): boolean {
  if (numbered.test(category)) return /s$|\P{ASCII}$/iu.test(nameOfNode(program, node)) || isCall(program, node);
  return category !== generic || program.kinds[node] !== nodeKinds.variable;
}

function isCall(program: Program, node: number): boolean {
  return program.kinds[node] === nodeKinds.call;
}

// leave_balance; the balance of a table or a model of things that are counted.
function ofThings({ classifier, data }: Setting, around: Surroundings, own: readonly string[]): Evidence | undefined {
  const holders = around.names.filter((one, i) => i < 2 || /^\p{Lu}\p{Ll}/u.test(one) || around.tables.includes(one));
  const thing = [...own, ...holders].map((one) => classifier.thing(one)).find((one) => one !== '');
  return thing === undefined ? undefined : { kind: 'thing', text: thing, weight: weight(data, 'counted.thing') };
}

// row[1], row[2]: two cells of one row of a sheet are an entry of it.
function besideCells({ siblings, data }: Setting, base: number): Evidence | undefined {
  const cells = new Set((siblings.get(base) ?? []).filter((name) => /^\d+$/.test(name)));
  if (cells.size < 2) return undefined;
  return { kind: 'siblings', text: 'another cell of the row', weight: weight(data, 'siblings.pair') };
}

// monto, betrag, valor: an entry of a ledger, unless something says of what it is the amount.
function isLoose(classifier: Classifier, category: string, name: string): boolean {
  return category === 'transaction' && classifier.isAmount(name);
}

// The amount due of an invoice is a bill, that of a loan is credit data.
function isDue(classifier: Classifier, category: string, owner: string, name: string): boolean {
  return dues.has(category) && dues.has(owner) && classifier.isAmount(name);
}

function push(evidence: Evidence[], item: Evidence | undefined): void {
  if (item) evidence.push(item);
}

/** The points of a class of evidence. */
export function weight(data: DataRules, kind: string): number {
  return data.weights.points[kind] ?? 0;
}

function entityAround({ classifier }: Setting, names: readonly string[]): string {
  for (const name of names.slice(0, 12)) {
    const entity = classifier.entity(name);
    if (entity !== '') return entity;
  }
  return '';
}

// The first declaration of a name counts.
function membersByType(program: Program): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, readonly string[]>();
  for (const one of program.declarations) if (!members.has(one.name)) members.set(one.name, one.members);
  return members;
}

function fromFunction({ program, classifier }: Setting, around: Surroundings): Evidence | undefined {
  for (const index of around.calls) {
    const [best] = classifier.byFunction(program.calls[index]?.name ?? '');
    const found = best?.evidence.find((item) => item.kind === 'origin.fn');
    if (found) return found;
  }
  return undefined;
}

function fromSql({ classifier }: Setting, around: Surroundings, category: string, name: string): Evidence | undefined {
  for (const sql of around.sql) {
    const guesses = classifier.bySql(sql);
    const same = guesses.find((guess) => guess.category === category) ?? (sql.includes(name) ? guesses[0] : undefined);
    const found = same?.evidence[0];
    if (found) return found;
  }
  return undefined;
}

function fromUrl({ classifier, urlOfCall }: Setting, around: Surroundings): Evidence | undefined {
  for (const call of around.calls) {
    const url = urlOfCall.get(call);
    const found = url ? classifier.byUrl(url) : undefined;
    if (found) return found;
  }
  return undefined;
}
