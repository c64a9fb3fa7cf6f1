// How rows are checked against a package: by its typings through the checker, by its source where it has none.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Resolver } from '../../scripts/verify/resolver.mjs';
import { claimsOf } from '../../scripts/verify/rows.mjs';
import { argumentsOf, readMembers } from '../../scripts/verify/sources.mjs';
import { Typings } from '../../scripts/verify/typings.mjs';

const typings = `
export interface Extra { caption?: string; reply_markup?: { inline_keyboard: { text: string }[][] } }
export interface Sent { edit(text: string): Promise<void> }
export declare class Context<State = unknown> {
  state: State;
  reply(text: string, extra?: Extra): Promise<Sent>;
  readonly api: { send(chatId: number, text: string): Promise<Sent> };
}
type Next = () => Promise<void>;
export interface Order { fill(context: Context, text: string): Promise<string> }
type Handler<C extends Context> = { handle: C } | ((context: C, next: Next) => unknown);
export declare class Bot<C extends Context = Context> {
  constructor(token: string);
  on(event: string, ...handlers: Handler<C>[]): this;
  take(order: Order): void;
  static send(...texts: string[]): void;
}
`;
const types = [
  { type: 'teller#Talk', from: ['teller#Bot.on(_, ...handler(context, _))'] },
  { type: 'teller#Ledger', from: ['teller/parts/*#Ledger'] },
  { type: 'teller#Message', from: ['teller#Talk.reply()', 'teller#Message.again()'] },
];
let work = '';
let resolver: Resolver;

beforeAll(() => {
  work = mkdtempSync(path.join(os.tmpdir(), 'leakscan-verify-'));
  const folder = path.join(work, 'placed', 'teller@1.0.0');
  const at = path.join(folder, 'node_modules', 'teller');
  mkdirSync(at, { recursive: true });
  writeFileSync(path.join(at, 'package.json'), JSON.stringify({ name: 'teller', types: 'index.d.ts' }));
  writeFileSync(path.join(at, 'index.d.ts'), typings);
  writeFileSync(
    path.join(at, 'old.js'),
    `
class Teller { say(text, extra) {} }
Teller.prototype.push = function () { return arguments.length };
exports.tell = (to, text) => {};
exports.make = () => function whistle(text) {};
for (const name of ['hum', 'sing']) Teller.prototype[name] = make(name);
`,
  );
  writeFileSync(path.join(at, 'bot.coffee'), 'class Bot\n  shout: (envelope, strings...) ->\n');
  mkdirSync(path.join(at, 'parts'));
  writeFileSync(path.join(at, 'parts', 'ledger.d.ts'), 'export interface Ledger { book(line: string): void }');
  const packages = { place: () => folder, link: () => undefined };
  const opened = new Typings(packages, 'teller', '1.0.0', ['teller', 'teller/parts/*']);
  resolver = new Resolver([{ rules: { types, packages: ['teller'] } }], () => opened);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** The positions that a single call takes, of those that its payload needs; undefined where there is no such member. */
function taken(call: string, ...payload: string[]): number[] | undefined {
  const [claim] = claimsOf({ call, payload, versions: '' });
  return resolver.check(claim, true)?.taken.map((one: { index: number }) => one.index);
}

describe('typings', () => {
  it('have a member or do not', () => {
    expect(taken('teller#Context.reply(text)', 'text')).toEqual([0]);
    expect(taken('teller#Context.replyWith(text)', 'text')).toBeUndefined();
    expect(taken('teller#Context.api.send(_, text)', 'text')).toEqual([1]);
    expect(taken('teller#Bot.send(...texts)', 'texts')).toEqual([0]);
    expect(taken('teller#Context.state=(value)')).toEqual([0]);
    expect(taken('teller#Context.re*(text)', 'text')).toEqual([0]);
  });

  it('say which arguments there are', () => {
    expect(taken('teller#Context.reply(text, extra)', 'text', 'extra.caption')).toEqual([0, 1]);
    expect(taken('teller#Context.reply(_, _, extra)', 'extra')).toBeUndefined();
    expect(taken('teller#Context.api.send(_, text, extra)', 'text', 'extra')).toEqual([1]);
  });

  it("are reached through the rules' own names", () => {
    expect(taken('teller#Talk.reply(text)', 'text')).toEqual([0]);
    expect(taken('teller#Message.edit(text)', 'text')).toEqual([0]);
    expect(taken('teller#Message.delete(text)', 'text')).toBeUndefined();
  });

  it('are reached through files that rules name by their folder', () => {
    expect(taken('teller#Ledger.book(line)', 'line')).toEqual([0]);
    expect(taken('teller#Ledger.tear(line)', 'line')).toBeUndefined();
  });

  it('say what is put in place of a member, or given to one', () => {
    expect(taken('implemented:teller#Bot.take.fill(_, text)', 'text')).toEqual([1]);
    expect(taken('implemented:teller#Bot.take.drop(_, text)', 'text')).toBeUndefined();
    expect(taken('implemented:teller#Context.reply(text)', 'text')).toEqual([0]);
  });

  it('say which fields there are', () => {
    const absent = (...payload: string[]): string[] =>
      resolver.absentFields(claimsOf({ call: 'teller#Context.reply(_, extra)', payload, versions: '' })[0]);
    expect(absent('extra.caption', 'extra.reply_markup.inline_keyboard[][].text')).toEqual([]);
    expect(absent('extra.title', 'extra.reply_markup.inline_keyboard[][].label')).toEqual([
      'extra.title',
      'extra.reply_markup.inline_keyboard.[].[].label',
    ]);
  });

  it('tell an address from a payload', () => {
    const of = (call: string): string[] => resolver.addresses(claimsOf({ call, payload: ['text'], versions: '' })[0]);
    expect(of('teller#Context.api.send(_, text)')).toEqual([]);
    expect(of('teller#Context.api.send(text, _)')).toEqual(['text is chatId']);
  });
});

describe('a source without typings', () => {
  it('defines members that take so many arguments', () => {
    const members = readMembers(path.join(work, 'placed', 'teller@1.0.0', 'node_modules', 'teller'));
    expect(argumentsOf(members, 'say')).toBe(2);
    expect(argumentsOf(members, 'tell')).toBe(2);
    expect(argumentsOf(members, 'whistle')).toBe(1);
    expect(argumentsOf(members, 'sing')).toBe(Number.POSITIVE_INFINITY);
    expect(argumentsOf(members, 'push')).toBe(Number.POSITIVE_INFINITY);
    expect(argumentsOf(members, 'shout')).toBe(Number.POSITIVE_INFINITY);
    expect(argumentsOf(members, 's*')).toBe(Number.POSITIVE_INFINITY);
    expect(argumentsOf(members, 'whisper')).toBeUndefined();
  });
});
