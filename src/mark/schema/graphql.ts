// GraphQL: a document → which field of a type each name of its answer is (`funds: balance`); a schema → types with their fields.

import { nodeKinds } from '../../model/flow-graph.ts';
import type { Program } from '../../model/program.ts';
import { programOps, textOfNode } from '../../model/program.ts';
import type { NamedColumns } from './prisma-schema.ts';
import { taggedText } from './query-parts.ts';
import { columnOf } from './schemas.ts';

export interface GraphqlQuery {
  /** The type that its first fields are of. */
  readonly root: string;
  /** Name in the answer → field of the type. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

/** Functions that make a document of its text, or a body of a document. */
export const isGraphqlMaker = /^(?:gql|graphql|parse|stringify)$/;
const maxDepth = 6;
const maxNodes = 80;
const maxText = 20_000;
const operation =
  /^\s*(?:(query|mutation|subscription)\b[^{]*)?\{\s*(?:\.\.\.\s*)?[A-Za-z_]\w*\s*(?:[({:]|\s[A-Za-z_]|\})/;
const roots: Readonly<Record<string, string>> = { mutation: 'Mutation', subscription: 'Subscription' };

/** Reads an operation; undefined for any other text. */
export function parseGraphql(text: string): GraphqlQuery | undefined {
  if (text.length > maxText || !text.includes('{')) return undefined;
  const bare = withoutNotes(text).replace(/^(?:\s*fragment\b[^{]*\{[^}]*\})+/, '');
  const found = operation.exec(bare);
  if (!found) return undefined;
  const aliases = new Map<string, readonly string[]>();
  for (const [, name = '', field = ''] of withoutArguments(bare).matchAll(/([A-Za-z_]\w*)\s*:\s*([A-Za-z_]\w*)/g))
    aliases.set(name, [field]);
  return { root: roots[found[1] ?? ''] ?? 'Query', aliases };
}

/** The operation that a value holds, in a variable, behind a tag, in an object or in its JSON. */
export function graphqlIn(program: Program, node: number): GraphqlQuery | undefined {
  const seen = new Map([[node, 0]]);
  for (const [at, depth] of seen) {
    if (seen.size > maxNodes) return undefined;
    const text = textOfNode(program, at) ?? taggedText(program, at);
    const query = text === undefined ? undefined : parseGraphql(text);
    if (query) return query;
    if (depth >= maxDepth) continue;
    const call = program.calls[program.callOf.get(at) ?? -1];
    if (call && isGraphqlMaker.test(call.name))
      for (const arg of call.args.slice(0, 1)) if (!seen.has(arg)) seen.set(arg, depth + 1);
    if (call || program.kinds[at] === nodeKinds.member) continue;
    for (let i = program.inStart[at] ?? 0; i < (program.inStart[at + 1] ?? 0); i++) {
      const op = program.inOp[i];
      const from = program.inFrom[i] ?? 0;
      if ((op === programOps.copy || op === programOps.store) && !seen.has(from)) seen.set(from, depth + 1);
    }
  }
  return undefined;
}

/** The types of a schema. */
export function graphqlTypes(text: string): NamedColumns[] {
  const bare = withoutArguments(withoutNotes(text));
  const blocks = [...bare.matchAll(/\b(type|interface|enum)\s+(\w+)[^{}]*\{([^{}]*)\}/g)];
  const names = (kind: RegExp): Set<string> =>
    new Set(blocks.flatMap(([, word = '', name = '']) => (kind.test(word) ? [name] : [])));
  const enums = names(/^enum$/);
  const types = names(/^(?:type|interface)$/);
  return blocks.flatMap(([, word, name = '', body = '']) => {
    if (word === 'enum') return [];
    const columns = [...body.matchAll(/(\w+)\s*:\s*\[*\s*(\w+)/g)].map(([, field = '', type = '']) =>
      types.has(type)
        ? { name: field, kind: 'relation' as const, target: type, isSensitive: false }
        : columnOf(field, enums.has(type) || type === 'ID' ? 'enum' : type),
    );
    return [{ names: [name], columns }];
  });
}

function withoutNotes(text: string): string {
  return text
    .replace(/"""[\s\S]*?"""/g, '')
    .replace(/"[^"\n]*"/g, '""')
    .replace(/#[^\n]*/g, '');
}

function withoutArguments(text: string): string {
  return text.replace(/\([^()]*\)/g, '');
}
