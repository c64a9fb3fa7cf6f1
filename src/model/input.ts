// What `read` hands to the rest: files, project manifests, rules and policy, all plain data.

import type { Diagnostic, FileOutcome } from './diagnostic.ts';
import type { Policy, RuleSet } from './rule.ts';

export interface SourceFile {
  /** Relative to the scanned root, '/'. */
  readonly path: string;
  readonly text: string;
}

/** One package.json of the scanned tree, as data. */
export interface PackageManifest {
  /** Folder relative to the root, '' for the root. */
  readonly dir: string;
  readonly name: string;
  /** All kinds of dependencies, name → range. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Names that stand for other packages (`"discord": "npm:discord.js@14"`); these are among the dependencies, too. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Pattern → targets, in the order in which they are written. */
  readonly imports: Readonly<Record<string, readonly ConditionalTarget[]>>;
  /** The same for `exports`; `.` is the package itself. */
  readonly exports: Readonly<Record<string, readonly ConditionalTarget[]>>;
  /** Entry files that older fields name: `main`, `module`, `source`, `types`. */
  readonly entries: readonly string[];
}

/** `{ node: { import: './a.mjs' } }` is './a.mjs' under `node` and `import`. */
export interface ConditionalTarget {
  readonly conditions: readonly string[];
  readonly path: string;
}

/** One tsconfig.json or jsconfig.json, with `extends` inside the root already folded in. */
export interface CompilerPaths {
  readonly dir: string;
  /** Relative to the root; '' when it is the root itself; undefined when not set. */
  readonly baseUrl?: string;
  /** Pattern → targets, relative to the root. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
}

/** A file that says what a store holds: `schema.prisma`, `*.sql`, `*.graphql`. */
export type SchemaFile = SourceFile;

export interface Input {
  readonly files: readonly SourceFile[];
  /** JSON files that sources may import, path → text. */
  readonly jsonFiles: readonly SourceFile[];
  readonly schemaFiles: readonly SchemaFile[];
  readonly packages: readonly PackageManifest[];
  readonly compilerPaths: readonly CompilerPaths[];
  readonly rules: RuleSet;
  readonly policy: Policy;
  /** States of files that were found and not handed on (too large, unreadable, excluded). */
  readonly outcomes: readonly FileOutcome[];
  readonly diagnostics: readonly Diagnostic[];
}
