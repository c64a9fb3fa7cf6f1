// Lists of what an object holds, seen from a search's context: where its fields are all written out, `Object.keys(o)` is a list of
// known texts, `Object.entries(o)` one of known pairs, `filter` leaves those that its callback does not refuse, and
// `Object.fromEntries` puts each value under its own name again.

import { mapValues, nodeKinds } from '../model/flow-graph.ts';
import type { LinkedCall, Program, Turns } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { FieldNames } from './field-names.ts';
import type { EndsAt, Follow } from './keys.ts';
import type { KnownValues } from './known.ts';
import { isTrue } from './known.ts';
import type { Move } from './move.ts';
import type { CallStacks, FieldStacks } from './stacks.ts';
import { maxTurns, methodValue, wholeValue } from './stacks.ts';

/** What a library's function makes: a list of names, values or pairs; an object or a map of pairs, a set of a list's elements. */
type Made = 'names' | 'values' | 'pairs' | 'object' | 'map' | 'set';

const makers: ReadonlyMap<string, Made> = new Map([
  ['global#Object.keys', 'names'],
  ['global#Object.getOwnPropertyNames', 'names'],
  ['global#Reflect.ownKeys', 'names'],
  ['global#Object.values', 'values'],
  ['global#Object.entries', 'pairs'],
  ['global#Object.fromEntries', 'object'],
  ['global#Map', 'map'],
  ['global#Set', 'set'],
]);

/** A call that leaves some elements of a list. */
interface Chosen {
  readonly turns: Turns;
  readonly call: number;
}

/** `JSON.stringify(value, replacer)`, whose replacer runs for each field of the value. */
interface Replacing {
  readonly call: number;
  readonly of: number;
  readonly replacers: readonly number[];
}

/** What a listing asks of the search around it. */
export interface Asked {
  readonly follow: Follow;
  /** Says of what holds an object whether the way ends there. */
  readonly endsAt: EndsAt;
  lengthOf(list: number, calls: number): number | undefined;
  /** The one text that a part of a value is; undefined where it is none, or not known. */
  textOf(node: number, fields: number, calls: number): string | undefined;
  namesOf(object: number, calls: number, find: () => readonly string[] | undefined): readonly string[] | undefined;
}

/** Answers for one `Callees`, which follows values backwards for it. */
export class Listings {
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly calls: CallStacks;
  private readonly names: FieldNames;
  private readonly values: KnownValues;
  private readonly asked: Asked;
  private readonly made = new Map<number, { readonly kind: Made; readonly of: number }>();
  private readonly replacing = new Map<number, Replacing>();
  private readonly first: number;
  private readonly second: number;
  private readonly under: number;

  constructor(
    program: Program,
    fields: FieldStacks,
    calls: CallStacks,
    names: FieldNames,
    values: KnownValues,
    asked: Asked,
  ) {
    this.program = program;
    this.fields = fields;
    this.calls = calls;
    this.names = names;
    this.values = values;
    this.asked = asked;
    this.first = names.numberOf('0');
    this.second = names.numberOf('1');
    this.under = names.numberOf(mapValues);
    program.calls.forEach(({ node, paths, args, targets, callbacks: [, replacers = []] }, call) => {
      const [path = ''] = targets.length === 0 && paths.length === 1 ? paths : [];
      const kind = makers.get(path);
      if (kind && args[0] !== undefined) this.made.set(node, { kind, of: args[0] });
      if (path !== 'global#JSON.stringify' || args[0] === undefined || replacers.length === 0) return;
      this.replacing.set(node, { call, of: args[0], replacers });
    });
  }

  /** True for the result of a call that moves are known for in some contexts. */
  has(node: number): boolean {
    return this.made.has(node) || this.replacing.has(node) || this.chosenAt(node) !== undefined;
  }

