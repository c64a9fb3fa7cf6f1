// A text that asks for a secret, and reaches a user in a chat → a finding of its own, with what to do instead.

import type { Evidence, Message } from '../model/finding.ts';
import type { Flow } from '../model/flow.ts';
import type { Marks } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import type { Channel, PlatformRule, RuleSet } from '../model/rule.ts';
import { landingOf, visibilityOf } from './landing.ts';
import type { WeighedFlow } from './weigh.ts';

const category = 'solicitation';

/** What a user is asked with; what goes to logs, statistics or a model asks nobody. */
const channels: readonly Channel[] = ['message', 'menu', 'profile'];

export function isSolicitation(id: string): boolean {
  return id === category;
}

/** The flow of a text that asks, where a user of a messenger gets to see it; else undefined. */
export function weighSolicitation(program: Program, marks: Marks, rules: RuleSet, flow: Flow): WeighedFlow | undefined {
  const mark = marks.sources.get(flow.source)?.[flow.mark];
  const sink = marks.sinks[flow.sink];
  if (!mark || !sink) return undefined;
  const platform = rules.platforms.find((one) => one.id === sink.platform);
  if (platform?.kind !== 'messaging' || !channels.includes(sink.channel)) return undefined;
  if (visibilityOf(platform, sink, landingOf(program, flow, sink)) === 'hidden') return undefined;
  if (flow.steps.some(({ node }) => marks.quiet.has(node))) return undefined;
  const points = mark.evidence.reduce((sum, item) => sum + item.weight, 0);
  return { flow, mark, points, confidence: flow.isVague ? 'low' : 'medium', evidence: mark.evidence, isMasked: false };
}

/** What, why and what to do, in a sentence each. */
export function solicitationMessage(
  platform: PlatformRule | undefined,
  evidence: readonly Evidence[],
  sourceText: string,
): Message {
  const name = platform?.name ?? 'a messaging platform';
  const company = platform?.company ?? name;
  const asked = evidence[0]?.text.split(':')[0] ?? 'for a secret';
  return {
    what: `The user is asked ${asked} in a ${name} chat`,
    why: `\`${sourceText}\` asks for it; what is typed into the chat goes to ${company} and stays in the history of both sides.`,
    todo: `Ask for it on your own signed-in page or in your app, and link there with an opaque id; for a payment, use the platform's payment form; to choose one of several accounts or cards, offer buttons with the last four digits or a label.`,
  };
}
