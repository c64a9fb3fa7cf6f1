// Program × Marks → Flows. First a coarse reach (no fields, no calls) that discards what no source touches,
// then a precise backward search for each payload place; sends through wrappers are lifted to the wrapper's calls.

import type { CutSearch, Flow, FlowStep, TraceResult } from '../model/flow.ts';
import { promiseFailure } from '../model/flow-graph.ts';
import type { Marks, SourceMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import { FieldNames } from './field-names.ts';
import type { Classified } from './origin.ts';
import { classifyOrigin } from './origin.ts';
import { PostedForms } from './posted.ts';
import { reachFromSources } from './reach.ts';
import type { Search, State } from './search.ts';
import { Searcher } from './search.ts';
import { anyCaller, somewhereInside, wholeValue } from './stacks.ts';

/** States a search may visit; a search that needs more is cut and said so. */
const searchBudget = 60000;
/** States of all searches together; from then on each search may visit a few only. */
const totalBudget = 3_000_000;
const lateBudget = 300;
const originBudget = 2_000;
/** Rows that were written of rows that were written. */
const maxRows = 2;
const unknownOrigin: Classified = { origin: 'stored', isSeen: false };

/** Finds the flows of a program, sink by sink. */
export function trace(program: Program, marks: Marks): TraceResult {
  const reachable = reachFromSources(program, marks);
  const names = new FieldNames(program);
  const searcher = new Searcher(program, marks, reachable, names);
  const origins = new Searcher(program, marks, undefined, names);
  const posted = new PostedForms(origins.fields, names, marks.posted);
  const classifiedAt = new Map<string, Classified>();
  const flows: Flow[] = [];
  const cut: CutSearch[] = [];
  let visited = 0;
  marks.sinks.forEach((sink, index) => {
    const path = searcher.fields.of(sink.path.map((name) => searcher.fieldNumber(name)));
    const budget = visited < totalBudget ? searchBudget : lateBudget;
    const search = searcher.run(sink.node, path, anyCaller, budget, sink.call);
    visited += search.states.length;
    if (search.isCut) cut.push({ sink: index, states: search.states.length });
    const hitAt = search.states.flatMap((state, at) => (hitsOf(searcher, marks, state).length > 0 ? [at] : []));
    if (hitAt.length === 0) return;
    const states = searcher.runSites(search, hitAt, sink.call);
    const flowAt = new Map<number, number>();
    const known = new Set<number>();
    const hits = states.flatMap((state, at) => {
      const found = hitsOf(searcher, marks, state);
      if (found.length === 0) return [];
      const steps = stepsOf(states, at);
      const isExact = steps.every((step) => step.op !== programOps.root);
      if (isExact) known.add(state.node);
      return [{ state, at, found, steps, isExact }];
    });
    // Where the instance is known, the way through all instances of its class says nothing more.
    for (const { state, at, found, steps, isExact } of hits) {
      if (!isExact && known.has(state.node)) continue;
      const key = `${state.node}/${state.fields}/${state.calls}`;
      const classified = classifiedAt.get(key) ?? originAt(origins, program, marks, searcher, state, posted);
      classifiedAt.set(key, classified);
      const { origin, isSeen } = classified;
      // A word of the program is not a customer's datum, whatever it is called.
      if (origin === 'label') continue;
      for (const mark of found) {
        const within = enclosingFlow(states, at, flowAt);
        flowAt.set(at, flows.length);
        flows.push({
          sink: index,
          source: state.node,
          mark,
          steps,
          site: state.site,
          origin,
          isSeen,
          isVague: state.isVague || goesRound(steps),
          within,
        });
      }
    }
  });
  return { flows, cut, states: visited };
}

/** How often a way may go through one call: lists in lists are real, a field below itself again and again is not. */
const maxTurns = 3;

// One value given in another's place lets a way go round: customer → name → customer (fixtures/flows/functions/going-round.js).
function goesRound(steps: readonly FlowStep[]): boolean {
  const turns = new Map<string, number>();
  return steps.some(({ node, op, label }) => {
    if (op !== programOps.enter) return false;
    const key = `${node}/${label}`;
    const count = (turns.get(key) ?? 0) + 1;
    turns.set(key, count);
    return count > maxTurns;
  });
}

// The sources that a state is a hit of: the wanted part of the value is the datum, or holds it.
function hitsOf(searcher: Searcher, marks: Marks, state: State): number[] {
  const sources = marks.sources.get(state.node);
  if (!sources) return [];
  const stopped = searcher.stoppedBy(state.stopped);
  return sources.flatMap((source, i) =>
    stopped && !stopped.includes(source.category) && isWanted(searcher, source, state.fields) ? [i] : [],
  );
}

function isWanted(searcher: Searcher, source: SourceMark, fields: number): boolean {
  let at = fields;
  // What a promise fails with is not what it gives.
  if (searcher.fields.has(fields, searcher.fieldNumber(promiseFailure))) return false;
  for (const name of source.path) {
    if (searcher.fields.isWhole(at) || at === somewhereInside) return true;
    const top = searcher.fields.top(at);
    if (!searcher.mayBe(top, name)) return false;
    at = searcher.fields.rest(at);
  }
  // A declared source is one with all that is in it; a name speaks for the value itself, and for the elements of a list.
  if (source.path.length > 0 || source.isDeclared || searcher.isValue(at)) return true;
  return source.isOfElements === true && searcher.wanted.isElement(at);
}

function stepsOf(states: readonly State[], at: number): FlowStep[] {
  const steps: FlowStep[] = [];
  for (let i = at; i >= 0; i = states[i]?.parent ?? -1) {
    const state = states[i];
    if (state) steps.push({ node: state.node, op: state.op, label: state.label });
  }
  return steps;
}

function enclosingFlow(states: readonly State[], at: number, flowAt: ReadonlyMap<number, number>): number {
  for (let i = states[at]?.parent ?? -1; i >= 0; i = states[i]?.parent ?? -1) {
    const flow = flowAt.get(i);
    if (flow !== undefined) return flow;
  }
  return -1;
}

function originAt(
  origins: Searcher,
  program: Program,
  marks: Marks,
  searcher: Searcher,
  state: State,
  posted: PostedForms,
): Classified {
  const fields: number[] = [];
  for (let at = state.fields; searcher.fields.top(at) >= 0; at = searcher.fields.rest(at))
    fields.push(searcher.fields.top(at));
  const frames: [number, number][] = [];
  for (let at = state.calls; at !== anyCaller; at = searcher.calls.rest(at))
    frames.push([searcher.calls.call(at), searcher.calls.func(at)]);
  const calls = frames.reduceRight((rest, [call, func]) => origins.calls.push(call, func, rest), anyCaller);
  const classify = (search: Search, depth: number): Classified =>
    classifyOrigin(program, marks, search, posted, (node) =>
      depth < maxRows ? classify(origins.run(node, wholeValue, calls, originBudget), depth + 1) : unknownOrigin,
    );
  return classify(origins.run(state.node, origins.fields.of(fields), calls, originBudget), 0);
}
