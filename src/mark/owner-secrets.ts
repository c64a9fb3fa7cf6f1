// Settings of the bot whose name says that they are secret → sources: `process.env.BANK_API_KEY`, `config.get('bank.apiKey')`.

import { nodeKinds } from '../model/flow-graph.ts';
import type { SourceMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { textOfNode } from '../model/program.ts';
import type { DataRules, OwnerSecretRule } from '../model/rule.ts';
import { wordsOf } from './identifier.ts';

/** Where settings are kept, and what reads one by its name. */
const places = /^(?:global#(?:process|Bun)\.env|(?:node:)?process#env|global#import\.meta\.env|config#)\.([\w.]+)$/;
const readers = /^(?:global#Deno\.env\.get|config#(?:default\.)?get)(?:\(\))?$/;

/** Marks each read of a secret setting. */
export function markOwnerSecrets(program: Program, data: DataRules): Map<number, SourceMark> {
  const marks = new Map<number, SourceMark>();
  const weight = data.weights.points['origin.sdk'] ?? 0;
  const note = (node: number, name: string): void => {
    const found = secretOf(data.ownerSecrets, name);
    if (!found) return;
    const evidence = [{ kind: 'name', text: `setting ${name}`, weight }];
    marks.set(node, { node, category: found.category, isCertain: true, isDeclared: false, evidence, path: [] });
  };
  for (const [node, paths] of program.paths) {
    if (program.kinds[node] !== nodeKinds.member) continue;
    const name = paths.map((path) => places.exec(path)?.[1]).find((one) => one !== undefined);
    if (name !== undefined) note(node, name);
  }
  for (const call of program.calls) {
    const key = call.args.length === 1 ? textOfNode(program, call.args[0] ?? -1) : undefined;
    if (key !== undefined && call.paths.some((path) => readers.test(path))) note(call.node, key);
  }
  return marks;
}

// The rule with the most words at the end of the name: PUBLIC_API_KEY is none, though API_KEY is.
function secretOf(rules: readonly OwnerSecretRule[], name: string): OwnerSecretRule | undefined {
  const text = ` ${wordsOf(name).join(' ')}`;
  let best: OwnerSecretRule | undefined;
  let longest = 0;
  for (const rule of rules) {
    for (const words of rule.words) {
      if (words.length <= longest || !text.endsWith(` ${words}`)) continue;
      longest = words.length;
      best = rule;
    }
  }
  return best && best.category !== '' ? best : undefined;
}
