// What is laid over what: in `{ ...page, ...defaults }` and `Object.assign(page, defaults)`, fields of the later object hide
// those of the earlier one. Which fields an object has is asked by the search, in its own context.

import type { Tree } from './tree.ts';

/** For an object and what comes into it, the objects whose fields are laid over that. */
export type Overlays = Map<number, Map<number, readonly number[]>>;

/** Those that the files' texts write out. */
export function overlaysOf({ files, bases }: Tree): Overlays {
  const overlays: Overlays = new Map();
  files.forEach((file, i) => {
    const base = bases[i] ?? 0;
    for (const { node, from, later } of file.overlays)
      noteOverlay(
        overlays,
        node + base,
        from + base,
        later.map((one) => one + base),
      );
  });
  return overlays;
}

/** What comes into an object in several ways is hidden by what is laid over the last of them. */
export function noteOverlay(overlays: Overlays, node: number, from: number, later: readonly number[]): void {
  const known = overlays.get(node) ?? new Map<number, readonly number[]>();
  overlays.set(node, known.set(from, later));
}
