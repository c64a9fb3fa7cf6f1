// One YAML text → a checked rule file; every complaint names file, line, column, the offending key and what is allowed.

import { RE2JS } from 're2js';
import type { Document, Node } from 'yaml';
import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { ParameterPattern } from '../model/api-path.ts';
import { expandBraces, parseCallPattern, parsePlace } from '../model/api-path.ts';
import { LeakscanError } from '../model/diagnostic.ts';
import { nearest } from './nearest.ts';
import type { RuleFile } from './rule-schema.ts';
import { ruleFileSchema } from './rule-schema.ts';

export interface DecodedRules {
  readonly file: string;
  readonly rules: RuleFile;
  /** The line of a row, e.g. `lineOf(['sinks', 3])`. */
  lineOf(path: readonly (string | number)[]): number;
}

const maxBytes = 1_000_000;

/** Decodes a rule file. @throws LeakscanError with the place of the first mistake. */
export function decodeRules(file: string, text: string): DecodedRules {
  if (text.length > maxBytes) throw new LeakscanError('rule file is larger than 1 MB', file);
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const placeAt = (offset: number): string => {
    const { line, col } = counter.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [broken] = document.errors;
  if (broken) throw new LeakscanError(`not valid YAML: ${broken.message.split('\n')[0]}`, placeAt(broken.pos[0]));
  const offsetOf = (path: readonly PropertyKey[]): number => offsetIn(document, path);
  const parsed = ruleFileSchema.safeParse(toPlain(document, file) ?? {});
  if (!parsed.success) {
    // A mistyped key is the better message than the missing one it leaves behind.
    const issue = parsed.error.issues.find((one) => one.code === 'unrecognized_keys') ?? parsed.error.issues[0];
    if (!issue) throw new LeakscanError('not a rule file', file);
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const place = placeAt(offsetOf([...issue.path, ...keys.slice(0, 1)]));
    throw new LeakscanError(describe(issue, keys, parsed.error.issues.length), place);
  }
  const decoded: DecodedRules = {
    file,
    rules: parsed.data,
    lineOf: (path) => counter.linePos(offsetOf(path)).line,
  };
  checkPatterns(parsed.data, (path, message) => {
    throw new LeakscanError(message, placeAt(offsetOf(path)));
  });
  return decoded;
}

function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new LeakscanError(`not valid YAML: ${error instanceof Error ? error.message : String(error)}`, file);
  }
}

function offsetIn(document: Document, path: readonly PropertyKey[]): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isNode(item.key) && String((item.key as { value?: unknown }).value) === String(key),
      );
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else {
      const items = (node as { items?: unknown[] } | undefined)?.items;
      node = items?.[Number(key)];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    }
  }
  return offset;
}

interface Issue {
  readonly code: string;
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

function describe(issue: Issue, keys: readonly string[], count: number): string {
  const where = issue.path.length > 0 ? ` in ${issue.path.map(String).join('.')}` : '';
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  const [key] = keys;
  if (key === undefined) return `${issue.message}${where}${more}`;
  const allowed = allowedKeys(issue.path);
  const suggestion = nearest(key, allowed);
  const hint = suggestion ? `; did you mean "${suggestion}"?` : '';
  return `unknown key "${key}"${where}${hint} Allowed: ${allowed.join(', ')}${more}`;
}

function allowedKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = ruleFileSchema;
  for (const key of path) {
    const inner = unwrap(schema);
    schema = typeof key === 'number' ? inner.element : inner.shape?.[String(key)];
  }
  return Object.keys(unwrap(schema).shape ?? {});
}

interface SchemaParts {
  readonly shape?: Record<string, unknown>;
  readonly element?: unknown;
}

// Defaults and optionals wrap the schema they stand for.
function unwrap(schema: unknown): SchemaParts {
  let at = schema as (SchemaParts & { unwrap?: () => unknown; def?: { innerType?: unknown } }) | undefined;
  while (at && !at.shape && !at.element && at.def?.innerType) at = at.def.innerType as typeof at;
  return at ?? {};
}

