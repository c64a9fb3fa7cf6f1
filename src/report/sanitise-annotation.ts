// Foreign text → the data and the properties of a GitHub workflow command, escaped as the runner reads them back.

const maxData = 4000;

/** The text after `::`. Line breaks that are ours stay line breaks for the reader; other control characters, carriage returns too, become visible. */
export function annotationData(text: string): string {
  const shown = text.replace(/[^\P{C}\n]|[\u2028\u2029]/gu, (character) => named(character));
  const short = shown.length > maxData ? `${shown.slice(0, maxData).replace(/[\uD800-\uDBFF]$/, '')}…` : shown;
  return short.replaceAll('%', '%25').replaceAll('\n', '%0A');
}

/** The value of a property, on one line. */
export function annotationProperty(text: string): string {
  return annotationData(text.replaceAll('\n', '␊')).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function named(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
}
