// The form of docs/verified.json: one line a row, sorted, so that its differences read well.

/** The text under which a row stands in the lock. */
export function rowText(row) {
  const payload = row.payload.length > 0 ? ` [${row.payload.join(', ')}]` : '';
  return `${row.call}${payload}${row.versions ? ` ${row.versions}` : ''}`;
}

export function formatLock({ date, rows }) {
  const lines = Object.keys(rows)
    .sort()
    .map((text) => `    ${JSON.stringify(text)}: ${JSON.stringify(rows[text])}`);
  return `{\n  "date": ${JSON.stringify(date)},\n  "rows": {\n${lines.join(',\n')}\n  }\n}\n`;
}
