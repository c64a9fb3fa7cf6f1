// Colours with a meaning, and widths as a terminal shows them. Nothing depends on colour alone.

import { Chalk } from 'chalk';
import type { Severity } from '../model/rule.ts';

export interface Paint {
  readonly severity: (severity: Severity, text: string) => string;
  readonly heading: (text: string) => string;
  readonly file: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly mark: (text: string) => string;
  readonly note: (text: string) => string;
  readonly bold: (text: string) => string;
}

/** Colours of a level; level 0 leaves the text as it is. Only the sixteen basic ones, which suit light and dark. */
export function createPaint(level: 0 | 1 | 2 | 3): Paint {
  const chalk = new Chalk({ level });
  const bySeverity: Record<Severity, (text: string) => string> = {
    critical: chalk.bold.white.bgRed,
    high: chalk.bold.red,
    medium: chalk.bold.yellow,
    low: chalk.bold.blue,
    info: chalk.bold,
  };
  return {
    severity: (severity, text) => bySeverity[severity](text),
    heading: chalk.bold.underline,
    file: chalk.cyan,
    dim: chalk.dim,
    mark: chalk.red,
    note: chalk.red,
    bold: chalk.bold,
  };
}

/** Columns a text takes: wide characters two, combining ones none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) {
    if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(char)) continue;
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Extended_Pictographic}/u.test(
        char,
      )
        ? 2
        : 1;
  }
  return width;
}

/** The text, cut to a width with an ellipsis. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let out = '';
  let used = 0;
  for (const char of text) {
    const next = displayWidth(char);
    if (used + next > width - 1) break;
    out += char;
    used += next;
  }
  return `${out}…`;
}
