// Reads of price lists, plans and market data × the names that rules give → values that are public. A question that names an
// owner is about somebody: `prices.list()` is public, `products.list({ customer })` is not.

import type { LinkedCall, Program } from '../model/program.ts';
import { programOps, textOfNode } from '../model/program.ts';
import type { Origin, RuleSet } from '../model/rule.ts';
import { onlyText } from './fold-text.ts';
import { singular, wordsOf } from './identifier.ts';
import type { RequestMark } from './mark-http.ts';

/** What `catalogue#{…}` rows name: words, and addresses (they have a dot). */
interface Catalogue {
  readonly words: ReadonlySet<string>;
  readonly addresses: readonly string[];
}

const prefix = 'catalogue#';
const maxHops = 6;
const sqlStart = /^\s*(?:select|with)\b/i;
const sqlTable = /\b(?:from|join)\s+["`[]?(?:\w+\.)?(\w+)/gi;
const owners = new Set(
  (
    'user customer client owner chat member account phone mobile email sender holder tenant person employee jid psid me my mine own ' +
    'cliente usuario kunde benutzer utilisateur pengguna wallet order invoice cart basket'
  ).split(' '),
);

/** Nodes of calls that read what everyone is told. */
export function markPublic(
  program: Program,
  rules: RuleSet,
  requests: readonly RequestMark[],
  isRead: (call: LinkedCall) => boolean,
): number[] {
  const catalogue = catalogueOf(rules);
  const requestOf = new Map(requests.map((request) => [request.call, request]));
  return program.calls.flatMap((call, i) => {
    const request = requestOf.get(i);
    // One function may ask for many things: it is public where all of them are.
    const isPublic = request
      ? request.urls.length > 0 && request.urls.every((url) => isAddress(catalogue, url))
      : isListed(program, catalogue, call, isRead);
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
function isAddress({ words, addresses }: Catalogue, url: string): boolean {
  if (isBelow(addresses, url)) return true;
  const bare = url.replace(/^\w+:\/\//, '');
  const segments = bare.split(/[/?&=]+/).slice(1);
  if (segments.some((segment) => wordsOf(segment).some((word) => owners.has(singular(word))))) return false;
  const path = bare.split('?')[0]?.split('/').slice(1) ?? [];
  const resource = path.filter((segment) => /^[\w-]+$/.test(segment) && !/^v?\d+$/.test(segment)).pop() ?? '';
  return isWordOf(words, resource);
}

function isListed(
  program: Program,
  { words }: Catalogue,
  call: LinkedCall,
  isRead: (call: LinkedCall) => boolean,
): boolean {
  if (call.targets.length === 0 && !isRead(call)) return false;
  const asked = questionOf(program, call);
  if (asked.words.some((word) => owners.has(word))) return false;
  if (asked.tables.length > 0) return asked.tables.every((table) => isWordOf(words, table));
  // Of a function of the tree, the calls in it are looked at; it may well be given the SQL.
  if (call.targets.length > 0) return false;
  return asked.names.some((name) => isWordOf(words, name));
}

// `loan_products`, `exchangeRates`, `getPrices`: the last word says what it is a list of.
function isWordOf(words: ReadonlySet<string>, name: string): boolean {
  return words.has(singular(wordsOf(name).slice(-1)[0] ?? ''));
}

// A function's name counts where it asks for a list, or for what a market says: one plan may well be somebody's.
function isMarketRead(name: string): boolean {
  return (
    singular(name) !== name ||
    /(?:Ticker|Quote|Price|(?:Exchange|Conversion|Fx|Currency)Rate|OHLCV|OrderBook)$/.test(name)
  );
}

interface Question {
  /** Tables of its SQL. */
  readonly tables: readonly string[];
  /** Names on the way to the call: `prisma.product.findMany`, `from('products')`. */
  readonly names: readonly string[];
  /** Words of all of these, and of what it is asked by. */
  readonly words: readonly string[];
}

function questionOf(program: Program, call: LinkedCall): Question {
  const tables: string[] = [];
  const names: string[] = [...(isMarketRead(call.name) ? [call.name] : []), ...call.chain];
  const keys: string[] = [];
  let at: LinkedCall | undefined = call;
  for (let hops = 0; hops < maxHops && at; hops++) {
    for (const [i, arg] of at.args.entries()) {
      // Only the SQL, which comes first, is worth being followed through variables.
      const text: string | undefined = i === 0 ? onlyText(program, arg) : textOfNode(program, arg);
      if (text !== undefined && sqlStart.test(text)) {
        for (const [, table = ''] of text.matchAll(sqlTable)) tables.push(table);
        keys.push(...(text.replace(/\border\s+by\b/gi, '').match(/[A-Za-z_]\w*/g) ?? []));
      } else if (text !== undefined && /^[\w-]{2,40}$/.test(text)) (at === call ? keys : names).push(text);
      else keysOf(program, arg, 3, keys);
    }
    at = madeBy(program, at.receiver);
    if (at) names.push(at.name, ...at.chain);
  }
  const words = [...names, ...tables, ...keys].flatMap((name) => wordsOf(name).map(singular));
  return { tables, names, words };
}

// The call whose result a value is, perhaps behind a variable.
function madeBy(program: Program, node: number): LinkedCall | undefined {
  for (let at = node, hops = 0; at >= 0 && hops < maxHops; hops++) {
    const call = program.calls[program.callOf.get(at) ?? -1];
    if (call) return call;
    const start = program.inStart[at] ?? 0;
    if (program.inOp[start] !== programOps.copy) return undefined;
    at = program.inFrom[start] ?? -1;
  }
  return undefined;
}

// The names of the fields of an object, and of those below them: what a query is asked by.
function keysOf(program: Program, node: number, depth: number, keys: string[]): void {
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0) && depth > 0; i++) {
    const isField = program.inOp[i] === programOps.store;
    if (!isField && program.inOp[i] !== programOps.copy) continue;
    if (isField) keys.push(program.strings[program.inLabel[i] ?? 0] ?? '');
    keysOf(program, program.inFrom[i] ?? 0, depth - 1, keys);
  }
}
