// One SQL text → the tables it reads and what its result's columns are made of: `SUM(betrag) AS summe` is `betrag`.

import { splitTop, unquoted, untilClosed } from './sql-schema.ts';

export interface SqlQuery {
  readonly tables: readonly string[];
  /** Result column → the columns it is made of; none for a count or a constant. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** The columns in their order, for results without names. */
  readonly order: readonly string[];
  /** `SELECT *`: all columns of the tables. */
  readonly isAll: boolean;
}

const sqlStart = /^\s*(?:select|insert|update|delete|with)\b/i;
const fromTable =
  /\b(?:from|join|into|update)\s+(?:only\s+)?((?:["`[]?[\p{L}_][\p{L}\p{N}_]*["`\]]?\.)?["`[]?[\p{L}_][\p{L}\p{N}_]*["`\]]?)/giu;
const words = new Set(
  `select from where and or order by group limit as desc asc join on left right inner outer full sum count avg max min
  distinct insert into values update set delete returning coalesce ifnull nullif isnull not null is in having case when then
  else end cast round abs over partition rows between numeric decimal integer int text varchar real float double precision
  date time timestamp extract interval filter greatest least concat to_char format true false bigint array_agg
  json_agg json_build_object string_agg group_concat lateral window like ilike exists union all now`
    .split(/\s+/)
    .concat(['current_date', 'current_timestamp', 'date_trunc', 'strftime']),
);

/** True for a text that is an SQL query. */
export function isSql(text: string): boolean {
  return sqlStart.test(text) && /\b(?:from|into|set|returning|select)\b/i.test(text);
}

/** Reads the tables and result columns of a query; those of common table expressions count as well. */
export function parseSql(text: string): SqlQuery {
  const sql = text
    .slice(0, 6000)
    .replace(/--[^\n]*/g, '')
    .replace(/'[^']*'/g, "''");
  const tables = [...sql.matchAll(fromTable)].map((match) => unquoted(match[1] ?? ''));
  const aliases = new Map<string, readonly string[]>();
  let order: string[] = [];
  let isAll = false;
  for (const list of resultLists(sql)) {
    const here: string[] = [];
    for (const part of splitTop(list.text)) {
      const piece = part.trim().replace(/^distinct\s+(?:on\s*\([^)]*\)\s*)?|^all\s+/i, '');
      if (/^(?:[\p{L}_][\p{L}\p{N}_]*\.)?\*$/u.test(piece)) {
        isAll = true;
        continue;
      }
      const { expression, name } = nameOf(piece);
      if (name === '') continue;
      here.push(name);
      const made = columnsIn(expression);
      // A recursion of names (`SUM(total) AS total`) keeps the first reading.
      if (!aliases.has(name)) aliases.set(name, made);
    }
    if (list.isTop || order.length === 0) order = here;
  }
  const columns = new Map([...aliases.keys()].map((name) => [name, resolve(aliases, name, new Set())] as const));
  return { tables: [...new Set(tables)], columns, order, isAll };
}

// The lists between SELECT and FROM, and behind RETURNING; `isTop` for those in no bracket.
function* resultLists(sql: string): Generator<{ text: string; isTop: boolean }> {
  for (const match of sql.matchAll(/\b(?:select|returning)\b/gi)) {
    const start = match.index + match[0].length;
    const rest = untilClosed(sql, start);
    const before = sql.slice(0, match.index);
    const isTop = count(before, '(') === count(before, ')');
    yield { text: untilFrom(rest), isTop };
  }
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

function untilFrom(text: string): string {
  let depth = 0;
  for (const match of text.matchAll(/[()]|\b(?:from|union|where|limit|order\s+by)\b|;/gi)) {
    if (match[0] === '(') depth++;
    else if (match[0] === ')') depth--;
    else if (depth === 0) return text.slice(0, match.index);
  }
  return text;
}

// `t.amount` is `amount`; `SUM(x) AS y`, `SUM(x) y` and `a b` are named by their last word.
function nameOf(piece: string): { expression: string; name: string } {
  const named = /^([\s\S]*?)\s+as\s+["`[]?([\p{L}_][\p{L}\p{N}_]*)["`\]]?$/iu.exec(piece);
  if (named) return { expression: named[1] ?? '', name: named[2] ?? '' };
  const loose = /^([\s\S]*[)\w"`\]])\s+["`[]?([\p{L}_][\p{L}\p{N}_]*)["`\]]?$/u.exec(piece);
  if (loose && !words.has((loose[2] ?? '').toLowerCase())) return { expression: loose[1] ?? '', name: loose[2] ?? '' };
  const plain = /^(?:[\p{L}_"`[\]][\p{L}\p{N}_"`[\]]*\.)*["`[]?([\p{L}_][\p{L}\p{N}_]*)["`\]]?$/u.exec(piece);
  if (plain) return { expression: piece, name: plain[1] ?? '' };
  // Without a name, the column is called what the function is called, or what the database likes.
  const call = /^([\p{L}_][\p{L}\p{N}_]*)\s*\(/u.exec(piece);
  return { expression: piece, name: call?.[1]?.toLowerCase() ?? '' };
}

// RIGHT(pan, 4), SUBSTR(iban, -4): of a number only its end is left; behind signs that stand for the rest, too.
const ending =
  /\b(?:right\s*\(\s*[\w."`]+\s*,\s*[1-4]\s*\)|(?:substr|substring|mid)\s*\(\s*[\w."`]+\s*,\s*-[1-4]\s*(?:,\s*[1-4]\s*)?\))/gi;

function columnsIn(whole: string): string[] {
  const expression = whole.replace(ending, " '' ");
  if (/^\s*count\s*\(/i.test(expression)) return [];
  const bare = expression.replace(/\bcount\s*\([^)]*\)/gi, '').replace(/\bcase\s+when\b[\s\S]*?\bthen\b/gi, ' then ');
  const found = [...bare.matchAll(/(?<![\w$:@])["`[]?([\p{L}_][\p{L}\p{N}_]*)["`\]]?(?![\p{L}\p{N}_]|\s*[(.])/gu)].map(
    (match) => match[1] ?? '',
  );
  return [...new Set(found.filter((name) => !words.has(name.toLowerCase())))];
}

function resolve(aliases: ReadonlyMap<string, readonly string[]>, name: string, seen: Set<string>): string[] {
  if (seen.has(name)) return [name];
  seen.add(name);
  const made = aliases.get(name);
  if (!made) return [name];
  return [...new Set(made.flatMap((one) => (one === name ? [one] : resolve(aliases, one, seen))))];
}
