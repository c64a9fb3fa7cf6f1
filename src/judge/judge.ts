// Flows × policy → Findings: one for each send site × category × platform, the clearest source first.

import type { Finding, SourcePath } from '../model/finding.ts';
import type { Flow } from '../model/flow.ts';
import { compareLocations } from '../model/location.ts';
import type { Marks } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { locationOf } from '../model/program.ts';
import type { Confidence, DataRules, Policy, RuleSet, Severity } from '../model/rule.ts';
import { confidences, severities } from '../model/rule.ts';
import type { Texts } from './describe.ts';
import { callLocation, enclosingFunctions, fingerprintOf, messageOf, pathOf, textAt, tokensOf } from './describe.ts';
import { landingOf, visibilityOf } from './landing.ts';
import { isOnlyUsed, isOpener } from './owner-secret.ts';
import { verdictOf } from './policy.ts';
import { severityOf } from './severity.ts';
import { isSolicitation, solicitationMessage, weighSolicitation } from './solicitation.ts';
import { weakened, weakenedBy, weakenedMessage } from './weakened.ts';
import type { WeighedFlow } from './weigh.ts';
import { weigh } from './weigh.ts';

export interface JudgeSettings {
  /** Findings below these are counted, not listed. */
  readonly confidence: Confidence;
  readonly severity: Severity;
  /** ISO date, for the last day of policy rows. */
  readonly today: string;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly hidden: number;
  readonly allowed: number;
}

const maxOtherSources = 20;

/** Weighs, groups and holds against the policy. */
export function judge(
  program: Program,
  marks: Marks,
  flows: readonly Flow[],
  rules: RuleSet,
  policy: Policy,
  texts: Texts,
  settings: JudgeSettings,
): Judgement {
  const platforms = new Set(rules.platforms.flatMap((one) => one.packages));
  const weighed = flows.map((flow) => {
    const category = marks.sources.get(flow.source)?.[flow.mark]?.category ?? '';
    if (isSolicitation(category)) return weighSolicitation(program, marks, rules, flow);
    return flow.origin === 'public' || isOnlyUsed(program, marks, flow) || isOpener(program, marks, flow, platforms)
      ? undefined
      : weigh(program, marks, rules.data, flow);
  });
  const groups = new Map<string, WeighedFlow[]>();
  for (const bundle of bundlesOf(weighed)) {
    const lead = leadOf(bundle);
    const platform = marks.sinks[lead.flow.sink]?.platform ?? '';
    const key = `${siteOf(bundle)}/${lead.mark.category}/${platform}`;
    groups.set(key, [...(groups.get(key) ?? []), lead]);
  }
  let hidden = 0;
  let allowed = 0;
  const findings: Finding[] = [];
  for (const [key, group] of groups) {
    const finding = findingOf(program, marks, rules, texts, group, Number(key.split('/')[0]));
    const kind = rules.platforms.find((one) => one.id === finding.platform)?.kind ?? 'messaging';
    const verdict = verdictOf(policy, finding, kind, settings.today);
    if (verdict === 'allow') allowed++;
    else if (isShown(finding, settings)) findings.push({ ...finding, verdict });
    else hidden++;
  }
  findings.sort((a, b) => compareLocations(a.site, b.site) || (a.ruleId < b.ruleId ? -1 : 1));
  return { findings: numbered(findings), hidden, allowed };
}

function isShown(finding: Finding, settings: JudgeSettings): boolean {
  return (
    confidences.indexOf(finding.confidence) >= confidences.indexOf(settings.confidence) &&
    severities.indexOf(finding.severity) >= severities.indexOf(settings.severity)
  );
}

// Sources on one way to one sink are one datum under several names: `const total = account.balance`.
function bundlesOf(weighed: readonly (WeighedFlow | undefined)[]): WeighedFlow[][] {
  const bundles = new Map<number, WeighedFlow[]>();
  weighed.forEach((one, index) => {
    if (!one?.confidence) return;
    let root = index;
    for (let at = one.flow.within; at >= 0; at = weighed[at]?.flow.within ?? -1) if (weighed[at]?.confidence) root = at;
    bundles.set(root, [...(bundles.get(root) ?? []), one]);
  });
  return [...bundles.values()];
}

