// Input → ScanResult: the rooms between `read` and `report`, in order. Pure, synchronous, deterministic.

import { extract } from './extract/extract.ts';
import { judge } from './judge/judge.ts';
import type { GuessedSdk } from './link/guessed-sdks.ts';
import { guessSdks, withGuessed } from './link/guessed-sdks.ts';
import { link } from './link/link.ts';
import { mark } from './mark/mark.ts';
import type { Diagnostic, FileOutcome } from './model/diagnostic.ts';
import type { ScanResult, Stats } from './model/finding.ts';
import type { CutSearch } from './model/flow.ts';
import type { FileGraph } from './model/flow-graph.ts';
import type { Input, SourceFile } from './model/input.ts';
import type { Marks } from './model/marks.ts';
import type { Program } from './model/program.ts';
import { locationOf } from './model/program.ts';
import type { Confidence, RuleSet, Severity } from './model/rule.ts';
import { severities } from './model/rule.ts';
import { trace } from './trace/trace.ts';

export interface AnalyseSettings {
  readonly version: string;
  readonly confidence: Confidence;
  readonly severity: Severity;
  /** ISO date. */
  readonly today: string;
}

/** What extraction gives: plain data that survives JSON and v8 serialisation. */
export interface Extraction {
  readonly graphs: readonly FileGraph[];
  readonly outcomes: readonly FileOutcome[];
}

/** Analyses an input. `onFile` is told the index of each file before it is parsed, and then their number. */
export function analyse(input: Input, settings: AnalyseSettings, onFile?: (index: number) => void): ScanResult {
  const extraction = extractAll(input.files, onFile);
  // What happens from here on is no single file's fault.
  onFile?.(input.files.length);
  return conclude(input, extraction, settings);
}

/** Turns each file into its graph; a file that cannot be parsed is `failed`, and stops none of the others. */
export function extractAll(files: readonly SourceFile[], onFile?: (index: number) => void): Extraction {
  const graphs: FileGraph[] = [];
  const outcomes: FileOutcome[] = [];
  files.forEach((file, index) => {
    onFile?.(index);
    try {
      const graph = extract(file);
      graphs.push(graph);
      const [error] = graph.errors;
      outcomes.push({
        path: file.path,
        state: error ? 'degraded' : 'analysed',
        reason: error ? `syntax error at ${error}` : '',
      });
    } catch (error) {
      outcomes.push({ path: file.path, state: 'failed', reason: failure(error) });
    }
  });
  return { graphs, outcomes };
}

