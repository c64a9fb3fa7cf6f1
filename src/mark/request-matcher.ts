// Which rules of platforms a request fits: by its URL, by the setting that the URL begins with, by the keys of its body.

import { expandBraces, matchesWildcard } from '../model/api-path.ts';
import type { PackageManifest } from '../model/input.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import type { HttpSinkRule, RuleSet } from '../model/rule.ts';
import { wordsOf } from './identifier.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import { createNeighbourhood } from './neighbourhood.ts';
import type { Holder } from './nodes-of.ts';
import { fitsConstants, hasKey } from './shape.ts';
import { usedPlatforms } from './used-platforms.ts';

/** The parts of a request by the names that places use. */
export interface RequestParts {
  readonly body: readonly Holder[];
  readonly query: readonly Holder[];
  readonly url: readonly Holder[];
}

/** A rule with what its URL patterns are held against. */
interface Row {
  readonly rule: HttpSinkRule;
  readonly urls: readonly UrlPattern[];
}

interface UrlPattern {
  readonly text: string;
  /** The whole as a wildcard. */
  readonly wildcard: string;
  /** The segments behind the host. */
  readonly segments: readonly string[];
}

/** What the URL alone says of a rule. */
interface Address {
  readonly rule: HttpSinkRule;
  readonly score: number;
  /** The URL pattern that matched; '' when none did. */
  readonly pattern: string;
  /** The body must fit, too. */
  readonly needsBody: boolean;
  /** What a fitting body adds: one host may have several products, and the body tells which one it is. */
  readonly bonus: number;
}

type Match = Pick<Address, 'rule' | 'score' | 'pattern'>;

const bodyBonus = 1000;

/** The machine that the bot itself runs on. */
const ownHost = /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\]|host\.docker\.internal)(?:[:/]|$)/i;

/** Tells which rules a request is held against. */
export class RequestMatcher {
  private readonly program: Program;
  private readonly rows: readonly Row[];
  private readonly addressWords: ReadonlySet<string>;
  /** Platforms whose packages the project has. */
  private readonly used: ReadonlySet<string>;
  private readonly settings = new Map<string, ReadonlySet<string>>();
  private readonly addresses = new Map<string, readonly Address[]>();
  private readonly bodies = new WeakMap<RequestParts, Body>();
  private neighbourhood: Neighbourhood | undefined;

  constructor(program: Program, rules: RuleSet, manifests: readonly PackageManifest[]) {
    this.program = program;
    this.rows = rules.http.map((rule) => ({ rule, urls: rule.urls.flatMap(expandBraces).map(patternOf) }));
    this.used = usedPlatforms(program, rules, manifests);
    this.addressWords = new Set(rules.data.naming.addressWords);
  }

