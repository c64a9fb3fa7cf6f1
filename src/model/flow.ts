// A source, a sink and the way between: what `trace` finds and `judge` weighs.

import type { Origin } from './rule.ts';

/** One edge of a way, from the value nearer to the source to the one nearer to the sink. */
export interface FlowStep {
  readonly node: number;
  /** The edge (programOps) by which this node's value reaches the next one; -1 for the last. */
  readonly op: number;
  readonly label: number;
}

export interface Flow {
  /** Index in Marks.sinks. */
  readonly sink: number;
  /** The source: its node, and the index in Marks.sources of that node. */
  readonly source: number;
  readonly mark: number;
  /** From the source to the sink's value. */
  readonly steps: readonly FlowStep[];
  /** The send site: the outermost call of the bot's own that passes the payload on (index in Program.calls). */
  readonly site: number;
  readonly origin: Origin;
  /** A store or an API was seen to give the datum; else the origin is what an unknown end counts as. */
  readonly isSeen: boolean;
  /** The way leads through a place where callers and fields were not told apart any more. */
  readonly isVague: boolean;
  /** The flow this one runs through nearer to the sink (index in the same list), or -1. */
  readonly within: number;
}

/** A search that ended early. */
export interface CutSearch {
  readonly sink: number;
  readonly states: number;
}

export interface TraceResult {
  readonly flows: readonly Flow[];
  readonly cut: readonly CutSearch[];
  /** States that all searches visited together: what the search costs, on any machine. */
  readonly states: number;
}
