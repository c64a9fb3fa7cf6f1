// A flow's evidence → points and confidence. Inside a class of evidence the strongest item counts, across classes they add up.

import type { Evidence } from '../model/finding.ts';
import type { Flow, FlowStep } from '../model/flow.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { Marks, SourceMark, TextMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps } from '../model/program.ts';
import type { Confidence, DataRules } from '../model/rule.ts';
import { isCurrencyName } from '../model/text.ts';
import { fieldOfAnswer, isMasked, isReadOutOfAnswer, isSchema, spaced } from './granularity.ts';
import { textEvidence } from './text-evidence.ts';
import { unitEvidence } from './unit-evidence.ts';

export interface WeighedFlow {
  readonly flow: Flow;
  readonly mark: SourceMark;
  readonly points: number;
  /** Undefined: too little to report at all. */
  readonly confidence: Confidence | undefined;
  readonly evidence: readonly Evidence[];
  /** Only the last digits of it are left. */
  readonly isMasked: boolean;
}

/** Weighs a flow: the source's own evidence, and what stands around the value on its way. */
export function weigh(program: Program, marks: Marks, data: DataRules, flow: Flow): WeighedFlow | undefined {
  const mark = marks.sources.get(flow.source)?.[flow.mark];
  if (!mark || isSchema(program, flow.steps) || isElsewhere(program, mark, flow) || isShownInPart(marks, flow))
    return undefined;
  const left = mark.isDeclared ? undefined : fieldOfAnswer(program, data, flow.steps);
  if (isNameInFile(program, data, mark, flow)) return undefined;
  if (left === 'nothing' || (left === 'address' && !mark.category.startsWith('crypto.'))) return undefined;
  const onTheWay = evidenceOnTheWay(program, marks, data, flow, mark.isAmount ? '' : mark.category);
  // What only its unit and its owner speak for is nothing without them.
  if (!onTheWay.isAmount && isOwned(mark) && mark.evidence.every(({ kind }) => isAside.has(kind))) return undefined;
  const isMoney = isInMoney(data, onTheWay.evidence) && !isPlayed(data, mark, onTheWay);
  const evidence = strongestOfEachKind([
    ...mark.evidence
      .filter((item) => !isOverruled.has(item.kind) || !(isBeyondDoubt(data, mark) || isMoney))
      .filter((item) => item.kind !== 'owner' || onTheWay.isAmount)
      .filter(
        (item) => item.kind !== 'project.things' || countedAs.has(mark.isAmount ? onTheWay.category : mark.category),
      )
      .map((item) => (isOwner(data, item, mark.category) ? { ...item, weight: ownerPoints(data, item) } : item)),
    ...onTheWay.evidence,
    ...seenOrigin(data, flow, onTheWay.evidence, onTheWay.isAmount && isOwned(mark)),
    ...asItIs(data, flow, mark.category, nameOfNode(program, flow.source)),
  ]);
  const points = evidence.reduce((sum, item) => sum + item.weight, 0);
  // An amount of anything is what the text says that it is.
  const isGeneric = (mark.category === generic || mark.isAmount) && canHoldAmounts(data, onTheWay.category);
  // What a text calls spending is more than one payment.
  const isSpent = mark.category === 'transaction' && onTheWay.category === 'spending';
  const category = left === 'address' ? 'crypto.balance' : isGeneric || isSpent ? onTheWay.category : mark.category;
  const read = { ...mark, category };
  const isVague = flow.isVague || isReadOutOfAnswer(program, marks, data, flow.steps);
  const masked = isMasked(data, nameOfNode(program, flow.source));
  return {
    flow,
    mark: read,
    points,
    confidence: confidenceOf(data, points, isVague || masked, marks.sinks[flow.sink]?.isGuess === true),
    evidence,
    isMasked: masked,
  };
}

// Whose row it is says nothing of what else stands in it.
function isNameInFile(program: Program, data: DataRules, { evidence }: SourceMark, { steps }: Flow): boolean {
  if (!evidence.some((item) => item.kind === 'origin.file')) return false;
  return steps.some(
    ({ node }) =>
      program.kinds[node] === nodeKinds.member &&
      data.naming.personFields.includes(spaced(nameOfNode(program, node)).toLowerCase()),
  );
}

// What a text says of a value that is put into it, it does not say of the value elsewhere.
function isElsewhere(program: Program, { into }: SourceMark, { steps: [first, next] }: Flow): boolean {
  return into !== undefined && next?.node !== into && (!first || intoCall(program, first) !== into);
}

