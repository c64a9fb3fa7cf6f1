// A finding → a SARIF result: the send site, the source as a link in the message, each path as a code flow.

import type { Finding, SourcePath, Step, StepKind } from '../model/finding.ts';
import { departureOf, reasonFor } from './finding-words.ts';
import { maskLiterals } from './mask-literals.ts';
import { sarifText } from './sanitise-sarif.ts';
import { sarifLevel } from './sarif-rules.ts';
import type { SarifCodeFlow, SarifFlowLocation, SarifLocation, SarifResult } from './sarif-types.ts';
import { sarifLocation, sarifMessage } from './sarif-types.ts';

const maxFlows = 5;
const maxSteps = 100;

/** One result; `lineHash` is GitHub's hash of the site's line, where the file's text is known. */
export function sarifResult(finding: Finding, ruleIndex: number, lineHash: string | undefined): SarifResult {
  const { message } = finding;
  const level = sarifLevel(finding.severity);
  const source = { ...sarifLocation(finding.source), id: 1, message: sarifMessage(masked(reasonFor(finding))) };
  const sink = { ...sarifLocation(finding.sink), id: 2, message: sarifMessage(departureOf(finding)) };
  const isWrapped = JSON.stringify(finding.sink) !== JSON.stringify(finding.site);
  const others: readonly SarifLocation[] = finding.otherSources.map((one, at) => ({
    ...sarifLocation(one.source),
    id: at + 3,
    message: sarifMessage(masked(one.text)),
  }));
  return {
    ruleId: finding.ruleId,
    ruleIndex,
    level: level === 'error' && finding.verdict === 'warn' ? 'warning' : level,
    message: {
      text: `${sarifText(`${message.what}:`, 300)} [${sarifText(masked(finding.sourceText), 200)}](1). ${sarifText(message.todo, 400)}`,
    },
    locations: [{ ...sarifLocation(finding.site), message: sarifMessage(masked(finding.siteText)) }],
    relatedLocations: [source, ...(isWrapped ? [sink] : []), ...others],
    codeFlows: codeFlowsOf(finding),
    partialFingerprints: {
      ...(lineHash === undefined ? {} : { primaryLocationLineHash: lineHash }),
      'leakscanFlow/v1': finding.fingerprint,
    },
    properties: {
      category: finding.category,
      platform: finding.platform,
      severity: finding.severity,
      confidence: finding.confidence,
      origin: finding.origin,
      visibility: finding.visibility,
      channel: finding.channel,
      verdict: finding.verdict,
      sink: finding.sinkName,
      field: finding.sinkField,
    },
  };
}

function codeFlowsOf(finding: Finding): readonly SarifCodeFlow[] {
  const best: Pick<SourcePath, 'text' | 'path'> = { text: finding.sourceText, path: finding.path };
  return [best, ...finding.otherSources]
    .filter(({ path }) => path.length > 0)
    .slice(0, maxFlows)
    .map(({ text, path }) => ({
      message: sarifMessage(`from ${masked(text)}`),
      threadFlows: [{ locations: flowLocations(path) }],
    }));
}

// Of a path that is too long the ends are kept, for they say what leaks where.
function flowLocations(path: readonly Step[]): readonly SarifFlowLocation[] {
  const half = maxSteps / 2;
  const steps = path.length <= maxSteps ? path : [...path.slice(0, half), ...path.slice(-half)];
  let depth = 0;
  return steps.map((step, at) => {
    if (step.kind === 'call') depth++;
    if (step.kind === 'return') depth = Math.max(0, depth - 1);
    return {
      location: {
        ...sarifLocation(step.location),
        message: sarifMessage(`${stepWords[step.kind]}: ${masked(step.text)}`),
      },
      executionOrder: at + 1,
      nestingLevel: depth,
      importance:
        at === 0 || at === steps.length - 1 ? 'essential' : step.kind === 'copy' ? 'unimportant' : 'important',
    };
  });
}

const stepWords: Readonly<Record<StepKind, string>> = {
  read: 'read',
  copy: 'copied to',
  store: 'stored in',
  load: 'loaded from',
  derive: 'becomes part of',
  call: 'passed as',
  return: 'returned by',
  library: 'through',
  send: 'sent by',
};

function masked(text: string): string {
  return maskLiterals(text, '•');
}
