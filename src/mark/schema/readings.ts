// A field of a row or an answer × schemas, vocabulary and API rules → what it is, and why.

import type { Evidence } from '../../model/finding.ts';
import type { ApiRule, DataRules } from '../../model/rule.ts';
import type { Classifier } from '../classify.ts';
import type { Guess } from '../guess.ts';
import { isConstantName, singular, wordsOf } from '../identifier.ts';
import { fieldOfApis } from './apis.ts';
import type { Origin, Reading } from './rows.ts';
import type { Column, Schema, Schemas } from './schemas.ts';
import { modelKey } from './schemas.ts';

/** What is known of one field that was read. */
export interface Fact {
  readonly guesses: readonly Guess[];
  readonly evidence: readonly Evidence[];
  /** Columns beside it. */
  readonly siblings: readonly string[];
  /** A flag, a date, a key, a count: nothing financial, whatever it is called. */
  readonly isNeutral: boolean;
  /** A number with a fraction, of which nothing else is known: money where a currency stands beside it. */
  readonly isFraction: boolean;
}

/** A model that a row may be of. */
interface Model {
  readonly name: string;
  readonly category: string;
  /** Its name means money wherever it stands, not only as a table's. */
  readonly isEntity: boolean;
  readonly schema: Schema | undefined;
  readonly isCatalogue: boolean;
}

const generic = 'money.generic';
const telling = 2.5;
const weak = 1;
const numbered = /^(?:account|card|gov)\./;
const nothing: Fact = { guesses: [], evidence: [], siblings: [], isNeutral: false, isFraction: false };

const none: Model = { name: '', category: '', isEntity: false, schema: undefined, isCatalogue: false };
/** What stands around the rows of an answer, and is no column. */
const wrappers =
  /^(?:rows?|data|values?|docs?|results?|items?|Items?|records?|recordset|fields|dataValues|_doc|body|list|hits|_source)$/;

export class Readings {
  private readonly data: DataRules;
  private readonly classifier: Classifier;
  private readonly schemas: Schemas;
  private readonly models: ReadonlyMap<string, string>;
  private readonly catalogues: ReadonlySet<string>;
  private readonly neutral: ReadonlySet<string>;
  private readonly texts: ReadonlySet<string>;
  private readonly known = new Map<string, Model>();
  private readonly ofOrigin = new Map<Origin, Model>();

  constructor(data: DataRules, classifier: Classifier, schemas: Schemas) {
    this.data = data;
    this.classifier = classifier;
    this.schemas = schemas;
    const { models, catalogues, neutralSuffixes, textColumns } = data.naming;
    this.models = new Map(models.map((entry) => [keyOf(entry.split(':')[0] ?? ''), entry.split(':')[1] ?? '']));
    this.catalogues = new Set(catalogues.map(keyOf));
    this.neutral = new Set(neutralSuffixes);
    this.texts = new Set(textColumns);
  }

  /** True for a name of a model that says something: it has a schema, or is financial, or a catalogue. */
  isModel(name: string): boolean {
    const model = this.modelOf(name);
    return model.category !== '' || model.isCatalogue || model.schema !== undefined;
  }

  /** What a field is that was read of a row. */
  ofRow({ origin, path }: Reading): Fact {
    const field = path[path.length - 1] ?? '';
    const model = path.slice(0, -1).reduce((at, step) => this.below(at, fieldOf(origin, step)), this.model(origin));
    if (modelKey(field) === modelKey(model.name)) return nothing;
    if (field.startsWith('#')) return this.ofCell(model, field);
    const made = path.length <= 3 || origin.isNested ? origin.aliases.get(field) : undefined;
    if (made?.length === 0) return { ...nothing, isNeutral: true };
    const query = origin.isNested ? 'origin.schema' : 'origin.sql';
    const facts = (made ?? [field]).map((column) => this.ofColumn(model, column, column === field ? '' : query));
    const best = [...facts].sort((a, b) => pointsOf(b) - pointsOf(a))[0] ?? nothing;
    return facts.every((fact) => fact.isNeutral) ? { ...nothing, isNeutral: true } : best;
  }

  /** What a field of a declared type is. */
  ofType(type: string, field: string): Fact {
    const schema = this.schemas.find(type);
    const column = schema?.columns.get(field);
    if (!schema || !column) return nothing;
    if (column.kind === 'other') return { ...nothing, isNeutral: true };
    return column.isSensitive || column.kind === 'money' ? this.ofColumn(this.modelOf(type), field, '') : nothing;
  }

