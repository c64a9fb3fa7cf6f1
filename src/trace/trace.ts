// Program × Marks → Flows. First a coarse reach (no fields, no calls) that discards what no source touches,
// then a precise backward search for each payload place; sends through wrappers are lifted to the wrapper's calls.

import type { CutSearch, Flow, FlowStep, TraceResult } from '../model/flow.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { Marks, SourceMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { isNested, programOps } from '../model/program.ts';
import { classifyOrigin } from './origin.ts';
import { reachFromSources } from './reach.ts';
import type { Search, State } from './search.ts';
import { Searcher } from './search.ts';
import { anyCaller, somewhereInside } from './stacks.ts';

/** States a search may visit; a search that needs more is cut and said so. */
const searchBudget = 20_000;
const originBudget = 2_000;

/** Finds the flows of a program, sink by sink. */
export function trace(program: Program, marks: Marks): TraceResult {
  const reachable = reachFromSources(program, marks);
  const searcher = new Searcher(program, marks, reachable);
  const origins = new Searcher(program, marks, undefined);
  const flows: Flow[] = [];
  const cut: CutSearch[] = [];
  marks.sinks.forEach((sink, index) => {
    const path = searcher.fields.of(sink.path.map((name) => searcher.fieldNumber(name)));
    const search = searcher.run(sink.node, path, anyCaller, searchBudget);
    if (search.isCut) cut.push({ sink: index, states: search.states.length });
    const flowAt = new Map<number, number>();
    search.states.forEach((state, at) => {
      const found = hitsOf(searcher, marks, state);
      if (found.length === 0) return;
      const steps = stepsOf(search, at);
      const site = siteOf(program, search, at, sink.call);
      const origin = originAt(origins, program, marks, searcher, state);
      for (const mark of found) {
        const within = enclosingFlow(search, at, flowAt);
        flowAt.set(at, flows.length);
        flows.push({ sink: index, source: state.node, mark, steps, site, origin, within });
      }
    });
  });
  return { flows, cut };
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
  for (const name of source.path) {
    if (searcher.fields.isWhole(at) || at === somewhereInside) return true;
    const top = searcher.fields.top(at);
    if (top !== searcher.fieldNumber(name) && top !== searcher.fieldNumber('[]')) return false;
    at = searcher.fields.rest(at);
  }
  // A declared source is one with all that is in it; a name speaks for the value itself only.
  return source.path.length > 0 || source.isDeclared || searcher.fields.isWhole(at) || at === somewhereInside;
}

function stepsOf(search: Search, at: number): FlowStep[] {
  const steps: FlowStep[] = [];
  for (let i = at; i >= 0; i = search.states[i]?.parent ?? -1) {
    const state = search.states[i];
    if (state) steps.push({ node: state.node, op: state.op, label: state.label });
  }
  return steps;
}

// From the sink outwards: each parameter that is passed on unchanged makes the call that gave it the send site.
function siteOf(program: Program, search: Search, at: number, sinkCall: number): number {
  const way: State[] = [];
  for (let i = at; i >= 0; i = search.states[i]?.parent ?? -1) {
    const state = search.states[i];
    if (state) way.push(state);
  }
  way.reverse();
  let site = sinkCall;
  for (let i = 1; i < way.length; i++) {
    const [before, after] = [way[i - 1], way[i]];
    if (!before || !after) break;
    if (after.op === programOps.derive && program.kinds[before.node] === nodeKinds.template) break;
    if (
      after.op === programOps.root ||
      (after.op === programOps.enter && !isCallback(program, after.node, before.node))
    )
      break;
    if (after.op === programOps.exit && isWrapperCall(program, after.label, before.node, site)) site = after.label;
  }
  return site;
}

// titles.map((title) => …) inside a wrapper still passes on what the wrapper was given.
function isCallback(program: Program, inside: number, outside: number): boolean {
  return isNested(program, program.owners[inside] ?? -1, program.owners[outside] ?? -1);
}

// A wrapper is a function of the bot's own that holds the send site so far and is called here; a library's callback is none.
function isWrapperCall(program: Program, call: number, parameter: number, site: number): boolean {
  const owner = program.owners[parameter] ?? -1;
  const inside = program.calls[site]?.owner ?? -1;
  // A function written where it is given away is no wrapper: who calls it hands a value back.
  if (program.inlineFunctions.has(owner)) return false;
  // A variable of the function around it is no argument.
  if (program.functions[owner]?.handedIn.includes(parameter)) return false;
  const holds = inside === owner || isNested(program, inside, owner);
  return holds && (program.calls[call]?.targets.includes(owner) ?? false);
}

function enclosingFlow(search: Search, at: number, flowAt: ReadonlyMap<number, number>): number {
  for (let i = search.states[at]?.parent ?? -1; i >= 0; i = search.states[i]?.parent ?? -1) {
    const flow = flowAt.get(i);
    if (flow !== undefined) return flow;
  }
  return -1;
}

function originAt(origins: Searcher, program: Program, marks: Marks, searcher: Searcher, state: State): Flow['origin'] {
  const fields: number[] = [];
  for (let at = state.fields; searcher.fields.top(at) >= 0; at = searcher.fields.rest(at))
    fields.push(searcher.fields.top(at));
  const frames: [number, number][] = [];
  for (let at = state.calls; at !== anyCaller; at = searcher.calls.rest(at))
    frames.push([searcher.calls.call(at), searcher.calls.func(at)]);
  const calls = frames.reduceRight((rest, [call, func]) => origins.calls.push(call, func, rest), anyCaller);
  const search = origins.run(state.node, origins.fields.of(fields), calls, originBudget);
  return classifyOrigin(program, marks, search);
}
