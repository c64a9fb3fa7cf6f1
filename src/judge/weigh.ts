// A flow's evidence → points and confidence. Inside a class of evidence the strongest item counts, across classes they add up.

import type { Evidence } from '../model/finding.ts';
import type { Flow } from '../model/flow.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { Marks, SourceMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { nameOfNode, programOps } from '../model/program.ts';
import type { Confidence, DataRules } from '../model/rule.ts';
import { textEvidence } from './text-evidence.ts';

export interface WeighedFlow {
  readonly flow: Flow;
  readonly mark: SourceMark;
  readonly points: number;
  /** Undefined: too little to report at all. */
  readonly confidence: Confidence | undefined;
  readonly evidence: readonly Evidence[];
}

/** Weighs a flow: the source's own evidence, and what stands around the value on its way. */
export function weigh(program: Program, marks: Marks, data: DataRules, flow: Flow): WeighedFlow | undefined {
  const mark = marks.sources.get(flow.source)?.[flow.mark];
  if (!mark) return undefined;
  const evidence = strongestOfEachKind([
    ...mark.evidence,
    ...evidenceOnTheWay(program, marks, data, flow, mark.category),
  ]);
  const points = evidence.reduce((sum, item) => sum + item.weight, 0);
  return { flow, mark, points, confidence: confidenceOf(data, points), evidence };
}

function confidenceOf(data: DataRules, points: number): Confidence | undefined {
  const { high, medium, low } = data.weights;
  if (points >= high) return 'high';
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

function evidenceOnTheWay(program: Program, marks: Marks, data: DataRules, flow: Flow, category: string): Evidence[] {
  const found: Evidence[] = [];
  const { steps } = flow;
  // A text speaks of the value itself only until the value has become part of a first text.
  let isInText = false;
  for (let i = 0; i < steps.length; i++) {
    const [step, next] = [steps[i], steps[i + 1]];
    if (!step) break;
    if (isFormatter(program, marks, step.op, step.label, step.node)) {
      found.push({
        kind: 'formatter',
        text: formatterName(program, step.op, step.label, step.node),
        weight: data.weights.points['formatter'] ?? 0,
      });
    }
    if (!next) break;
    const text = marks.texts.get(next.node)?.get(step.node);
    if (text && !(isInText && text.label === ''))
      found.push(...textEvidence(data, text.before, text.after, text.label, category));
    if (program.kinds[next.node] === nodeKinds.template) isInText = true;
  }
  return found;
}

function isFormatter(program: Program, marks: Marks, op: number, label: number, node: number): boolean {
  if (op === programOps.library || op === programOps.exit || op === programOps.enter)
    return marks.formatters.has(label);
  return program.kinds[node] === nodeKinds.call && marks.formatters.has(program.callOf.get(node) ?? -1);
}

function formatterName(program: Program, op: number, label: number, node: number): string {
  const isEdge = op === programOps.library || op === programOps.exit || op === programOps.enter;
  return isEdge ? (program.calls[label]?.name ?? '') : nameOfNode(program, node);
}
