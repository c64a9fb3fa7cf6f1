// HTTP requests × URL rules → the payload places of requests that go to a platform.
// The URL is folded across files; where the host is unknown, the setting's name, the path's end or the body's keys decide.

import { parsePlace } from '../model/api-path.ts';
import { indexCalls } from '../model/call-index.ts';
import type { PackageManifest } from '../model/input.ts';
import type { SinkMark } from '../model/marks.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import type { HttpSinkRule, RequestRule, RuleSet } from '../model/rule.ts';
import { foldTexts } from './fold-text.ts';
import { HelperCalls } from './helper-calls.ts';
import type { Holder } from './nodes-of.ts';
import { holdersOf, matchesOf } from './nodes-of.ts';
import type { RequestParts } from './request-matcher.ts';
import { RequestMatcher } from './request-matcher.ts';
import { hasKey } from './shape.ts';

/** One request of the scanned tree. */
export interface RequestMark {
  readonly call: number;
  /** With `{NAME}` and `*` for what is unknown; '' when all of it is. */
  readonly url: string;
  /** All that it may go to: one function asks for many things. */
  readonly urls: readonly string[];
  /** Every one of them is a language model's. */
  readonly isModel: boolean;
  /** What it sends. */
  readonly bodies: readonly Holder[];
}

/** Marks requests to platforms, and tells the URL of every request. */
export function markHttp(
  program: Program,
  rules: RuleSet,
  packages: readonly PackageManifest[],
): { sinks: SinkMark[]; requests: RequestMark[] } {
  const index = indexCalls(rules.requests, (rule) => [rule.call]);
  const matcher = new RequestMatcher(program, rules, packages);
  const models = new Set(rules.platforms.filter(({ kind }) => kind === 'llm').map(({ id }) => id));
  const sinks: SinkMark[] = [];
  const requests: RequestMark[] = [];
  const helpers = new HelperCalls(program);
  program.calls.forEach((call, i) => {
    for (const { pattern, rule, reading } of matchesOf(program, index, call)) {
      const holders = (places: readonly string[]): Holder[] =>
        places
          .flatMap((text) => parsePlace(text))
          .flatMap((place) => holdersOf(program, reading, pattern.parameters, place));
      const parts = { body: holders(rule.body), query: queryOf(program, rule, holders), url: holders(rule.url) };
      const urlsVia = (via: ReadonlyMap<number, number>): string[] => urlsOf(program, rule, holders, via);
      const urls = urlsVia(new Map());
      const isModel = urls
        .map((url) => matcher.match(call, url, parts))
        .every((rows) => rows.length > 0 && rows.every(({ platform }) => models.has(platform)));
      requests.push({ call: i, url: urls[0] ?? '', urls, isModel, bodies: parts.body });
      const request = { call, index: i, parts, urlsVia, matcher, helpers, tries: { left: maxTries } };
      sinks.push(...(marksVia(program, request, []) ?? []));
    }
  });
  return { sinks, requests };
}

interface Request {
  readonly call: LinkedCall;
  readonly index: number;
  readonly parts: RequestParts;
  readonly urlsVia: (via: ReadonlyMap<number, number>) => string[];
  readonly matcher: RequestMatcher;
  readonly helpers: HelperCalls;
  /** How many more ways to it are looked at. */
  readonly tries: { left: number };
}

/** How many helpers within each other are told apart by their calls. */
const maxHelpers = 3;
const maxTries = 400;

