// Built-in rules, a company's leakscan.yml and files named with --rules → RuleSet, Policy and ignored patterns.

import path from 'node:path';
import fastGlob from 'fast-glob';
import { LeakscanError } from '../model/diagnostic.ts';
import type { Policy, RuleSet } from '../model/rule.ts';
import type { RuleText } from './compiled-rules.ts';
import { compileRules, parseCompiled } from './compiled-rules.ts';
import { composePolicy, composeRules } from './compose-rules.ts';
import type { DecodedRules } from './decode-rules.ts';
import { kindOfPath, readText } from './file-host.ts';
import { nearest } from './nearest.ts';

export interface RuleOptions {
  /** The shipped `rules/` folder. */
  readonly builtIn: string;
  /** Files or folders named on the command line. */
  readonly extra: readonly string[];
  /** The company's own file; undefined: none. */
  readonly config: string | undefined;
}

export interface ReadRules {
  readonly rules: RuleSet;
  readonly policy: Policy;
  readonly ignored: readonly string[];
}

const maxRuleBytes = 1_000_000;
const maxCompiledBytes = 32_000_000;
const maxExtends = 16;

/** Built-in rule files by their names: `rules/data/terms.yml`. */
type BuiltIn = ReadonlyMap<string, DecodedRules>;

/** Reads and joins all rules of a scan. @throws LeakscanError at the first mistake. */
export async function readRules(options: RuleOptions): Promise<ReadRules> {
  const known = await readBuiltIn(options.builtIn);
  const builtIn = [...known].flatMap(([name, file]) => (policyName(name) === undefined ? [file] : []));
  if (builtIn.length === 0) throw new LeakscanError(`no rules in ${options.builtIn}`);
  const extra = (await Promise.all(options.extra.map((one) => readNamed(one)))).flat();
  const config =
    options.config === undefined ? [] : [await readRuleFile(options.config, path.basename(options.config))];
  const own = [...extra, ...config];
  const policies = new Map<string, DecodedRules>();
  const included: DecodedRules[] = [];
  for (const [i, file] of own.entries()) {
    const at = i < extra.length ? undefined : options.config;
    await follow(file, at === undefined ? undefined : path.dirname(at), known, policies, included, 0);
  }
  if (policies.size === 0) policies.set('strict', policyOf('strict', known, ''));
  const rules = composeRules([...builtIn, ...included, ...own], [...included, ...own]);
  if (rules.sinks.length + rules.http.length === 0) throw new LeakscanError('no sinks in the rules');
  const policy = composePolicy([...policies.keys()].join('+'), [...policies.values(), ...included, ...own]);
  return { rules, policy, ignored: own.flatMap(({ rules: one }) => one.ignore) };
}

// extends: [strict, ./more.yml]
async function follow(
  file: DecodedRules,
  dir: string | undefined,
  builtIn: BuiltIn,
  policies: Map<string, DecodedRules>,
  included: DecodedRules[],
  depth: number,
): Promise<void> {
  if (depth > maxExtends) throw new LeakscanError('extends goes in a circle', file.file);
  for (const [i, name] of file.rules.extends.entries()) {
    const place = `${file.file}:${file.lineOf(['extends', i])}:1`;
    if (!name.startsWith('.')) {
      policies.set(name, policyOf(name, builtIn, place));
      continue;
    }
    const target = path.join(dir ?? '.', name);
    if (dir === undefined || path.relative(dir, target).startsWith('..')) {
      throw new LeakscanError(`extends "${name}" lies outside of the folder of ${file.file}`, place);
    }
    const next = await readRuleFile(target, name);
    included.push(next);
    await follow(next, path.dirname(target), builtIn, policies, included, depth + 1);
  }
}

function policyOf(wanted: string, builtIn: BuiltIn, place: string): DecodedRules {
  const found = builtIn.get(`rules/policies/${wanted}.yml`);
  if (found && policyName(found.file) === wanted) return found;
  const names = [...builtIn.keys()].flatMap((file) => policyName(file) ?? []);
  const suggestion = nearest(wanted, names);
  const hint = suggestion ? `; did you mean "${suggestion}"?` : '';
  throw new LeakscanError(
    `unknown policy "${wanted}"${hint} Known: ${names.join(', ')}; a file begins with "./"`,
    place,
  );
}

function policyName(file: string): string | undefined {
  return /^rules\/policies\/([^/]+)\.yml$/.exec(file)?.[1];
}

/** The compiled rules for `dist/`, made of the rule files in a folder. @throws LeakscanError at the first mistake. */
export async function compileBuiltIn(dir: string): Promise<string> {
  const texts = await textsIn(dir);
  return compileRules(texts, await decodeAll(texts));
}

// The compiled ones where they are of these very files; else the files themselves, so that a rule's author needs no build.
async function readBuiltIn(dir: string): Promise<BuiltIn> {
  const texts = await textsIn(dir);
  const compiled = readText(path.join(dir, '..', 'dist', 'rules.json'), maxCompiledBytes);
  const ready = compiled.kind === 'text' ? parseCompiled(compiled.text, texts) : undefined;
  return new Map((ready ?? (await decodeAll(texts))).map((one) => [one.file, one]));
}

async function textsIn(dir: string): Promise<RuleText[]> {
  const names = await fastGlob(['{platforms,data,models,barriers}/**/*.{yml,yaml}', 'policies/*.yml'], { cwd: dir });
  return names.sort().map((name) => readRuleText(path.join(dir, name), `rules/${name}`));
}

async function readNamed(named: string): Promise<DecodedRules[]> {
  const kind = kindOfPath(named);
  if (kind === 'missing') throw new LeakscanError(`${named} does not exist`);
  if (kind !== 'directory') return [await readRuleFile(named, named)];
  const files = await fastGlob(['**/*.{yml,yaml}'], { cwd: named, followSymbolicLinks: false });
  return decodeAll(files.sort().map((file) => readRuleText(path.join(named, file), path.join(named, file))));
}

async function readRuleFile(path: string, file: string): Promise<DecodedRules> {
  const text = readRuleText(path, file);
  const { decodeRules } = await import('./decode-rules.ts');
  return decodeRules(file, text.text);
}

// YAML and its schema are loaded only where a file is not compiled.
async function decodeAll(texts: readonly RuleText[]): Promise<DecodedRules[]> {
  if (texts.length === 0) return [];
  const { decodeRules } = await import('./decode-rules.ts');
  return texts.map(({ file, text }) => decodeRules(file, text));
}

function readRuleText(path: string, file: string): RuleText {
  const found = readText(path, maxRuleBytes);
  if (found.kind === 'failed') throw new LeakscanError(`${file}: ${found.reason}`);
  return { file, text: found.text };
}
