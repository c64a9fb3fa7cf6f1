// A flow → the words and places of a finding: what, why, what to do, and the path in steps worth showing.

import { createHash } from 'node:crypto';
import type { Evidence, Message, Step, StepKind } from '../model/finding.ts';
import type { Flow } from '../model/flow.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { Location } from '../model/location.ts';
import type { SinkMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { fileOf, locationOf, programOps, spanOfNode } from '../model/program.ts';
import type { CategoryRule, Origin, PlatformRule } from '../model/rule.ts';

/** Source texts by path. */
export type Texts = ReadonlyMap<string, string>;

const maxText = 120;

/** The source text of a node on one line. */
export function textAt(program: Program, texts: Texts, node: number): string {
  const { file, start, end } = spanOfNode(program, node);
  const text = texts.get(program.files[file]?.file ?? '') ?? '';
  const line = text.slice(start, Math.min(end, start + 400)).replace(/\s+/g, ' ');
  return line.length > maxText ? `${line.slice(0, maxText - 1)}…` : line;
}

/** The steps of a flow that a reader needs: the read, function boundaries, texts, stores, library calls, the send. */
export function pathOf(program: Program, texts: Texts, flow: Flow, sink: SinkMark): Step[] {
  const steps: Step[] = [];
  const add = (kind: StepKind, node: number): void => {
    const location = locationOf(program, node);
    const last = steps[steps.length - 1];
    if (
      last &&
      last.location.file === location.file &&
      last.location.startLine === location.startLine &&
      kind !== 'send'
    ) {
      if (kind === 'copy' || kind === last.kind) return;
    }
    steps.push({ kind, location, text: textAt(program, texts, node) });
  };
  flow.steps.forEach((step, i) => {
    if (i === 0) {
      add('read', step.node);
      return;
    }
    const kind = kindOf(flow.steps[i - 1]?.op ?? -1);
    const { kinds } = program;
    if (kind === 'copy' && kinds[step.node] !== nodeKinds.variable) return;
    if (step.node < program.extra) add(kind, step.node);
  });
  add('send', program.calls[sink.call]?.node ?? sink.node);
  return steps;
}

function kindOf(op: number): StepKind {
  switch (op) {
    case programOps.derive:
      return 'derive';
    case programOps.load:
      return 'load';
    case programOps.store:
      return 'store';
    case programOps.enter:
      return 'return';
    case programOps.exit:
      return 'call';
    case programOps.library:
    case programOps.absorb:
      return 'library';
    default:
      return 'copy';
  }
}

/** Where a call stands: from its name to its end, so that a chain over several lines is not all of it. */
export function callLocation(program: Program, call: number): Location {
  return locationOf(program, program.calls[call]?.node ?? 0);
}

const originPhrases: Record<Origin, string> = {
  stored: 'it is read from stored data',
  api: 'it comes from an API',
  inbound: 'the user typed it in this conversation, so the platform has it already',
  public: 'it is public',
};

const numberCategories = /^(?:card\.|account\.|gov\.)/;

/** What, why and what to do, in a sentence each. */
export function messageOf(
  category: CategoryRule | undefined,
  platform: PlatformRule | undefined,
  evidence: readonly Evidence[],
  origin: Origin,
  sourceText: string,
): Message {
  const title = category?.title ?? 'financial data';
  const name = platform?.name ?? 'a messaging platform';
  const company = platform?.company ?? name;
  const through = company === name ? company : `${company} through ${name}`;
  const reasons = evidence.filter((item) => item.weight > 0).slice(0, 4);
  const why = `\`${sourceText}\` is taken for ${title} (${reasons.map((item) => `${wordFor(item.kind)} ${item.text}`).join(', ')}); ${originPhrases[origin]}.`;
  const mask = numberCategories.test(category?.id ?? '') ? 'mask all but the last four digits, ' : '';
  const todo =
    origin === 'inbound'
      ? 'Do not repeat what the user typed, or send a notice without the value.'
      : `Leave the figure out and link to your own signed-in page with an opaque id, ${mask}or record the contract that allows it in leakscan.yml.`;
  return { what: `${title[0]?.toUpperCase()}${title.slice(1)} reaches ${through}`, why, todo };
}

function wordFor(kind: string): string {
  const words: Record<string, string> = {
    name: 'name',
    qualifiedName: 'name',
    receiver: 'read from',
    typeName: 'type',
    siblings: 'beside',
    'origin.sdk': 'result of',
    'origin.fn': 'from',
    'origin.key': 'key',
    'origin.sql': 'SQL',
    'origin.http': 'URL',
    'origin.seen': 'out of',
    formatter: 'formatted by',
    units: 'unit',
    phrase: 'phrase',
  };
  return words[kind] ?? kind;
}

/** Stable across moves and reformatting: no file, no line, no column. `ordinal` tells equals apart. */
export function fingerprintOf(parts: readonly string[], ordinal: number): string {
  const hash = createHash('sha256');
  for (const part of ['v1', ...parts, String(ordinal)]) hash.update(`${part.length}:${part}`);
  return hash.digest('hex').slice(0, 32);
}

/** Names of the functions around a node, innermost first. */
export function enclosingFunctions(program: Program, node: number): string {
  const names: string[] = [];
  for (let at = program.owners[node] ?? -1; at >= 0; at = program.functions[at]?.parent ?? -1) {
    const name = program.functions[at]?.name ?? '';
    if (name !== '') names.push(name);
  }
  return names.join('<');
}

/** Source text without white space, for fingerprints. */
export function tokensOf(program: Program, texts: Texts, node: number): string {
  const { start, end } = spanOfNode(program, node);
  const text = texts.get(program.files[fileOf(program, node)]?.file ?? '') ?? '';
  return text.slice(start, end).replace(/\s+/g, '');
}
