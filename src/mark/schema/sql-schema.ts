// CREATE TABLE and ALTER TABLE … ADD → tables with their columns. Any dialect: only names and types are read.

import type { NamedColumns } from './prisma-schema.ts';
import type { Column } from './schemas.ts';
import { columnOf } from './schemas.ts';

const created = /\bcreate\s+(?:temp(?:orary)?\s+|unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?([\w."`[\]]+)\s*\(/gi;
const altered =
  /\balter\s+table\s+(?:if\s+exists\s+|only\s+)?([\w."`[\]]+)\s+add\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?([\w"`[\]]+)\s+(\w+)/gi;
const notColumn = /^(?:primary|foreign|unique|constraint|check|key|index|fulltext|exclude|like|partition)\b/i;

/** The tables that an SQL text makes or adds columns to. */
export function sqlTables(text: string): NamedColumns[] {
  const found: NamedColumns[] = [];
  const bare = withoutComments(text.replace(/--[^\n]*/g, ''));
  let end = 0;
  for (const match of bare.matchAll(created)) {
    // What stands in the brackets of another table is none.
    if (match.index < end) continue;
    const start = match.index + match[0].length;
    const body = untilClosed(bare, start);
    end = start + body.length;
    const columns = splitTop(body).flatMap((part): Column[] => {
      const [, name = '', type = ''] = /^\s*["`[]?(\w+)["`\]]?\s*([\w ]*(?:\([^)]*\))?)/.exec(part) ?? [];
      if (name === '' || notColumn.test(part.trim())) return [];
      const [first = ''] = type.trim().split(/\s+(?!\()/);
      const isKey = /\bprimary\s+key\b|\breferences\b/i.test(part) || /(?:^|_)id$/i.test(name);
      return [columnOf(name, isKey ? 'id' : /^double\s+precision/i.test(type) ? 'double' : first)];
    });
    found.push({ names: [unquoted(match[1] ?? '')], columns });
  }
  for (const [, table = '', column = '', type = ''] of bare.matchAll(altered))
    found.push({ names: [unquoted(table)], columns: [columnOf(unquoted(column), type)] });
  return found;
}

// A comment that is never closed hides the rest.
function withoutComments(sql: string): string {
  let kept = '';
  let at = 0;
  for (let open = sql.indexOf('/*'); open >= 0; open = sql.indexOf('/*', at)) {
    kept += sql.slice(at, open);
    const close = sql.indexOf('*/', open + 2);
    at = close < 0 ? sql.length : close + 2;
  }
  return kept + sql.slice(at);
}

/** A name without quotes and without its schema. */
export function unquoted(name: string): string {
  return name.replace(/["`[\]]/g, '').replace(/^.*\./, '');
}

/** The text from a place behind an opening bracket up to its closing one. */
export function untilClosed(text: string, start: number): string {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return text.slice(start, at);
  }
  return text.slice(start);
}

/** Parts between commas that stand in no bracket. */
export function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
