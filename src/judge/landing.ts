// The field of the payload that the datum lands in: a rule names `message`, the way of a flow says `message.text`.

import type { Flow } from '../model/flow.ts';
import { anyElement, isAside } from '../model/flow-graph.ts';
import type { SinkMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';

/** Fields told below the rule's own. */
const maxDepth = 6;

/** `message.attachment.payload.elements[].title`; '' where the payload is the argument itself, a text. */
export function landingOf(program: Program, { steps }: Flow, sink: SinkMark): string {
  const wanted: string[] = [...sink.path].reverse();
  let field = sink.field;
  let depth = 0;
  // From the sink outwards: what a read asks for is met by a later write; other writes build the payload.
  for (let i = steps.length - 2; i >= 0 && depth < maxDepth; i--) {
    const { op, label } = steps[i] ?? { op: -1, label: 0 };
    const name = program.strings[label] ?? '';
    switch (op) {
      case programOps.load:
        wanted.push(name);
        break;
      case programOps.store:
        if (wanted.length > 0) wanted.pop();
        else if (!isAside(name)) {
          field = below(field, name);
          depth++;
        }
        break;
      case programOps.copy:
      case programOps.except:
      case programOps.guard:
      case programOps.fallback:
      case programOps.enter:
      case programOps.exit:
      case programOps.root:
        break;
      // From here on the value is part of a text.
      default:
        return field;
    }
  }
  return field;
}

function below(field: string, name: string): string {
  if (name === anyElement || /^\d+$/.test(name)) return `${field}[]`;
  return field === '' ? name : `${field}.${name}`;
}
