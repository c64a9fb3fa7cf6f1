// A secret of the bot's settings leaks where it is told in a message. What it is for is something else: a client is made
// with it, a request carries it to the platform that gave it out.

import type { Flow } from '../model/flow.ts';
import type { Marks } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { programOps, textOfNode } from '../model/program.ts';
import { landingOf } from './landing.ts';

/** Where a platform wants its own tokens. */
const ownFields = /^(?:url|query|headers)\b|(?:token|key|secret|signature|auth|password|credentials?)$/i;

/**
 * True where a customer's key makes a client of a library that is no platform's, and what the client answers is sent:
 * `new ccxt.kraken({ apiKey: user.apiKey }).fetchTicker(…)`.
 */
export function isOpener(program: Program, marks: Marks, flow: Flow, platforms: ReadonlySet<string>): boolean {
  if (marks.sources.get(flow.source)?.[flow.mark]?.category !== 'credential') return false;
  let isMade = false;
  let isOption = false;
  for (const { op, label } of flow.steps) {
    if (op === programOps.store) isOption ||= ownFields.test(program.strings[label] ?? '');
    if (op !== programOps.library) continue;
    if (isMade) return true;
    const call = program.calls[label];
    const packages = call?.paths.map((path) => path.split('#')[0] ?? '') ?? [];
    isMade =
      call !== undefined &&
      (call.isNew || isOption) &&
      packages.length > 0 &&
      packages.every((name) => name !== 'global' && !platforms.has(name));
  }
  return false;
}

/** True where a secret of the settings is used, and not told to the users of a chat. */
export function isOnlyUsed(program: Program, marks: Marks, flow: Flow): boolean {
  const sink = marks.sinks[flow.sink];
  if (!sink || !marks.ownerSecrets.has(flow.source)) return false;
  if (sink.channel !== 'message' || sink.visibility === 'hidden') return true;
  if (ownFields.test(landingOf(program, flow, sink))) return true;
  // A token in an address is for whoever is asked there.
  if (flow.steps.some(({ node }) => /^https?:\/\//.test(textOfNode(program, node) ?? ''))) return true;
  // What a library answers to whoever has the key is not the key.
  return flow.steps.some(({ op }) => op === programOps.library || op === programOps.absorb);
}
