// What lies in a collection of amounts: balances[user], balances.get(user), Object.entries(wallet.balances).
// The name speaks for its elements where they have no name of their own.

import type { Evidence } from '../model/finding.ts';
import type { SourceMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps, textOfNode } from '../model/program.ts';
import type { DataRules } from '../model/rule.ts';
import type { Classifier } from './classify.ts';
import type { Guess } from './guess.ts';

/** Points of a name that is that of amounts, and not of rows that have some. */
const telling = 3.5;
const amounts = /^(?:balance|crypto\.balance|spending|income|credit|transfer)$/;

/** Marks elements of collections that are called after what they hold. */
export function markCollections(
  program: Program,
  data: DataRules,
  classifier: Classifier,
  project: readonly Evidence[],
): Map<number, SourceMark[]> {
  const found = new Map<number, SourceMark[]>();
  const weight = data.weights.points['origin.data'] ?? 0;
  const rows = new Set(data.naming.entities.map((entry) => entry.split(':')[0] ?? ''));
  const note = (node: number, holder: number, path: readonly string[], isDeclared: boolean): void => {
    const name = nameOfNode(program, holder);
    const guess = name === '' ? undefined : amountsOf(classifier, rows, name);
    if (!guess) return;
    const evidence = [
      ...guess.evidence,
      ...project,
      { kind: 'origin.data', text: `an element of \`${name}\``, weight },
    ];
    found.set(node, [{ node, category: guess.category, isCertain: false, isDeclared, evidence, path }]);
  };
  for (const [node] of program.keys) {
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0); i++)
      if (program.inOp[i] === programOps.load) note(node, program.inFrom[i] ?? 0, [], false);
  }
  for (const call of program.calls) {
    const [first = -1] = call.args;
    if (call.targets.length > 0) continue;
    if (call.name === 'get' && call.args.length === 1 && call.receiver >= 0 && textOfNode(program, first) === undefined)
      note(call.node, call.receiver, [], false);
    if (call.chain[0] !== 'Object' || first < 0) continue;
    if (call.name === 'values') note(call.node, first, ['[]'], true);
    if (call.name === 'entries') note(call.node, first, ['[]', '1'], true);
  }
  return found;
}

function amountsOf(classifier: Classifier, rows: ReadonlySet<string>, name: string): Guess | undefined {
  const [guess] = classifier.byName(name, '');
  if (!guess || guess.points < telling || !amounts.test(guess.category)) return undefined;
  const entity = classifier.entity(name);
  // Wallets and debts are things with fields; balances are amounts.
  return entity === '' || entity === 'balance' || !rows.has(entity) ? guess : undefined;
}
