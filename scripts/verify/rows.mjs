// The sink rows of the platform files, and the single members that each stands for.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expandBraces, parseCallPattern, parsePlace } from '../../dist/model/api-path.js';
import { decodeRules } from '../../dist/read/decode-rules.js';
import { packageOf } from './typings.mjs';

/** The platform files, decoded. */
export function readPlatforms(rulesFolder) {
  const folder = path.join(rulesFolder, 'platforms');
  const names = readdirSync(folder).filter((one) => /\.ya?ml$/.test(one));
  return names.sort().map((name) => decodeRules(name, readFileSync(path.join(folder, name), 'utf8')));
}

/** What a row asserts of a package: these members, with arguments at these positions. */
export function claimsOf(row) {
  const payload = row.payload.flatMap((place) => parsePlace(place));
  return expandBraces(row.call).map((text) => {
    const { target, parameters } = parseCallPattern(text);
    const isOfPackage = target.kind === 'api' && target.module !== 'global' && target.module !== 'exported';
    const module = isOfPackage ? target.module.replace(/^implemented:/, '') : '*';
    const named = parameters.flatMap(({ name, rest }, index) => (name === '' ? [] : [{ name, rest, index }]));
    const roots = new Set(payload.map((one) => one.root));
    return {
      text,
      /** None where the receiver is known by its name only, and of globals. */
      package: isOfPackage ? packageOf(module) : undefined,
      isMethod: target.kind === 'method',
      /** The bot's own member, put in place of the package's or given to it. */
      isGiven: target.kind === 'api' && target.module.startsWith('implemented:'),
      module,
      members: target.kind === 'name' ? [target.name] : target.members,
      positions: payload.length === 0 ? named : named.filter((one) => roots.has(one.name)),
      places: payload.filter((one) => !one.isReturn && !one.isThrow && one.given === undefined && !one.method),
    };
  });
}

/** Which modules of a package rules name: itself, and those below it. */
export function modulesByPackage(files) {
  const found = new Map();
  const add = (text) => {
    for (const one of expandBraces(text.replace(/\(.*/s, ''))) {
      const [module = ''] = one.replace(/^implemented:/, '').split('#');
      const name = packageOf(module);
      if (name !== undefined) found.set(name, new Set([...(found.get(name) ?? [name]), module]));
    }
  };
  for (const { rules } of files) {
    for (const row of rules.types) for (const text of [row.type, ...row.from]) add(text);
    for (const row of rules.sinks) add(row.call);
  }
  return found;
}
