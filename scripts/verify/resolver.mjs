// From a path of the rules (`telegraf#Context.telegram.sendMessage`) to types of the published typings. Where the rules
// have a name of their own (`grammy#Hydrated`), it is what their `types` rows make it of.

import { expandBraces, parseCallPattern } from '../../dist/model/api-path.js';
import { packageOf, wildcard } from './typings.mjs';

export class Resolver {
  /** @param typingsOf the typings of a package in the version that is looked at; undefined where it has none */
  constructor(files, typingsOf) {
    this.typingsOf = typingsOf;
    this.from = new Map();
    for (const { rules } of files) {
      for (const { type, from } of rules.types) {
        const all = from.flatMap((one) => expandBraces(one));
        this.from.set(type, [...(this.from.get(type) ?? []), ...all]);
      }
    }
    this.named = new Map();
    this.open = new Set();
  }

  /** Whether a member is there and takes the arguments: `found`, `untyped`, or what is missing. */
  check(claim) {
    const owners = this.stages(claim.module, claim.members);
    let missing = 'member';
    let isOpaque = false;
    for (const stage of owners) {
      const found = stage();
      if (found.length === 0) continue;
      if (found.some(({ typings, type }) => type && typings.isAny(type))) isOpaque = true;
      if (claim.positions.length === 0) return 'found';
      const signatures = found.flatMap((of) => of.typings.signatures(of).map((one) => ({ of, one })));
      const absent = claim.positions.find(
        ({ index, rest }) => !signatures.some(({ of, one }) => of.typings.argument(one, index, rest).length > 0),
      );
      if (!absent || claim.members.at(-1)?.endsWith('=')) return 'found';
      missing = signatures.length === 0 && missing === 'member' ? missing : `argument ${absent.index}`;
    }
    return isOpaque ? 'untyped' : missing;
  }

  /** Payload fields that no signature's argument has. */
  absentFields(claim) {
    const found = this.stages(claim.module, claim.members).flatMap((stage) => stage());
    const signatures = found.flatMap((of) => of.typings.signatures(of).map((one) => ({ of, one })));
    return claim.places.flatMap(({ root, path }) => {
      const position = claim.positions.find((one) => one.name === root);
      if (!position || path.length === 0) return [];
      let at = signatures.flatMap(({ of, one }) =>
        of.typings.argument(one, position.index, position.rest).map((type) => ({ typings: of.typings, type })),
      );
      for (const [i, field] of path.entries()) {
        if (at.length === 0 || field.startsWith(':')) return [];
        const parts = at.flatMap(({ typings, type }) => typings.parts(type).map((one) => ({ typings, type: one })));
        if (parts.some(({ typings, type }) => typings.isPlain(type))) return [];
        at = parts.flatMap((of) => of.typings.member(of, field));
        if (at.length === 0) return [`${root}.${path.slice(0, i + 1).join('.')}`];
      }
      return [];
    });
  }

  // First what the package itself exports under the name, then what the rules make it of, then what it only declares.
  stages(module, members) {
    const [first = '', ...rest] = members;
    const { name, calls } = tokens(first);
    const follow = (start) => this.walk(called(start, calls), rest);
    if (members.length === 0 || name === '') return [() => follow(this.typings(module)?.module(module) ?? [])];
    return [
      () => follow(this.typings(module)?.exported(module, name) ?? []),
      () => follow(this.made(`${module}#${name}`)),
      () => follow(this.typings(module)?.declared(name) ?? []),
    ];
  }

  typings(module) {
    const name = packageOf(module);
    return name === undefined ? undefined : this.typingsOf(name);
  }

  walk(start, members) {
    let at = start;
    for (const member of members) {
      const { name, calls } = tokens(member.replace(/=$/, ''));
      at = distinct(called(at.flatMap((of) => of.typings.member(of, name)), calls));
    }
    return at;
  }

  /** What the `types` rows say that a name of the rules is. */
  made(path) {
    const known = this.named.get(path);
    if (known) return known;
    if (this.open.has(path)) return [];
    this.open.add(path);
    const found = distinct((this.from.get(path) ?? []).flatMap((from) => this.value(from)));
    this.open.delete(path);
    if (this.open.size === 0) this.named.set(path, found);
    return found;
  }

  /** Every value that a pattern of a `from` row leads to: a member, a call's result, or the last named argument of a callback. */
  value(pattern) {
    const { target, parameters, isCall } = parseCallPattern(pattern);
    if (target.kind !== 'api' || target.module === 'global' || target.module.includes('*')) return [];
    const module = target.module.replace(/^implemented:/, '');
    const found = this.all(module, target.members);
    if (!isCall) return found;
    const steps = lastNamed(parameters);
    if (!steps) return found.flatMap((of) => of.typings.result(of));
    let at = found;
    for (const { position, rest } of steps) {
      at = distinct(
        at.flatMap((of) =>
          of.typings
            .signatures(of)
            .flatMap((one) => of.typings.argument(one, position, rest).map((type) => ({ typings: of.typings, type }))),
        ),
      );
    }
    return at;
  }

  all(module, members) {
    const [first = ''] = members;
    const { name } = tokens(first);
    const [exported, made] = this.stages(module, members);
    const found = [...exported(), ...(made && name !== '' && !wildcard(name)('') ? made() : [])];
    return distinct(found);
  }
}

// `message()()` is the member message, called twice.
function tokens(member) {
  const open = member.indexOf('(');
  if (open < 0) return { name: member, calls: 0 };
  return { name: member.slice(0, open), calls: (member.match(/\(/g) ?? []).length };
}

function called(start, calls) {
  let at = start;
  for (let i = 0; i < calls; i++) at = distinct(at.flatMap((of) => of.typings.result(of)));
  return at;
}

function distinct(values) {
  return [...new Map(values.map((one) => [one.type ?? one.symbol, one])).values()];
}

function lastNamed(parameters) {
  for (let i = parameters.length - 1; i >= 0; i--) {
    const { name, rest, callback } = parameters[i];
    const inner = callback && lastNamed(callback);
    if (inner) return [{ position: i, rest }, ...inner];
    if (name !== '' && !callback) return [{ position: i, rest }];
  }
  return undefined;
}
