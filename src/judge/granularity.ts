// How much of a datum is left in what is sent: all of it, its last digits, or nothing but a field of an answer.

import type { FlowStep } from '../model/flow.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps } from '../model/program.ts';
import type { DataRules } from '../model/rule.ts';

const maxFieldWords = 3;

/** True for `card.last4`, `maskedIban`, `account.mask`: what is called masked has been masked where it is kept. */
export function isMasked(data: DataRules, name: string): boolean {
  const text = ` ${spaced(name)} `;
  return data.lookAlikes.some(
    (rule) => rule.term === 'masked' && rule.compound.some((one) => text.includes(` ${one} `)),
  );
}

/** True where the datum went into a call of a library, and a field of the answer is sent that is an id, a state or a date. */
export function isFieldOfAnswer(program: Program, data: DataRules, steps: readonly FlowStep[]): boolean {
  const asked = steps.findIndex((step) => step.op === programOps.library);
  if (asked < 0) return false;
  return steps.slice(asked + 1).some(({ node }) => {
    if (program.kinds[node] !== nodeKinds.member) return false;
    const words = spaced(nameOfNode(program, node)).split(' ');
    return data.lookAlikes.some((rule) => rule.term === '*' && endsIn(words, rule.siblings, maxFieldWords));
  });
}

function endsIn(words: readonly string[], fields: readonly string[], most: number): boolean {
  for (let length = 1; length <= Math.min(most, words.length); length++) {
    if (fields.includes(words.slice(-length).join(' '))) return true;
  }
  return false;
}

// lastFourDigits, last_4 → last four digits, last 4
function spaced(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu}|\d)/gu, '$1 $2')
    .replace(/[_\-$]+/g, ' ')
    .trim()
    .toLowerCase();
}
