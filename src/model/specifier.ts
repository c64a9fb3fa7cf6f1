// What an import names: a package, wherever it is loaded from.

/** `@scope/name` of `@scope/name/sub`. */
export function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

/**
 * A specifier without a scheme, a host and a version: `grammy` of `npm:grammy@1.20` and `https://esm.sh/grammy@1.20/mod.ts`.
 * Node's own scheme goes as well.
 */
export function plainSpecifier(specifier: string): string {
  const bare = specifier.replace(/^(?:node|npm|jsr):\/?/, '');
  const onHost = /^https?:\/\/[^/]+\/(?:(?:x|npm|v\d+|-)\/)?((?:@[^/@]+\/)?[^/@]+)(?:@[^/]*)?(?:\/.*)?$/.exec(bare);
  if (onHost) return onHost[1] ?? bare;
  return bare === specifier || specifier.startsWith('node:')
    ? bare
    : bare.replace(/^((?:@[^/@]+\/)?[^/@]+)@[^/]*/, '$1');
}

/** The version that stands in such a specifier, or ''. */
export function versionIn(specifier: string): string {
  return /[^/:]@([^/]+)/.exec(specifier)?.[1] ?? '';
}
