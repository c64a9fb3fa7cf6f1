// Checks each sink row of rules/platforms against the packages that npm publishes: does the member exist, does it take
// that many arguments. Writes docs/verified.json; with --check compares and writes nothing. Needs the network and dist/.
//   node scripts/verify-rows.mjs [--check] [--only PLATFORM-OR-FILE] [--cache DIR] [--fields]

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fitsVersion } from '../dist/mark/versions.js';
import { rowText } from '../dist/report/list-platforms.js';
import { formatLock } from './verify/lock.mjs';
import { defaultCache, Packages } from './verify/packages.mjs';
import { Resolver } from './verify/resolver.mjs';
import { claimsOf, modulesByPackage, readPlatforms } from './verify/rows.mjs';
import { argumentsOf, readMembers } from './verify/sources.mjs';
import { Typings } from './verify/typings.mjs';

const root = path.resolve(import.meta.dirname, '..');
const lockFile = path.join(root, 'docs', 'verified.json');
const maxOpen = 6;

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    only: { type: 'string' },
    cache: { type: 'string', default: defaultCache() },
    fields: { type: 'boolean', default: false },
  },
});

const files = readPlatforms(path.join(root, 'rules'));
const modules = modulesByPackage(files);
const before = readLock();
const packages = new Packages(options.cache, new Date().toISOString().slice(0, 10));

/** The claims of the wanted rows by package. */
const claims = new Map();
const wanted = [];
for (const { file, rules } of files) {
  if (options.only && rules.platform !== options.only && file !== options.only) continue;
  for (const row of rules.sinks) {
    if (row.verified !== '') continue;
    const all = claimsOf(row);
    wanted.push({ row, file, claims: all });
    for (const claim of all) {
      Object.assign(claim, { versions: row.versions, siblings: all });
      if (claim.package === undefined) continue;
      claims.set(claim.package, [...(claims.get(claim.package) ?? []), claim]);
    }
  }
}

// The least recently used are dropped: the typings of one package may take hundreds of megabytes.
const opened = new Map();
function openTypings(name, version) {
  const key = `${name}@${version}`;
  const found = opened.get(key) ?? new Typings(packages, name, version, [...(modules.get(name) ?? [name])]);
  opened.delete(key);
  opened.set(key, found);
  if (opened.size > maxOpen) opened.delete(opened.keys().next().value);
  return found;
}

const sources = new Map();
function openSource(name, version) {
  const key = `${name}@${version}`;
  const folder = packages.unpack(name, version);
  if (!sources.has(key)) sources.set(key, folder === undefined ? new Map() : readMembers(folder));
  return sources.get(key);
}

for (const [name, all] of [...claims].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const versions = packages.candidates(name);
  const isOpen = (claim, version) =>
    (version === undefined || claim.versions === '' || fitsVersion(version, claim.versions)) && !isCovered(claim);
  for (const version of versions) {
    if (!all.some((claim) => isOpen(claim, version))) continue;
    const typings = openTypings(name, version);
    if (!typings.isTyped) {
      for (const claim of all) if (isOpen(claim, version)) checkSource(claim, name, version);
      continue;
    }
    const resolver = new Resolver(files, (one) => {
      const other = one === name ? typings : newest(one);
      return other?.isTyped ? other : undefined;
    });
    for (const isDeep of [false, true]) {
      for (const claim of all.filter((one) => isOpen(one, version))) checkTypes(claim, resolver, version, isDeep);
    }
  }
  // Typings may lag behind the source.
  for (const version of versions) {
    for (const claim of all) if (isOpen(claim, version)) checkSource(claim, name, version);
  }
  // Plugins add members to another package's objects; adapters hand out those of the package that they adapt.
  for (const relative of all.some((claim) => isOpen(claim)) ? relativesOf(name) : []) {
    for (const version of packages.candidates(relative)) {
      for (const claim of all) if (isOpen(claim)) checkSource(claim, relative, version);
    }
  }
  const left = all.filter((claim) => isOpen(claim));
  console.log(`${name} ${versions[0] ?? '(not published)'}: ${all.length} members, ${left.length} not found`);
}

// A receiver that is known by its name only has the members that another row of the file names by its package.
for (const { file, claims: all } of wanted) {
  const named = wanted
    .flatMap((one) => (one.file === file ? one.claims : []))
    .filter((one) => one.package !== undefined);
  for (const claim of all.filter((one) => one.isMethod)) {
    for (const one of named.filter(({ by, members }) => by !== undefined && members.at(-1) === claim.members.at(-1))) {
      const taken = claim.positions.filter(({ index }) => one.taken.some((other) => other.index === index));
      if (taken.length > 0) note(claim, one.by, one.at, taken);
    }
  }
}

function checkTypes(claim, resolver, version, isDeep) {
  const found = resolver.check(claim, isDeep);
  if (!found) return;
  if (found.isOpaque) checkSource(claim, claim.package, version);
  else if (note(claim, 'types', `${claim.package}@${version}`, found.taken) && options.fields) {
    claim.absent = resolver.absentFields(claim);
    for (const one of resolver.addresses(claim)) console.log(`address ${claim.text}: ${one}`);
  }
}

