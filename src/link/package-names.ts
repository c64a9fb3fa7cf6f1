// Names of packages → those that rules know: what a package.json calls otherwise (`"discord": "npm:discord.js@14"`),
// and forks, which have the interface of what they were made of (`@someone/baileys-mod`).

import { matchesWildcard } from '../model/api-path.ts';
import type { LinkInput } from './link-input.ts';

export interface PackageNames {
  /** The name under which rules know a package; its own where they do not. */
  knownAs(name: string): string;
  isKnown(name: string): boolean;
}

/** Reads the names that rules begin with, and the aliases of the manifests. */
export function createPackageNames({ packages, rules }: Pick<LinkInput, 'packages' | 'rules'>): PackageNames {
  const aliases = new Map(packages.flatMap((manifest) => Object.entries(manifest.aliases)));
  const sdks = rules.platforms.flatMap((platform) => platform.packages);
  const forks = rules.platforms.flatMap((platform) => Object.entries(platform.forks));
  const forkWords = new Set(rules.data.naming.forkWords);
  const known = new Set([...sdks, ...modulesOf(rules)]);
  // What has a scope or is short may have a name that says little: `@slack/web-api`, `chat`.
  const plain = new Set(sdks.filter((name) => !name.startsWith('@') && name.length > 4));
  const answers = new Map<string, string>();

  // Aliases do not follow one another: a package's own name is no alias.
  function find(alias: string): string {
    const name = known.has(alias) ? alias : (aliases.get(alias) ?? alias);
    // `@types/x` is no program; a file of types beside it is what it is.
    if (known.has(name) || name.startsWith('@types/')) return name;
    const [of] = forks.find(([, patterns]) => patterns.some((pattern) => matchesWildcard(pattern, name))) ?? [];
    if (of !== undefined) return of;
    const like = withoutForkWords(bareName(name), forkWords);
    return plain.has(like) ? like : name;
  }

  function knownAs(name: string): string {
    let found = answers.get(name);
    if (found === undefined) {
      found = find(name);
      answers.set(name, found);
    }
    return found;
  }
  return { knownAs, isKnown: (name) => known.has(name) };
}

/** `baileys` of `@whiskeysockets/baileys`. */
function bareName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

// discord.js-light → discord.js
function withoutForkWords(name: string, forkWords: ReadonlySet<string>): string {
  const parts = name.split('-');
  while (parts.length > 1 && isForkWord(parts[parts.length - 1], forkWords)) parts.pop();
  while (parts.length > 1 && isForkWord(parts[0], forkWords)) parts.shift();
  return parts.join('-');
}

function isForkWord(part: string | undefined, forkWords: ReadonlySet<string>): boolean {
  return part !== undefined && (forkWords.has(part) || /^v?\d+$/.test(part));
}

// The modules that the rules' patterns begin with, braces and wildcards left as they are: names are looked up, not matched.
function modulesOf({ types, sinks, models, responses }: LinkInput['rules']): string[] {
  const patterns = [
    ...types.flatMap(({ type, from }) => [type, ...from]),
    ...[...sinks, ...models, ...responses].map(({ call }) => call),
  ];
  return patterns.flatMap((pattern) => {
    const hash = pattern.indexOf('#');
    return hash < 0 ? [] : pattern.slice(0, hash).split(/[{},]/);
  });
}
