// What linking needs beside the graphs.

import type { CompilerPaths, PackageManifest, SourceFile } from '../model/input.ts';
import type { RuleSet } from '../model/rule.ts';

/** Manifests, tsconfig paths, JSON files of the tree, and the rules about types and libraries. */
export interface LinkInput {
  readonly packages: readonly PackageManifest[];
  readonly compilerPaths: readonly CompilerPaths[];
  readonly jsonFiles: readonly SourceFile[];
  readonly rules: Pick<RuleSet, 'types' | 'models' | 'sinks' | 'responses' | 'shared' | 'platforms'> & {
    readonly data: Pick<RuleSet['data'], 'naming'>;
  };
}
