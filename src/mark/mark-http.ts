// HTTP requests × URL rules → the payload places of requests that go to a platform.
// The URL is folded across files; where the host is unknown, the path's end, the setting's name or the body's keys decide.

import type { Place } from '../model/api-path.ts';
import { matchesWildcard, parsePlace } from '../model/api-path.ts';
import { indexCalls } from '../model/call-index.ts';
import type { SinkMark } from '../model/marks.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { HttpSinkRule, RequestRule, RuleSet } from '../model/rule.ts';
import { foldTexts } from './fold-text.ts';
import { nodesOf, shapeOf } from './mark-sinks.ts';

/** A value and the fields down to what is meant. */
interface Holder {
  readonly node: number;
  readonly path: readonly string[];
}

/** One request of the scanned tree. */
export interface RequestMark {
  readonly call: number;
  /** With `{NAME}` and `*` for what is unknown; '' when all of it is. */
  readonly url: string;
}

/** Marks requests to platforms, and tells the URL of every request. */
export function markHttp(program: Program, rules: RuleSet): { sinks: SinkMark[]; requests: RequestMark[] } {
  const index = indexCalls(rules.requests, (rule) => [rule.call]);
  const sinks: SinkMark[] = [];
  const requests: RequestMark[] = [];
  program.calls.forEach((call, i) => {
    for (const { pattern, rule } of index.match(shapeOf(call))) {
      const holders = (places: readonly string[]): Holder[] =>
        places
          .flatMap((text) => parsePlace(text))
          .flatMap((place) =>
            nodesOf(program, call, pattern.parameters, place).map((node) => ({ node, path: place.path })),
          );
      const urls = urlsOf(program, rule, holders);
      requests.push({ call: i, url: urls[0] ?? '' });
      const body = holders(rule.body);
      const query = holders(rule.query);
      const platforms = new Set<string>();
      for (const url of urls) {
        const found = ruleFor(program, rules.http, url, [...body, ...query]);
        if (!found || platforms.has(found.platform)) continue;
        platforms.add(found.platform);
        sinks.push(...marksOf(found, call, i, url, body, query, holders(rule.url)));
      }
    }
  });
  return { sinks, requests };
}

// The URLs that a request may go to; one empty text where nothing is known.
function urlsOf(program: Program, rule: RequestRule, holders: (places: readonly string[]) => Holder[]): string[] {
  const fold = (places: readonly string[]): readonly string[] => {
    const texts = holders(places).map(({ node, path }) => foldTexts(program, node, path));
    return texts.find((found) => found.length > 0) ?? [''];
  };
  const bases = fold(rule.base);
  return fold(rule.url).flatMap((url) => {
    if (/^(?:https?:|\{|\*)/.test(url)) return [url];
    return bases.map((base) => (base === '' ? url : `${base.replace(/\/$/, '')}/${url.replace(/^\//, '')}`));
  });
}

// The rule with the longest matching URL pattern whose shape fits, if it has one.
function ruleFor(
  program: Program,
  rules: readonly HttpSinkRule[],
  url: string,
  holders: readonly Holder[],
): HttpSinkRule | undefined {
  const known = url.replace(/\{[^}]*\}/g, '~').replaceAll('*', '~');
  const hasHost = /^https?:\/\/[^/~]*[a-z]/i.test(known);
  let best: { readonly rule: HttpSinkRule; readonly score: number } | undefined;
  for (const rule of rules) {
    const score = matchUrl(rule, url, known, hasHost);
    if (score <= 0) continue;
    const fits =
      rule.shape.length > 0 && rule.shape.every((key) => holders.some((holder) => hasKey(program, holder, key)));
    // A full URL decides alone, unless another rule's body shape fits better (one host, several products).
    const total = fits ? score + 1000 : hasHost ? score : 0;
    if (total > 0 && (!best || total > best.score)) best = { rule, score: total };
  }
  return best?.rule;
}

function matchUrl(rule: HttpSinkRule, url: string, known: string, hasHost: boolean): number {
  const bare = known.replace(/[?#].*$/, '');
  for (const pattern of rule.urls) {
    if (hasHost && matchesWildcard(pattern.replaceAll('**', '*'), bare)) return 100 + pattern.length;
  }
  if (hasHost) return 0;
  const setting = /\{([^}]*)\}/.exec(url)?.[1] ?? '';
  if (setting !== '' && rule.env.some((name) => matchesWildcard(name.toLowerCase(), setting.toLowerCase()))) return 50;
  const path = /[^~/][^~]*$/.exec(bare)?.[0] ?? '';
  const isTail = path !== '' && rule.urls.some((pattern) => pattern.endsWith(`/${path.replace(/^\//, '')}`));
  if (isTail) return 20;
  // Nothing of the URL is known: the body's keys must say it.
  return path === '' ? 1 : 0;
}

const maxVisits = 300;

/** True when the object at a place is given a field of this name anywhere on the way there. */
function hasKey(program: Program, holder: Holder, key: string): boolean {
  const seen = new Set<string>();
  const queue: Holder[] = [holder];
  while (queue.length > 0 && seen.size < maxVisits) {
    const { node, path } = queue.shift() as Holder;
    const id = `${node}/${path.join('.')}`;
    if (seen.has(id)) continue;
    seen.add(id);
    const [top, ...rest] = path;
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? 0;
      const label = program.strings[program.inLabel[i] ?? 0] ?? '';
      switch (program.inOp[i]) {
        case programOps.store:
          if (top === undefined && label === key) return true;
          if (top !== undefined && (top === label || label === '[]')) queue.push({ node: from, path: rest });
          break;
        case programOps.load:
          queue.push({ node: from, path: [label, ...path] });
          break;
        case programOps.derive:
          break;
        default:
          queue.push({ node: from, path });
      }
    }
  }
  return false;
}

function marksOf(
  rule: HttpSinkRule,
  call: LinkedCall,
  index: number,
  url: string,
  body: readonly Holder[],
  query: readonly Holder[],
  urls: readonly Holder[],
): SinkMark[] {
  const roots: Record<string, readonly Holder[]> = { body, query, url: urls };
  const host = /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? '';
  const name = `${call.name} ${host === '' ? rule.platform : host}`;
  const marks: SinkMark[] = [];
  for (const place of rule.payload.flatMap((text) => parsePlace(text))) {
    const holders = place.root === 'query' && query.length === 0 ? [] : (roots[place.root] ?? []);
    for (const { node, path } of holders) marks.push(markAt(rule, place, index, node, [...path, ...place.path], name));
  }
  // GET …/sendMessage?text=${text}: the payload stands in the URL itself.
  if (url.includes('?')) {
    for (const { node, path } of urls) {
      marks.push(markAt(rule, { root: 'url', isReturn: false, isThrow: false, path: [] }, index, node, path, name));
    }
  }
  return marks;
}

function markAt(
  rule: HttpSinkRule,
  place: Place,
  call: number,
  node: number,
  path: readonly string[],
  name: string,
): SinkMark {
  const field = place.path.length > 0 ? place.path.join('.').replaceAll('.[]', '[]') : place.root;
  return { platform: rule.platform, call, node, path, field, name, visibility: rule.visibility };
}