function intoCall(program: Program, { op, label }: FlowStep): number {
  return op === programOps.exit ? (program.calls[label]?.node ?? -1) : -1;
}

// An object that is given to a template which names fields of it: what the object itself is called says nothing.
function isShownInPart(marks: Marks, { steps }: Flow): boolean {
  for (const [i, { node, op }] of steps.entries()) {
    if (marks.partly.get(steps[i + 1]?.node ?? -1)?.has(node)) return true;
    if (op !== programOps.copy && op !== programOps.exit && op !== programOps.enter) return false;
  }
  return false;
}

// An amount with a unit of money counts for more when it was seen to come out of a store or an API; `$` will do for one that
// belongs to somebody.
function seenOrigin(data: DataRules, flow: Flow, onTheWay: readonly Evidence[], isOwned: boolean): Evidence[] {
  const weight = data.weights.points['origin.seen'] ?? 0;
  const unit = isOwned ? 'units.before' : 'units';
  if (!flow.isSeen || !isInMoney(data, onTheWay, unit) || weight === 0) return [];
  return [{ kind: 'origin.seen', text: flow.origin === 'api' ? 'an API' : 'a store', weight }];
}

function isOwned({ evidence }: SourceMark): boolean {
  return evidence.some((item) => item.kind === 'owner');
}

// What is called after a thing, and sent as it is, is what the thing is known by: `bankAccount` in a text is its number.
function asItIs(data: DataRules, { steps }: Flow, category: string, name: string): Evidence[] {
  const words = spaced(name).split(' ').slice(-2).join(' ');
  const weight = data.weights.points[`scalar.${words}`] ?? 0;
  if (
    weight === 0 ||
    category !== 'account.number' ||
    steps.some(({ op }) => op === programOps.load || op === programOps.library)
  )
    return [];
  return [{ kind: 'scalar', text: 'it is sent as it is', weight }];
}

// A sign of a currency that is no other thing's, right beside the number.
function isInMoney(data: DataRules, onTheWay: readonly Evidence[], unit = 'units'): boolean {
  return onTheWay.some((item) => item.kind === 'units' && item.weight >= (data.weights.points[unit] ?? 0));
}

// In a game an amount of nothing in particular is no money yet when a word says so: "your boss gave you 500 dollars".
function isPlayed(data: DataRules, { category }: SourceMark, onTheWay: OnTheWay): boolean {
  const isWord = ({ kind, text }: Evidence): boolean => kind !== 'units' || /^\p{L}{4,}$/u.test(text);
  return category === generic && !canHoldAmounts(data, onTheWay.category) && onTheWay.evidence.every(isWord);
}

const generic = 'money.generic';
/** Evidence that speaks for nothing of its own. */
const isAside = new Set(['owner', 'project.game', 'project.things']);
/** Evidence against money that a currency beside the number outdoes. */
const isOverruled = new Set(['project.game', 'project.things', 'thing']);
/** What projects have that count things. */
const countedAs = new Set(['balance', 'credit', 'transaction', 'portfolio']);

// The amount of a transaction is a transaction; the address of an account need not be a wallet's.
function isOwner(data: DataRules, item: Evidence, category: string): boolean {
  return item.kind === 'receiver' && data.naming.entities.includes(`${item.text}:${category}`);
}

function ownerPoints(data: DataRules, item: Evidence): number {
  return data.weights.points['receiver.own'] ?? item.weight;
}

// An amount may be a balance or a debt, not an account number.
function canHoldAmounts(data: DataRules, category: string): boolean {
  return category !== '' && data.naming.entities.some((entry) => entry.endsWith(`:${category}`));
}

// A game has no IBANs: an exact name of a critical category stands whatever the project is about.
function isBeyondDoubt(data: DataRules, mark: SourceMark): boolean {
  return mark.isCertain && data.categories.some((one) => one.id === mark.category && one.severity === 'critical');
}

function confidenceOf(data: DataRules, points: number, isVague: boolean, isGuess: boolean): Confidence | undefined {
  const { high, medium, low } = data.weights;
  if (isVague && points >= low) return 'low';
  if (points >= high && !isGuess) return 'high';
  if (points >= medium) return 'medium';
  return points >= low ? 'low' : undefined;
}

function strongestOfEachKind(evidence: readonly Evidence[]): Evidence[] {
  const best = new Map<string, Evidence>();
  for (const item of evidence) {
    const key = item.kind === 'qualifiedName' ? 'name' : item.kind;
    const known = best.get(key);
    if (!known || Math.abs(item.weight) > Math.abs(known.weight)) best.set(key, item);
  }
  return [...best.values()].sort((a, b) => b.weight - a.weight);
}

