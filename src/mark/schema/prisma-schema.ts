// schema.prisma → models with their columns. Line by line: the format has one field a line.

import type { Column } from './schemas.ts';
import { columnOf } from './schemas.ts';

export interface NamedColumns {
  readonly names: readonly string[];
  readonly columns: readonly Column[];
}

/** A longer line is nobody's field. */
const maxLine = 1000;

interface Block {
  readonly kind: string;
  readonly name: string;
  readonly lines: string[];
}

/** The models of a Prisma schema, each under its own name and that of its table. */
export function prismaModels(text: string): NamedColumns[] {
  const blocks = blocksOf(text);
  const enums = new Set(blocks.filter(({ kind }) => kind === 'enum').map(({ name }) => name));
  const models = new Set(blocks.filter(({ kind }) => kind !== 'enum').map(({ name }) => name));
  return blocks.flatMap(({ kind, name, lines }) => {
    if (kind === 'enum') return [];
    const columns: Column[] = [];
    const names = [name];
    for (const line of lines) {
      const table = /^\s*@@map\(\s*(?:name:\s*)?"([^"]+)"/.exec(line);
      if (table?.[1]) names.push(table[1]);
      const field = /^\s*(\w+)\s+(\w+)(\[\])?\??(.*)$/.exec(line);
      if (!field) continue;
      const [, column = '', type = '', , rest = ''] = field;
      const isSensitive = /\/\/.*@sensitive\b/.test(rest);
      // taxId String: a text that ends so may be a number of somebody.
      const isKeyByName = type !== 'String' && /(?:^id|Id|_id)$/.test(column);
      const isKey = isKeyByName || /@id\b|@relation\b/.test(rest);
      if (models.has(type)) columns.push({ name: column, kind: 'relation', target: type, isSensitive });
      else columns.push(columnOf(column, enums.has(type) || isKey ? 'enum' : type, { isSensitive }));
    }
    return [{ names, columns }];
  });
}

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const line of text.split('\n')) {
    const [, kind, name] = /^\s*(model|view|type|enum)\s+(\w+)\s*\{/.exec(line) ?? [];
    if (kind && name) {
      open = { kind, name, lines: [] };
      blocks.push(open);
    } else if (/^\s*\}/.test(line)) open = undefined;
    else if (line.length <= maxLine) open?.lines.push(line);
  }
  return blocks;
}
