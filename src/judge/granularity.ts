// How much of a datum is left in what is sent: all of it, its last digits, or nothing but a field of an answer.

import type { FlowStep } from '../model/flow.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { Marks } from '../model/marks.ts';
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

/** What is left where the datum went into a call of a library, and a field of the answer is sent. */
export type FieldOfAnswer = 'nothing' | 'address' | undefined;

/** `nothing` for an id, a state or a date of the answer, `address` for the address of a wallet. */
export function fieldOfAnswer(program: Program, data: DataRules, steps: readonly FlowStep[]): FieldOfAnswer {
  const asked = steps.findIndex((step) => step.op === programOps.library);
  if (asked < 0) return undefined;
  for (const { node } of steps.slice(asked + 1)) {
    if (program.kinds[node] !== nodeKinds.member) continue;
    const words = spaced(nameOfNode(program, node)).split(' ');
    if (isOneOf(data, '*', words)) return 'nothing';
    if (isOneOf(data, 'derived address', words)) return 'address';
  }
  return undefined;
}

function isOneOf(data: DataRules, term: string, words: readonly string[]): boolean {
  return data.lookAlikes.some((rule) => rule.term === term && endsIn(words, rule.siblings, maxFieldWords));
}

/** True where the value is a schema (`Transactions.parse(given)`): it says what the data look like, and holds none. */
export function isSchema(program: Program, steps: readonly FlowStep[]): boolean {
  const used = steps.findIndex((step) => step.op === programOps.library);
  const call = program.calls[steps[used]?.label ?? -1];
  return (
    call?.receiver === steps[used]?.node &&
    /^(?:safeP|p)arse(?:Async)?$|^(?:validate|cast)(?:Sync)?$/.test(call?.name ?? '')
  );
}

/** Calls and fields by which a language model's answer is taken apart. */
const takenApart = /^(?:parse|safeParse|parseAsync|parsed|output_parsed|parsed_output|object|arguments)$/;

/** True where the datum was part of a question to a language model, and what is sent is a field that was read out of the answer. */
export function isReadOutOfAnswer(
  program: Program,
  marks: Marks,
  data: DataRules,
  steps: readonly FlowStep[],
): boolean {
  const asked = steps.findIndex(({ node }, i) => i > 0 && isModelCall(program, marks, node));
  if (asked < 0) return false;
  const names = steps.slice(asked + 1).map(({ node }) => {
    const isField = program.kinds[node] === nodeKinds.member;
    const call = program.calls[program.callOf.get(node) ?? -1];
    return { isField, name: isField ? nameOfNode(program, node) : (call?.name ?? '') };
  });
  const parsed = names.findIndex(({ name }) => takenApart.test(name));
  if (parsed < 0) return false;
  const spoken = data.lookAlikes.filter((rule) => rule.term === 'spoken').flatMap((rule) => rule.compound);
  return names
    .slice(parsed + 1)
    .some(({ isField, name }) => isField && /^\p{L}/u.test(name) && !endsIn(spaced(name).split(' '), spoken, 1));
}

// A call that data went into, and whose answer counts as typed.
function isModelCall(program: Program, marks: Marks, node: number): boolean {
  return program.callOf.has(node) && marks.origins.get(node) === 'inbound';
}

function endsIn(words: readonly string[], fields: readonly string[], most: number): boolean {
  for (let length = 1; length <= Math.min(most, words.length); length++) {
    if (fields.includes(words.slice(-length).join(' '))) return true;
  }
  return false;
}

/** The words of a name: lastFourDigits, last_4 → last four digits, last 4. */
export function spaced(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu}|\d)/gu, '$1 $2')
    .replace(/[_\-$]+/g, ' ')
    .trim()
    .toLowerCase();
}
