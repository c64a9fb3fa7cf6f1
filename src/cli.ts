// argv → options → scan → reports → exit code. The only file that prints, writes results and sets the exit code.
// Exit codes: 0 complete and clean, 1 findings at or above --fail-on, 2 usage, rules, internal error or incomplete, 130/143 signals.

import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { runExplain, runRules } from './cli/commands.ts';
import { exitCodeOf } from './cli/exit-code.ts';
import { showProgress } from './cli/progress.ts';
import { resultCache } from './cli/result-cache.ts';
import { colorLevel } from './cli/terminal.ts';
import { writeOutput } from './cli/write-output.ts';
import { LeakscanError } from './model/diagnostic.ts';
import type { ScanResult } from './model/finding.ts';

const formats = ['text', 'json', 'sarif', 'github'] as const;
const severityNames = ['info', 'low', 'medium', 'high', 'critical'] as const;

/** What the scan command takes. */
export interface ScanFlags {
  readonly format: readonly Output[];
  readonly rules: readonly string[];
  readonly config: string | boolean | undefined;
  readonly failOn: (typeof severityNames)[number] | 'never';
  readonly severity: (typeof severityNames)[number];
  readonly confidence: 'low' | 'medium' | 'high';
  readonly quiet: boolean;
  readonly color: boolean;
  readonly allowIncomplete: boolean;
  readonly cache: boolean;
  readonly debug: boolean;
}

interface Output {
  readonly format: (typeof formats)[number];
  /** '' for stdout. */
  readonly file: string;
}

const examples = `
Examples:
  leakscan ./bot                              scan a folder and print what leaks
  leakscan ./bot --fail-on high               exit 1 only for high and critical findings
  leakscan ./bot -f text -f sarif=out.sarif   print, and write SARIF for code scanning
  leakscan ./bot --rules bank-rules.yml       with a company's own rules
  leakscan explain 3f9c2a7e ./bot             one finding with all of its evidence

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 error or incomplete scan.`;