function failure(error: unknown): string {
  if (error instanceof RangeError) return 'nested too deeply';
  return `internal error: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
}

/** From the files' graphs to the result. */
export function conclude(input: Input, extraction: Extraction, settings: AnalyseSettings): ScanResult {
  const guessed = guessSdks(extraction.graphs, input);
  const rules = withGuessed(input.rules, guessed);
  const program = link(extraction.graphs, {
    packages: input.packages,
    compilerPaths: input.compilerPaths,
    jsonFiles: input.jsonFiles,
    rules,
  });
  const marks = mark(program, rules, input.packages, input.schemaFiles);
  const { flows, cut, states } = trace(program, marks);
  const texts = new Map(input.files.map((file) => [file.path, file.text]));
  const judgement = judge(program, marks, flows, rules, input.policy, texts, settings);
  const files = [...extraction.outcomes, ...input.outcomes].sort((a, b) => (a.path < b.path ? -1 : 1));
  const diagnostics: Diagnostic[] = [
    ...input.diagnostics,
    ...program.unresolved.map(
      ({ file, specifier }): Diagnostic => ({
        kind: 'import-unresolved',
        message: `${file}: cannot find "${specifier}"`,
      }),
    ),
    ...cut.map((one) => budgetHit(program, marks, one)),
  ];
  if (program.changesLeft > 0) diagnostics.push(changesCut(program.changesLeft));
  diagnostics.push(...trustedBarriers(rules, marks));
  diagnostics.push(...guessed.flatMap((sdk) => guessedSends(sdk, rules, marks)));
  diagnostics.push(...unseenSends(program, rules, guessed, sendsOf(marks)));
  const isIncomplete =
    files.some((file) => file.state === 'failed') || diagnostics.some((one) => one.kind === 'budget-hit');
  return {
    schemaVersion: 1,
    tool: { name: 'leakscan', version: settings.version },
    status: isIncomplete ? 'incomplete' : 'complete',
    policy: input.policy.name,
    findings: judgement.findings,
    files,
    diagnostics,
    stats: statsOf(extraction, judgement, marks, states, rules),
  };
}

function budgetHit(program: Program, marks: Marks, { sink, states }: CutSearch): Diagnostic {
  const mark = marks.sinks[sink];
  const location = locationOf(program, program.calls[mark?.call ?? 0]?.node ?? 0);
  const place = `${location.file}:${location.startLine}`;
  const message = `${place}: the search from ${mark?.name ?? 'a sink'} was cut after ${states} states`;
  return { kind: 'budget-hit', message, location };
}

function changesCut(left: number): Diagnostic {
  const message = `objects are changed in so many places that the search for who sees it was cut; ${left} changes are left`;
  return { kind: 'budget-hit', message };
}

// What the company says of its own functions is not proved: who signs the report must know.
function trustedBarriers(rules: RuleSet, marks: Marks): Diagnostic[] {
  const met = [
    ...marks.barriers.values(),
    ...[...marks.conditionalBarriers.values()].flatMap((one) => [...one.values()]),
  ];
  return rules.barriers.flatMap((rule): Diagnostic[] => {
    if (!rule.isOwn) return [];
    const calls = met.filter((mark) => mark.trusted.includes(rule)).length;
    const { file, line } = rule.at;
    const count = calls === 1 ? '1 call' : `${calls} calls`;
    return [{ kind: 'barrier-trusted', message: `${rule.call} (${file}:${line}, ${count})` }];
  });
}

// Calls that send; one call may have several payload places.
function sendsOf(marks: Marks): number {
  return new Set(marks.sinks.map((sink) => sink.call)).size;
}

// Who signs must know that no rule describes what this package sends.
function guessedSends(sdk: GuessedSdk, rules: RuleSet, marks: Marks): Diagnostic[] {
  const isOf = (sink: Marks['sinks'][number]): boolean =>
    sink.isGuess === true && sink.name.startsWith(`${sdk.package}#`);
  const sends = new Set(marks.sinks.filter(isOf).map((sink) => sink.call)).size;
  if (sends === 0) return [];
  const name = rules.platforms.find((one) => one.id === sdk.platform)?.name ?? sdk.platform;
  const calls = sends === 1 ? '1 call is' : `${sends} calls are`;
  return [
    { kind: 'sdk-guessed', message: `no rule knows ${sdk.package}: ${calls} taken for sends to ${name} by name` },
  ];
}

// A bot without a send is a bot that was not understood.
function unseenSends(program: Program, rules: RuleSet, guessed: readonly GuessedSdk[], sends: number): Diagnostic[] {
  if (sends > 0) return [];
  return rules.platforms.flatMap(({ id, name, packages }): Diagnostic[] => {
    const alike = guessed.filter((sdk) => sdk.platform === id).map((sdk) => sdk.package);
    const used = [...packages.filter((one) => program.packages.has(one)), ...alike];
    if (used.length === 0) return [];
    return [{ kind: 'no-send', message: `the code uses ${used.join(', ')}, but no send to ${name} was recognised` }];
  });
}

function statsOf(
  extraction: Extraction,
  judgement: ReturnType<typeof judge>,
  marks: Marks,
  states: number,
  rules: RuleSet,
): Stats {
  const count = (severity: Severity): number => judgement.findings.filter((one) => one.severity === severity).length;
  const findings = Object.fromEntries(severities.map((severity) => [severity, count(severity)])) as Record<
    Severity,
    number
  >;
  return {
    files: extraction.graphs.length,
    lines: extraction.graphs.reduce((sum, graph) => sum + graph.lines, 0),
    findings,
    hidden: judgement.hidden,
    allowed: judgement.allowed,
    sinks: sendsOf(marks),
    sources: marks.sources.size,
    states,
    rules:
      rules.sinks.length +
      rules.http.length +
      rules.models.length +
      rules.sources.length +
      rules.barriers.length +
      rules.types.length,
  };
}
