// Decoded rule files → one RuleSet. Built-in files and a user's have the same rights; later files add to earlier ones.

import { expandBraces } from '../model/api-path.ts';
import { LeakscanError } from '../model/diagnostic.ts';
import type { NamingRule, PlatformRule, Policy, PolicyRow, RuleSet, TermRule, WeightRule } from '../model/rule.ts';
import type { DecodedRules } from './decode-rules.ts';
import { nearest } from './nearest.ts';
import type { RuleFile } from './rule-schema.ts';

type RowKey =
  | 'types'
  | 'sinks'
  | 'http'
  | 'requests'
  | 'responses'
  | 'webhooks'
  | 'models'
  | 'origins'
  | 'sources'
  | 'apis'
  | 'barriers';

const tiers = { exact: 6, strong: 3.5, medium: 2.5, weak: 1 } as const;

/** Joins rule files; `own` are those that are not shipped. @throws LeakscanError when a row names a platform or category that does not exist. */
export function composeRules(files: readonly DecodedRules[], own: readonly DecodedRules[] = []): RuleSet {
  const categories = files.flatMap(({ rules }) => rules.categories);
  const platforms = platformsOf(files);
  const known = { categories: categories.map((one) => one.id), platforms: platforms.map((one) => one.id) };
  for (const file of files) checkNames(file, known);
  const rows = <Key extends RowKey>(key: Key) =>
    files.flatMap((file) =>
      (file.rules[key] as RuleFile[Key][number][]).map((row, i) => ({
        row: row as RuleFile[Key][number],
        platform: file.rules.platform ?? '',
        isOwn: own.includes(file),
        at: { file: file.file, line: file.lineOf([key, i]) },
      })),
    );
  return {
    platforms,
    types: rows('types').map(({ row, at }) => ({ ...row, package: packageOf(row.type), at })),
    sinks: rows('sinks').map(({ row, platform, at }) => ({
      ...row,
      platform: row.platform ?? platform,
      isGuess: false,
      at,
    })),
    http: rows('http').map(({ row, platform, at }) => ({ ...row, platform: row.platform ?? platform, at })),
    requests: rows('requests').map(({ row, at }) => ({ ...row, at })),
    responses: rows('responses').map(({ row, at }) => ({ ...row, at })),
    webhooks: rows('webhooks').map(({ row, platform, at }) => ({ ...row, platform: row.platform ?? platform, at })),
    models: rows('models').map(({ row, at }) => ({ ...row, turns: row.turns ?? '', origin: row.origin ?? '', at })),
    shared: files.flatMap(({ rules }) => rules.shared),
    origins: rows('origins').map(({ row, at }) => ({ ...row, at })),
    sources: rows('sources').map(({ row, at }) => ({ ...row, at })),
    apis: rows('apis').map(({ row, at }) => ({ ...row, fields: writtenOut(row.fields), at })),
    barriers: rows('barriers').map(({ row, isOwn, at }) => ({ ...row, isOwn, at })),
    data: {
      categories,
      terms: files.flatMap(({ rules }) => rules.terms.flatMap((row) => termsOf(row, rules.language?.id ?? ''))),
      lookAlikes: files.flatMap(({ rules }) => rules.lookAlikes),
      phrases: files.flatMap(({ rules }) =>
        rules.phrases.map((row) => ({ ...row, language: rules.language?.id ?? '' })),
      ),
      languages: files.flatMap(({ rules }) =>
        rules.language ? [{ ...rules.language, script: rules.language.script ?? '' }] : [],
      ),
      solicitation: files.flatMap(({ rules }) => rules.solicitation),
      ownerSecrets: files.flatMap(({ rules }) => rules.ownerSecrets),
      naming: joinNaming(files),
      weights: joinWeights(files),
    },
  };
}

// A platform may have several files: its name stands in one of them, and each names the packages it knows.
function platformsOf(files: readonly DecodedRules[]): PlatformRule[] {
  const platforms = new Map<string, PlatformRule>();
  for (const { rules } of files) {
    const id = rules.platform;
    if (id === undefined) continue;
    const before = platforms.get(id);
    const name = before && before.name !== id ? before.name : (rules.name ?? id);
    const company = before && before.company !== before.id ? before.company : (rules.company ?? name);
    const packages = [...new Set([...(before?.packages ?? []), ...(rules.packages ?? [])])];
    const forks = { ...before?.forks, ...rules.forks };
    const alike = [...(before?.alike ?? []), ...rules.alike];
    const hiddenFields = [...(before?.hiddenFields ?? []), ...(rules.fields?.hidden ?? [])];
    const previewFields = [...(before?.previewFields ?? []), ...(rules.fields?.preview ?? [])];
    const kind = rules.kind ?? before?.kind ?? 'messaging';
    platforms.set(id, { id, name, company, kind, packages, forks, alike, hiddenFields, previewFields });
  }
  return [...platforms.values()];
}

/** `telegraf` of `telegraf#Context`. */
function packageOf(path: string): string {
  const hash = path.indexOf('#');
  return hash < 0 ? (path.split('.')[0] ?? '') : path.slice(0, hash);
}

