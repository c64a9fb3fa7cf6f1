// ScanResult → JSON, as it is (schemas/results.schema.json). Only long numbers and tokens in quoted source text are covered.

import { maskLiterals } from './mask-literals.ts';
import type { ReportInput } from './report-input.ts';
import { jsonText } from './sanitise-sarif.ts';

// Keys whose values quote the scanned source.
const quoting: ReadonlySet<string> = new Set(['text', 'siteText', 'sourceText', 'what', 'why', 'todo']);

/** The result with two spaces of indentation and a newline. */
export function jsonReport({ result }: ReportInput): string {
  return jsonText(covered('', result));
}

function covered(key: string, value: unknown): unknown {
  if (typeof value === 'string') return quoting.has(key) ? maskLiterals(value, '•') : value;
  if (Array.isArray(value)) return value.map((item) => covered(key, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, covered(name, item)]));
}
