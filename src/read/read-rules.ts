// Built-in rules, a company's leakscan.yml and files named with --rules → RuleSet, Policy and ignored patterns.

import path from 'node:path';
import fastGlob from 'fast-glob';
import { LeakscanError } from '../model/diagnostic.ts';
import type { Policy, RuleSet } from '../model/rule.ts';
import { composePolicy, composeRules } from './compose-rules.ts';
import type { DecodedRules } from './decode-rules.ts';
import { decodeRules } from './decode-rules.ts';
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
const maxExtends = 16;

/** Reads and joins all rules of a scan. @throws LeakscanError at the first mistake. */
export async function readRules(options: RuleOptions): Promise<ReadRules> {
  const names = await fastGlob(['{platforms,data,models,barriers}/**/*.{yml,yaml}'], { cwd: options.builtIn });
  const builtIn = names.sort().map((name) => readRuleFile(path.join(options.builtIn, name), `rules/${name}`));
  if (builtIn.length === 0) throw new LeakscanError(`no rules in ${options.builtIn}`);
  const extra = (await Promise.all(options.extra.map((one) => readNamed(one)))).flat();
  const config = options.config === undefined ? [] : [readRuleFile(options.config, path.basename(options.config))];
  const own = [...extra, ...config];
  const policies = new Map<string, DecodedRules>();
  const included: DecodedRules[] = [];
  for (const [i, file] of own.entries()) {
    const at = i < extra.length ? undefined : options.config;
    await follow(file, at === undefined ? undefined : path.dirname(at), options.builtIn, policies, included, 0);
  }
  if (policies.size === 0) policies.set('strict', await readPolicy('strict', options.builtIn, ''));
  const rules = composeRules([...builtIn, ...included, ...own]);
  if (rules.sinks.length + rules.http.length === 0) throw new LeakscanError('no sinks in the rules');
  const policy = composePolicy([...policies.keys()].join('+'), [...policies.values(), ...included, ...own]);
  return { rules, policy, ignored: own.flatMap(({ rules: one }) => one.ignore) };
}

// extends: [strict, ./more.yml]
async function follow(
  file: DecodedRules,
  dir: string | undefined,
  builtIn: string,
  policies: Map<string, DecodedRules>,
  included: DecodedRules[],
  depth: number,
): Promise<void> {
  if (depth > maxExtends) throw new LeakscanError('extends goes in a circle', file.file);
  for (const [i, name] of file.rules.extends.entries()) {
    const place = `${file.file}:${file.lineOf(['extends', i])}:1`;
    if (!name.startsWith('.')) {
      policies.set(name, await readPolicy(name, builtIn, place));
      continue;
    }
    const target = path.join(dir ?? '.', name);
    if (dir === undefined || path.relative(dir, target).startsWith('..')) {
      throw new LeakscanError(`extends "${name}" lies outside of the folder of ${file.file}`, place);
    }
    const next = readRuleFile(target, name);
    included.push(next);
    await follow(next, path.dirname(target), builtIn, policies, included, depth + 1);
  }
}

async function readPolicy(name: string, builtIn: string, place: string): Promise<DecodedRules> {
  const names = (await fastGlob(['policies/*.yml'], { cwd: builtIn })).map((one) => path.basename(one, '.yml')).sort();
  if (!names.includes(name)) {
    const suggestion = nearest(name, names);
    const hint = suggestion ? `; did you mean "${suggestion}"?` : '';
    throw new LeakscanError(
      `unknown policy "${name}"${hint} Known: ${names.join(', ')}; a file begins with "./"`,
      place,
    );
  }
  return readRuleFile(path.join(builtIn, 'policies', `${name}.yml`), `rules/policies/${name}.yml`);
}

async function readNamed(named: string): Promise<DecodedRules[]> {
  const kind = kindOfPath(named);
  if (kind === 'missing') throw new LeakscanError(`${named} does not exist`);
  if (kind !== 'directory') return [readRuleFile(named, named)];
  const files = await fastGlob(['**/*.{yml,yaml}'], { cwd: named, followSymbolicLinks: false });
  return files.sort().map((file) => readRuleFile(path.join(named, file), path.join(named, file)));
}

function readRuleFile(file: string, shown: string): DecodedRules {
  const found = readText(file, maxRuleBytes);
  if (found.kind === 'failed') throw new LeakscanError(`${shown}: ${found.reason}`);
  return decodeRules(shown, found.text);
}