  /** The moves from a listing, instead of the edges into it; undefined where what it lists is not known. */
  from(node: number, fields: number, calls: number): readonly Move[] | undefined {
    const chosen = this.chosenAt(node);
    if (chosen) return this.fromChosen(chosen, fields, calls);
    const replacing = this.replacing.get(node);
    if (replacing) return this.fromReplaced(replacing, fields, calls);
    const made = this.made.get(node);
    if (!made || made.kind === 'set') return undefined;
    if (made.kind === 'object') return this.fromPairs(made.of, fields, calls);
    if (made.kind === 'map')
      return this.fields.top(fields) === this.under
        ? this.fromPairs(made.of, this.fields.rest(fields), calls)
        : undefined;
    const place = this.placeOf(fields);
    const known = place < 0 ? undefined : this.fieldsOf(made.of, calls);
    if (!known) return undefined;
    const name = known[place];
    if (name === undefined) return [];
    const inner = this.fields.rest(fields);
    const move = (rest: number): readonly Move[] => [
      {
        node: made.of,
        fields: this.fields.push(this.names.numberOf(name), rest),
        calls,
        op: programOps.copy,
        label: 0,
      },
    ];
    if (made.kind === 'values') return move(inner);
    if (made.kind === 'names') return undefined;
    if (this.fields.isWhole(inner)) return move(inner);
    const top = this.fields.top(inner);
    return top === this.second || this.names.isAny(top) ? move(this.fields.rest(inner)) : undefined;
  }

  /** From what a replacer is given, in the turn of a field. */
  fromEntry(node: number, fields: number, calls: number): readonly Move[] | undefined {
    const turn = this.turnOfReplacer(node, calls, 1);
    if (!turn) return undefined;
    const { name, replacing, outside } = turn;
    const inside = this.fields.push(this.names.numberOf(name), fields);
    return [{ node: replacing.of, fields: inside, calls: outside, op: programOps.exit, label: replacing.call }];
  }

  /** The name of a field, where a part of a list is one: an element of `Object.keys(o)`, or what a turn of `for (name in o)` has. */
  textAt(node: number, fields: number, calls: number): string | undefined {
    const loop = this.program.loops.get(node);
    if (loop?.isOfNames && !loop.head && this.fields.isWhole(fields)) {
      const here = this.calls.inLoop(calls, this.program.calls.length + loop.loop);
      return here < 0 ? undefined : this.fieldsOf(loop.list, this.calls.rest(here))?.[this.calls.turn(here)];
    }
    if (this.program.kinds[node] === nodeKinds.parameter && this.fields.isWhole(fields))
      return this.turnOfReplacer(node, calls, 0)?.name;
    const made = this.made.get(node);
    const place = made ? this.placeOf(fields) : -1;
    if (!made || place < 0 || !(made.kind === 'names' || made.kind === 'pairs')) return undefined;
    const inner = this.fields.rest(fields);
    const isName =
      made.kind === 'names'
        ? this.fields.isWhole(inner)
        : this.fields.top(inner) === this.first && this.fields.isWhole(this.fields.rest(inner));
    return isName ? this.fieldsOf(made.of, calls)?.[place] : undefined;
  }

  /** How many elements a list has that a library made; undefined for another value, -1 where it is not known. */
  lengthAt(node: number, calls: number): number | undefined {
    const chosen = this.chosenAt(node);
    if (chosen) {
      const kept = this.keptBy(chosen, calls);
      return kept?.isSure ? kept.places.length : -1;
    }
    const made = this.made.get(node);
    const isList = made?.kind === 'names' || made?.kind === 'values' || made?.kind === 'pairs';
    if (made) return isList ? (this.fieldsOf(made.of, calls)?.length ?? -1) : -1;
    const turns = this.callAt(node)?.turns;
    return turns && turns.total < 0 ? (this.asked.lengthOf(turns.list, calls) ?? -1) : undefined;
  }

  /** All texts in a list, or in a set that was made of one; undefined where there may be others. */
  textsIn(list: number, calls: number): readonly string[] | undefined {
    let of = list;
    let stack = calls;
    const sets: { readonly node: number; readonly calls: number }[] = [];
    const isKnown = this.asked.follow(list, calls, (one) => {
      const made = this.fields.isWhole(one.fields) ? this.made.get(one.node) : undefined;
      if (made?.kind === 'set') {
        sets.push({ node: made.of, calls: one.calls });
        return 'end';
      }
      return this.isAddedTo(one.node) ? 'unknown' : this.asked.endsAt(one, () => {});
    });
    const [only, ...others] = sets;
    if (only) {
      if (!isKnown || others.length > 0) return undefined;
      of = only.node;
      stack = only.calls;
    }
    const length = this.asked.lengthOf(of, stack);
    if (length === undefined) return undefined;
    const texts: string[] = [];
    for (let place = 0; place < length; place++) {
      const text = this.asked.textOf(of, this.fields.push(this.names.numberOf(String(place)), wholeValue), stack);
      if (text === undefined) return undefined;
      texts.push(text);
    }
    return texts;
  }

