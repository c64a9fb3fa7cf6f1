// Program × RuleSet → Marks: sources with evidence, sinks, barriers, origins, texts.

import type { Evidence } from '../model/finding.ts';
import type { PackageManifest } from '../model/input.ts';
import type { Marks, SourceMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import type { RuleSet } from '../model/rule.ts';
import { createClassifier } from './classify.ts';
import { markBarriers } from './mark-barriers.ts';
import { markDeclaredSources } from './mark-declared.ts';
import { markHttp } from './mark-http.ts';
import { markAnswers, markOrigins } from './mark-origins.ts';
import { markResponses } from './mark-responses.ts';
import { markSinks } from './mark-sinks.ts';
import { markNamedSources } from './mark-sources.ts';
import { markTexts } from './mark-text.ts';
import { markOwnerSecrets } from './owner-secrets.ts';
import { markSolicitations } from './solicitation.ts';

/** Applies the rules to a program. */
export function mark(program: Program, rules: RuleSet, packages: readonly PackageManifest[]): Marks {
  const classifier = createClassifier(rules.data);
  const http = markHttp(program, rules, packages);
  const declared = markDeclaredSources(program, rules);
  const project: Evidence[] = [];
  const game = classifier.gamePrior(wordsOf(program));
  if (game) project.push(game);
  const sources = markNamedSources(program, rules.data, classifier, project, http.requests);
  for (const [node, marks] of declared.sources) sources.set(node, [...marks, ...(sources.get(node) ?? [])]);
  const asked = markSolicitations(program, rules.data);
  for (const [node, marks] of asked.sources) sources.set(node, [...(sources.get(node) ?? []), marks]);
  const secrets = markOwnerSecrets(program, rules.data);
  for (const [node, secret] of secrets) sources.set(node, [secret]);
  const formatters = new Set<number>();
  program.calls.forEach((call, i) => {
    if (classifier.isMoneyFormatter(call.name)) formatters.add(i);
  });
  return {
    sinks: distinct([
      ...markSinks(program, rules, (name) => versionOf(packages, name)),
      ...http.sinks,
      ...markResponses(program, rules, packages),
    ]),
    sources: sources as Map<number, readonly SourceMark[]>,
    ...markBarriers(program, rules),
    origins: new Map([...asked.origins, ...markOrigins(program, rules), ...declared.origins]),
    answers: markAnswers(program, rules),
    formatters,
    ownerSecrets: new Set(secrets.keys()),
    quiet: asked.quiet,
    texts: markTexts(program),
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
  return program.files.flatMap((file) => file.strings).filter((text) => /^[\w-]{2,24}$/.test(text));
}