  /** The rows of the platform that fits best, all that share the URL pattern: shown and hidden fields are rows of their own. */
  match(call: LinkedCall, url: string, parts: RequestParts): readonly HttpSinkRule[] {
    const body = this.bodyOf(parts);
    const found = this.addressesOf(url)
      .flatMap(({ rule, score, pattern, needsBody, bonus }): Match[] => {
        const fits = (needsBody || bonus > 0) && body.fits(rule);
        return needsBody && !fits ? [] : [{ rule, score: fits ? score + bonus : score, pattern }];
      })
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
      this.rows.flatMap(({ rule }) => rule.beside),
    );
    return this.neighbourhood(call, wanted);
  }

  private bodyOf(parts: RequestParts): Body {
    let body = this.bodies.get(parts);
    if (!body) {
      body = new Body(this.program, parts);
      this.bodies.set(parts, body);
    }
    return body;
  }

  private addressesOf(url: string): readonly Address[] {
    let found = this.addresses.get(url);
    if (!found) {
      found = this.findAddresses(url);
      this.addresses.set(url, found);
    }
    return found;
  }

  private findAddresses(url: string): Address[] {
    const known = url.replace(/\{[^}]*\}/g, '~').replaceAll('*', '~');
    const bare = known.replace(/[?#].*$/, '');
    const found: Address[] = [];
    const add = (rule: HttpSinkRule, score: number, pattern: string, needsBody = false, bonus = bodyBonus): void => {
      found.push({ rule, score, pattern, needsBody, bonus });
    };
    const hasHost = /^https?:\/\/[^/~]*[a-z]/i.test(bare);
    const isOwn = ownHost.test(bare);
    const setting = /\{([^}]*)\}/.exec(url)?.[1] ?? '';
    const named = this.platformsOf(setting);
    const path = pathOf(bare);
    const hasPath = path.some((segment) => /[a-z]/i.test(segment));
    const isElsewhere = /^https?:\/\/[^/~]/.test(bare);
    const isOpen = wordsOf(setting).every((word) => this.addressWords.has(word));
    for (const { rule, urls } of this.rows) {
      if (hasHost) {
        const pattern = longest(urls.filter(({ wildcard }) => matchesWildcard(wildcard, bare)));
        if (pattern) add(rule, 100 + pattern.text.length, pattern.text);
        // A gateway beside the bot, to any company.
        if (pattern || !isOwn) continue;
      }
      const isNamed = named.has(rule.platform);
      if (hasPath) {
        const pattern = longest(urls.filter(({ text, segments }) => isEndOf(path, segments, text.endsWith('**'))));
        const rest = isNamed ? urls.find(({ text }) => text.endsWith('**')) : undefined;
        if (pattern) {
          // The less of the pattern is left over, the better.
          const left = pattern.text.split('/').length - path.length;
          const score = (isNamed ? 70 : 20) - (pattern.text.endsWith('*') ? 5 : 0) - left / 100;
          add(rule, score, pattern.text, !isNamed);
        } else if (rest) add(rule, 10, rest.text, false, 0);
      } else if (isElsewhere) continue;
      else if (isNamed && rule.env.some((name) => fitsName(name, setting))) add(rule, 50, '');
      else {
        // Nothing of the URL is known: the body's keys must say it, and a setting of another name says something else.
        const telling = rule.shape.length + 2 * Object.keys(rule.where).length;
        const wanted = this.used.has(rule.platform) ? 1 : 2;
        if (telling >= wanted && isOpen) add(rule, 1, '', true, 0);
      }
    }
    return found;
  }

  // The platforms whose address a setting of this name holds.
  private platformsOf(setting: string): ReadonlySet<string> {
    let found = this.settings.get(setting);
    if (!found) {
      const rows = this.rows.filter(({ rule }) => setting !== '' && rule.env.some((name) => fitsName(name, setting)));
      found = new Set(rows.map(({ rule }) => rule.platform));
      this.settings.set(setting, found);
    }
    return found;
  }
}

/** What a request carries, asked for the keys and constants of many rules. */
class Body {
  private readonly program: Program;
  private readonly parts: RequestParts;
  private readonly keys = new Map<string, boolean>();

  constructor(program: Program, parts: RequestParts) {
    this.program = program;
    this.parts = parts;
  }

  fits(rule: HttpSinkRule): boolean {
    return (
      rule.shape.length + Object.keys(rule.where).length > 0 &&
      rule.shape.every((key) => this.has(key)) &&
      fitsConstants(this.program, rule.where, (root) => this.parts[root as keyof RequestParts] ?? [])
    );
  }

  private has(key: string): boolean {
    let found = this.keys.get(key);
    if (found === undefined) {
      const { body, query } = this.parts;
      found = [...body, ...query].some((holder) => hasKey(this.program, holder, key));
      this.keys.set(key, found);
    }
    return found;
  }
}

function patternOf(text: string): UrlPattern {
  const segments = text.replace(/^https?:\/\/[^/]*\//, '').split('/');
  return { text, wildcard: text.replaceAll('**', '*'), segments };
}

function fitsName(pattern: string, setting: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), setting.toLowerCase());
}

function longest(patterns: readonly UrlPattern[]): UrlPattern | undefined {
  return [...patterns].sort((a, b) => b.text.length - a.text.length)[0];
}

/** The segments behind a host that is not known; `~` is what is not known of them. */
function pathOf(bare: string): string[] {
  const path = bare.replace(/^(?:https?:\/\/)?[^/~]*~?/, '').replace(/^\/|\/$/g, '');
  return path === '' ? [] : path.split('/');
}

// `v2.6/me/messages` and `~/me/messages` are ends of https://graph.facebook.com/**/messages, `~/v3/conversations/~` of
// https://smba.trafficmanager.net/**/v3/conversations/**. One segment must be the same word in both; where the end is open, two.
function isEndOf(path: readonly string[], wanted: readonly string[], isOpenEnd: boolean): boolean {
  if (!wanted.some((segment) => path.includes(segment))) return false;
  const words = isOpenEnd ? 2 : 1;
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