  /** The names of the fields that an object has of its own, where all are written out. */
  fieldsOf(object: number, calls: number): readonly string[] | undefined {
    return this.asked.namesOf(object, calls, () => this.findFields(object, calls));
  }

  private findFields(object: number, calls: number): readonly string[] | undefined {
    const found: string[][] = [];
    const gone = new Set<string>();
    let ends = 0;
    const isKnown = this.asked.follow(object, calls, (one) => {
      if (!this.fields.isWhole(one.fields)) return this.asked.endsAt(one, () => {});
      const written = this.writtenAt(one.node, gone);
      if (!written) return 'unknown';
      found.push([...written]);
      if (this.program.kinds[one.node] !== nodeKinds.object) return 'open';
      ends++;
      return 'open';
    });
    if (!isKnown || ends === 0 || (ends > 1 && gone.size > 0)) return undefined;
    const names = new Set(found.reverse().flat());
    return names.size > maxTurns ? undefined : [...names];
  }

  // The fields that are stored in one version of an object; undefined where there may be others. `gone` are those left out later.
  private writtenAt(node: number, gone: Set<string>): readonly string[] | undefined {
    const { program, names } = this;
    const kind = program.kinds[node];
    const call = this.callAt(node);
    if (kind === nodeKinds.array || program.keys.has(node)) return undefined;
    if (call && (call.isNew || call.targets.length === 0)) return undefined;
    const written: string[] = [];
    const left: string[] = [];
    const befores = new Set<number>();
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++) {
      const label = program.inLabel[i] ?? 0;
      const name = names.textOf(label);
      switch (program.inOp[i]) {
        case programOps.store:
          if (names.isAny(label) || names.isAside(label)) return undefined;
          if (!gone.has(name)) written.push(name);
          break;
        case programOps.except:
          if (names.exceptionOfEach(label) !== undefined) return undefined;
          left.push(...name.split('|').filter((one) => one !== ''));
          befores.add(program.inFrom[i] ?? 0);
          break;
        case programOps.copy:
        case programOps.guard:
        case programOps.exit:
        case programOps.enter:
        case programOps.load:
        case programOps.same:
        case programOps.changed:
          if (program.inOp[i] === programOps.copy) befores.add(program.inFrom[i] ?? 0);
          break;
        default:
          return undefined;
      }
    }
    if (kind !== nodeKinds.object && befores.size > 1) return undefined;
    for (const name of left) if (!written.includes(name)) gone.add(name);
    return written;
  }

  // wanted.add(name)  →  what was put in stands beside the set as it was before
  private isAddedTo(node: number): boolean {
    const { program } = this;
    const start = program.inStart[node] ?? 0;
    const end = program.inStart[node + 1] ?? 0;
    if (program.kinds[node] !== nodeKinds.after || start === end) return false;
    return end - start > 1 || program.inOp[start] !== programOps.copy;
  }

  private callAt(node: number): LinkedCall | undefined {
    const call = this.program.kinds[node] === nodeKinds.call ? this.program.callOf.get(node) : undefined;
    return call === undefined ? undefined : this.program.calls[call];
  }

  private chosenAt(node: number): Chosen | undefined {
    const turns = this.callAt(node)?.turns;
    return turns?.isChoosing ? { turns, call: this.program.callOf.get(node) ?? -1 } : undefined;
  }

  // Object.fromEntries(pairs).name
  private fromPairs(list: number, fields: number, calls: number): readonly Move[] | undefined {
    const isWhole = this.fields.isWhole(fields);
    const top = this.fields.top(fields);
    if (!isWhole && top < 0) return undefined;
    const length = this.asked.lengthOf(list, calls);
    if (length === undefined) return undefined;
    const inner = isWhole ? wholeValue : this.fields.rest(fields);
    const moves: Move[] = [];
    for (let place = 0; place < length; place++) {
      const at = (part: number, rest: number): number =>
        this.fields.push(this.names.numberOf(String(place)), this.fields.push(part, rest));
      const name = this.asked.textOf(list, at(this.first, wholeValue), calls);
      if (name === undefined) return undefined;
      const field = this.names.numberOf(name);
      const isWanted = isWhole
        ? !this.names.isAmong(this.fields.excluded(fields), field)
        : this.names.meets(top, field);
      if (isWanted) moves.push({ node: list, fields: at(this.second, inner), calls, op: programOps.copy, label: 0 });
    }
    return moves;
  }

  // What each turn gives back is a part of the text.
  private fromReplaced({ call, of, replacers }: Replacing, fields: number, calls: number): readonly Move[] | undefined {
    const names = this.fieldsOf(of, calls);
    if (!names || !this.fields.isWhole(fields)) return undefined;
    return names.flatMap((_, turn) =>
      replacers.map((func) => ({
        node: this.program.functions[func]?.ret ?? -1,
        fields: wholeValue,
        calls: this.calls.push(call, func, calls, turn),
        op: programOps.enter,
        label: call,
      })),
    );
  }

  // The field that a replacer runs for, where the value is the parameter at this position.
  private turnOfReplacer(
    node: number,
    calls: number,
    position: number,
  ): { readonly name: string; readonly replacing: Replacing; readonly outside: number } | undefined {
    if (this.replacing.size === 0) return undefined;
    const { program } = this;
    const own = this.calls.outOfLoops(calls);
    const turn = this.calls.turn(own);
    const replacing = turn < 0 ? undefined : this.replacing.get(program.calls[this.calls.call(own)]?.node ?? -1);
    if (!replacing || program.functions[this.calls.func(own)]?.params[position] !== node) return undefined;
    const [outside = own, ...others] = this.calls.outOf(own);
    const name = others.length > 0 ? undefined : this.fieldsOf(replacing.of, outside)?.[turn];
    return name === undefined ? undefined : { name, replacing, outside };
  }

  // rows.filter(isWanted): all that the callback does not surely refuse; by place where it is sure of each.
  private fromChosen(chosen: Chosen, fields: number, calls: number): readonly Move[] | undefined {
    const isWhole = this.fields.isWhole(fields);
    const top = this.fields.top(fields);
    if (!isWhole && !this.names.isPlace(top)) return undefined;
    const kept = this.keptBy(chosen, calls);
    if (!kept) return undefined;
    const inner = isWhole ? (fields === methodValue ? methodValue : wholeValue) : this.fields.rest(fields);
    const place = this.placeOf(fields);
    const places = place >= 0 && kept.isSure ? kept.places.slice(place, place + 1) : kept.places;
    return places.map((one) => ({
      node: chosen.turns.list,
      fields: this.fields.push(this.names.numberOf(String(one)), inner),
      calls,
      op: programOps.copy,
      label: 0,
    }));
  }

  private keptBy(
    { turns, call }: Chosen,
    calls: number,
  ): { readonly places: readonly number[]; readonly isSure: boolean } | undefined {
    const length = this.asked.lengthOf(turns.list, calls);
    if (length === undefined) return undefined;
    const places: number[] = [];
    let isSure = true;
    for (let place = 0; place < length; place++) {
      const answers = turns.callbacks.map((func) => {
        const { truth = -1, ret = -1 } = this.program.functions[func] ?? {};
        const inside = this.calls.push(call, func, calls, place);
        const answer = this.values.constantOf(truth < 0 ? ret : truth, wholeValue, inside);
        return answer === undefined ? undefined : isTrue(answer);
      });
      if (answers.some((answer) => answer !== false)) places.push(place);
      isSure &&= answers.every((answer) => answer !== undefined && answer === answers[0]);
    }
    return { places, isSure };
  }

  private placeOf(fields: number): number {
    const text = this.names.textOf(this.fields.top(fields));
    return /^\d+$/.test(text) ? Number(text) : -1;
  }
}