/** The names that places of a call pattern may begin with. */
function rootsOf(call: string): string[] {
  const names: string[] = [];
  const collect = (parameters: readonly ParameterPattern[]): void => {
    for (const { name, callback } of parameters) {
      if (name !== '') names.push(name);
      if (callback) collect(callback);
    }
  };
  collect(parseCallPattern(call).parameters);
  return [...names, 'this', 'result', 'all'];
}

type Complain = (path: readonly (string | number)[], message: string) => void;

function checkPatterns(rules: RuleFile, complain: Complain): void {
  const check = (path: readonly (string | number)[], run: () => unknown): void => {
    try {
      run();
    } catch (error) {
      complain(path, error instanceof Error ? error.message : String(error));
    }
  };
  for (const key of ['sinks', 'requests', 'responses', 'models', 'sources', 'barriers'] as const) {
    rules[key].forEach((row, i) => {
      check([key, i, 'call'], () => parseCallPattern(row.call));
    });
  }
  const rooted = (path: readonly (string | number)[], roots: readonly string[], place: string): void =>
    check(path, () => {
      const unknown = parsePlace(place).find(({ root }) => !roots.includes(root));
      if (unknown)
        throw new Error(`"${unknown.root}" in "${place}" is no name of the row; known are ${roots.join(', ')}`);
    });
  rules.sinks.forEach((row, i) => {
    const roots = rootsOf(row.call);
    row.payload.forEach((place, j) => {
      rooted(['sinks', i, 'payload', j], roots, place);
    });
    for (const place of Object.keys(row.where)) rooted(['sinks', i, 'where', place], roots, place);
  });
  for (const [key, roots] of [
    ['http', ['body', 'query', 'url']],
    ['webhooks', ['body']],
  ] as const) {
    rules[key].forEach((row, i) => {
      row.payload.forEach((place, j) => {
        rooted([key, i, 'payload', j], roots, place);
      });
      for (const place of Object.keys(row.where)) rooted([key, i, 'where', place], roots, place);
    });
  }
  rules.barriers.forEach((row, i) => {
    for (const place of Object.keys(row.where)) rooted(['barriers', i, 'where', place], rootsOf(row.call), place);
  });
  rules.types.forEach((row, i) => {
    for (const name of Object.keys(row.where)) {
      row.from.forEach((from) => {
        rooted(['types', i, 'where', name], rootsOf(from), name);
      });
    }
    row.from.forEach((from, j) => {
      check(['types', i, 'from', j], () => parseCallPattern(from));
    });
  });
  rules.origins.forEach((row, i) => {
    row.read.forEach((read, j) => {
      check(['origins', i, 'read', j], () => parseCallPattern(read));
    });
  });
  rules.apis.forEach((row, i) => {
    row.calls.forEach((call, j) => {
      check(['apis', i, 'calls', j], () => parseCallPattern(call));
    });
    for (const [category, ends] of Object.entries(row.fields))
      ends.forEach((end, j) => {
        check(['apis', i, 'fields', category, j], () => expandBraces(end));
      });
  });
  rules.shared.forEach((path, i) => {
    check(['shared', i], () => parseCallPattern(path));
  });
  rules.models.forEach((row, i) => {
    row.flow.forEach((flow, j) => {
      check(['models', i, 'flow', j], () => checkFlow(flow));
    });
  });
  rules.terms.forEach((row, i) => {
    row.patterns.forEach((pattern, j) => {
      check(['terms', i, 'patterns', j], () => RE2JS.compile(pattern));
    });
  });
}

function checkFlow(flow: string): void {
  const sides = flow.replace(/ (?:unless|if) \w.*$/, '').split(/<?->|[=~^]>/);
  if (sides.length !== 2) throw new Error(`"${flow}" is not a flow such as "this[] -> element"`);
  for (const side of sides) parsePlace(side);
}
