// The shape of a rule file (rules/README.md), as zod schemas. The JSON Schema in schemas/ is printed from here.

import { z } from 'zod';
import { channels, platformKinds } from '../model/rule.ts';

const text = z.string().min(1);
const texts = z.array(text);
const severity = z.enum(['info', 'low', 'medium', 'high', 'critical']);
const origin = z.enum(['stored', 'api', 'inbound', 'public']);

const visibility = z.enum(['shown', 'preview', 'hidden']).default('shown');

// Where it is documented that a row is right, when the package's own typings and source cannot say it.
const verified = z
  .string()
  .regex(/^$|^docs: \S/, 'expected "docs: " and where it is documented')
  .default('');

const constants = z.record(z.string(), texts).default({});

const typeRow = z.strictObject({
  type: text,
  from: texts.default([]),
  params: texts.default([]),
  where: constants,
});
const sinkRow = z.strictObject({
  platform: text.optional(),
  call: text,
  payload: texts.default([]),
  visibility,
  channel: z.enum(channels).default('message'),
  versions: z.string().default(''),
  where: constants,
  verified,
});
const httpRow = z.strictObject({
  platform: text.optional(),
  urls: texts,
  env: texts.default([]),
  shape: texts.default([]),
  where: constants,
  beside: texts.default([]),
  payload: texts,
  visibility,
  channel: z.enum(channels).default('message'),
  verified,
});
const requestRow = z.strictObject({
  call: text,
  base: texts.default([]),
  url: texts.default([]),
  body: texts.default([]),
  query: texts.default([]),
});
const responseRow = z.strictObject({ call: text, body: texts });
const webhookRow = z.strictObject({
  platform: text.optional(),
  shape: texts.default([]),
  where: constants,
  needs: z.enum(['', 'package']).default(''),
  beside: texts.default([]),
  payload: texts,
  visibility,
  channel: z.enum(channels).default('message'),
  verified,
});
const modelRow = z.strictObject({
  call: text,
  where: constants,
  flow: texts.default([]),
  drop: texts.default([]),
  turns: z.enum(['forward', 'backward', 'chosen']).optional(),
  origin: origin.optional(),
});
const originRow = z.strictObject({ origin, read: texts });
const sourceRow = z.strictObject({
  category: text,
  call: text,
  fields: texts.default([]),
  origin: origin.default('stored'),
});
const apiRow = z.strictObject({
  api: text,
  calls: texts.default([]),
  where: constants,
  urls: texts.default([]),
  env: texts.default([]),
  posted: texts.default([]),
  fields: z.record(z.string(), texts).default({}),
  public: texts.default([]),
});
const barrierRow = z.strictObject({
  call: text,
  stops: texts.default([]),
  weakens: texts.default([]),
  where: constants,
  guard: z.boolean().default(false),
});
const categoryRow = z.strictObject({
  id: text,
  title: text,
  severity,
  floor: severity.default('info'),
  definition: text,
});
const termRow = z.strictObject({
  category: text,
  exact: texts.default([]),
  strong: texts.default([]),
  medium: texts.default([]),
  weak: texts.default([]),
  patterns: texts.default([]),
});
const lookAlikeRow = z.strictObject({
  term: text,
  meaning: text,
  receiver: texts.default([]),
  siblings: texts.default([]),
  imports: texts.default([]),
  compound: texts.default([]),
  text: texts.default([]),
  points: z.number(),
});
const phraseRow = z.strictObject({ category: text, phrases: texts });
const ownerSecretRow = z.strictObject({ category: z.string(), words: texts });
const solicitationRow = z.strictObject({
  language: text,
  order: z.enum(['asks first', 'objects first', 'any']).default('asks first'),
  isSpaced: z.boolean().default(true),
  asks: texts,
  objects: z.record(z.string(), texts),
  between: texts.default([]),
  silent: texts.default([]),
});
const naming = z.strictObject({
  neutralSuffixes: texts.default([]),
  neutralPrefixes: texts.default([]),
  booleanPrefixes: texts.default([]),
  sourcePrefixes: texts.default([]),
  otherPrefixes: texts.default([]),
  qualifiers: texts.default([]),
  entities: texts.default([]),
  models: texts.default([]),
  catalogues: texts.default([]),
  textColumns: texts.default([]),
  serialisers: texts.default([]),
  currencyStrong: texts.default([]),
  currencyAmbiguous: texts.default([]),
  gameUnits: texts.default([]),
  gameMarkers: texts.default([]),
  moneyFormatters: texts.default([]),
  transforms: texts.default([]),
  addressWords: texts.default([]),
  forkWords: texts.default([]),
  sendNames: texts.default([]),
  plainWords: texts.default([]),
  moneyFields: texts.default([]),
  textFields: texts.default([]),
  timeFields: texts.default([]),
  kindFields: texts.default([]),
  sums: texts.default([]),
  amountWords: texts.default([]),
  minorUnits: texts.default([]),
  countedThings: texts.default([]),
  owners: texts.default([]),
  thingMarkers: texts.default([]),
  personFields: texts.default([]),
  outflows: texts.default([]),
  totals: texts.default([]),
  prepositions: texts.default([]),
  measures: texts.default([]),
  fillers: texts.default([]),
  publicWords: texts.default([]),
  formatterWords: texts.default([]),
  formatterUnits: texts.default([]),
});
// A natural language: its terms, phrases and naming stand in the same file.
const language = z.strictObject({
  id: text,
  words: texts.default([]),
  script: z
    .enum(['Arabic', 'Bengali', 'Cyrillic', 'Devanagari', 'Greek', 'Han', 'Hangul', 'Hebrew', 'Kana', 'Thai'])
    .optional(),
  ambiguous: texts.default([]),
  endings: texts.default([]),
  heads: texts.default([]),
  headFirst: z.boolean().default(false),
  latin: texts.default([]),
});
const weights = z.strictObject({
  points: z.record(z.string(), z.number()).default({}),
  high: z.number().optional(),
  medium: z.number().optional(),
  low: z.number().optional(),
});
const policyTarget = z.strictObject({
  platform: text.default('*'),
  kind: z.enum(['*', ...platformKinds]).default('*'),
  channel: z.enum(['*', ...channels]).default('*'),
  category: text.default('*'),
});
const policyRow = z
  .strictObject({
    forbid: policyTarget.optional(),
    warn: policyTarget.optional(),
    allow: policyTarget.optional(),
    reason: text,
    approvedBy: z.string().default(''),
    until: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as 2027-06-30')
      .optional(),
  })
  .refine(
    (row) => [row.forbid, row.warn, row.allow].filter(Boolean).length === 1,
    'expected exactly one of forbid, warn, allow',
  );