// The payload of a request that is made by way of these calls, the innermost first; undefined where it is not theirs alone.
// post(url, body) may go to several addresses: then each call of it is a request of its own.
function marksVia(program: Program, request: Request, chain: readonly number[]): SinkMark[] | undefined {
  const { call, index, parts, matcher, helpers, tries } = request;
  if (tries.left-- <= 0) return undefined;
  const owners = [index, ...chain].map((one) => program.calls[one]?.owner ?? -1);
  const urls = request.urlsVia(new Map(chain.map((one, i) => [owners[i] ?? -1, one])));
  const found = urls.map((url) => matcher.match(call, url, parts));
  const marks = urls.flatMap((url, i) => (found[i] ?? []).flatMap((rule) => marksOf(rule, call, index, url, parts)));
  const [first = []] = found;
  const isSame = (rules: readonly HttpSinkRule[]): boolean =>
    rules.length === first.length && rules.every((rule, i) => rule === first[i]);
  const isOne = urls.length < maxUrls && found.every(isSame);
  if (!isOne && chain.length < maxHelpers) {
    const callers = helpers.callersOf(owners[chain.length] ?? -1) ?? [];
    const apart = callers.map((caller) => marksVia(program, request, [...chain, caller]));
    if (apart.length > 1 && apart.every((one) => one !== undefined)) return apart.flat();
  }
  const moved = marks.map((mark) => {
    const given = chain.reduce<readonly Holder[] | undefined>(
      (holders, caller, i) => holders && allOf(holders.map((one) => helpers.given(owners[i] ?? -1, caller, one))),
      [mark],
    );
    return given?.map(({ node, path }) => ({ ...mark, call: chain[chain.length - 1] ?? index, node, path }));
  });
  return allOf(moved);
}

// All of several lists in one; undefined where one is unknown.
function allOf<T>(lists: readonly (readonly T[] | undefined)[]): T[] | undefined {
  return lists.includes(undefined) ? undefined : lists.flatMap((list) => list ?? []);
}

// A query that lies in the same value as the URL counts only where it was put in: a text holds none.
function queryOf(program: Program, rule: RequestRule, holders: (places: readonly string[]) => Holder[]): Holder[] {
  const inside = new Set(rule.url.map((text) => text.replace(/[.[].*$/, '')));
  return rule.query.flatMap((text) =>
    holders([text]).filter(
      ({ node, path }) =>
        path.length === 0 ||
        !inside.has(text.replace(/[.[].*$/, '')) ||
        hasKey(program, { node, path: [] }, path.join('.')),
    ),
  );
}

/** One helper may ask for all that an interface has. */
const maxUrls = 60;

// The URLs that a request may go to; one empty text where nothing is known.
function urlsOf(
  program: Program,
  rule: RequestRule,
  holders: (places: readonly string[]) => Holder[],
  via: ReadonlyMap<number, number>,
): string[] {
  const fold = (places: readonly string[]): readonly string[] => {
    const texts = holders(places).map(({ node, path }) => foldTexts(program, node, path, maxUrls, via));
    return texts.find((found) => found.length > 0) ?? [''];
  };
  const bases = fold(rule.base);
  return fold(rule.url).flatMap((url) =>
    /^(?:https?:|\{|\*|$)/.test(url) ? [url] : bases.map((base) => joined(base, url)),
  );
}

// A host may stand without a scheme (Node's own requests), a path without the slash in front (`chat.postMessage`).
function joined(base: string, path: string): string {
  const whole = base === '' && hasHost(path) ? path : `${base.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
  return hasHost(whole) ? `https://${whole}` : whole;
}

function hasHost(url: string): boolean {
  return /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?\//i.test(url);
}

function marksOf(rule: HttpSinkRule, call: LinkedCall, index: number, url: string, parts: RequestParts): SinkMark[] {
  const host = /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? '';
  const name = `${call.name} ${host === '' ? rule.platform : host}`;
  const marks: SinkMark[] = [];
  const { platform, visibility, channel, at } = rule;
  for (const { root, path } of rule.payload.flatMap((text) => parsePlace(text))) {
    const field = path.length > 0 ? path.join('.').replaceAll('.[]', '[]') : root;
    for (const holder of parts[root as keyof RequestParts] ?? []) {
      marks.push({
        platform,
        call: index,
        node: holder.node,
        path: [...holder.path, ...path],
        field,
        name,
        visibility,
        channel,
        at,
      });
    }
  }
  // GET …/sendMessage?text=${text}: the payload stands in the URL itself.
  if (url.includes('?')) {
    for (const { node, path } of parts.url) {
      marks.push({ platform, call: index, node, path, field: 'url', name, visibility, channel, at });
    }
  }
  return marks;
}
