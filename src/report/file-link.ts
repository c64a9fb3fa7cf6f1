// A place in a scanned file → the `file:` URL behind it. Everything outside letters, digits and a few signs is percent-encoded,
// so a file's name can never end the escape sequence that carries the link.

/** The URL of a line; undefined for a name with characters that do not show. */
export function fileLink(root: string, file: string, line: number): string | undefined {
  const path = `${root.replaceAll('\\', '/').replace(/\/$/, '')}/${file}`;
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(path)) return undefined;
  const encoded = path.split('/').map((segment) => encodeURIComponent(segment).replace(/%3A$/, ':'));
  return `file://${path.startsWith('/') ? '' : '/'}${encoded.join('/')}#L${line}`;
}
