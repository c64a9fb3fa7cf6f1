// Scanned text → text that is safe to show: one function for each place it can go.

/** For a terminal or a log: control and bidirectional characters become visible; long numbers are masked. */
export function forTerminal(text: string): string {
  return maskNumbers(text).replace(/[\p{Cc}\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu, (char) => {
    if (char === '\t') return '  ';
    const code = char.codePointAt(0) ?? 0;
    return code < 0x20
      ? String.fromCodePoint(0x2400 + code)
      : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/** Runs of nine digits and more keep the last four: a source may hold real numbers. */
export function maskNumbers(text: string): string {
  return text.replace(/\d{9,}/g, (digits) => '•'.repeat(digits.length - 4) + digits.slice(-4));
}

/** For SARIF messages, where `[text](1)` would be a link. */
export function forSarif(text: string): string {
  return maskNumbers(text).replace(/[\\[\]]/g, '\\$&');
}

/** For the message of a workflow command. */
export function forCommand(text: string): string {
  return forTerminal(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** For a property of a workflow command. */
export function forCommandProperty(text: string): string {
  return forCommand(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A relative path as a URI reference, percent-encoded segment by segment. */
export function forUri(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) =>
      encodeURIComponent(segment).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/');
  return /^[^/]*:/.test(decodeURIComponent(encoded.split('/')[0] ?? '')) ? `./${encoded}` : encoded;
}
