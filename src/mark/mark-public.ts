// Reads of price lists, plans and market data × the names that rules give → values that are public. A question that names an
// owner is about somebody: `prices.list()` is public, `products.list({ customer })` is not.

import type { LinkedCall, Program } from '../model/program.ts';
import type { Origin, RuleSet } from '../model/rule.ts';
import { singular, wordsOf } from './identifier.ts';
import type { RequestMark } from './mark-http.ts';
import { isAboutOwner, ownersOf, questionOf } from './question.ts';

/** What `catalogue#{…}` rows name: words, and addresses (they have a dot). */
interface Catalogue {
  readonly words: ReadonlySet<string>;
  readonly addresses: readonly string[];
}

const prefix = 'catalogue#';

/** Nodes of calls that read what everyone is told. */
export function markPublic(
  program: Program,
  rules: RuleSet,
  requests: readonly RequestMark[],
  isRead: (call: LinkedCall) => boolean,
): number[] {
  const catalogue = catalogueOf(rules);
  const owners = ownersOf(rules.data);
  const requestOf = new Map(requests.map((request) => [request.call, request]));
  return program.calls.flatMap((call, i) => {
    const request = requestOf.get(i);
    // One function may ask for many things: it is public where all of them are.
    const isPublic = request
      ? request.urls.length > 0 && request.urls.every((url) => isAddress(catalogue, owners, url))
      : isListed(program, catalogue, owners, call, isRead);
    return isPublic ? [call.node] : [];
  });
}

/** The names that `answer#{…}` and the like list. */
export function namesUnder(rules: RuleSet, origin: Origin, prefix: string): readonly string[] {
  return rules.origins
    .filter((rule) => rule.origin === origin)
    .flatMap((rule) => rule.read.filter((read) => read.startsWith(prefix)))
    .flatMap((read) => read.slice(prefix.length).replace(/[{}]/g, '').split(','));
}

/** True for a URL that begins with one of the addresses, whatever its scheme. */
export function isBelow(addresses: readonly string[], url: string): boolean {
  const bare = url.replace(/^\w+:\/\//, '');
  return addresses.some((one) => bare.startsWith(one));
}

function catalogueOf(rules: RuleSet): Catalogue {
  const names = namesUnder(rules, 'public', prefix);
  return {
    words: new Set(names.filter((name) => !name.includes('.'))),
    addresses: names.filter((name) => name.includes('.')),
  };
}

// GET https://api.frankfurter.app/latest; GET {SHOP_URL}/v1/products/42
function isAddress({ words, addresses }: Catalogue, owners: ReadonlySet<string>, url: string): boolean {
  if (isBelow(addresses, url)) return true;
  const bare = url.replace(/^\w+:\/\//, '');
  if (isAboutOwner(owners, bare.split(/[/?&=]+/).slice(1))) return false;
  const path = bare.split('?')[0]?.split('/').slice(1) ?? [];
  const resource = path.filter((segment) => /^[\w-]+$/.test(segment) && !/^v?\d+$/.test(segment)).pop() ?? '';
  return isWordOf(words, resource);
}

function isListed(
  program: Program,
  { words }: Catalogue,
  owners: ReadonlySet<string>,
  call: LinkedCall,
  isRead: (call: LinkedCall) => boolean,
): boolean {
  if (call.targets.length === 0 && !isRead(call)) return false;
  const asked = questionOf(program, call);
  if (isAboutOwner(owners, asked.words)) return false;
  if (asked.tables.length > 0) return asked.tables.every((table) => isWordOf(words, table));
  // Of a function of the tree, the calls in it are looked at; it may well be given the SQL.
  if (call.targets.length > 0) return false;
  return asked.names.some((name) => isWordOf(words, name));
}

// `loan_products`, `exchangeRates`, `getPrices`: the last word says what it is a list of.
function isWordOf(words: ReadonlySet<string>, name: string): boolean {
  return words.has(singular(wordsOf(name).slice(-1)[0] ?? ''));
}
