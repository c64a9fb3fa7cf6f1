// The form of docs/verified.json: one line a row, sorted, so that its differences read well.

export function formatLock({ date, rows }) {
  const lines = Object.keys(rows)
    .sort()
    .map((text) => `    ${JSON.stringify(text)}: ${JSON.stringify(rows[text])}`);
  return `{\n  "date": ${JSON.stringify(date)},\n  "rows": {\n${lines.join(',\n')}\n  }\n}\n`;
}
