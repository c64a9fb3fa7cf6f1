// Calls that write out an amount of money: by their name, by `style: 'currency'`, or because the function of the tree that is
// called gives back nothing but a number with a currency. And the texts that only write a value out.

import { nodeKinds } from '../model/flow-graph.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../model/program.ts';
import type { DataRules } from '../model/rule.ts';
import { hasWord, isCurrencyName } from '../model/text.ts';
import type { Classifier } from './classify.ts';

const maxCopies = 6;

/** Indices of the calls. */
export function markFormatters(program: Program, data: DataRules, classifier: Classifier): ReadonlySet<number> {
  const units = [
    ...data.naming.currencyStrong,
    ...data.naming.currencyAmbiguous.filter((unit) => /^\p{Sc}$/u.test(unit)),
  ];
  const styled = new Set<number>();
  program.calls.forEach((call, i) => {
    if (hasCurrencyStyle(program, call)) styled.add(i);
  });
  const functions = new Map<number, boolean>();
  const writesMoney = (index: number): boolean => {
    const known = functions.get(index);
    if (known !== undefined) return known;
    const found = copiesOf(program, program.functions[index]?.ret ?? -1).some(
      (node) => styled.has(program.callOf.get(node) ?? -1) || isBareAmount(program, units, node),
    );
    functions.set(index, found);
    return found;
  };
  const found = new Set<number>();
  program.calls.forEach((call, i) => {
    const isNamed = classifier.isMoneyFormatter(call.name);
    if (isNamed || styled.has(i) || (call.args.length > 0 && call.targets.some(writesMoney))) found.add(i);
  });
  return found;
}

/** The amount that a formatter is given; -1 where there is none. */
export function writtenOut(program: Program, formatter: number): number {
  const call = program.calls[formatter];
  return (call?.name === 'toLocaleString' ? call.receiver : call?.args[0]) ?? -1;
}

// `€ ${value}`, value + ' EUR': a value and a unit, and no other word.
function isBareAmount(program: Program, units: readonly string[], node: number): boolean {
  const parts = program.templates.get(node);
  if (!parts || holesOf(program, parts).length !== 1) return false;
  const text = saidIn(program, parts);
  const unit = units.find((one) => hasWord(text, one));
  return unit !== undefined && !/\p{L}/u.test(text.replace(unit, ''));
}

/** Texts that only write a value out: `-${value}`, `<b>${sign}${value}</b> EUR`, `${value} ${currency}`. */
export function markWrittenOut(program: Program, data: DataRules): ReadonlySet<number> {
  const units = [...data.naming.currencyStrong, ...data.naming.currencyAmbiguous];
  return new Set([...program.templates.keys()].filter((template) => isWrittenOut(program, units, template)));
}

function isWrittenOut(program: Program, units: readonly string[], template: number): boolean {
  const parts = program.templates.get(template) ?? [];
  const text = saidIn(program, parts).replace(/<\/?[a-z]+>/gi, '');
  if (/[\p{L}\p{N}:]/u.test(text.replace(units.find((one) => hasWord(text, one)) ?? '', ''))) return false;
  const holes = holesOf(program, parts).filter((at) => !isCurrencyName(nameOfNode(program, parts[at] as number)));
  return (
    holes.length > 0 &&
    holes.slice(1).every((at, i) => parts.slice((holes[i] ?? 0) + 1, at).every((part) => part === ''))
  );
}

// The places of the values that are not known, among the parts of a template.
function holesOf(program: Program, parts: readonly (string | number)[]): number[] {
  return parts.flatMap((part, at) => (typeof part === 'number' && textOfNode(program, part) === undefined ? [at] : []));
}

function saidIn(program: Program, parts: readonly (string | number)[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : (textOfNode(program, part) ?? ' '))).join('');
}

// value.toLocaleString('de', { style: 'currency' }), new Intl.NumberFormat('de', { style: 'currency' }).format(value)
function hasCurrencyStyle(program: Program, call: LinkedCall): boolean {
  if (!/^(?:toLocaleString|format|formatToParts)$/.test(call.name)) return false;
  if (call.args.some((arg) => isCurrencyStyle(program, arg))) return true;
  return copiesOf(program, call.receiver).some((node) => {
    const made = program.calls[program.callOf.get(node) ?? -1];
    return made?.args.some((arg) => isCurrencyStyle(program, arg)) ?? false;
  });
}

function isCurrencyStyle(program: Program, arg: number): boolean {
  return copiesOf(program, arg).some((options) => {
    for (let i = program.inStart[options] ?? 0; i < (program.inStart[options + 1] ?? 0); i++) {
      if (program.inOp[i] !== programOps.store || program.strings[program.inLabel[i] ?? 0] !== 'style') continue;
      if (textOfNode(program, program.inFrom[i] ?? -1) === 'currency') return true;
    }
    return false;
  });
}

// The value, and what it is a copy of.
function copiesOf(program: Program, node: number): readonly number[] {
  if (node < 0) return [];
  const found = [node];
  for (let at = 0; at < found.length && found.length < maxCopies; at++) {
    const here = found[at] ?? 0;
    if (program.kinds[here] === nodeKinds.call) continue;
    for (let i = program.inStart[here] ?? 0; i < (program.inStart[here + 1] ?? 0); i++) {
      const from = program.inFrom[i] ?? -1;
      if (program.inOp[i] === programOps.copy && !found.includes(from)) found.push(from);
    }
  }
  return found;
}
