// Calls × API rules: which SDK's method, or which company's HTTP interface, a call asks.

import { expandBraces, matchesWildcard } from '../../model/api-path.ts';
import { indexCalls } from '../../model/call-index.ts';
import type { LinkedCall, Program } from '../../model/program.ts';
import type { ApiRule, RuleSet } from '../../model/rule.ts';
import type { RequestMark } from '../mark-http.ts';
import { readingOf, shapeOf } from '../nodes-of.ts';
import { fitsCall } from '../shape.ts';

/** The rules that each call is an answer of, by the index of the call. */
export function apiCalls(
  program: Program,
  rules: RuleSet,
  requests: readonly RequestMark[],
): ReadonlyMap<number, readonly ApiRule[]> {
  const found = new Map<number, ApiRule[]>();
  const note = (call: number, rule: ApiRule): void => {
    const known = found.get(call);
    if (!known) found.set(call, [rule]);
    else if (!known.includes(rule)) known.push(rule);
  };
  const index = indexCalls(rules.apis, (rule) => rule.calls);
  program.calls.forEach((call, i) => {
    for (const { rule, pattern } of index.match(shapeOf(call)))
      if (fitsCall(program, readingOf(call), pattern.parameters, rule.where)) note(i, rule);
  });
  const byUrl = rules.apis.flatMap((rule) =>
    rule.urls.length === 0
      ? []
      : [{ rule, urls: rule.urls.flatMap((one) => expandBraces(one).map((url) => url.replaceAll('**', '*'))) }],
  );
  for (const { call, urls: asked } of requests)
    for (const url of asked)
      for (const { rule, urls } of byUrl) if (url !== '' && asks(rule, urls, url)) note(call, rule);
  return found;
}

function asks(rule: ApiRule, urls: readonly string[], url: string): boolean {
  const setting = /^\{([^}]*)\}/.exec(url)?.[1];
  const bare = url
    .replace(/\{[^}]*\}/g, '~')
    .replaceAll('*', '~')
    .replace(/[?#].*$/, '')
    .replace(/\/$/, '');
  if (/^https?:\/\/[^/~]*[a-z]/i.test(bare)) return urls.some((one) => matchesWildcard(one, bare));
  const isNamed =
    setting !== undefined && rule.env.some((one) => matchesWildcard(one.toLowerCase(), setting.toLowerCase()));
  const tail = bare.slice(bare.startsWith('~') ? 1 : 0);
  return urls.some((one) => isEndOf(one.replace(/^https?:\/\/[^/]*/, ''), tail, isNamed));
}

// With the host unknown, two words of the path must fit, or one where the setting is called like the interface.
function isEndOf(pattern: string, tail: string, isNamed: boolean): boolean {
  const segments = pattern.split('/').filter((one) => one !== '' && one !== '*');
  const words = segments.filter((one) => /[a-z]{3}/i.test(one)).length;
  if (words < (isNamed ? 1 : 2)) return isNamed && segments.length === 0;
  return matchesWildcard(`*${pattern.replace(/^\*/, '')}`, tail);
}

const handed = /\(\s*_\s*,\s*answer\s*\)/;

/** Parameters of callbacks that are handed the answer of a call: `getCustomer(id, (error, customer) => …)`. */
export function answersOf(program: Program, call: LinkedCall, rules: readonly ApiRule[]): readonly number[] {
  if (!rules.some((rule) => rule.calls.some((one) => handed.test(one)))) return [];
  return call.callbacks.flat().flatMap((func) => program.functions[func]?.params[1] ?? []);
}

/** What the rules of one answer say of a field, by the fields read down to it; the longest way counts. */
export function fieldOfApis(
  rules: readonly ApiRule[],
  path: readonly string[],
): { readonly category: string; readonly api: string } | undefined {
  let best: { category: string; api: string; length: number } | undefined;
  for (const rule of rules) {
    for (const [category, ends] of [...Object.entries(rule.fields), ['public', rule.public] as const]) {
      for (const end of ends) {
        const wanted = end === '.' ? [] : end.replaceAll('[]', '').split('.');
        const from = path.length - wanted.length;
        if (from < 0 || !wanted.every((one, i) => matchesWildcard(one, path[from + i] ?? ''))) continue;
        // Of a helper that asks for several things, an answer is not public because one of them is.
        if (wanted.length === 0 && rules.length > 1) continue;
        if (!best || wanted.length > best.length) best = { category, api: rule.api, length: wanted.length };
      }
    }
  }
  return best;
}