  /** The category and reason of a row as a whole; undefined where it holds nothing financial. */
  ofWhole({
    origin,
    path,
    without = [],
    only,
  }: Reading): { category: string; evidence: readonly Evidence[] } | undefined {
    if (origin.apis.length > 0) return wholeAnswer(origin.apis, path, this.weight('origin.sdk'));
    const model = path.reduce((at, step) => this.below(at, step), this.model(origin));
    if (model.isCatalogue) return undefined;
    const [field = ''] = path.slice(-1);
    if (
      field !== '' &&
      !wrappers.test(field) &&
      this.below(none, field) === none &&
      !model.schema?.columns.get(field)?.target
    ) {
      const fact = this.ofRow({ origin, path, isWhole: false });
      const [guess] = pointsOf(fact) >= telling ? fact.guesses : [];
      return guess && { category: guess.category, evidence: [...guess.evidence, ...fact.evidence] };
    }
    const isAll = origin.aliases.has('*') || origin.aliases.size === 0;
    const isGone = (name: string): boolean =>
      without.includes(name) || (path.length === 0 && origin.hidden.has(name)) || only?.includes(name) === false;
    const names = [...origin.aliases.entries()].flatMap(([name, made]) => (name === '*' || isGone(name) ? [] : made));
    const columns = isAll ? [...names, ...(model.schema?.columns.keys() ?? []), ...(only ?? [])] : names;
    const facts = columns
      .filter((name) => !isAll || !isGone(name))
      .map((column) => this.ofColumn(model, column, 'origin.sql'))
      .filter((fact) => pointsOf(fact) >= telling);
    const [best] = facts.sort((a, b) => pointsOf(b) - pointsOf(a));
    const guess = best?.guesses[0];
    if (best && guess) return { category: guess.category, evidence: [...guess.evidence, ...best.evidence] };
    if (!isAll || only || model.category === '' || model.schema) return undefined;
    // Of a row of which nothing else is known, what it is about has been taken out.
    const taken = [...without, ...origin.hidden].map((name) => this.ofColumn(model, name, 'origin.sql'));
    if (taken.some((fact) => pointsOf(fact) >= telling)) return undefined;
    return { category: model.category, evidence: [this.schemaEvidence(model.name, 'origin.schema')] };
  }

  private model(origin: Origin): Model {
    let found = this.ofOrigin.get(origin);
    if (!found) {
      const models = origin.names.slice(0, 16).map((name) => this.modelOf(name));
      found = models.find((one) => one.category !== '' || one.isCatalogue) ?? none;
      const named = models.find((one) => one.schema !== undefined);
      if (named && !found.schema) found = found.name === '' ? named : { ...found, schema: named.schema };
      this.ofOrigin.set(origin, found);
    }
    return found;
  }

  private modelOf(name: string): Model {
    let found = this.known.get(name);
    if (!found) {
      const key = modelKey(name);
      const last = singular(wordsOf(name).at(-1) ?? '');
      // A price list of loans is one; a plan to save is none.
      const isLast = wordsOf(name).length < 4 && (this.catalogues.has(last) || this.isOfList(name, last));
      const isNamed = this.models.has(key);
      const isCatalogue = !isNamed && (this.catalogues.has(key) || (isLast && this.classifier.entity(name) === ''));
      const category = isCatalogue ? '' : this.categoryOf(name, key, last);
      const isLoose = this.models.has(key) || this.models.has(last);
      const isEntity = category !== '' && (!isLoose || this.classifier.entity(name) !== '');
      found = { name, category, isEntity, schema: this.schemas.find(name), isCatalogue };
      this.known.set(name, found);
    }
    return found;
  }

  // tariff_fees, product_costs
  private isOfList(name: string, last: string): boolean {
    const [first = ''] = wordsOf(name);
    return /^(?:fee|cost|charge|commission)$/.test(last) && this.catalogues.has(singular(first));
  }

  private categoryOf(name: string, key: string, last: string): string {
    const named = this.models.get(key) ?? this.models.get(last);
    if (named !== undefined) return named;
    const entity = this.classifier.entity(name);
    if (entity !== '') return this.classifier.entityCategory(entity);
    const guess = this.classifier.byName(name, '').find((one) => one.points >= telling && one.category !== generic);
    return guess?.category ?? '';
  }

  // `order.customer.wallet`: a relation leads to another model; `rows`, `data` and the like stay where they are.
  private below(model: Model, step: string): Model {
    const column = model.schema?.columns.get(step);
    if (column?.target) return this.modelOf(column.target);
    const other = this.modelOf(step);
    return other.category !== '' || other.schema ? other : model;
  }

  // A cell of a sheet of expenses may be any of its columns: it counts with a unit or a phrase.
  private ofCell(model: Model, field: string): Fact {
    if (model.category === '' || model.isCatalogue) return nothing;
    const guess = { category: model.category, points: 0, exact: false, evidence: [] };
    const evidence = [this.schemaEvidence(`${model.name}${field}`, 'schema.cell')];
    return { ...nothing, guesses: [guess], evidence };
  }

