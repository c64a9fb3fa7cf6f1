// Styled lines → the text that goes out: colours and links added, nothing else. Only the 16 colours of the terminal's own theme are used,
// and none that is hard to read on white or on black; without colours every word and sign is still there.

import { Chalk, type ColorSupportLevel } from 'chalk';
import type { ReportInput } from './report-input.ts';
import { isCommandLine } from './sanitise-terminal.ts';
import type { StyledLine, Tone } from './styled-line.ts';

/** Paints lines and ends each with a newline. */
export function paint(lines: readonly StyledLine[], input: ReportInput): string {
  const tones = tonesFor(input.color);
  return lines.map((line) => `${paintLine(guarded(line), tones, input.hyperlinks === true)}\n`).join('');
}

// No line may be taken for a command by the machine that keeps the log.
function guarded(line: StyledLine): StyledLine {
  const text = line.map((one) => one.text).join('');
  return isCommandLine(text) ? [{ text: '- ', tone: 'quiet' }, ...line] : line;
}

function paintLine(line: StyledLine, tones: Tones, hasLinks: boolean): string {
  const painted = line.map(({ text, tone, link }) => {
    const colored = tones[tone](text);
    return hasLinks && link !== undefined ? `\u001B]8;;${link}\u001B\\${colored}\u001B]8;;\u001B\\` : colored;
  });
  return painted.join('').trimEnd();
}

type Tones = Readonly<Record<Tone, (text: string) => string>>;

function tonesFor(level: ColorSupportLevel): Tones {
  const chalk = new Chalk({ level });
  return {
    plain: (text) => text,
    strong: chalk.bold,
    quiet: chalk.dim,
    source: chalk.magenta,
    way: chalk.cyan,
    sink: chalk.red,
    critical: chalk.bgRed.whiteBright.bold,
    high: chalk.red.inverse.bold,
    medium: chalk.bgYellow.black,
    low: chalk.bgCyan.black,
    info: chalk.inverse,
  };
}