/** Runs the command line and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const isDebug = argv.includes('--debug');
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has gone (`| head`): nothing more to say.
    if (error.code !== 'EPIPE') process.exitCode = 2;
  });
  try {
    await program().parseAsync([...argv], { from: 'user' });
  } catch (error) {
    const code = report(error, isDebug);
    // A signal has its own code, set where it arrived.
    process.exitCode ||= code;
  }
}

function report(error: unknown, isDebug: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    return 2;
  }
  if (error instanceof LeakscanError) {
    const place = error.place === '' ? '' : `${error.place}: `;
    process.stderr.write(`leakscan: ${place}${error.message}\n`);
    return 2;
  }
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  process.stderr.write(`leakscan: internal error: ${message} (--debug shows where)\n`);
  if (isDebug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return 2;
}

function program(): Command {
  const root = new Command('leakscan')
    .description('Finds sensitive financial data that a chat bot sends to a messaging company.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
    .addHelpText('after', examples)
    .option('--version', 'print the version')
    .enablePositionalOptions();
  const command = root
    .command('scan [paths...]', { isDefault: true })
    .description('scan files or folders (default: the current folder)')
    .addOption(
      new Option('-f, --format <format[=file]>', `${formats.join(', ')}; repeatable; a file after "="`)
        .argParser(parseOutput)
        .default([], 'text'),
    )
    .option('--rules <file|dir>', 'rules beside the built-in ones; repeatable', collect, [])
    .option('-c, --config <file>', 'configuration instead of leakscan.yml of the scanned folder')
    .option('--no-config', 'ignore leakscan.yml')
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 from this severity on')
        .choices([...severityNames, 'never'])
        .default('medium'),
    )
    .addOption(
      new Option('--severity <severity>', 'list findings from this severity on').choices(severityNames).default('low'),
    )
    .addOption(
      new Option('--confidence <level>', 'list findings from this confidence on')
        .choices(['low', 'medium', 'high'])
        .default('medium'),
    )
    .option('-q, --quiet', 'print nothing but findings', false)
    .option('--no-color', 'no colours')
    .option('--allow-incomplete', 'do not fail when something could not be analysed', false)
    .option('--cache', 'keep the result in the user cache folder, for when nothing has changed', false)
    .option('--debug', 'show where an internal error happened', false)
    .exitOverride()
    .addHelpText('after', examples);
  command.action((paths: string[], flags: ScanFlags) => runScan(paths, flags));
  root.on('option:version', () => {
    process.stdout.write(`${versionOf()}\n`);
    throw new CommanderError(0, 'leakscan.version', '');
  });
  root
    .command('explain <finding> [path]')
    .description('print one finding, by fingerprint or rule, with all of its evidence')
    .option('--no-color', 'no colours')
    .exitOverride()
    .action((finding: string, path: string | undefined, flags: { color: boolean }) =>
      runExplain(finding, path ?? '.', flags.color),
    );
  root
    .command('rules <action> [files...]')
    .description('list the rules, or validate rule files: rules list, rules validate FILE…')
    .option('--platforms', 'list the platforms with packages, methods, fields, and how these were checked', false)
    .exitOverride()
    .action((action: string, files: string[], flags: { platforms: boolean }) =>
      runRules(action, files, flags.platforms),
    );
  return root;
}

// commander's "error: unknown option '--x'\n(Did you mean --y?)" on one line.
function oneLine(text: string): string {
  return `leakscan: ${text
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .trim()} (see leakscan --help)\n`;
}

function versionOf(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String((manifest as { version?: unknown }).version ?? '');
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function parseOutput(value: string, before: readonly Output[]): Output[] {
  const at = value.indexOf('=');
  const name = at < 0 ? value : value.slice(0, at);
  const format = formats.find((one) => one === name);
  if (!format) throw new InvalidArgumentError(`Allowed formats are ${formats.join(', ')}.`);
  return [...before, { format, file: at < 0 ? '' : value.slice(at + 1) }];
}

async function runScan(paths: readonly string[], flags: ScanFlags): Promise<void> {
  const started = performance.now();
  const stopping = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    process.exitCode = signal === 'SIGINT' ? 130 : 143;
    stopping.abort(new LeakscanError(`stopped by ${signal}`));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const progress = showProgress(process.stderr, flags.quiet);
  // Loaded late, so that --help, --version and a wrong option stay fast.
  const { scan } = await import('./scan.ts');
  const { result, lines, root } = await scan({
    paths,
    rules: flags.rules,
    ...(typeof flags.config === 'string'
      ? { config: flags.config }
      : flags.config === false
        ? { config: false as const }
        : {}),
    confidence: flags.confidence,
    severity: flags.severity,
    ...(flags.cache ? { cache: resultCache(paths, process.env) } : {}),
    signal: stopping.signal,
    onProgress: progress.update,
  }).finally(() => progress.clear());
  const seconds = (performance.now() - started) / 1000;
  const { report: render } = await import('./report/report.ts');
  const outputs = flags.format.length > 0 ? flags.format : [{ format: 'text' as const, file: '' }];
  for (const output of outputs) {
    const isTerminal = output.file === '' && process.stdout.isTTY === true;
    const text = render(output.format, {
      result,
      lines,
      root,
      seconds,
      color: output.file === '' && flags.color ? colorLevel(process.stdout, process.env) : 0,
      columns: isTerminal ? Math.max(40, process.stdout.columns) : 100,
      quiet: flags.quiet,
    });
    if (output.file === '') process.stdout.write(text);
    else writeOutput(output.file, text);
  }
  sayIncomplete(
    result,
    outputs.some((one) => one.format === 'text' && one.file === ''),
  );
  process.exitCode = exitCodeOf(result, flags.failOn, flags.allowIncomplete);
}

// The text report says it itself; beside a machine format it belongs on stderr.
function sayIncomplete(result: ScanResult, isSaid: boolean): void {
  if (result.status === 'complete' || isSaid) return;
  const failed = result.files.filter((file) => file.state === 'failed');
  const [first] = failed;
  const reason = first
    ? `${first.path}: ${first.reason}`
    : (result.diagnostics.find((one) => one.kind === 'budget-hit')?.message ?? '');
  process.stderr.write(
    `leakscan: the scan is incomplete: ${reason}${failed.length > 1 ? ` (and ${failed.length - 1} more)` : ''}\n`,
  );
}
