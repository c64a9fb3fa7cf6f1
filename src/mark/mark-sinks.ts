// Calls × sink rules → the payload places of each platform call.

import type { Place } from '../model/api-path.ts';
import { parsePlace } from '../model/api-path.ts';
import type { CallIndex } from '../model/call-index.ts';
import { indexCalls } from '../model/call-index.ts';
import type { SinkMark } from '../model/marks.ts';
import type { LinkedCall, Program } from '../model/program.ts';
import type { RuleSet, SinkRule } from '../model/rule.ts';
import { holdersOf, matchesOf } from './nodes-of.ts';
import { fitsCall } from './shape.ts';
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
  for (const { pattern, rule, reading } of matchesOf(program, rules, call)) {
    const { target } = pattern;
    if (target.kind === 'api' && rule.versions !== '' && !fitsVersion(versionOf(target.module), rule.versions))
      continue;
    if (!fitsCall(program, reading, pattern.parameters, rule.where)) continue;
    const names = pattern.parameters.filter((parameter) => parameter.name !== '');
    const payload = rule.payload.length > 0 ? rule.payload : names.map((parameter) => parameter.name);
    for (const place of payload.flatMap((text) => parsePlace(text))) {
      for (const { node, path } of holdersOf(program, reading, pattern.parameters, place)) {
        marks.push({
          platform: rule.platform,
          call: index,
          node,
          path,
          field: nameOf(place),
          name: rule.call.replace(/\(.*$/, '').replace('*.', ''),
          visibility: rule.visibility,
          channel: rule.channel,
          isGuess: rule.isGuess,
          at: rule.at,
        });
      }
    }
  }
  return marks;
}

// What a call finds for itself (`result.~file`, at the path it is given) is called by its last name.
function nameOf({ root, path }: Place): string {
  const aside = path.findIndex((field) => field.startsWith('~'));
  const fields = aside < 0 ? [root, ...path] : path.slice(aside).map((field) => field.replace('~', ''));
  return fields.join('.').replaceAll('.[]', '[]');
}
