// Checks each sink row of rules/platforms against the packages that npm publishes: does the member exist, does it take
// that many arguments. Writes docs/verified.json; with --check compares and writes nothing. Needs the network and dist/.
//   node scripts/verify-rows.mjs [--check] [--only PLATFORM-OR-FILE] [--cache DIR] [--fields]

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fitsVersion } from '../dist/mark/versions.js';
import { formatLock, rowText } from './verify/lock.mjs';
import { defaultCache, Packages } from './verify/packages.mjs';
import { Resolver } from './verify/resolver.mjs';
import { claimsOf, modulesByPackage, readPlatforms } from './verify/rows.mjs';
import { hasMember, readMembers } from './verify/sources.mjs';
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
      claim.versions = row.versions;
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
  const fitting = (claim) => versions.filter((one) => claim.versions === '' || fitsVersion(one, claim.versions));
  for (const version of versions) {
    const open = all.filter((claim) => claim.by === undefined && fitting(claim).includes(version));
    if (open.length === 0) continue;
    const typings = openTypings(name, version);
    if (!typings.isTyped) {
      checkSource(open, name, version);
      continue;
    }
    const resolver = new Resolver(files, (one) => {
      const other = one === name ? typings : newest(one);
      return other?.isTyped ? other : undefined;
    });
    for (const claim of open) {
      const verdict = resolver.check(claim);
      if (verdict === 'found') {
        Object.assign(claim, { by: 'types', at: `${name}@${version}` });
        if (options.fields) claim.absent = resolver.absentFields(claim);
      } else if (verdict === 'untyped') checkSource([claim], name, version);
      else claim.missing ??= verdict;
    }
  }
  // Typings may lag behind the source.
  for (const version of versions) {
    checkSource(
      all.filter((claim) => claim.by === undefined && fitting(claim).includes(version)),
      name,
      version,
    );
  }
  // Plugins add members to another package's objects; adapters hand out those of the package that they adapt.
  for (const relative of relativesOf(name)) {
    for (const version of packages.candidates(relative)) {
      checkSource(
        all.filter((claim) => claim.by === undefined),
        relative,
        version,
      );
    }
  }
  const left = all.filter((claim) => claim.by === undefined).length;
  console.log(`${name} ${versions[0] ?? '(not published)'}: ${all.length - left} of ${all.length} members`);
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

function checkSource(open, name, version) {
  if (open.length === 0) return;
  const members = openSource(name, version);
  for (const claim of open) {
    const last = claim.members.at(-1)?.replace(/[=(].*/, '') ?? '';
    const count = Math.max(0, ...claim.positions.map(({ index }) => index + 1));
    if (hasMember(members, last, count)) Object.assign(claim, { by: 'source', at: `${name}@${version}` });
    else if (last === '' ) claim.missing ??= 'member';
  }
}

const rows = {};
const problems = [];
for (const { row, file, claims: all } of wanted) {
  const found = all.filter((claim) => claim.by !== undefined);
  const covered = new Set(found.flatMap(segmentsOf));
  const missing = all
    .filter((claim) => claim.by === undefined && segmentsOf(claim).some((one) => !covered.has(one)))
    .map((claim) => `${claim.text.replace(/\(.*/s, '')}${claim.missing?.startsWith('argument') ? ` ${claim.missing}` : ''}`);
  const by = found.length === 0 ? 'none' : found.every((claim) => claim.by === 'types') ? 'types' : 'source';
  rows[rowText(row)] = { by, in: [...new Set(found.map((claim) => claim.at))].sort(), ...(missing.length > 0 && { missing }) };
  if (missing.length > 0 || by === 'none') problems.push(`${file}: ${rowText(row)}: ${missing.join(', ') || 'no package'}`);
  if (options.fields) reportFields(row, file, found);
}

function segmentsOf(claim) {
  return [claim.module, ...(claim.members ?? [])].map((segment, i) => `${i} ${segment}`);
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
const counts = ['types', 'source', 'none'].map((by) => `${Object.values(rows).filter((one) => one.by === by).length} ${by}`);
console.log(`${wanted.length} rows: ${counts.join(', ')}`);
if (options.check) {
  const changed = Object.entries(lock.rows).filter(([text, one]) => verdict(one) !== verdict(before.rows[text]));
  for (const [text] of changed) console.log(`changed: ${text}`);
  process.exitCode = changed.length > 0 || problems.length > 0 ? 1 : 0;
} else writeFileSync(lockFile, formatLock(lock));

// A newer version alone is no change.
function verdict(one) {
  return one && `${one.by} ${one.missing?.join() ?? ''}`;
}

function readLock() {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8'));
  } catch {
    return { date: '', rows: {} };
  }
}
