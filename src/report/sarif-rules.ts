// Findings → the SARIF rules behind them: one for each category × platform, described by its worst finding.

import type { Finding } from '../model/finding.ts';
import type { Severity } from '../model/rule.ts';
import { confidences } from '../model/rule.ts';
import { compareFindings, compareText, worstFirst } from './finding-order.ts';
import { namesOf } from './finding-words.ts';
import { sarifText } from './sanitise-sarif.ts';
import type { SarifLevel, SarifRule } from './sarif-types.ts';
import { sarifMessage } from './sarif-types.ts';

// GitHub's scale: above 9.0 critical, from 7.0 high, from 4.0 medium, from 0.1 low.
const securitySeverities: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  info: '0.5',
};

const fixedTags: readonly string[] = ['security', 'privacy', 'external/cwe/cwe-201', 'external/cwe/cwe-359'];

/** SARIF's level of a severity. */
export function sarifLevel(severity: Severity): SarifLevel {
  if (severity === 'low' || severity === 'info') return 'note';
  return severity === 'medium' ? 'warning' : 'error';
}

/** Rules in the order of their ids. */
export function sarifRules(findings: readonly Finding[]): readonly SarifRule[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) groups.set(finding.ruleId, [...(groups.get(finding.ruleId) ?? []), finding]);
  return [...groups.values()]
    .flatMap((group) => {
      const [worst] = [...group].sort(compareFindings);
      return worst ? [ruleOf(worst, group)] : [];
    })
    .sort((a, b) => compareText(a.id, b.id));
}

function ruleOf(worst: Finding, group: readonly Finding[]): SarifRule {
  const { datum, company } = namesOf(worst);
  const severity = worstFirst.find((one) => group.some((finding) => finding.severity === one)) ?? worst.severity;
  const precision = confidences.find((one) => group.some((finding) => finding.confidence === one)) ?? worst.confidence;
  return {
    id: worst.ruleId,
    name: pascalCase(worst.ruleId),
    shortDescription: sarifMessage(worst.message.what),
    fullDescription: sarifMessage(
      `A value that is taken for ${datum} flows into what the bot sends, and so to the servers of ${company}.`,
    ),
    help: sarifMessage(
      `${worst.message.todo} "leakscan explain" with the fingerprint of a finding shows every step of its path.`,
    ),
    defaultConfiguration: { level: sarifLevel(severity) },
    properties: {
      'security-severity': securitySeverities[severity],
      precision,
      tags: [...new Set([...fixedTags, sarifText(worst.category), sarifText(worst.platform)])],
    },
  };
}

function pascalCase(id: string): string {
  return id
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