/** A rule file, or a company's leakscan.yml. */
export const ruleFileSchema = z.strictObject({
  platform: text.optional(),
  name: text.optional(),
  company: text.optional(),
  kind: z.enum(platformKinds).optional(),
  packages: texts.optional(),
  forks: z.record(z.string(), texts).default({}),
  alike: texts.default([]),
  fields: z.strictObject({ hidden: texts.default([]), preview: texts.default([]) }).optional(),
  types: z.array(typeRow).default([]),
  sinks: z.array(sinkRow).default([]),
  http: z.array(httpRow).default([]),
  requests: z.array(requestRow).default([]),
  responses: z.array(responseRow).default([]),
  webhooks: z.array(webhookRow).default([]),
  models: z.array(modelRow).default([]),
  shared: texts.default([]),
  origins: z.array(originRow).default([]),
  sources: z.array(sourceRow).default([]),
  apis: z.array(apiRow).default([]),
  barriers: z.array(barrierRow).default([]),
  categories: z.array(categoryRow).default([]),
  language: language.optional(),
  terms: z.array(termRow).default([]),
  lookAlikes: z.array(lookAlikeRow).default([]),
  phrases: z.array(phraseRow).default([]),
  solicitation: z.array(solicitationRow).default([]),
  ownerSecrets: z.array(ownerSecretRow).default([]),
  naming: naming.optional(),
  weights: weights.optional(),
  extends: texts.default([]),
  policy: z.array(policyRow).default([]),
  ignore: texts.default([]),
});

export type RuleFile = z.infer<typeof ruleFileSchema>;
