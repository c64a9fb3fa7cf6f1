// The public API: `scan` and the shapes it speaks of.

export type { Diagnostic, DiagnosticKind, FileOutcome } from './model/diagnostic.ts';
export { LeakscanError } from './model/diagnostic.ts';
export type { Evidence, Finding, Message, ScanResult, SourceLines, SourcePath, Stats, Step } from './model/finding.ts';
export type { Location } from './model/location.ts';
export type { Confidence, Origin, Severity } from './model/rule.ts';
export type { ScanOptions, ScanReport } from './scan.ts';
export { scan } from './scan.ts';
