// Values × origin rules → where data comes from: typed by the user, read from a store or an API, or public.

import { parsePlace } from '../model/api-path.ts';
import { indexCalls } from '../model/call-index.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import type { Origin, RuleSet } from '../model/rule.ts';
import { wordsOf } from './identifier.ts';
import type { RequestMark } from './mark-http.ts';
import { isBelow, markPublic, namesUnder } from './mark-public.ts';

/** Calls of unknown functions whose result is not what they were given: `core.bill(id)`, but not `numeral(text)`. */
export function markAnswers(program: Program, rules: RuleSet): Map<number, boolean> {
  const transforms = new Set(rules.data.naming.transforms);
  const answers = new Map<number, boolean>();
  program.calls.forEach((call, i) => {
    if (call.isNew || call.models.length > 0 || call.targets.length > 0) return;
    if (call.name === '' || call.paths.some((path) => path.startsWith('global#'))) return;
    if (!transforms.has(wordsOf(call.name)[0] ?? '')) answers.set(i, call.paths.length > 0);
  });
  return answers;
}

/** Marks values by the models of the calls that give them, and by the places that rules name (`ruled`). */
export function markOrigins(
  program: Program,
  rules: RuleSet,
  requests: readonly RequestMark[],
  ruled: ReadonlyMap<number, Origin>,
): Map<number, Origin> {
  const marks = new Map<number, Origin>();
  const reads = new Set(rules.data.naming.sourcePrefixes);
  for (const call of program.calls) {
    const origin = call.models.find((model) => model.origin !== '')?.origin;
    if (origin) marks.set(call.node, origin);
    // What an unknown `getAccount(id)` gives back is not what the user typed, though the id may be.
    else if (call.models.length === 0 && call.targets.length === 0 && reads.has(wordsOf(call.name)[0] ?? '')) {
      marks.set(call.node, 'stored');
    }
  }
  const isRead = (call: LinkedCall): boolean => marks.has(call.node);
  for (const node of markPublic(program, rules, requests, isRead)) marks.set(node, 'public');
  // What a model reads out of the customer's own message is still what the customer typed.
  const readers = namesUnder(rules, 'inbound', 'answer#');
  for (const { call, urls, isModel } of requests)
    if (isModel || (urls.length > 0 && urls.every((url) => isBelow(readers, url))))
      marks.set(program.calls[call]?.node ?? -1, 'inbound');
  for (const [node, origin] of ruled) marks.set(node, origin);
  return marks;
}

/** The places of an SDK that rules name. */
export function ruledOrigins(program: Program, rules: RuleSet): ReadonlyMap<number, Origin> {
  const marks = new Map<number, Origin>();
  const index = indexCalls(rules.origins, (rule) =>
    rule.read.filter((read) => !/^(?:posted|catalogue|answer)#/.test(read)),
  );
  for (const [node, paths] of program.paths) {
    for (const path of paths) {
      const [found] = index.matchPath(path.endsWith('()') ? path.slice(0, -2) : path);
      if (found && (found.pattern.isCall === path.endsWith('()') || !found.pattern.isCall))
        marks.set(node, found.rule.origin);
    }
  }
  return marks;
}

const postedBody = 'posted#';

/** The fields of `posted#message.text` and the like, which the user typed. */
export function postedWays(rules: RuleSet): readonly (readonly string[])[] {
  return rules.origins
    .filter((rule) => rule.origin === 'inbound')
    .flatMap((rule) => rule.read.filter((read) => read.startsWith(postedBody)))
    .flatMap((read) => parsePlace(`body.${read.slice(postedBody.length)}`).map((place) => place.path));
}
