// The built-in rule files, decoded and checked when the program is built, so that a scan starts without reading YAML.
// They count only as long as the rule files are, to the letter, those they were made of.

import { createHash } from 'node:crypto';
import type { DecodedRules } from './decode-rules.ts';
import type { RuleFile } from './rule-schema.ts';

/** A rule file as it stands on the disk. */
export interface RuleText {
  /** The name that messages give it. */
  readonly file: string;
  readonly text: string;
}

interface Compiled {
  /** Of the texts. */
  readonly hash: string;
  readonly files: readonly {
    readonly file: string;
    readonly rules: RuleFile;
    /** For each list of the file, the lines of its rows. */
    readonly lines: Readonly<Record<string, readonly number[]>>;
  }[];
}

/** Decoded rules as text, for `parseCompiled`. */
export function compileRules(texts: readonly RuleText[], decoded: readonly DecodedRules[]): string {
  const files = decoded.map(({ file, rules, lineOf }) => {
    const lists = Object.entries(rules).filter(([, rows]) => Array.isArray(rows) && rows.length > 0);
    const lines = lists.map(([key, rows]) => [key, (rows as unknown[]).map((_, i) => lineOf([key, i]))]);
    return { file, rules, lines: Object.fromEntries(lines) };
  });
  const compiled: Compiled = { hash: hashOf(texts), files };
  return `${JSON.stringify(compiled)}\n`;
}

/** The decoded rules of these texts; undefined when the compiled ones are of other texts. */
export function parseCompiled(compiled: string, texts: readonly RuleText[]): DecodedRules[] | undefined {
  // The hash stands first, so that outdated rules are not parsed.
  if (!compiled.startsWith(`{"hash":"${hashOf(texts)}"`)) return undefined;
  const { files } = JSON.parse(compiled) as Compiled;
  return files.map(({ file, rules, lines }) => ({
    file,
    rules,
    lineOf: ([key, row]) => lines[String(key)]?.[Number(row)] ?? 1,
  }));
}

function hashOf(texts: readonly RuleText[]): string {
  const hash = createHash('sha256');
  for (const { file, text } of texts) hash.update(`${file}\0${text}\0`);
  return hash.digest('hex');
}
