// Answers to HTTP requests × webhook rules → the payload of answers that a platform waits for. The bot's own server gives both
// web pages and answers to a platform's webhook: which one it is, the keys and constants of the body tell.

import { parsePlace } from '../model/api-path.ts';
import { indexCalls } from '../model/call-index.ts';
import type { PackageManifest } from '../model/input.ts';
import type { SinkMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import type { RuleSet, WebhookRule } from '../model/rule.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import { createNeighbourhood } from './neighbourhood.ts';
import type { Holder } from './nodes-of.ts';
import { holdersOf, matchesOf } from './nodes-of.ts';
import { fitsConstants, hasKey } from './shape.ts';
import { usedPlatforms } from './used-platforms.ts';

/** Marks what the tree answers to platforms' webhooks. */
export function markResponses(program: Program, rules: RuleSet, packages: readonly PackageManifest[]): SinkMark[] {
  const used = usedPlatforms(program, rules, packages);
  const rows = rules.webhooks.filter(({ needs, platform }) => needs === '' || used.has(platform));
  const index = indexCalls(rules.responses, (rule) => [rule.call]);
  let neighbourhood: Neighbourhood | undefined;
  const isBeside: Neighbourhood = (call, wanted) => {
    neighbourhood ??= createNeighbourhood(
      program,
      rows.flatMap((row) => row.beside),
    );
    return neighbourhood(call, wanted);
  };
  return program.calls.flatMap((call, i) =>
    matchesOf(program, index, call).flatMap(({ pattern, rule, reading }) => {
      const bodies = rule.body
        .flatMap((text) => parsePlace(text))
        .flatMap((place) => holdersOf(program, reading, pattern.parameters, place))
        // A body inside the answer is there only where it was put in.
        .filter(({ node, path }) => path.length === 0 || hasKey(program, { node, path: [] }, path.join('.')));
      return bodies.flatMap((holder) => {
        const body = { ...holder, keys: new Map<string, boolean>() };
        const marks = rows
          .filter((one) => fits(program, one, body) && (one.beside.length === 0 || isBeside(call, one.beside)))
          .flatMap((one) => marksOf(program, one, i, call.name, body));
        // What two platforms understand is the one's whose package the project has.
        const own = marks.filter(({ platform }) => used.has(platform));
        return own.length > 0 ? own : marks;
      });
    }),
  );
}

interface Body extends Holder {
  /** Which keys it has, as far as rules have asked. */
  readonly keys: Map<string, boolean>;
}

function hasOwnKey(program: Program, body: Body, key: string): boolean {
  const found = body.keys.get(key) ?? hasKey(program, body, key);
  body.keys.set(key, found);
  return found;
}

function fits(program: Program, rule: WebhookRule, body: Body): boolean {
  return (
    rule.shape.every((key) => hasOwnKey(program, body, key)) &&
    fitsConstants(program, rule.where, (root) => (root === 'body' ? [body] : []))
  );
}

function marksOf(program: Program, rule: WebhookRule, call: number, name: string, body: Body): SinkMark[] {
  const { platform, visibility, channel, at } = rule;
  return rule.payload
    .flatMap((text) => parsePlace(text))
    .filter(({ path: [top] }) => top === undefined || hasOwnKey(program, body, top))
    .map(({ path }) => ({
      platform,
      call,
      node: body.node,
      path: [...body.path, ...path],
      field: path.length > 0 ? path.join('.').replaceAll('.[]', '[]') : 'body',
      name: `${name} ${platform}`,
      visibility,
      channel,
      at,
    }));
}
