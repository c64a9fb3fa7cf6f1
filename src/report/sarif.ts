// ScanResult → SARIF 2.1.0 as GitHub code scanning reads it: rules with help, one result a finding, its paths as code flows.

import type { Finding, ScanResult, Step } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { Severity } from '../model/rule.ts';
import type { ReportInput } from './report-input.ts';
import { forSarif, forUri } from './sanitise.ts';

const securitySeverity: Record<Severity, string> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  info: '0.5',
};
const levels: Record<Severity, 'error' | 'warning' | 'note'> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
const precisions = { high: 'high', medium: 'medium', low: 'low' } as const;
const maxFlows = 5;
const maxSteps = 100;

/** One run; the same bytes for the same result. */
export function reportSarif({ result }: ReportInput): string {
  const rules = [...new Map(result.findings.map((finding) => [finding.ruleId, finding])).values()].sort((a, b) =>
    a.ruleId < b.ruleId ? -1 : 1,
  );
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'leakscan',
            semanticVersion: result.tool.version,
            rules: rules.map(ruleOf),
          },
        },
        automationDetails: { id: 'leakscan/' },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The scanned folder.' } } },
        invocations: [invocationOf(result)],
        results: result.findings.map((finding) =>
          resultOf(
            finding,
            rules.findIndex((rule) => rule.ruleId === finding.ruleId),
          ),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf(finding: Finding): object {
  return {
    id: finding.ruleId,
    name: finding.ruleId,
    shortDescription: { text: forSarif(finding.message.what) },
    fullDescription: {
      text: forSarif(
        `${finding.message.what}. What passes over the platform can be read and kept by the company that runs it.`,
      ),
    },
    help: { text: forSarif(finding.message.todo) },
    defaultConfiguration: { level: levels[finding.severity] },
    properties: {
      tags: ['security', 'privacy', 'external/cwe/cwe-201', 'external/cwe/cwe-359', finding.category, finding.platform],
      precision: precisions[finding.confidence],
      'security-severity': securitySeverity[finding.severity],
    },
  };
}

function resultOf(finding: Finding, ruleIndex: number): object {
  const paths = [finding.path, ...finding.otherSources.map((other) => other.path)].slice(0, maxFlows);
  return {
    ruleId: finding.ruleId,
    ruleIndex,
    level: finding.verdict === 'warn' ? 'warning' : levels[finding.severity],
    message: { text: forSarif(`${finding.message.what}: ${finding.message.why} ${finding.message.todo}`) },
    locations: [{ physicalLocation: placeOf(finding.site) }],
    relatedLocations: [
      { id: 1, physicalLocation: placeOf(finding.source), message: { text: 'The datum is read here.' } },
      { id: 2, physicalLocation: placeOf(finding.sink), message: { text: 'The platform receives it here.' } },
    ],
    codeFlows: paths.map((path) => ({ threadFlows: [{ locations: path.slice(0, maxSteps).map(stepOf) }] })),
    partialFingerprints: { 'leakscanFlow/v1': finding.fingerprint },
    properties: {
      category: finding.category,
      platform: finding.platform,
      origin: finding.origin,
      confidence: finding.confidence,
      field: finding.sinkField,
    },
  };
}

function stepOf(step: Step, index: number): object {
  return {
    executionOrder: index + 1,
    kinds: [step.kind],
    importance: step.kind === 'read' || step.kind === 'send' ? 'essential' : 'important',
    location: { physicalLocation: placeOf(step.location), message: { text: forSarif(`${step.kind}: ${step.text}`) } },
  };
}

function placeOf(location: Location): object {
  return {
    artifactLocation: { uri: forUri(location.file), uriBaseId: '%SRCROOT%' },
    region: {
      startLine: location.startLine,
      startColumn: location.startColumn,
      endLine: location.endLine,
      endColumn: location.endColumn,
    },
  };
}

function invocationOf(result: ScanResult): object {
  const failed = result.files.filter((file) => file.state === 'failed' || file.state === 'degraded');
  return {
    executionSuccessful: result.status === 'complete',
    toolExecutionNotifications: [
      ...failed.map((file) => ({
        level: file.state === 'failed' ? 'error' : 'warning',
        message: { text: forSarif(`${file.state}: ${file.reason}`) },
        locations: [{ physicalLocation: { artifactLocation: { uri: forUri(file.path), uriBaseId: '%SRCROOT%' } } }],
      })),
      ...result.diagnostics
        .filter((one) => one.kind === 'budget-hit')
        .map((one) => ({ level: 'warning', message: { text: forSarif(one.message) } })),
    ],
  };
}
