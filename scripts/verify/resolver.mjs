// From a path of the rules (`telegraf#Context.telegram.sendMessage`) to types of the published typings. Where the rules
// have a name of their own (`grammy#Hydrated`), it is what their `types` rows make it of.

import { expandBraces, parseCallPattern } from '../../dist/model/api-path.js';
import { packageOf, wildcard } from './typings.mjs';

const maxPasses = 3;
const maxValues = 200;

export class Resolver {
  /** @param typingsOf the typings of a package in the version that is looked at; undefined where it has none */
  constructor(files, typingsOf) {
    this.typingsOf = typingsOf;
    this.packages = files.flatMap(({ rules }) => rules.packages ?? []);
    this.from = new Map();
    for (const { rules } of files) {
      for (const { type, from } of rules.types) {
        const all = from.flatMap((one) => expandBraces(one));
        this.from.set(type, [...(this.from.get(type) ?? []), ...all]);
      }
    }
    this.named = new Map();
    this.open = new Set();
    this.pass = new Map();
    this.last = new Map();
  }

  /**
   * Whether a member is there, and which of the argument's positions it takes; undefined where it is not there, or has
   * none of them. A member of any type `isOpaque`: nothing is known of its arguments.
   * @param isDeep whether to follow what the rules make of types, which may open other packages
   */
  check(claim, isDeep) {
    const isWhole = claim.positions.length === 0 || claim.members.at(-1)?.endsWith('=');
    let isOpaque = false;
    for (const stage of this.stages(claim.module, claim.members, isDeep, claim.isGiven)) {
      const found = stage();
      if (found.length === 0) continue;
      if (isWhole) return { taken: claim.positions };
      const signatures = signaturesOf(found);
      const taken = claim.positions.filter(({ index, rest }) => argumentsAt(signatures, index, rest).length > 0);
      if (taken.length > 0) return { taken };
      if (found.some(({ typings, type }) => type && typings.isAny(type))) isOpaque = true;
    }
    return isOpaque ? { taken: [], isOpaque } : undefined;
  }

  /** Arguments that the typings call an address, and a rule calls payload. */
  addresses(claim) {
    let found = [];
    for (const stage of this.stages(claim.module, claim.members, true, claim.isGiven)) {
      if (found.length === 0) found = stage();
    }
    return claim.positions.flatMap(({ name, index }) => {
      const names = signaturesOf(found).flatMap(({ signature }) => signature.parameters[index]?.name ?? []);
      const isAddress = (one) =>
        /^(to|from|jid|chat|channel)$|(chat|user|channel|message|conversation|recipient|group)_?id$/i.test(one);
      return names.length > 0 && names.every(isAddress) ? [`${name} is ${[...new Set(names)].join(' or ')}`] : [];
    });
  }

  /** Payload fields that no signature's argument has. */
  absentFields(claim) {
    let found = [];
    for (const stage of this.stages(claim.module, claim.members, true, claim.isGiven)) {
      if (found.length === 0) found = stage();
    }
    const signatures = signaturesOf(found);
    return claim.places.flatMap(({ root, path }) => {
      const position = claim.positions.find((one) => one.name === root);
      if (!position || path.length === 0) return [];
      let at = argumentsAt(signatures, position.index, position.rest);
      for (const [i, field] of path.entries()) {
        if (at.length === 0 || field.startsWith(':')) return [];
        const parts = at.flatMap(({ typings, type }) => typings.parts(type).map((one) => ({ typings, type: one })));
        if (parts.some(({ typings, type }) => typings.hasNoFields(type))) return [];
        at = parts.flatMap((of) => of.typings.member(of, field));
        if (at.length === 0) return [`${root}.${path.slice(0, i + 1).join('.')}`];
      }
      return [];
    });
  }

