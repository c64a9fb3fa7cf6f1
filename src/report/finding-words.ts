// Words that the text formats share: who receives, what it is, why it was taken for that. A finding carries them in its sentence only,
// so they are read out of "An account balance reaches Meta through Messenger".

import type { Evidence, Finding } from '../model/finding.ts';
import type { Origin } from '../model/rule.ts';

/** The names in a finding's sentence. */
export interface FindingNames {
  /** As used inside a sentence: "an account balance". */
  readonly datum: string;
  readonly company: string;
  readonly platform: string;
}

/** Takes the sentence apart; ids stand in where it has another form. */
export function namesOf(finding: Finding): FindingNames {
  const [, datum, company, platform] = /^(.+?) reaches (.+?)(?: through (.+))?$/.exec(finding.message.what) ?? [];
  const id = finding.platform.charAt(0).toUpperCase() + finding.platform.slice(1);
  return {
    datum: datum === undefined ? finding.category : datum.charAt(0).toLowerCase() + datum.slice(1),
    company: company ?? id,
    platform: platform ?? company ?? id,
  };
}

const evidenceWords: Readonly<Record<string, string>> = {
  name: 'name',
  qualifiedName: 'name',
  receiver: 'read from',
  typeName: 'type',
  siblings: 'beside',
  'siblings.pair': 'beside',
  'siblings.triple': 'beside',
  'origin.sdk': 'result of',
  'origin.fn': 'from',
  'origin.key': 'key',
  'origin.sql': 'SQL',
  'origin.http': 'URL',
  'origin.schema': 'schema',
  'origin.data': 'data',
  'origin.seen': 'out of',
  formatter: 'formatted by',
  units: 'unit',
  'units.ambiguous': 'unit',
  phrase: 'phrase',
};

const originWords: Readonly<Record<Origin, string>> = {
  stored: 'from stored data',
  api: 'from an API',
  inbound: 'typed by the user',
  public: 'public',
};

const maxReasons = 4;

/** "an account balance: name `balance`, phrase "Your balance"; from an API", the strongest evidence first. */
export function reasonFor(finding: Finding): string {
  const reasons = finding.evidence.filter((item) => item.weight > 0).slice(0, maxReasons);
  const listed = reasons.map((item) => evidenceText(item)).join(', ');
  return `${namesOf(finding).datum}${listed === '' ? '' : `: ${listed}`}; ${originWords[finding.origin]}`;
}

function evidenceText(item: Evidence): string {
  return `${evidenceWords[item.kind] ?? item.kind} ${item.text}`;
}

/** "leaves for Meta (graph.facebook.com)"; the host where the sink is a bare HTTP request. */
export function departureOf(finding: Finding): string {
  const host = /^(?:get|post|put|patch|delete|http)\s+(?:https?:\/\/)?([^\s/?#*{}]+)/i.exec(finding.sinkName)?.[1];
  return `leaves for ${namesOf(finding).company}${host === undefined ? '' : ` (${host})`}`;
}

/** "1 file", "2 files". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
