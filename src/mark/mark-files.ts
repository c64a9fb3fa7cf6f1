// Files that are called after what they hold: `expenses.csv`, and of one person `statements/${id}.pdf`. What is read of them is that.

import type { Evidence } from '../model/finding.ts';
import type { SourceMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import type { DataRules } from '../model/rule.ts';
import type { Classifier } from './classify.ts';
import { foldText } from './fold-text.ts';

/** Tables, which hold entries whoever's they are; of texts and documents only those that are kept for somebody. */
const table = /\.(?:csv|tsv|ofx|qif)$/i;
const ofSomebody = /[*{][^/]*\.(?:txt|pdf|xlsx?|md|log)$|[*{].*\/[^/]*\.(?:txt|pdf|xlsx?|md|log)$/i;

/** Of what people are given a document. */
const documented = new Set(['income', 'billing', 'tax', 'insurance', 'credit', 'transaction']);

/** Marks what is read of such files. */
export function markFiles(
  program: Program,
  data: DataRules,
  classifier: Classifier,
  project: readonly Evidence[],
): Map<number, SourceMark[]> {
  const marks = new Map<number, SourceMark[]>();
  const weight = data.weights.points['origin.schema'] ?? 0;
  for (const call of program.calls) {
    const [path = -1] = call.args;
    if (path < 0 || !call.models.some((model) => model.origin === 'stored')) continue;
    const text = foldText(program, path, []) ?? '';
    if (!table.test(text) && !ofSomebody.test(text)) continue;
    const words = text
      .replace(/\{[^}]*\}|\.\w+$/g, ' ')
      .split('/')
      .slice(-2)
      .join(' ');
    if (classifier.isPublic(words)) continue;
    const entity = classifier.entity(words);
    const category = classifier.entityCategory(entity) || documentOf(classifier, text, words);
    if (category === '') continue;
    const evidence = [{ kind: 'origin.file', text: `\`${text}\``, weight }, ...project];
    marks.set(call.node, [{ node: call.node, category, isCertain: false, isDeclared: false, evidence, path: [] }]);
  }
  return marks;
}

// payslips/{id}.pdf, statements/{id}/latest.pdf: a document of somebody's.
function documentOf(classifier: Classifier, text: string, words: string): string {
  if (!ofSomebody.test(text)) return '';
  const guesses = words.split(/[^\p{L}\p{N}]+/u).flatMap((word) => classifier.byName(word, '').slice(0, 1));
  return guesses.some(({ category, points }) => category === 'document' || (points >= 3 && documented.has(category)))
    ? 'document'
    : '';
}
