// What the tree says of its own tables: the columns of a model and what kind of value each holds.

import { singular, wordsOf } from '../identifier.ts';

/** `money` is a number with a fraction, `other` what is no amount and no text: flags, dates, enums, keys. */
export type ColumnKind = 'money' | 'number' | 'text' | 'other' | 'relation' | 'unknown';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** The model that a relation leads to; else ''. */
  readonly target: string;
  /** Tagged as sensitive by the developer. */
  readonly isSensitive: boolean;
}

export interface Schema {
  readonly name: string;
  readonly columns: ReadonlyMap<string, Column>;
}

const moneyTypes = /^(?:decimal|decimal128|numeric|money|smallmoney|double|doubleprecision|real|float\d*|bigdecimal)$/;
const numberTypes =
  /^(?:(?:tiny|small|medium|big)?int(?:eger)?(?:32|64|2|4|8)?|number|long|serial|bigserial|coerce|bignumber|big)$/;
const textTypes = /^(?:string|text|(?:n|var|nvar|long|medium|tiny)?(?:char|text)\d*|citext|email)$/;
const otherTypes =
  /^(?:bool(?:ean)?|bit|date|dateonly|datetime2?|time|timestamp|timestamptz|timestamps|uuid|uuidv4|cuid|objectid|enum|jsonb?|blob|bytea|bytes|binary|inet|pgenum|increments|bigincrements|id|nativeenum|literal)$/;

/** The kind of a column by the name of its type, in whichever schema language. */
export function kindOfType(type: string): ColumnKind {
  const word = type
    .trim()
    .toLowerCase()
    .replace(/^tinyint\(1\).*/, 'boolean')
    .replace(/\(.*$/, '')
    .replace(/[^a-z\d]/g, '');
  if (moneyTypes.test(word)) return 'money';
  if (numberTypes.test(word)) return 'number';
  if (textTypes.test(word)) return 'text';
  return otherTypes.test(word) ? 'other' : 'unknown';
}

/** True for a name that is a type, and not a value: `Number`, `DataTypes.DECIMAL`, `numeric()`. */
export function isTypeName(name: string): boolean {
  return kindOfType(name) !== 'unknown';
}

export function columnOf(name: string, type: string, more: Partial<Column> = {}): Column {
  return { name, kind: kindOfType(type), target: '', isSensitive: false, ...more };
}

const holders = new Set(
  'model schema entity collection table repository repo sheet dto dao store document doc record row type db list'.split(
    ' ',
  ),
);

/** What the names of a model have in common: `accounts`, `AccountModel`, `IAccount`, `account_table`. */
export function modelKey(name: string): string {
  const words = wordsOf(name.replace(/^[IT](?=\p{Lu}\p{Ll})/u, '').replace(/^.*[./]/, ''));
  let end = words.length;
  while (end > 1 && holders.has(words[end - 1] ?? '')) end--;
  return words
    .slice(0, end)
    .map((word, i) => (i === end - 1 ? singular(word) : word))
    .join('');
}

/** All schemas of a program by the names of their models. */
export class Schemas {
  private readonly byKey = new Map<string, Map<string, Column>>();
  private readonly names = new Map<string, string>();

  add(name: string, columns: Iterable<Column>): void {
    const key = modelKey(name);
    if (key === '') return;
    const known = this.byKey.get(key) ?? new Map<string, Column>();
    for (const column of columns) {
      const before = known.get(column.name);
      if (before && before.kind !== 'unknown' && !column.isSensitive) continue;
      known.set(column.name, before?.isSensitive ? { ...column, isSensitive: true } : column);
    }
    if (known.size === 0) return;
    this.byKey.set(key, known);
    if (!this.names.has(key)) this.names.set(key, name);
  }

  find(name: string): Schema | undefined {
    const key = modelKey(name);
    const columns = this.byKey.get(key);
    return columns && { name: this.names.get(key) ?? name, columns };
  }
}
