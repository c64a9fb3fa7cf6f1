// What a scan says: findings, files, diagnostics and figures. This is the JSON report's shape (schemas/results.schema.json).

import type { Diagnostic, FileOutcome } from './diagnostic.ts';
import type { Location } from './location.ts';
import type { Channel, Confidence, Origin, Severity, Visibility } from './rule.ts';

export interface Evidence {
  /** Class of evidence: `name`, `receiver`, `phrase`, `units`, `origin.sdk`, … (rules/data/weights.yml). */
  readonly kind: string;
  readonly text: string;
  /** Points, about log2 odds; negative speaks against. */
  readonly weight: number;
}

export type StepKind = 'read' | 'copy' | 'store' | 'load' | 'derive' | 'call' | 'return' | 'library' | 'send';

/** One move of the value, in the direction of the flow: the first step reads the datum, the last sends it. */
export interface Step {
  readonly kind: StepKind;
  readonly location: Location;
  /** The source text of the step, on one line. */
  readonly text: string;
}

export interface Message {
  readonly what: string;
  readonly why: string;
  readonly todo: string;
}

/** One source with its own way to the same sink. */
export interface SourcePath {
  readonly source: Location;
  readonly text: string;
  readonly origin: Origin;
  readonly evidence: readonly Evidence[];
  readonly path: readonly Step[];
}

export interface Finding {
  readonly fingerprint: string;
  /** `<category>-to-<platform>`, dots of the category as they are. */
  readonly ruleId: string;
  readonly category: string;
  readonly platform: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly origin: Origin;
  readonly visibility: Visibility;
  readonly channel: Channel;
  /** `forbid` or `warn` (a `warn` never fails a run). */
  readonly verdict: 'forbid' | 'warn';
  readonly message: Message;
  readonly evidence: readonly Evidence[];
  /** The send site: the call in the bot's own code. `siteText` is its source text on one line. */
  readonly site: Location;
  readonly siteText: string;
  /** The call that hands the payload to the SDK or the network; the same as `site` without a wrapper. */
  readonly sink: Location;
  /** The payload field it lands in, e.g. `message.text`. */
  readonly sinkField: string;
  /** The matched sink, e.g. `telegraf#Context.reply` or `POST https://graph.facebook.com/…`. */
  readonly sinkName: string;
  readonly source: Location;
  readonly sourceText: string;
  readonly path: readonly Step[];
  readonly otherSources: readonly SourcePath[];
}

export interface Stats {
  readonly files: number;
  readonly lines: number;
  readonly findings: Readonly<Record<Severity, number>>;
  /** Findings below the wanted confidence or severity. */
  readonly hidden: number;
  /** Flows that a policy row allows. */
  readonly allowed: number;
  readonly sinks: number;
  readonly sources: number;
  /** States that the searches from all sinks visited: the cost of the search, the same on any machine. */
  readonly states: number;
  readonly rules: number;
}

export interface ScanResult {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'leakscan'; readonly version: string };
  readonly status: 'complete' | 'incomplete';
  readonly policy: string;
  readonly findings: readonly Finding[];
  readonly files: readonly FileOutcome[];
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: Stats;
}

/** Lines of the scanned files that a report shows around its steps: `file` → lines (index 0 is line 1). */
export type SourceLines = Readonly<Record<string, readonly string[]>>;
