// HTTP requests × URL rules → the payload places of requests that go to a platform.
// The URL is folded across files; where the host is unknown, the setting's name, the path's end or the body's keys decide.

import { expandBraces, matchesWildcard, parsePlace } from '../model/api-path.ts';
import { indexCalls } from '../model/call-index.ts';
import type { PackageManifest } from '../model/input.ts';
import type { SinkMark } from '../model/marks.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import type { HttpSinkRule, RequestRule, RuleSet } from '../model/rule.ts';
import { foldTexts } from './fold-text.ts';
import { HelperCalls } from './helper-calls.ts';
import { wordsOf } from './identifier.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import { createNeighbourhood } from './neighbourhood.ts';
import type { Holder } from './nodes-of.ts';
import { holdersOf, matchesOf } from './nodes-of.ts';
import { fitsConstants, hasKey } from './shape.ts';
import { usedPlatforms } from './used-platforms.ts';

/** One request of the scanned tree. */
export interface RequestMark {
  readonly call: number;
  /** With `{NAME}` and `*` for what is unknown; '' when all of it is. */
  readonly url: string;
  /** All that it may go to: one function asks for many things. */
  readonly urls: readonly string[];
  /** Every one of them is a language model's. */
  readonly isModel: boolean;
}

/** The parts of a request by the names that places use. */
interface RequestParts {
  readonly body: readonly Holder[];
  readonly query: readonly Holder[];
  readonly url: readonly Holder[];
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
      requests.push({ call: i, url: urls[0] ?? '', urls, isModel });
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

/** The machine that the bot itself runs on. */
const ownHost = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(?:[:/]|$)/i;

interface Match {
  readonly rule: HttpSinkRule;
  readonly score: number;
  /** The URL pattern that matched; '' when none did. */
  readonly pattern: string;
}

/** Tells which rules a request is held against. */
class RequestMatcher {
  private readonly program: Program;
  private readonly rules: readonly HttpSinkRule[];
  private readonly addressWords: ReadonlySet<string>;
  /** Platforms whose packages the project has. */
  private readonly used: ReadonlySet<string>;
  private readonly settings = new Map<string, ReadonlySet<string>>();
  private neighbourhood: Neighbourhood | undefined;

  constructor(program: Program, rules: RuleSet, manifests: readonly PackageManifest[]) {
    this.program = program;
    this.rules = rules.http.map((rule) => ({ ...rule, urls: rule.urls.flatMap((url) => expandBraces(url)) }));
    this.used = usedPlatforms(program, rules, manifests);
    this.addressWords = new Set(rules.data.naming.addressWords);
  }

  /** The rows of the platform that fits best, all that share the URL pattern: shown and hidden fields are rows of their own. */
  match(call: LinkedCall, url: string, parts: RequestParts): readonly HttpSinkRule[] {
    const known = url.replace(/\{[^}]*\}/g, '~').replaceAll('*', '~');
    const bare = known.replace(/[?#].*$/, '');
    const found = this.rules
      .flatMap((rule) => this.matchRule(rule, url, bare, parts) ?? [])
      .filter(({ rule }) => rule.beside.length === 0 || this.isBeside(call, rule.beside));
    let best: Match | undefined;
    // What two platforms have in common is the one's whose package the project has.
    const score = (one: Match): number => one.score + (this.used.has(one.rule.platform) ? 0.5 : 0);
    for (const one of found) if (!best || score(one) > score(best)) best = one;
    return found
      .filter((one) => one.rule.platform === best?.rule.platform && one.pattern === best.pattern)
      .map((one) => one.rule);
  }

  private isBeside(call: LinkedCall, wanted: readonly string[]): boolean {
    this.neighbourhood ??= createNeighbourhood(
      this.program,
      this.rules.flatMap((rule) => rule.beside),
    );
    return this.neighbourhood(call, wanted);
  }

  private matchRule(rule: HttpSinkRule, url: string, bare: string, parts: RequestParts): Match | undefined {
    const fits = this.fitsBody(rule, parts);
    // One host may have several products: the body tells which one it is.
    const bonus = fits ? 1000 : 0;
    if (/^https?:\/\/[^/~]*[a-z]/i.test(bare)) {
      const pattern = longest(rule.urls.filter((one) => matchesWildcard(one.replaceAll('**', '*'), bare)));
      if (pattern !== undefined) return { rule, score: 100 + pattern.length + bonus, pattern };
      // A gateway beside the bot, to any company.
      if (!ownHost.test(bare)) return undefined;
    }
    const setting = /\{([^}]*)\}/.exec(url)?.[1] ?? '';
    const isNamed = this.platformsOf(setting).has(rule.platform);
    const path = pathOf(bare);
    if (path.some((segment) => /[a-z]/i.test(segment))) {
      const pattern = longest(rule.urls.filter((one) => isEndOf(path, one)));
      if (pattern !== undefined && (isNamed || fits)) {
        // The less of the pattern is left over, the better.
        const left = pattern.split('/').length - path.length;
        const score = (isNamed ? 70 : 20) - (pattern.endsWith('*') ? 5 : 0) - left / 100;
        return { rule, score: score + bonus, pattern };
      }
      const rest = isNamed ? rule.urls.find((one) => one.endsWith('**')) : undefined;
      return rest === undefined ? undefined : { rule, score: 10, pattern: rest };
    }
    if (/^https?:\/\/[^/~]/.test(bare)) return undefined;
    if (isNamed && rule.env.some((name) => fitsName(name, setting))) return { rule, score: 50 + bonus, pattern: '' };
    // Nothing of the URL is known: the body's keys must say it, and a setting of another name says something else.
    const telling = rule.shape.length + 2 * Object.keys(rule.where).length;
    const isOpen = wordsOf(setting).every((word) => this.addressWords.has(word));
    const wanted = this.used.has(rule.platform) ? 1 : 2;
    return fits && telling >= wanted && isOpen ? { rule, score: 1, pattern: '' } : undefined;
  }