// The name nearest to the sink says what the value is, unless it says only "money" or is a poor guess.
function leadOf(bundle: readonly WeighedFlow[]): WeighedFlow {
  const [first, ...others] = bundle as [WeighedFlow, ...WeighedFlow[]];
  const isPoor = first.mark.category === 'money.generic' || first.confidence === 'low';
  const better = isPoor
    ? others.filter((one) => one.mark.category !== 'money.generic')
    : others.filter((one) => one.mark.category === first.mark.category);
  const best = [first, ...better].sort((a, b) => b.points - a.points)[0] ?? first;
  return isPoor || best.points > first.points ? best : first;
}

function siteOf(bundle: readonly WeighedFlow[]): number {
  return bundle[0]?.flow.site ?? -1;
}

function findingOf(
  program: Program,
  marks: Marks,
  rules: RuleSet,
  texts: Texts,
  group: readonly WeighedFlow[],
  site: number,
): Finding {
  const [best, ...others] = ranked(rules.data, group) as [WeighedFlow, ...WeighedFlow[]];
  const { flow, mark } = best;
  const sink = marks.sinks[flow.sink] as Marks['sinks'][number];
  const category = rules.data.categories.find((one) => one.id === mark.category);
  const platform = rules.platforms.find((one) => one.id === sink.platform);
  const sourceText = textAt(program, texts, flow.source);
  const siteNode = program.calls[site]?.node ?? 0;
  const sinkField = landingOf(program, flow, sink);
  const severity = severityAt(rules.data, best);
  const message = isSolicitation(mark.category)
    ? solicitationMessage(platform, best.evidence, sourceText)
    : messageOf(category, platform, best.evidence, flow.origin, sourceText);
  const hidden = weakenedBy(program, marks, flow, mark.category);
  const parts = [
    mark.category,
    sink.platform,
    sink.name,
    tokensOf(program, texts, flow.source),
    enclosingFunctions(program, flow.source),
    tokensOf(program, texts, siteNode),
    enclosingFunctions(program, siteNode),
  ];
  return {
    fingerprint: fingerprintOf(parts, 0),
    ruleId: `${mark.category}-to-${sink.platform}`,
    category: mark.category,
    platform: sink.platform,
    severity: hidden === '' ? severity : weakened(rules.data, severity),
    confidence: best.confidence ?? 'low',
    origin: flow.origin,
    visibility: visibilityOf(platform, sink, sinkField),
    channel: sink.channel,
    verdict: 'forbid',
    message: hidden === '' ? message : weakenedMessage(message, hidden),
    evidence: best.evidence,
    site: callLocation(program, site),
    siteText: textAt(program, texts, siteNode),
    sink: callLocation(program, sink.call),
    sinkField,
    sinkName: sink.name,
    source: locationOf(program, flow.source),
    sourceText,
    path: pathOf(program, texts, flow, sink),
    otherSources: distinctSources(program, marks, texts, best, others),
  };
}

// What was read from a store goes before what the user typed, unless it is a poor guess; then the clearest comes first.
function ranked(data: DataRules, group: readonly WeighedFlow[]): WeighedFlow[] {
  const rank = (one: WeighedFlow): number =>
    one.confidence === 'low' ? -1 : severities.indexOf(severityAt(data, one));
  return [...group].sort(
    (a, b) => rank(b) - rank(a) || b.points - a.points || a.flow.steps.length - b.flow.steps.length,
  );
}

function severityAt(data: DataRules, { mark, flow, isMasked }: WeighedFlow): Severity {
  const category = data.categories.find((one) => one.id === mark.category);
  return severityOf(data, category, { origin: flow.origin, isMasked });
}

function distinctSources(
  program: Program,
  marks: Marks,
  texts: Texts,
  best: WeighedFlow,
  others: readonly WeighedFlow[],
): SourcePath[] {
  const seen = new Set([best.flow.source]);
  const paths: SourcePath[] = [];
  for (const { flow, evidence } of others) {
    if (seen.has(flow.source) || paths.length >= maxOtherSources) continue;
    seen.add(flow.source);
    const sink = marks.sinks[flow.sink];
    if (!sink) continue;
    paths.push({
      source: locationOf(program, flow.source),
      text: textAt(program, texts, flow.source),
      origin: flow.origin,
      evidence,
      path: pathOf(program, texts, flow, sink),
    });
  }
  return paths;
}

// Equal findings (the same tokens in the same functions) are told apart by their order.
function numbered(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  return findings.map((finding) => {
    const count = counts.get(finding.fingerprint) ?? 0;
    counts.set(finding.fingerprint, count + 1);
    return count === 0 ? finding : { ...finding, fingerprint: fingerprintOf([finding.fingerprint], count) };
  });
}