function checkSource(claim, name, version) {
  const last = claim.members.at(-1)?.replace(/[=(].*/, '') ?? '';
  const count = argumentsOf(openSource(name, version), last);
  if (count === undefined) return;
  const taken = claim.positions.filter(({ index }) => index < count);
  if (taken.length > 0 || claim.positions.length === 0) note(claim, 'source', `${name}@${version}`, taken);
}

// An older version counts where it takes more of the arguments.
function note(claim, by, at, taken) {
  if (claim.by !== undefined && taken.length <= claim.taken.length) return false;
  Object.assign(claim, { by, at, taken });
  return true;
}

/** True where each part of a claim is found, be it with other parts of the row's: `{Message,Interaction}.{reply,editReply}`. */
function isCovered(claim) {
  const found = new Set(claim.siblings.flatMap((one) => (one.by === undefined ? [] : partsOf(one, one.taken))));
  return partsOf(claim, claim.positions).every((one) => found.has(one));
}

function partsOf(claim, positions) {
  const path = [claim.module, ...claim.members].map((segment, i) => `${i} ${segment}`);
  return [...path, ...positions.map(({ index }) => `argument ${index}`)];
}

function relativesOf(name) {
  const beside = new Set(files.flatMap(({ rules }) => (rules.packages?.includes(name) ? rules.packages : [])));
  const own = Object.entries(dependencies(name)).flatMap(([one, kind]) =>
    kind === 'peer' || beside.has(one) ? [one] : [],
  );
  return [...new Set([...own, ...[...beside].filter((one) => one !== name && name in dependencies(one))])];
}

/** What a package needs (`own`), or expects to be there (`peer`). */
function dependencies(name) {
  const [version] = packages.candidates(name);
  const folder = version && packages.unpack(name, version);
  if (!folder) return {};
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const of = (names, kind) => Object.fromEntries(Object.keys(names ?? {}).map((one) => [one, kind]));
  return { ...of(manifest.dependencies, 'own'), ...of(manifest.peerDependencies, 'peer') };
}

function newest(name) {
  const [version] = packages.candidates(name);
  return version === undefined ? undefined : openTypings(name, version);
}

const rows = {};
const problems = [];
for (const { row, file, claims: all } of wanted) {
  const found = all.filter((claim) => claim.by !== undefined);
  const missing = all.flatMap((claim) => missingOf(claim));
  const by = found.length === 0 ? 'none' : found.every((claim) => claim.by === 'types') ? 'types' : 'source';
  const places = [...new Set(found.map((claim) => claim.at))].sort();
  rows[rowText(row)] = { by, in: places, ...(missing.length > 0 && { missing: [...new Set(missing)] }) };
  if (missing.length > 0) problems.push(`${file}: ${rowText(row)}: ${[...new Set(missing)].join(', ')}`);
  if (options.fields) reportFields(row, file, found);
}

function missingOf(claim) {
  if (isCovered(claim)) return [];
  const path = claim.text.replace(/\(.*/s, '');
  const absent = claim.positions.filter(({ index }) => !claim.taken?.some((one) => one.index === index));
  return claim.by === undefined ? [path] : absent.map(({ index }) => `${path} argument ${index}`);
}

function reportFields(row, file, found) {
  const typed = found.filter((claim) => claim.by === 'types');
  const [first, ...rest] = typed.map((claim) => claim.absent ?? []);
  const never = (first ?? []).filter((field) => rest.every((one) => one.includes(field)));
  if (never.length > 0) console.log(`fields ${file}: ${row.call}: ${[...new Set(never)].join(', ')}`);
}

const texts = new Set(files.flatMap(({ rules }) => rules.sinks.filter((row) => row.verified === '').map(rowText)));
const kept = Object.entries(before.rows).filter(([text]) => options.only && texts.has(text));
const lock = { date: packages.today, rows: { ...Object.fromEntries(kept), ...rows } };
for (const problem of problems) console.log(`! ${problem}`);
const counts = ['types', 'source', 'none'].map(
  (by) => `${Object.values(rows).filter((one) => one.by === by).length} ${by}`,
);
console.log(`${wanted.length} rows: ${counts.join(', ')}`);
if (options.check) {
  const changed = Object.entries(lock.rows).filter(([text, one]) => verdict(one) !== verdict(before.rows[text]));
  const gone = Object.keys(before.rows).filter((text) => !texts.has(text));
  for (const [text, one] of changed) console.log(`changed: ${text}: ${verdict(before.rows[text])} → ${verdict(one)}`);
  for (const text of gone) console.log(`no rule any more: ${text}`);
  process.exitCode = changed.length + gone.length + problems.length > 0 ? 1 : 0;
} else writeFileSync(lockFile, formatLock(lock));

// A newer version alone is no change.
function verdict(one) {
  return one ? [one.by, ...(one.missing ?? [])].join(' ') : 'not there';
}

function readLock() {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8'));
  } catch {
    return { date: '', rows: {} };
  }
}
