// ScanResult → SARIF 2.1.0 as GitHub code scanning reads it. No timestamps and no absolute paths, so that the same result gives the same bytes.

import type { Finding, ScanResult, SourceLines } from '../model/finding.ts';
import { compareFindings } from './finding-order.ts';
import { incompleteReasons } from './incomplete-reasons.ts';
import { lineHashes } from './line-hash.ts';
import type { ReportInput } from './report-input.ts';
import { jsonText } from './sanitise-sarif.ts';
import { sarifResult } from './sarif-result.ts';
import { sarifRules } from './sarif-rules.ts';
import type { SarifLog, SarifNotification } from './sarif-types.ts';
import { sarifMessage, sarifPlace } from './sarif-types.ts';

// GitHub takes no more results than this in one run.
const maxResults = 25_000;

/** The result as a SARIF log with one run. */
export function sarifReport({ result, lines }: ReportInput): string {
  const findings = [...result.findings].sort(compareFindings).slice(0, maxResults);
  const rules = sarifRules(findings);
  const indexOf = new Map(rules.map((rule, index) => [rule.id, index]));
  const hashes = hashesOf(findings, lines);
  const log: SarifLog = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: result.tool.name, semanticVersion: result.tool.version, rules } },
        automationDetails: { id: `${result.tool.name}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: result.status === 'complete',
            toolExecutionNotifications: notificationsOf(result, findings.length),
          },
        ],
        results: findings.map((finding) => sarifResult(finding, indexOf.get(finding.ruleId) ?? 0, hashes(finding))),
        properties: { policy: result.policy, status: result.status, stats: result.stats },
      },
    ],
  };
  return jsonText(log);
}

// Each file with findings is hashed once.
function hashesOf(findings: readonly Finding[], lines: SourceLines): (finding: Finding) => string | undefined {
  const wanted = new Map<string, Set<number>>();
  for (const { site } of findings)
    wanted.set(site.file, (wanted.get(site.file) ?? new Set<number>()).add(site.startLine));
  const hashes = new Map<string, ReadonlyMap<number, string>>();
  for (const [file, numbers] of wanted) {
    const text = Object.hasOwn(lines, file) ? lines[file] : undefined;
    if (text) hashes.set(file, lineHashes(text, numbers));
  }
  return ({ site }) => hashes.get(site.file)?.get(site.startLine);
}

function notificationsOf(result: ScanResult, shown: number): readonly SarifNotification[] {
  const failed = result.files.filter((file) => file.state === 'failed');
  const degraded = result.files.filter((file) => file.state === 'degraded');
  const left = result.findings.length - shown;
  return [
    ...failed.map((file) => ({
      level: 'error' as const,
      message: sarifMessage(`${file.path} could not be read: ${file.reason}`),
      locations: [sarifPlace(file.path)],
    })),
    ...incompleteReasons(result).others.map((reason) => ({ level: 'error' as const, message: sarifMessage(reason) })),
    ...degraded.map((file) => ({
      level: 'warning' as const,
      message: sarifMessage(`${file.path} was read as far as possible: ${file.reason}`),
      locations: [sarifPlace(file.path)],
    })),
    ...(left > 0
      ? [{ level: 'warning' as const, message: sarifMessage(`${left} findings left out: the limit is ${maxResults}`) }]
      : []),
  ];
}
