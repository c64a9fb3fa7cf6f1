// A secret of the bot's settings leaks where it is sent itself. What a client that was made with it brings is no secret.

import type { Flow } from '../model/flow.ts';
import type { Marks } from '../model/marks.ts';
import { programOps } from '../model/program.ts';

/** True where a secret of the settings was only given to a library, whose answer is what is sent. */
export function isOnlyUsed(marks: Marks, { source, steps }: Flow): boolean {
  if (!marks.ownerSecrets.has(source)) return false;
  return steps.some(({ op }) => op === programOps.library || op === programOps.absorb);
}