  private fitsBody(rule: HttpSinkRule, parts: RequestParts): boolean {
    const holders = [...parts.body, ...parts.query];
    return (
      rule.shape.length + Object.keys(rule.where).length > 0 &&
      rule.shape.every((key) => holders.some((holder) => hasKey(this.program, holder, key))) &&
      fitsConstants(this.program, rule.where, (root) => parts[root as keyof RequestParts] ?? [])
    );
  }

  // The platforms whose address a setting of this name holds.
  private platformsOf(setting: string): ReadonlySet<string> {
    let found = this.settings.get(setting);
    if (!found) {
      const rules = this.rules.filter((rule) => setting !== '' && rule.env.some((name) => fitsName(name, setting)));
      found = new Set(rules.map((rule) => rule.platform));
      this.settings.set(setting, found);
    }
    return found;
  }
}

function fitsName(pattern: string, setting: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), setting.toLowerCase());
}

function longest(patterns: readonly string[]): string | undefined {
  return [...patterns].sort((a, b) => b.length - a.length)[0];
}

/** The segments behind a host that is not known; `~` is what is not known of them. */
function pathOf(bare: string): string[] {
  const path = bare.replace(/^(?:https?:\/\/)?[^/~]*~?/, '').replace(/^\/|\/$/g, '');
  return path === '' ? [] : path.split('/');
}

// `v2.6/me/messages` and `~/me/messages` are ends of https://graph.facebook.com/**/messages, `~/v3/conversations/~` of
// https://smba.trafficmanager.net/**/v3/conversations/**. One segment must be the same word in both; where the end is open, two.
function isEndOf(path: readonly string[], pattern: string): boolean {
  const wanted = pattern.replace(/^https?:\/\/[^/]*\//, '').split('/');
  const words = pattern.endsWith('**') ? 2 : 1;
  const isBelow = wanted.some((_, i) => fitsSegments(path, wanted.slice(i), words));
  return isBelow || path.some((_, i) => fitsSegments(path.slice(i), wanted, words));
}

function fitsSegments(path: readonly string[], wanted: readonly string[], words: number): boolean {
  const [have, ...restOfPath] = path;
  const [want, ...restOfWanted] = wanted;
  if (want === undefined) return have === undefined && words <= 0;
  if (want === '**') {
    return fitsSegments(path, restOfWanted, words) || (have !== undefined && fitsSegments(restOfPath, wanted, words));
  }
  if (have === undefined) return false;
  const isOpen = have.includes('~') || want.includes('*');
  const fits = isOpen ? mayBeSame(have, want) : have === want;
  return fits && fitsSegments(restOfPath, restOfWanted, isOpen ? words : words - 1);
}

// `bot~` and `bot*`: what is known of the one and of the other does not differ.
function mayBeSame(have: string, want: string): boolean {
  const [before = ''] = have.split('~');
  const [head = ''] = want.split('*');
  const known = Math.min(before.length, head.length);
  if (before.slice(0, known) !== head.slice(0, known)) return false;
  return have.includes('~') || matchesWildcard(want.replaceAll('**', '*'), have);
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
