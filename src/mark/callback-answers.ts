// getBalance(id, (error, balance) => …): what a library's function answers comes as a parameter of the function behind it.

import type { LinkedCall, Program } from '../model/program.ts';
import { nameOfNode } from '../model/program.ts';

const isFailure = /^_*(?:e|ex|er+(?:or)?|exception|fail(?:ure|ed)?|erro|fehler|ошибка|_)?$/i;

/** The call whose answer a parameter is, for calls that no model and no function of the tree describes. */
export function answersOfCalls(program: Program): Map<number, number> {
  const found = new Map<number, number>();
  program.calls.forEach((call, index) => {
    if (call.targets.length > 0 || call.models.length > 0 || call.isNew) return;
    for (const func of givenLast(call)) {
      const param = answerOf(program, func);
      if (param >= 0) found.set(param, index);
    }
  });
  return found;
}

function givenLast(call: LinkedCall): readonly number[] {
  return call.args.length > 1 ? (call.callbacks[call.args.length - 1] ?? []) : (call.callbacks[0] ?? []);
}

function answerOf(program: Program, func: number): number {
  const [first = -1, second = -1] = program.functions[func]?.params ?? [];
  return isFailure.test(nameOfNode(program, first)) ? second : -1;
}