interface OnTheWay {
  readonly evidence: readonly Evidence[];
  /** It is written out as money, and no text says that it is everybody's. */
  readonly isAmount: boolean;
  /** The category that the first telling text speaks of; '' when none does. */
  readonly category: string;
}

function evidenceOnTheWay(program: Program, marks: Marks, data: DataRules, flow: Flow, category: string): OnTheWay {
  const found: Evidence[] = [];
  let spoken = '';
  let isHeading = false;
  let isPublic = false;
  const { steps } = flow;
  const name = nameOfNode(program, flow.source);
  // A text speaks of the value itself only until the value has become part of a first text that says something.
  let isInText = false;
  for (let i = 0; i < steps.length; i++) {
    const [step, next] = [steps[i], steps[i + 1]];
    if (!step) break;
    const call = formatterCall(program, marks, step);
    if (call >= 0) {
      const text = program.calls[call]?.name ?? '';
      // A function that writes out numbers need not write out money.
      const kind = /num/i.test(text) ? 'formatter.number' : 'formatter';
      found.push({ kind: 'formatter', text, weight: data.weights.points[kind] ?? 0 });
    }
    if (!next) break;
    const text = marks.texts.get(next.node)?.get(step.node) ?? filledBy(program, marks, step);
    if (text && !(isInText && text.label === '')) {
      const said = textEvidence(data, text, name, category);
      found.push(...said.evidence.map((item) => surer(data, item, said.evidence)));
      const unit = unitEvidence(data, text, name, category);
      if (unit) found.push(unit);
      isPublic ||= text.isPublic;
      // What names the value goes before what is only near it.
      if (said.category !== '' && (spoken === '' || (said.isHeading && !isHeading))) {
        spoken = said.category;
        isHeading = said.isHeading;
      }
    }
    const currency = isInText || isAsked(name) ? undefined : currencyBehind(program, next.node, step.node);
    if (currency) found.push({ kind: 'units', text: `\`${currency}\``, weight: data.weights.points['units'] ?? 0 });
    if (program.kinds[next.node] === nodeKinds.template && !marks.writtenOut.has(next.node)) isInText = true;
  }
  const least = data.weights.points['units.before'] ?? 0;
  const isAmount = found.some(({ kind, weight }) => kind === 'formatter' || (kind === 'units' && weight >= least));
  return { evidence: found, category: spoken, isAmount: isAmount && !isPublic };
}

// What a function of the tree is given to fill in stands in the text that it is given beside it.
function filledBy(program: Program, marks: Marks, step: FlowStep): TextMark | undefined {
  return marks.texts.get(intoCall(program, step))?.get(step.node);
}

// A price has a currency as well, and is asked of everyone.
function isAsked(name: string): boolean {
  return /(?:price|cost|rate|fee|precio|preco|preis|prix|prezzo|harga)$/i.test(name);
}

// `${amount} ${currency}`, `${amount}${currency}`: the unit is a variable, too.
function currencyBehind(program: Program, template: number, hole: number): string | undefined {
  const parts = program.templates.get(template) ?? [];
  const at = parts.indexOf(hole);
  const [next, behind] = parts.slice(at + 1);
  const unit = typeof next === 'string' && /^[\s*_]{0,3}$/.test(next) ? behind : next;
  if (at < 0 || typeof unit !== 'number') return undefined;
  const name = nameOfNode(program, unit);
  return isCurrencyName(name) ? name : undefined;
}

// A word for coins leaves no doubt where no currency stands beside it.
function surer(data: DataRules, item: Evidence, all: readonly Evidence[]): Evidence {
  const weight = data.weights.points['units.game.word'];
  if (item.kind !== 'units.game' || weight === undefined || !/^\p{L}/u.test(item.text)) return item;
  return all.some((one) => one.kind === 'units') ? item : { ...item, weight };
}

/** The call of a step that writes an amount of money out; -1 when none does. */
function formatterCall(program: Program, marks: Marks, step: FlowStep): number {
  const isEdge = step.op === programOps.library || step.op === programOps.exit || step.op === programOps.enter;
  const own = program.kinds[step.node] === nodeKinds.call ? (program.callOf.get(step.node) ?? -1) : -1;
  for (const call of isEdge ? [step.label, own] : [own]) {
    if (call >= 0 && marks.formatters.has(call)) return call;
  }
  return -1;
}
