// Amounts that nothing names, and that belong to somebody all the same: a unit of money stands right at the value, and it was read
// of a row, or of an answer, that was asked for by an owner. `€ ${home.flurb}` out of `homes.findOne({ chatId: ctx.chat.id })`.

import type { Evidence } from '../model/finding.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { SourceMark, TextMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps } from '../model/program.ts';
import type { DataRules, Origin } from '../model/rule.ts';
import { hasWord } from '../model/text.ts';
import type { Classifier } from './classify.ts';
import { writtenOut } from './formatters.ts';
import { singular, wordsOf } from './identifier.ts';
import { fieldsIn } from './mark-entries.ts';
import type { RequestMark } from './mark-http.ts';
import { asksForOwner, chainOf, ownersOf } from './question.ts';
import type { RowMarks } from './schema/mark-rows.ts';
import { surroundingsOf } from './surroundings.ts';

const generic = 'money.generic';
/** How many calls behind a value are looked at. */
const maxCalls = 6;
/** How many names before the field may say that it is one of a price list. */
const maxNames = 4;

/** What is known of a program already. */
export interface Around {
  readonly classifier: Classifier;
  readonly formatters: ReadonlySet<number>;
  readonly texts: ReadonlyMap<number, ReadonlyMap<number, TextMark>>;
  readonly named: ReadonlyMap<number, readonly SourceMark[]>;
  readonly project: readonly Evidence[];
  readonly rows: RowMarks;
  readonly origins: ReadonlyMap<number, Origin>;
  readonly requests: readonly RequestMark[];
}

/** The marks of fields that belong to somebody: those that they have, with evidence added, or one that they had not. */
export function markOwned(
  program: Program,
  data: DataRules,
  { classifier, formatters, texts, named, project, rows, origins, requests }: Around,
): Map<number, SourceMark[]> {
  const marks = new Map<number, SourceMark[]>();
  const owners = ownersOf(data);
  const urlsOf = new Map(requests.map(({ call, urls }) => [call, urls]));
  const weight = data.weights.points['owner'] ?? 0;
  // In a game `$` and a formatter write out what is no money.
  const isGame = project.some((item) => item.kind === 'project.game');
  const signs = isGame ? [] : data.naming.currencyAmbiguous.filter((one) => /^\p{Sc}$/u.test(one));
  const units = [...data.naming.currencyStrong, ...signs];
  const known = new Map<number, boolean>();
  const isOwned = (index: number): boolean => {
    let found = known.get(index);
    if (found === undefined) {
      const call = program.calls[index];
      const isQuestion = call !== undefined && chainOf(program, call).some(({ node }) => isRead(origins.get(node)));
      found = call !== undefined && isQuestion && asksForOwner(program, owners, call, urlsOf.get(index) ?? []);
      known.set(index, found);
    }
    return found;
  };
  const catalogues = new Set(data.naming.catalogues);
  const isListed = (name: string): boolean => catalogues.has(singular(wordsOf(name).at(-1) ?? ''));
  const noteField = (field: number): void => {
    if (marks.has(field) || rows.settled.has(field)) return;
    const name = nameOfNode(program, field);
    const own = named.get(field) ?? [];
    if (own.some((one) => one.isDeclared)) return;
    if (own.length === 0 && (rows.factOf(field)?.isNeutral || (name.length > 1 && classifier.isPlain(name)))) return;
    const base = baseOf(program, field);
    const around = base < 0 ? undefined : surroundingsOf(program, base);
    if (!around?.calls.slice(0, maxCalls).some(isOwned) || around.names.slice(0, maxNames).some(isListed)) return;
    const evidence: Evidence = { kind: 'owner', text: 'asked for by its owner', weight };
    const mark: SourceMark = {
      node: field,
      category: generic,
      isCertain: false,
      isDeclared: false,
      isAmount: true,
      evidence: [evidence, ...project],
      path: [],
    };
    marks.set(field, own.length === 0 ? [mark] : own.map((one) => ({ ...one, evidence: [...one.evidence, evidence] })));
  };
  if (!isGame)
    for (const index of formatters) for (const field of fieldsIn(program, writtenOut(program, index))) noteField(field);
  for (const holes of texts.values())
    for (const [hole, text] of holes)
      if (units.some((unit) => isUnitOf(unit, text))) for (const field of fieldsIn(program, hole)) noteField(field);
  return marks;
}

function isRead(origin: Origin | undefined): boolean {
  return origin === 'stored' || origin === 'api';
}

// `5 EUR`, `€ 5`; in `… EUR …` the unit is that of the number before it, in `… €…` that of the one behind.
function isUnitOf(unit: string, { before, after }: TextMark): boolean {
  const behind = after.replace(/^(?:<\/?\w+>|[\s*_`~])+/u, '');
  if (behind.startsWith(unit) && hasWord(behind.slice(0, unit.length + 1), unit)) return true;
  const head = before.replace(/(?:<\w+>|[\s*_`~])+$/u, '');
  if (!head.endsWith(unit) || !hasWord(head.slice(-unit.length - 1), unit)) return false;
  return !/…\s*$/u.test(head.slice(0, -unit.length)) || (!/\p{L}/u.test(unit) && head === before);
}

function baseOf(program: Program, node: number): number {
  if (program.kinds[node] !== nodeKinds.member) return -1;
  for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++)
    if (program.inOp[i] === programOps.load) return program.inFrom[i] ?? -1;
  return -1;
}