  // First what the package itself exports under the name, then what the rules make it of, then what it only declares.
  stages(module, members, isDeep, isGiven = false) {
    const [first = '', ...rest] = members;
    const { name, calls } = tokens(first);
    const follow = (start) => this.walk(called(start, calls), rest, isGiven);
    if (members.length === 0 || name === '') return [() => follow(this.typings(module)?.module(module) ?? [])];
    const exported = () => follow(this.typings(module)?.exported(module, name) ?? []);
    if (!isDeep) return [exported];
    return [
      exported,
      () => follow(this.made(`${module}#${name}`)),
      () => follow(this.typings(module)?.declared(name) ?? []),
    ];
  }

  typings(module) {
    const name = packageOf(module);
    return name === undefined ? undefined : this.typingsOf(name);
  }

  // `register.handle` of something that is given: `handle` is a member of what `register` is given.
  walk(start, members, isGiven) {
    let at = start;
    for (const member of members) {
      const { name, calls } = tokens(member.replace(/=$/, ''));
      const on = isGiven ? [...at, ...argumentsAt(signaturesOf(at), 0, true)] : at;
      at = distinct(
        called(
          on.flatMap((of) => of.typings.member(of, name)),
          calls,
        ),
      );
    }
    return at;
  }

  /** What the `types` rows say that a name of the rules is. Rows refer to each other in circles: passes go on until nothing is new. */
  made(path) {
    const known = this.named.get(path) ?? this.pass.get(path);
    if (known) return known;
    if (this.open.has(path)) return this.last.get(path) ?? [];
    const isOuter = this.open.size === 0;
    this.open.add(path);
    for (let i = 0; i < maxPasses; i++) {
      const found = distinct((this.from.get(path) ?? []).flatMap((from) => this.value(from)));
      this.pass.set(path, found);
      if (!isOuter) return this.close(path, found);
      const isNew = sizeOf(this.pass) > sizeOf(this.last);
      this.last = this.pass;
      this.pass = new Map();
      if (!isNew) break;
    }
    for (const [one, found] of this.last) this.named.set(one, found);
    this.last = new Map();
    return this.close(path, this.named.get(path));
  }

  close(path, found) {
    this.open.delete(path);
    return found;
  }

  /** Every value that a pattern of a `from` row leads to: a member, a call's result, or the last named argument of a callback. */
  value(pattern) {
    const { target, parameters, isCall } = parseCallPattern(pattern);
    if (target.kind !== 'api' || target.module === 'global') return [];
    const module = target.module.replace(/^implemented:/, '');
    const isOpen = packageOf(module)?.includes('*') ?? false;
    const modules = isOpen ? this.packages.filter(wildcard(module)) : [module];
    const found = modules.flatMap((one) => this.all(one, target.members));
    if (!isCall) return found;
    const steps = lastNamed(parameters);
    if (!steps) return found.flatMap((of) => of.typings.result(of));
    let at = found;
    for (const { position, rest } of steps) {
      at = distinct(argumentsAt(signaturesOf(at), position, rest));
    }
    return at;
  }

  all(module, members) {
    const [first = ''] = members;
    const { name } = tokens(first);
    const [exported, made] = this.stages(module, members, true);
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

function signaturesOf(values) {
  return values.flatMap((of) => of.typings.signatures(of).map((signature) => ({ typings: of.typings, signature })));
}

function argumentsAt(signatures, position, rest) {
  return signatures.flatMap(({ typings, signature }) =>
    typings.argument(signature, position, rest).map((type) => ({ typings, type })),
  );
}

function called(start, calls) {
  let at = start;
  for (let i = 0; i < calls; i++) at = distinct(at.flatMap((of) => of.typings.result(of)));
  return at;
}

// Fluent interfaces make an ever larger type of each call: of a generic class or interface one instance is enough.
function distinct(values) {
  return [...new Map(values.map((one) => [keyOf(one), one])).values()].slice(0, maxValues);
}

function keyOf({ typings, type, symbol }) {
  return type ? (typings.declaredAs(type) ?? type) : symbol;
}

function sizeOf(values) {
  return [...values.values()].reduce((sum, list) => sum + list.length, 0);
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
