// A flow through something that tells less of its category without stopping it: the hash of an account number.

import type { Message } from '../model/finding.ts';
import type { Flow } from '../model/flow.ts';
import type { Marks } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import type { DataRules, Severity } from '../model/rule.ts';
import { severities } from '../model/rule.ts';

/** The name of the first call on the way that weakens a category; '' when none does. */
export function weakenedBy(program: Program, marks: Marks, { steps }: Flow, category: string): string {
  for (const { node } of steps) {
    const call = program.callOf.get(node) ?? -1;
    if (marks.barriers.get(call)?.weakens.includes(category)) return program.calls[call]?.name ?? '';
  }
  return '';
}

/** The severity of what is told less of: also below the floor of the category, which is meant for the datum itself. */
export function weakened(data: DataRules, severity: Severity): Severity {
  const at = severities.indexOf(severity) + (data.weights.points['severity.weakened'] ?? 0);
  return severities[Math.max(0, at)] ?? severity;
}

/** The message, with what is still told. */
export function weakenedMessage(message: Message, name: string): Message {
  const still = `\`${name}\` hides it, but the numbers there are can be tried out, and who is who still shows.`;
  return {
    ...message,
    why: `${message.why} ${still}`,
    todo: `${message.todo} A hash with a secret key (HMAC) would do.`,
  };
}
