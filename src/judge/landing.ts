// The field of the payload that the datum lands in: a rule names `message`, the way of a flow says `message.text`.

import type { Flow } from '../model/flow.ts';
import { anyElement, isAside } from '../model/flow-graph.ts';
import type { SinkMark } from '../model/marks.ts';
import type { Program } from '../model/program.ts';
import { programOps } from '../model/program.ts';
import type { PlatformRule, Visibility } from '../model/rule.ts';

/** Fields told below the rule's own. */
const maxDepth = 12;

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

/** Who sees that field: what the row says, or, of a row that hands over a whole message, what the platform's field list says. */
export function visibilityOf(platform: PlatformRule | undefined, sink: SinkMark, field: string): Visibility {
  if (sink.visibility !== 'shown' || !platform) return sink.visibility;
  const path = `.${field.replaceAll('[]', '')}.`;
  const isListed = (names: readonly string[]): boolean => names.some((name) => path.includes(`.${name}.`));
  if (isListed(platform.hiddenFields)) return 'hidden';
  return isListed(platform.previewFields) ? 'preview' : 'shown';
}

function below(field: string, name: string): string {
  if (name === anyElement || /^\d+$/.test(name)) return `${field}[]`;
  return field === '' ? name : `${field}.${name}`;
}
