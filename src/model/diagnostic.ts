// What could not be read, resolved, modelled or finished. A Diagnostic is never a Finding and never silent.

import type { Location } from './location.ts';

/** Kinds, in the words of the report. `budget-hit` makes a scan incomplete; `rule-error` and `usage` stop it. */
export type DiagnosticKind =
  | 'file-failed'
  | 'file-degraded'
  | 'file-excluded'
  | 'import-unresolved'
  | 'budget-hit'
  | 'no-send'
  | 'sdk-guessed'
  | 'config-ignored'
  | 'barrier-trusted'
  | 'internal';

export interface Diagnostic {
  readonly kind: DiagnosticKind;
  readonly message: string;
  readonly location?: Location;
}

/** What became of one file of the scan. */
export interface FileOutcome {
  readonly path: string;
  readonly state: 'analysed' | 'degraded' | 'failed' | 'excluded';
  /** Empty for `analysed`. */
  readonly reason: string;
}

/** A wrong use, configuration or rule file: one readable line, exit code 2. `place` is `file:line:column` where known. */
export class LeakscanError extends Error {
  readonly place: string;
  constructor(message: string, place = '') {
    super(message);
    this.name = 'LeakscanError';
    this.place = place;
  }
}
