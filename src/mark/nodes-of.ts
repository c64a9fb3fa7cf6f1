// A call as patterns see it, and the nodes that the names of a pattern stand for.

import type { ParameterPattern, Place } from '../model/api-path.ts';
import type { CallShape } from '../model/call-index.ts';
import type { LinkedCall, Program } from '../model/program.ts';

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

/** The nodes that a place's root stands for in a call; `handler.return` gives what the handlers return. */
export function nodesOf(
  program: Program,
  call: LinkedCall,
  parameters: readonly ParameterPattern[],
  place: Place,
): readonly number[] {
  // An instance that is called as a function is what it is called on.
  if (place.root === 'this') return [call.receiver, call.callee].filter((node) => node >= 0).slice(0, 1);
  if (place.root === 'result') return [call.node];
  if (place.root === 'all') return call.args;
  const at = parameters.findIndex((parameter) => parameter.name === place.root);
  if (at < 0) return [];
  const indices = parameters[at]?.rest ? call.args.map((_, i) => i).filter((i) => i >= at) : [at];
  if (place.isReturn) {
    return indices.flatMap((i) => (call.callbacks[i] ?? []).flatMap((func) => program.functions[func]?.ret ?? []));
  }
  return indices.flatMap((i) => {
    const node = call.args[i];
    return node === undefined ? [] : [node];
  });
}
