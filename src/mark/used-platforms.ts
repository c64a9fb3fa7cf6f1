// Which platforms' packages the scanned tree has: what several platforms have in common is then theirs.

import type { PackageManifest } from '../model/input.ts';
import type { Program } from '../model/program.ts';
import type { RuleSet } from '../model/rule.ts';

/** The platforms of which a package is imported, or stands in a package.json. */
export function usedPlatforms(
  program: Program,
  rules: RuleSet,
  manifests: readonly PackageManifest[],
): ReadonlySet<string> {
  const isThere = (name: string): boolean =>
    program.packages.has(name) || manifests.some(({ dependencies }) => dependencies[name] !== undefined);
  return new Set(rules.platforms.flatMap(({ id, packages }) => (packages.some(isThere) ? [id] : [])));
}
