// A call as patterns see it, and the values that the names of a pattern stand for.

import type { ParameterPattern, Place } from '../model/api-path.ts';
import type { CallIndex, CallShape, IndexedPattern } from '../model/call-index.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';

/** A value and the fields down to what is meant. */
export interface Holder {
  readonly node: number;
  readonly path: readonly string[];
}

/** A call of a function, whichever way it is written: `send(id, text)`, `send.call(bot, id, text)`, `send.apply(bot, args)`. */
export interface CallReading {
  readonly call: LinkedCall;
  readonly shape: CallShape;
  readonly receiver: number;
  readonly args: readonly Argument[];
}

interface Argument {
  readonly node: number;
  readonly isSpread: boolean;
  /** The functions of the scanned tree that it may be. */
  readonly callbacks: readonly number[];
}

const shapes = new WeakMap<LinkedCall, CallShape>();

/** How a linked call looks to a pattern; each kind of rules asks. */
export function shapeOf(call: LinkedCall): CallShape {
  let shape = shapes.get(call);
  if (!shape) {
    const { name, chain } = call;
    // const send = ctx.reply.bind(ctx)  →  send(text) is ctx.reply(text)
    const paths = call.paths.map((path) => path.replace(/(?:\.bind\(\))+$/, ''));
    shape = { paths, name, chain, isMethod: call.receiver >= 0, isOwn: call.targets.length > 0 };
    shapes.set(call, shape);
  }
  return shape;
}

/** The call as it is written. */
export function readingOf(call: LinkedCall): CallReading {
  return { call, shape: shapeOf(call), receiver: call.receiver, args: argumentsOf(call) };
}

// The call as it is written, and the call of another function that it stands for.
function readingsOf(program: Program, call: LinkedCall): readonly CallReading[] {
  const plain = readingOf(call);
  if (call.paths.some((path) => path.endsWith('.bind()'))) {
    return [{ ...plain, args: [...boundArguments(program, call), ...plain.args] }];
  }
  const [first, second, third] = plain.args;
  if (call.paths.includes('global#Reflect.apply') && first && third) {
    const paths = program.paths.get(first.node) ?? [];
    const shape = { paths, name: '', chain: [], isMethod: true, isOwn: false };
    return [plain, { call, shape, receiver: second?.node ?? -1, args: [{ ...third, isSpread: true }] }];
  }
  const ending = `.${call.name}`;
  const paths = call.paths.flatMap((path) => (path.endsWith(ending) ? path.slice(0, -ending.length) : []));
  const [name = '', ...chain] = call.chain;
  const isForm = (call.name === 'call' || call.name === 'apply') && name !== '';
  if (!isForm || paths.length === 0) return [plain];
  const given = call.name === 'call' ? plain.args.slice(1) : second ? [{ ...second, isSpread: true }] : [];
  const shape = { paths, name, chain, isMethod: true, isOwn: plain.shape.isOwn };
  return [plain, { call, shape, receiver: first?.node ?? -1, args: given }];
}

/** The rules that fit a call, and how it is read there. */
export function matchesOf<Rule>(
  program: Program,
  index: CallIndex<Rule>,
  call: LinkedCall,
): readonly (IndexedPattern<Rule> & { readonly reading: CallReading })[] {
  return readingsOf(program, call).flatMap((reading) =>
    index.match(reading.shape).map((match) => ({ ...match, reading })),
  );
}

function argumentsOf({ args, spreads, callbacks }: LinkedCall): readonly Argument[] {
  return args.map((node, i) => ({ node, isSpread: spreads.includes(i), callbacks: callbacks[i] ?? [] }));
}

const maxCopies = 20;

// const send = bot.sendMessage.bind(bot, chat)
function boundArguments(program: Program, call: LinkedCall): readonly Argument[] {
  const seen = new Set([call.callee]);
  for (const node of seen) {
    const bind = program.calls[program.callOf.get(node) ?? -1];
    if (bind?.name === 'bind') return argumentsOf(bind).slice(1);
    for (let i = program.inStart[node] ?? 0; i < (program.inStart[node + 1] ?? 0) && seen.size < maxCopies; i++) {
      const op = program.inOp[i];
      if (op === programOps.copy || op === programOps.enter) seen.add(program.inFrom[i] ?? 0);
    }
  }
  return [];
}

/** What a place stands for in a call; `handler.return` gives what the handlers return. */
export function holdersOf(
  program: Program,
  { call, receiver, args }: CallReading,
  parameters: readonly ParameterPattern[],
  place: Place,
): readonly Holder[] {
  const below = (nodes: readonly number[]): Holder[] => nodes.map((node) => ({ node, path: place.path }));
  // An instance that is called as a function is what it is called on.
  if (place.root === 'this') return below([receiver, call.callee].filter((node) => node >= 0).slice(0, 1));
  if (place.root === 'result') return below([call.node]);
  if (place.root === 'all') return below(args.map(({ node }) => node));
  const at = parameters.findIndex((parameter) => parameter.name === place.root);
  if (at < 0) return [];
  const isRest = parameters[at]?.rest === true;
  if (place.isReturn) {
    const given = isRest ? args.slice(at) : args.slice(at, at + 1);
    return below(given.flatMap(({ callbacks }) => callbacks.flatMap((func) => program.functions[func]?.ret ?? [])));
  }
  const spread = args.findIndex(({ isSpread }) => isSpread);
  if (spread < 0 || at < spread)
    return below((isRest ? args.slice(at) : args.slice(at, at + 1)).map(({ node }) => node));
  if (isRest) return below(args.slice(spread).map(({ node }) => node));
  // send(...args): the place in the list; what stands behind a list may be at any place from there on.
  const [list, ...behind] = args.slice(spread, at + 2);
  return [
    ...(list ? [{ node: list.node, path: [String(at - spread), ...place.path] }] : []),
    ...below(behind.map(({ node }) => node)),
  ];
}
