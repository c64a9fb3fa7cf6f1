// Program × RuleSet → Marks: sources with evidence, sinks, barriers, origins, texts.

import type { Evidence } from '../model/finding.ts';
import type { PackageManifest, SchemaFile } from '../model/input.ts';
import type { Marks, SourceMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import type { RuleSet } from '../model/rule.ts';
import { createClassifier } from './classify.ts';
import { markFormatters, markWrittenOut } from './formatters.ts';
import { spokenWords, vocabularyFor } from './languages.ts';
import { markBarriers } from './mark-barriers.ts';
import { markCollections } from './mark-collections.ts';
import { markDeclaredSources } from './mark-declared.ts';
import { markEntries } from './mark-entries.ts';
import { markFiles } from './mark-files.ts';
import { markHttp } from './mark-http.ts';
import { markAnswers, markOrigins, postedWays, ruledOrigins } from './mark-origins.ts';
import { markOwned } from './mark-owned.ts';
import { markPosted } from './mark-posted.ts';
import { markResponses } from './mark-responses.ts';
import { markSinks } from './mark-sinks.ts';
import { markNamedSources } from './mark-sources.ts';
import { markSpokenSources } from './mark-spoken.ts';
import { filledTexts, markFilledTexts, markTemplateFields, shownInPart } from './mark-templates.ts';
import { markTexts } from './mark-text.ts';
import { markWritten } from './mark-written.ts';
import { markOwnerSecrets } from './owner-secrets.ts';
import { createPhraseReader } from './phrases.ts';
import { markRows } from './schema/mark-rows.ts';
import { markSolicitations } from './solicitation.ts';

/** Applies the rules to a program. */
export function mark(
  program: Program,
  rules: RuleSet,
  packages: readonly PackageManifest[],
  schemaFiles: readonly SchemaFile[],
): Marks {
  const data = vocabularyFor(program, rules.data);
  const classifier = createClassifier(data);
  const http = markHttp(program, rules, packages);
  const declared = markDeclaredSources(program, rules);
  const project: Evidence[] = [];
  const game = classifier.gamePrior(wordsOf(program));
  if (game) project.push(game);
  const things = classifier.thingPrior(spokenWords(program));
  if (things) project.push(things);
  const ruled = ruledOrigins(program, rules);
  const filled = filledTexts(program);
  const inPart = new Set(filled.map(({ call }) => call));
  const rows = markRows(program, rules, classifier, http.requests, schemaFiles, ruled, inPart);
  const sources = markNamedSources(program, rules.data, classifier, project, http.requests, rows);
  const collections = markCollections(program, rules.data, classifier, project);
  const files = markFiles(program, data, classifier, project);
  for (const found of [collections, files, rows.sources, declared.sources])
    for (const [node, marks] of found) sources.set(node, [...marks, ...(sources.get(node) ?? [])]);
  const asked = markSolicitations(program, rules.data);
  for (const [node, found] of asked.sources) sources.set(node, [...(sources.get(node) ?? []), found]);
  const secrets = markOwnerSecrets(program, rules.data);
  for (const [node, secret] of secrets) sources.set(node, [secret]);
  const formatters = markFormatters(program, data, classifier);
  const phrases = createPhraseReader(data);
  const texts = markTexts(program, phrases);
  markFilledTexts(program, filled, phrases, texts);
  for (const [node, marks] of markTemplateFields(program, data, filled, classifier, phrases, rows, project))
    sources.set(node, [...(sources.get(node) ?? []), ...marks]);
  const entries = markEntries(program, data, classifier, formatters, texts, sources, project, rows);
  for (const [node, marks] of entries) sources.set(node, marks);
  const stops = markBarriers(program, rules);
  const spoken = markSpokenSources(
    program,
    data,
    classifier,
    formatters,
    texts,
    sources,
    project,
    rows,
    stops.barriers,
  );
  for (const [node, marks] of spoken) sources.set(node, [...marks, ...(sources.get(node) ?? [])]);
  const origins = new Map([
    ...asked.origins,
    ...markOrigins(program, rules, http.requests, ruled),
    ...rows.origins,
    ...declared.origins,
  ]);
  const around = { classifier, formatters, texts, named: sources, project, rows, origins, requests: http.requests };
  for (const [node, marks] of markOwned(program, data, around)) sources.set(node, marks);
  return {
    sinks: distinct([
      ...markSinks(program, rules, (name) => versionOf(packages, name)),
      ...http.sinks,
      ...markResponses(program, rules, packages),
    ]),
    sources: sources as Map<number, readonly SourceMark[]>,
    ...stops,
    origins,
    posted: postedWays(rules),
    written: new Map([...markPosted(program, http.requests), ...markWritten(program)]),
    answers: markAnswers(program, rules),
    formatters,
    writtenOut: markWrittenOut(program, data),
    ownerSecrets: new Set(secrets.keys()),
    quiet: asked.quiet,
    partly: shownInPart(filled),
    texts,
  };
}

function distinct(sinks: Marks['sinks']): Marks['sinks'] {
  const seen = new Set<string>();
  return sinks.filter((sink) => {
    const key = `${sink.platform}/${sink.call}/${sink.node}/${sink.path.join('.')}`;
    return !seen.has(key) && seen.add(key);
  });
}

function versionOf(packages: readonly PackageManifest[], name: string): string {
  for (const manifest of packages) {
    const range = manifest.dependencies[name];
    if (range !== undefined) return range;
  }
  return '';
}

// Words that tell what the project is about: names of commands, files and fields.
function wordsOf(program: Program): string[] {
  const files = program.files.map(({ file }) => /([\w-]+)(?:\.\w+)*$/.exec(file)?.[1] ?? '');
  return [...files, ...program.files.flatMap((file) => file.strings)].filter((text) => /^[\w-]{2,24}$/.test(text));
}