  // `query`: what is evidence for the column, where a query gives it another name; else ''.
  private ofColumn(model: Model, name: string, query: string): Fact {
    const column = model.schema?.columns.get(name);
    const siblings = [...(model.schema?.columns.values() ?? [])].filter(isAmountOrText).map((one) => one.name);
    if (column?.kind === 'other' && !column.isSensitive) return { ...nothing, isNeutral: true };
    const guesses = this.guess(model, name, column);
    const [first] = guesses;
    if (!first) return { ...nothing, isFraction: column?.kind === 'money' && !this.isPlain(model, name) };
    const evidence: Evidence[] = [];
    // A weak word is what its table is about, or nothing.
    const isOwn = first.points === 0 || first.points > weak || first.category === model.category;
    if (model.isCatalogue && !first.exact)
      evidence.push({ kind: 'lookalike', text: `a column of ${model.name}`, weight: this.weight('catalogue') });
    else if (column?.isSensitive)
      evidence.push({
        kind: 'origin.schema',
        text: `\`${model.name}.${name}\`, tagged`,
        weight: this.weight('schema.tag'),
      });
    else if (model.category !== '' && column?.kind !== 'text' && (isOwn || column?.kind === 'money'))
      evidence.push(this.schemaEvidence(`${model.name}.${name}`, kindOfGuess(model, guesses, column)));
    else if (query !== '' && first.category !== generic) evidence.push(this.schemaEvidence(name, query));
    return { ...nothing, guesses, evidence, siblings };
  }

  private schemaEvidence(text: string, weight: string): Evidence {
    const kind = weight === 'origin.sql' ? weight : 'origin.schema';
    return { kind, text: `\`${text}\``, weight: this.weight(weight) };
  }

  private guess(model: Model, name: string, column: Column | undefined): readonly Guess[] {
    // A column may be called as a constant is: BALANCE, IBAN.
    const plain = isConstantName(name) ? name.toLowerCase() : name;
    const found = this.classifier.byName(plain, singular(model.name));
    const own = model.category;
    // The number of a claim is no claim; that of an account is one of its own.
    const isName = this.isNeutral(name);
    const kept = found.filter((guess) => (isName ? numbered.test(guess.category) : guess.category !== 'relationship'));
    if (kept.length > 0)
      return kept.map((guess) => (guess.category === generic && own !== '' ? { ...guess, category: own } : guess));
    if (found.length > 0) return [];
    const isNumber = column?.kind === 'money' || column?.kind === 'number';
    const isTagged = column?.isSensitive && column.kind !== 'text';
    if (isTagged) return [{ category: own === '' ? generic : own, points: 0, exact: false, evidence: [] }];
    const isOpen = isNumber || column === undefined || column.kind === 'unknown';
    if (!isOpen || own === '' || model.isCatalogue || this.isNeutral(name) || this.isText(name)) return [];
    return [{ category: own, points: 0, exact: false, evidence: [] }];
  }

  private isPlain(model: Model, name: string): boolean {
    return model.isCatalogue || this.isNeutral(name) || this.isText(name) || this.classifier.isPlain(name);
  }

  private isText(name: string): boolean {
    return this.texts.has(wordsOf(name).at(-1) ?? '');
  }

  private isNeutral(name: string): boolean {
    const words = wordsOf(name);
    return [1, 2].some((length) => this.neutral.has(words.slice(-length).join(' ')));
  }

  private weight(kind: string): number {
    return this.data.weights.points[kind] ?? 0;
  }
}

// A name that says nothing counts as much as its model and its type do.
function kindOfGuess(model: Model, guesses: readonly Guess[], column: Column | undefined): string {
  const isTelling = (guesses[0]?.points ?? 0) > 0 || (column?.kind === 'money' && model.isEntity);
  if (isTelling) return 'origin.schema';
  if (column?.kind === 'money') return 'schema.fraction';
  return column?.kind === 'number' ? 'schema.number' : 'schema.unknown';
}

function isAmountOrText({ kind }: Column): boolean {
  return kind !== 'relation';
}

function pointsOf({ guesses, evidence }: Fact): number {
  const [guess] = guesses;
  return [...(guess?.evidence ?? []), ...evidence].reduce((sum, item) => sum + item.weight, 0);
}

// mine: loans(first: 3) { … }: what is below it is of the loans.
function fieldOf({ isNested, aliases }: Origin, step: string): string {
  return (isNested && aliases.get(step)?.[0]) || step;
}

function keyOf(word: string): string {
  return wordsOf(word).join('');
}

function wholeAnswer(
  apis: readonly ApiRule[],
  path: readonly string[],
  weight: number,
): { category: string; evidence: readonly Evidence[] } | undefined {
  const said = fieldOfApis(apis, path);
  if (said?.category === 'public') return undefined;
  const [api] = apis;
  const category = said?.category ?? Object.keys(api?.fields ?? {})[0];
  if (category === undefined) return undefined;
  return { category, evidence: [{ kind: 'origin.sdk', text: said?.api ?? api?.api ?? '', weight }] };
}
