// RuleSet and what is known of how its rows were checked → a table of the platforms.

import { expandBraces, parsePlace } from '../model/api-path.ts';
import type { RuleSet, SinkRule } from '../model/rule.ts';

/** How a sink row was checked (docs/verified.json): by the package's published typings, or its source. */
export interface CheckedRow {
  readonly by: string;
  /** `telegraf@4.16.3`, for each package and version that was read. */
  readonly in: readonly string[];
}

/** For each platform: rows by how they were checked, and versions by package. */
export interface CheckedPlatform {
  readonly types: number;
  readonly source: number;
  readonly versions: Readonly<Record<string, readonly string[]>>;
}

export interface PlatformRow extends CheckedPlatform {
  readonly id: string;
  readonly name: string;
  readonly company: string;
  readonly packages: readonly string[];
  readonly methods: number;
  readonly fields: number;
  /** Rows that the platform's documentation is the only witness of: HTTP, webhooks, and sinks that say so. */
  readonly docs: number;
}

/** The text under which a sink row stands in docs/verified.json. */
export function rowText(row: Pick<SinkRule, 'call' | 'payload' | 'versions'>): string {
  const payload = row.payload.length > 0 ? ` [${row.payload.join(', ')}]` : '';
  return `${row.call}${payload}${row.versions === '' ? '' : ` ${row.versions}`}`;
}

/** What the build keeps of docs/verified.json. */
export function sumUp(rules: RuleSet, rows: Readonly<Record<string, CheckedRow>>): Record<string, CheckedPlatform> {
  return Object.fromEntries(
    rules.platforms.map(({ id, packages }) => {
      const checked = rules.sinks.filter((one) => one.platform === id).flatMap((one) => rows[rowText(one)] ?? []);
      const read = [...new Set(checked.flatMap((one) => one.in))].map(splitVersion);
      const versions = packages.flatMap((name) => {
        const own = read.filter((one) => one.name === name).map((one) => one.version);
        return own.length > 0 ? [[name, own.sort(newestFirst)]] : [];
      });
      const count = (by: string): number => checked.filter((one) => one.by === by).length;
      return [id, { types: count('types'), source: count('source'), versions: Object.fromEntries(versions) }];
    }),
  );
}

/** The rows of the table, in the order of the platforms' names. */
export function platformRows(
  rules: RuleSet,
  checked: Readonly<Record<string, CheckedPlatform>>,
): readonly PlatformRow[] {
  return rules.platforms
    .map(({ id, name, company, packages }) => {
      const of = <Row extends { readonly platform: string }>(rows: readonly Row[]): Row[] =>
        rows.filter((one) => one.platform === id);
      const sinks = of(rules.sinks);
      const requests = [...of(rules.http), ...of(rules.webhooks)];
      const methods = new Set(sinks.flatMap((one) => expandBraces(one.call.replace(/\(.*/s, ''))));
      const fields = [...sinks, ...requests].flatMap((one) => one.payload.flatMap((place) => parsePlace(place)));
      const whole = sinks.filter((one) => one.payload.length === 0);
      return {
        id,
        name,
        company,
        packages,
        methods: methods.size,
        fields: fields.length + whole.length,
        docs: requests.length + sinks.filter((one) => one.verified !== '').length,
        ...(checked[id] ?? { types: 0, source: 0, versions: {} }),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `telegraf 4.16.3, 3.40.0`. */
export function packageTexts(row: PlatformRow): string[] {
  return row.packages.map((name) => [name, ...(row.versions[name] ?? [])].join(' '));
}

/** The table for a terminal of so many columns. */
export function listPlatforms(rows: readonly PlatformRow[], columns: number): string {
  const name = Math.max('Platform'.length, ...rows.map((one) => one.name.length));
  const line = (first: string, numbers: readonly (string | number)[]): string =>
    [first.padEnd(name), ...numbers.map((one, i) => String(one).padStart(i < 2 ? 7 : 6))].join('  ');
  const heading = line('Platform', ['Methods', 'Fields', 'Types', 'Source', 'Docs']);
  const sections = rows.map((row) => [
    line(row.name, [row.methods, row.fields, row.types, row.source, row.docs]),
    ...wrap(companyFirst(row), Math.max(columns, 40)),
  ]);
  return [
    heading,
    ...sections.flat(),
    '',
    'Rules are checked against the published typings of the packages (Types), their',
    'source (Source), or the documentation (Docs: HTTP and answers to webhooks).',
    '',
  ].join('\n');
}

// Meta: packages
function companyFirst(row: PlatformRow): string[] {
  const [first, ...others] = packageTexts(row);
  return first === undefined ? [row.company] : [`${row.company}: ${first}`, ...others];
}

function wrap(parts: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const [i, part] of parts.entries()) {
    const text = i < parts.length - 1 ? `${part},` : part;
    const last = lines.at(-1);
    if (last !== undefined && last.length + text.length + 1 <= columns) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(`    ${text}`);
  }
  return lines;
}

function splitVersion(text: string): { readonly name: string; readonly version: string } {
  const at = text.lastIndexOf('@');
  return { name: text.slice(0, at), version: text.slice(at + 1) };
}

function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true });
}
