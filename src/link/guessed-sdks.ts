// Packages that no rule knows, and that are SDKs of a platform by their name (`wa-gateway-kit`): what their methods send is
// taken for that platform's by the methods' names, and what they hand to handlers for what a user typed.

import type { FileGraph } from '../model/flow-graph.ts';
import type { Input } from '../model/input.ts';
import type { OriginRule, RuleSet, SinkRule, TypeRule } from '../model/rule.ts';
import { packageName, plainSpecifier } from '../model/specifier.ts';
import { createPackageNames } from './package-names.ts';

/** A package, and the platform that it is taken for. */
export interface GuessedSdk {
  readonly package: string;
  readonly platform: string;
}

/** Objects in objects: `client.chat.messages.send`. */
const depths = ['', '*.', '*.*.', '*.*.*.'];
const nowhere = { file: '', line: 0 };

/** Finds such packages among those that the files import and a package.json lists. */
export function guessSdks(
  files: readonly FileGraph[],
  { packages, rules }: Pick<Input, 'packages' | 'rules'>,
): GuessedSdk[] {
  const names = createPackageNames({ packages, rules });
  const own = new Set(packages.map(({ name }) => name));
  const listed = new Set(packages.flatMap(({ dependencies }) => Object.keys(dependencies)));
  const imported = new Set(
    files.flatMap((file) => file.imports.map(({ specifier }) => packageName(plainSpecifier(specifier)))),
  );
  const platforms = rules.platforms.flatMap(({ id, alike }) => alike.map((words) => ({ id, words: words.split(' ') })));
  return [...imported].sort().flatMap((name): GuessedSdk[] => {
    if (!listed.has(name) || own.has(name) || names.isKnown(names.knownAs(name))) return [];
    const words = new Set(name.split(/[^a-z0-9]+/));
    const found = platforms.find((one) => one.words.every((word) => words.has(word)));
    return found ? [{ package: name, platform: found.id }] : [];
  });
}

/** Adds the rows that the packages are read with. */
export function withGuessed(rules: RuleSet, sdks: readonly GuessedSdk[]): RuleSet {
  if (sdks.length === 0) return rules;
  const { sendNames } = rules.data.naming;
  // The package itself may be the function that sends.
  const callees = ['', ...depths.map((depth) => `${depth}{${sendNames.join(',')}}`)];
  const sinks = sdks.flatMap((sdk) =>
    callees.map(
      (callee): SinkRule => ({
        platform: sdk.platform,
        call: `${sdk.package}#${callee}(...payload)`,
        payload: [],
        visibility: 'shown',
        channel: 'message',
        versions: '',
        where: {},
        verified: '',
        isGuess: true,
        at: nowhere,
      }),
    ),
  );
  const types = sdks.map(
    (sdk): TypeRule => ({
      type: `${sdk.package}#Given`,
      from: depths.flatMap((depth) =>
        ['given', '_, given', '_, _, given'].map((given) => `${sdk.package}#${depth}*(...handler(${given}))`),
      ),
      params: [],
      package: sdk.package,
      where: {},
      at: nowhere,
    }),
  );
  const origins = sdks.map(
    (sdk): OriginRule => ({
      origin: 'inbound',
      read: depths.map((depth) => `${sdk.package}#Given.${depth}*`),
      at: nowhere,
    }),
  );
  return {
    ...rules,
    sinks: [...rules.sinks, ...sinks],
    types: [...rules.types, ...types],
    origins: [...rules.origins, ...origins],
  };
}