function checkNames(
  file: DecodedRules,
  known: { readonly categories: readonly string[]; readonly platforms: readonly string[] },
): void {
  const check = (
    kind: string,
    name: string | undefined,
    names: readonly string[],
    path: readonly (string | number)[],
  ): void => {
    if (name === undefined || name === '*' || names.includes(name)) return;
    const suggestion = nearest(name, names);
    const hint = suggestion ? `; did you mean "${suggestion}"?` : '';
    throw new LeakscanError(
      `unknown ${kind} "${name}"${hint} Known: ${names.join(', ')}`,
      `${file.file}:${file.lineOf(path)}:1`,
    );
  };
  const { rules } = file;
  for (const key of ['sinks', 'http', 'webhooks'] as const) {
    rules[key].forEach((row, i) => {
      if (row.platform === undefined && rules.platform === undefined) {
        throw new LeakscanError(`a row of ${key} needs a platform`, `${file.file}:${file.lineOf([key, i])}:1`);
      }
      check('platform', row.platform, known.platforms, [key, i]);
    });
  }
  for (const key of ['sources', 'terms', 'phrases'] as const) {
    rules[key].forEach((row, i) => {
      check('category', row.category, known.categories, [key, i]);
    });
  }
  rules.ownerSecrets.forEach((row, i) => {
    check('category', row.category || undefined, known.categories, ['ownerSecrets', i]);
  });
  rules.apis.forEach((row, i) => {
    for (const category of Object.keys(row.fields)) check('category', category, known.categories, ['apis', i]);
  });
  rules.barriers.forEach((row, i) => {
    for (const category of [...row.stops, ...row.weakens])
      check('category', category, known.categories, ['barriers', i]);
  });
  rules.policy.forEach((row, i) => {
    const target = row.forbid ?? row.warn ?? row.allow;
    check('platform', target?.platform, known.platforms, ['policy', i]);
    check('category', target?.category, known.categories, ['policy', i]);
  });
}

function termsOf(row: RuleFile['terms'][number], language: string): TermRule[] {
  const { category } = row;
  const listed = (['exact', 'strong', 'medium', 'weak'] as const).flatMap((tier) =>
    row[tier].map(
      (term): TermRule => ({
        category,
        term: term.toLowerCase(),
        points: tiers[tier],
        exact: tier === 'exact',
        isPattern: false,
        language,
      }),
    ),
  );
  const patterns = row.patterns.map(
    (term): TermRule => ({ category, term, points: tiers.strong, exact: false, isPattern: true, language }),
  );
  return [...listed, ...patterns];
}

function joinNaming(files: readonly DecodedRules[]): NamingRule {
  const lists = files.flatMap(({ rules }) => (rules.naming ? [rules.naming] : []));
  const join = (key: keyof NamingRule): string[] => lists.flatMap((naming) => naming[key]);
  return {
    neutralSuffixes: join('neutralSuffixes'),
    neutralPrefixes: join('neutralPrefixes'),
    booleanPrefixes: join('booleanPrefixes'),
    sourcePrefixes: join('sourcePrefixes'),
    otherPrefixes: join('otherPrefixes'),
    qualifiers: join('qualifiers'),
    entities: join('entities'),
    models: join('models'),
    catalogues: join('catalogues'),
    textColumns: join('textColumns'),
    serialisers: join('serialisers'),
    currencyStrong: join('currencyStrong'),
    currencyAmbiguous: join('currencyAmbiguous'),
    gameUnits: join('gameUnits'),
    gameMarkers: join('gameMarkers'),
    moneyFormatters: join('moneyFormatters'),
    transforms: join('transforms'),
    addressWords: join('addressWords'),
    forkWords: join('forkWords'),
    sendNames: join('sendNames'),
    plainWords: join('plainWords'),
    moneyFields: join('moneyFields'),
    textFields: join('textFields'),
    timeFields: join('timeFields'),
    kindFields: join('kindFields'),
    sums: join('sums'),
    amountWords: join('amountWords'),
    outflows: join('outflows'),
    totals: join('totals'),
    prepositions: join('prepositions'),
    measures: join('measures'),
    minorUnits: join('minorUnits'),
    countedThings: join('countedThings'),
    owners: join('owners'),
    thingMarkers: join('thingMarkers'),
    personFields: join('personFields'),
    fillers: join('fillers'),
    publicWords: join('publicWords'),
    formatterWords: join('formatterWords'),
    formatterUnits: join('formatterUnits'),
  };
}

// A later file's weight replaces an earlier one's.
function joinWeights(files: readonly DecodedRules[]): WeightRule {
  const all = files.flatMap(({ rules }) => (rules.weights ? [rules.weights] : []));
  const last = (key: 'high' | 'medium' | 'low'): number => all.findLast((one) => one[key] !== undefined)?.[key] ?? 0;
  return {
    points: Object.assign(Object.create(null), ...all.map((one) => one.points)),
    high: last('high'),
    medium: last('medium'),
    low: last('low'),
  };
}

/** The policy of some rule files, in order; the last row that fits decides. */
export function composePolicy(name: string, files: readonly DecodedRules[]): Policy {
  return {
    name,
    rows: files.flatMap(({ rules }) =>
      rules.policy.map((row): PolicyRow => {
        const verdict = row.allow ? 'allow' : row.warn ? 'warn' : 'forbid';
        const target = row.allow ?? row.warn ?? row.forbid;
        return {
          verdict,
          platform: target?.platform ?? '*',
          kind: target?.kind ?? '*',
          channel: target?.channel ?? '*',
          category: target?.category ?? '*',
          reason: row.reason,
          approvedBy: row.approvedBy,
          until: row.until ?? '',
        };
      }),
    ),
  };
}

// statementItem.{amount,balance}: both.
function writtenOut(fields: Readonly<Record<string, readonly string[]>>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(fields).map(([category, ends]) => [category, ends.flatMap(expandBraces)]));
}
