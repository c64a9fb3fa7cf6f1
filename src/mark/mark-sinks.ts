// Calls × sink rules → the payload places of each platform call.

import type { ParameterPattern, Place } from '../model/api-path.ts';
import { parsePlace } from '../model/api-path.ts';
import type { CallIndex } from '../model/call-index.ts';
import { indexCalls } from '../model/call-index.ts';
import type { SinkMark } from '../model/marks.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import type { RuleSet, SinkRule } from '../model/rule.ts';
import { fitsVersion } from './versions.ts';

/** Marks the payload of every call that a sink rule describes. `versionOf` gives a package's declared range. */
export function markSinks(program: Program, rules: RuleSet, versionOf: (name: string) => string): SinkMark[] {
  const index = indexCalls(rules.sinks, (rule) => [rule.call]);
  return program.calls.flatMap((call, i) => markCall(program, call, i, index, versionOf));
}

function markCall(
  program: Program,
  call: LinkedCall,
  index: number,
  rules: CallIndex<SinkRule>,
  versionOf: (name: string) => string,
): SinkMark[] {
  const marks: SinkMark[] = [];
  for (const { pattern, rule } of rules.match(shapeOf(call))) {
    const { target } = pattern;
    if (target.kind === 'api' && rule.versions !== '' && !fitsVersion(versionOf(target.module), rule.versions))
      continue;
    const names = pattern.parameters.filter((parameter) => parameter.name !== '');
    const payload = rule.payload.length > 0 ? rule.payload : names.map((parameter) => parameter.name);
    for (const place of payload.flatMap((text) => parsePlace(text))) {
      for (const node of nodesOf(program, call, pattern.parameters, place)) {
        marks.push({
          platform: rule.platform,
          call: index,
          node,
          path: place.path,
          field: [place.root, ...place.path].join('.').replaceAll('.[]', '[]'),
          name: rule.call.replace(/\(.*$/, '').replace('*.', ''),
          visibility: rule.visibility,
        });
      }
    }
  }
  return marks;
}

/** How a linked call looks to a pattern. */
export function shapeOf(call: LinkedCall): Parameters<CallIndex<unknown>['match']>[0] {
  return {
    paths: call.paths,
    name: call.name,
    chain: call.chain,
    isMethod: call.receiver >= 0,
    isOwn: call.targets.length > 0,
  };
}

/** The nodes that a place's root stands for in a call; `handler.return` gives what the handlers return. */
export function nodesOf(
  program: Program,
  call: LinkedCall,
  parameters: readonly ParameterPattern[],
  place: Place,
): readonly number[] {
  if (place.root === 'this') return call.receiver >= 0 ? [call.receiver] : [];
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
