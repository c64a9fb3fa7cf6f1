// docs/platforms.md as text, from the rows of `leakscan rules list --platforms`.

/** @param rows one for each platform; @param date of the last check against the packages; @param texts packages of a row */
export function platformsPage(rows, date, texts) {
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const table = rows.map((row) => {
    const packages = texts(row).map((text) => text.replace(/^\S+/, (name) => `\`${name}\``));
    const numbers = [row.methods, row.fields, row.types, row.source, row.docs].join(' | ');
    return `| ${row.name} | ${row.company} | ${packages.join('<br>')} | ${numbers} |`;
  });
  return `# Platforms

Printed from \`rules/platforms/\` and \`docs/verified.json\` by \`npm run docs\`; checked against the packages on ${date}.

- **Methods**: calls of the packages that send something to the platform. **Fields**: places of their arguments, and of HTTP bodies, that are looked at.
- **Types**, **Source**, **Docs**: rules whose calls and arguments are found in the published typings of the packages, in their published source, and rules that only the platform's documentation can confirm (HTTP, answers to webhooks).
- Versions are those that were read; a rule holds for all versions unless it says which.

| platform | company | packages | methods | fields | types | source | docs |
|---|---|---|--:|--:|--:|--:|--:|
${table.join('\n')}
| **${rows.length}** | | | ${['methods', 'fields', 'types', 'source', 'docs'].map((key) => `**${sum(key)}**`).join(' | ')} |
`;
}
