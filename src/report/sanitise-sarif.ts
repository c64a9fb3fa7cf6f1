// Foreign text → SARIF message text, URIs and JSON text. Viewers read `[text](id)` in messages as links, so brackets are escaped.

/** Message text: brackets and backslashes escaped, one line, no control characters, at most `limit` characters. */
export function sarifText(text: string, limit = 1024): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const escaped = line.replace(/[\\[\]]/g, (sign) => `\\${sign}`);
  if (escaped.length <= limit) return escaped;
  return `${escaped.slice(0, limit - 1).replace(/\\$|[\uD800-\uDBFF]$/, '')}…`;
}

/** A path of the scanned tree as a relative URI: each segment percent-encoded, so that no name can end or redirect it. */
export function sarifUri(path: string): string {
  return path.split('/').map(encodeSegment).join('/');
}

function encodeSegment(segment: string): string {
  const name = segment.replace(/\p{Cs}/gu, '\uFFFD');
  return encodeURIComponent(name).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A value as JSON, two spaces deep, with a newline; what a terminal or a log could act on is written as `\u…`, which means the same. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  const quiet = json.replace(/[\u007F-\u009F\p{Cf}\u2028\u2029]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => jsonEscape(character.charCodeAt(at))).join(''),
  );
  return `${quiet.replace(/##(vso)?\[/gi, (_, vso: string | undefined) => `##${vso ?? ''}${jsonEscape(0x5b)}`)}\n`;
}

function jsonEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
