// One result for all reporters: five findings on three platforms, with paths over several files, tabs, wide characters, a long line,
// and every kind of thing that a scan can leave out. Spans are found by their text, so that they are right by construction.

import type { Evidence, Finding, ScanResult, SourceLines, Step, StepKind } from '../../src/model/finding.ts';
import type { Location } from '../../src/model/location.ts';
import type { ReportInput } from '../../src/report/report-input.ts';

const files: Readonly<Record<string, string>> = {
  'src/handlers/balance.js': `import { bank } from '@norderbank/core';
import { money } from '../lib/money.js';
import { sendCards, sendText } from '../lib/messenger.js';

/** Answers "what is my balance?". */
export async function answerBalance(psid, user) {
  const acct = await bank.getAccount(user.id);
  const name = user.firstName;
  const text = \`\${name}, your balance is \${money(acct.balance)} €\`;
  await sendText(psid, text);
}

export async function answerCard(psid, user) {
  const card = await bank.getCard(user.id);
  await sendCards(psid, [{ title: 'Your card', subtitle: card.number, image_url: 'https://norderbank.example/card.png', buttons: [{ type: 'web_url', title: 'Open' }] }]);
}
`,
  'src/lib/money.js': `export function money(cents) {
  return (cents / 100).toFixed(2);
}
`,
  'src/lib/messenger.js': `import axios from 'axios';

const GRAPH = 'https://graph.facebook.com/v19.0';

export function sendCards(psid, elements) {
  const payload = { template_type: 'generic', elements };
  return post({ recipient: { id: psid }, message: { attachment: { type: 'template', payload } } });
}

export function sendText(psid, text) {
  return post({ recipient: { id: psid }, message: { text } });
}

async function post(body) {
  await axios.post(\`\${GRAPH}/me/messages\`, body);
}
`,
  'src/telegram/statement.ts': `import { Telegraf } from 'telegraf';
import { entriesOf } from '../ledger/entries.ts';

export function addStatement(bot: Telegraf): void {
\tbot.command('statement', async (ctx) => {
\t\tconst entries = await entriesOf(ctx.from.id);
\t\tconst rows = entries.map((entry) => line(entry));
\t\tawait ctx.reply(
\t\t\t\`取引明細 \${rows.join(' / ')}\`,
\t\t);
\t});
}

function line(entry: Entry): string {
\treturn \`摘要 \${entry.purpose}\`;
}
`,
  'src/telegram/salary.ts': `export async function remindOfSalary(ctx, db) {
  const employee = await db.employees.findOne({ chat: ctx.chat.id });
  const salary = employee.netSalary;
  const rounded = Math.round(salary);
  const shown = rounded.toLocaleString('de-DE');
  const label = \`Salary: \${shown} EUR\`;
  const block = { label };
  const blocks = [block];
  const list = blocks.map((one) => one.label);
  const body = list.join(', ');
  await ctx.telegram.sendMessage(ctx.chat.id, body);
}
`,
  'src/slack/echo.js': `app.message(async ({ message, say }) => {
  // e.g. IBAN DE89 3704 0044 0532 0130 00
  const iban = message.text.match(/DE89370400440532013000|DE\\d{20}/)[0];
  await say(\`You typed \${iban}\`);
});
`,
};

/** All lines of the canned files, as `scan` hands them to a report. */
export const cannedLines: SourceLines = Object.fromEntries(
  Object.entries(files).map(([file, text]) => [file, text.split('\n')]),
);

// The span of `text` in line `line` of a file; over lines where the text has a line break.
function at(file: string, line: number, text: string): Location {
  const before = (cannedLines[file] ?? []).slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  const source = files[file] ?? '';
  const start = source.indexOf(text, before);
  const from = source.slice(0, start).split('\n');
  if (start < 0 || from.length !== line) throw new Error(`no "${text}" in ${file}:${line}`);
  const to = source.slice(0, start + text.length).split('\n');
  return {
    file,
    startLine: line,
    startColumn: (from.at(-1)?.length ?? 0) + 1,
    endLine: to.length,
    endColumn: (to.at(-1)?.length ?? 0) + 1,
  };
}

function step(kind: StepKind, file: string, line: number, text: string): Step {
  return { kind, location: at(file, line, text), text: text.replace(/\s+/g, ' ') };
}

function evidence(kind: string, text: string, weight: number): Evidence {
  return { kind, text, weight };
}

const leaveOut =
  'Leave the figure out and link to your own signed-in page with an opaque id, or record the contract that allows it in leakscan.yml.';

const balancePath: readonly Step[] = [
  step('read', 'src/handlers/balance.js', 9, 'acct.balance'),
  step('call', 'src/lib/money.js', 1, 'cents'),
  step('return', 'src/handlers/balance.js', 9, 'money(acct.balance)'),
  step('derive', 'src/handlers/balance.js', 9, '`${name}, your balance is ${money(acct.balance)} €`'),
  step('call', 'src/lib/messenger.js', 10, 'text'),
  step('store', 'src/lib/messenger.js', 11, '{ text }'),
  step('call', 'src/lib/messenger.js', 14, 'body'),
  step('send', 'src/lib/messenger.js', 15, 'axios.post(`${GRAPH}/me/messages`, body)'),
];

const post = at('src/lib/messenger.js', 15, 'axios.post(`${GRAPH}/me/messages`, body)');

const balance: Finding = {
  fingerprint: '3f9c2a7e51d0446b8a7c0d7be2f1a945',
  ruleId: 'balance-to-messenger',
  category: 'balance',
  platform: 'messenger',
  severity: 'high',
  confidence: 'high',
  origin: 'api',
  visibility: 'shown',
  channel: 'message',
  verdict: 'forbid',
  message: {
    what: 'An account balance reaches Meta through Messenger',
    why: '`acct.balance` is taken for an account balance (name `balance`, phrase "your balance", unit €); it comes from an API.',
    todo: leaveOut,
  },
  evidence: [
    evidence('name', '`balance`', 3.5),
    evidence('phrase', '"your balance"', 2.5),
    evidence('units', '€', 1.5),
    evidence('receiver', '@norderbank/core', 2),
    evidence('project.game', 'dice', -3),
  ],
  site: at('src/handlers/balance.js', 10, 'sendText(psid, text)'),
  siteText: 'sendText(psid, text)',
  sink: post,
  sinkField: 'message.text',
  sinkName: 'post graph.facebook.com',
  source: at('src/handlers/balance.js', 9, 'acct.balance'),
  sourceText: 'acct.balance',
  path: balancePath,
  otherSources: [
    {
      source: at('src/handlers/balance.js', 8, 'user.firstName'),
      text: 'user.firstName',
      origin: 'stored',
      evidence: [evidence('name', '`firstName`', 1)],
      path: [
        step('read', 'src/handlers/balance.js', 8, 'user.firstName'),
        step('derive', 'src/handlers/balance.js', 9, '`${name}, your balance is ${money(acct.balance)} €`'),
        step('send', 'src/lib/messenger.js', 15, 'axios.post(`${GRAPH}/me/messages`, body)'),
      ],
    },
  ],
};

const card: Finding = {
  ...balance,
  fingerprint: 'c0ffee12aa3b4c5d6e7f8091a2b3c4d5',
  ruleId: 'card.pan-to-messenger',
  category: 'card.pan',
  severity: 'critical',
  message: {
    what: 'A card number reaches Meta through Messenger',
    why: '`card.number` is taken for a card number (name `card.number`); it comes from an API.',
    todo: 'Mask all but the last four digits, or link to your own signed-in page with an opaque id.',
  },
  evidence: [evidence('qualifiedName', '`card.number`', 6)],
  site: at('src/handlers/balance.js', 15, (cannedLines['src/handlers/balance.js']?.[14] ?? '').slice(8, -1)),
  siteText:
    "sendCards(psid, [{ title: 'Your card', subtitle: card.number, image_url: 'https://norderbank.example/card.p…",
  sinkField: 'message.attachment.payload',
  source: at('src/handlers/balance.js', 15, 'card.number'),
  sourceText: 'card.number',
  path: [
    step('read', 'src/handlers/balance.js', 15, 'card.number'),
    step('call', 'src/lib/messenger.js', 5, 'elements'),
    step('store', 'src/lib/messenger.js', 6, "{ template_type: 'generic', elements }"),
    step('call', 'src/lib/messenger.js', 14, 'body'),
    step('send', 'src/lib/messenger.js', 15, 'axios.post(`${GRAPH}/me/messages`, body)'),
  ],
  otherSources: [],
};

const telegramReply = "ctx.reply(\n\t\t\t`取引明細 ${rows.join(' / ')}`,\n\t\t)";

const statement: Finding = {
  ...balance,
  fingerprint: '77aa01c4f0e94d3d9f62b1c07a5e8d20',
  ruleId: 'transaction-to-telegram',
  category: 'transaction',
  platform: 'telegram',
  severity: 'medium',
  confidence: 'medium',
  origin: 'stored',
  verdict: 'warn',
  message: {
    what: 'A transaction reaches Telegram',
    why: '`entry.purpose` is taken for a transaction (type Entry, read from entry); it is read from stored data.',
    todo: leaveOut,
  },
  evidence: [evidence('typeName', 'Entry', 2.5), evidence('receiver', 'entry', 2)],
  site: at('src/telegram/statement.ts', 8, telegramReply),
  siteText: "ctx.reply( `取引明細 ${rows.join(' / ')}`, )",
  sink: at('src/telegram/statement.ts', 8, telegramReply),
  sinkField: 'text',
  sinkName: 'telegraf#Context.{reply,sendMessage}',
  source: at('src/telegram/statement.ts', 15, 'entry.purpose'),
  sourceText: 'entry.purpose',
  path: [
    step('read', 'src/telegram/statement.ts', 15, 'entry.purpose'),
    step('derive', 'src/telegram/statement.ts', 15, '`摘要 ${entry.purpose}`'),
    step('return', 'src/telegram/statement.ts', 7, 'line(entry)'),
    step('derive', 'src/telegram/statement.ts', 9, "`取引明細 ${rows.join(' / ')}`"),
    step('send', 'src/telegram/statement.ts', 8, telegramReply),
  ],
  otherSources: [],
};

const salaryCall = 'ctx.telegram.sendMessage(ctx.chat.id, body)';

const salary: Finding = {
  ...statement,
  fingerprint: '0b5d88e1c2f34a6f9d7e6a5b4c3d2e1f',
  ruleId: 'income-to-telegram',
  category: 'income',
  severity: 'high',
  confidence: 'high',
  verdict: 'forbid',
  message: { ...statement.message, what: 'Income reaches Telegram', why: '`employee.netSalary` is taken for income.' },
  evidence: [evidence('name', '`netSalary`', 6), evidence('phrase', '"salary"', 2.5)],
  site: at('src/telegram/salary.ts', 11, salaryCall),
  siteText: salaryCall,
  sink: at('src/telegram/salary.ts', 11, salaryCall),
  sinkField: 'text',
  sinkName: 'telegraf#Telegram.sendMessage',
  source: at('src/telegram/salary.ts', 3, 'employee.netSalary'),
  sourceText: 'employee.netSalary',
  path: [
    step('read', 'src/telegram/salary.ts', 3, 'employee.netSalary'),
    step('library', 'src/telegram/salary.ts', 4, 'Math.round(salary)'),
    step('library', 'src/telegram/salary.ts', 5, "rounded.toLocaleString('de-DE')"),
    step('derive', 'src/telegram/salary.ts', 6, '`Salary: ${shown} EUR`'),
    step('store', 'src/telegram/salary.ts', 7, '{ label }'),
    step('store', 'src/telegram/salary.ts', 8, '[block]'),
    step('load', 'src/telegram/salary.ts', 9, 'one.label'),
    step('library', 'src/telegram/salary.ts', 10, "list.join(', ')"),
    step('send', 'src/telegram/salary.ts', 11, salaryCall),
  ],
  otherSources: [],
};

const echo: Finding = {
  ...statement,
  fingerprint: '5e1f00d2b3a4958677869504132f5e1f',
  ruleId: 'account.number-to-slack',
  category: 'account.number',
  platform: 'slack',
  severity: 'low',
  confidence: 'high',
  origin: 'inbound',
  verdict: 'forbid',
  message: {
    what: 'A bank account number reaches Salesforce through Slack',
    why: '`message.text.match(/DE89370400440532013000|DE\\d{20}/)[0]` is taken for a bank account number (name `iban`).',
    todo: 'Do not repeat what the user typed, or send a notice without the value.',
  },
  evidence: [evidence('name', '`iban`', 6)],
  site: at('src/slack/echo.js', 4, 'say(`You typed ${iban}`)'),
  siteText: 'say(`You typed ${iban}`)',
  sink: at('src/slack/echo.js', 4, 'say(`You typed ${iban}`)'),
  sinkField: 'message.text',
  sinkName: '@slack/bolt#say',
  source: at('src/slack/echo.js', 3, 'message.text.match(/DE89370400440532013000|DE\\d{20}/)[0]'),
  sourceText: 'message.text.match(/DE89370400440532013000|DE\\d{20}/)[0]',
  path: [
    step('read', 'src/slack/echo.js', 3, 'message.text.match(/DE89370400440532013000|DE\\d{20}/)[0]'),
    step('derive', 'src/slack/echo.js', 4, '`You typed ${iban}`'),
    step('send', 'src/slack/echo.js', 4, 'say(`You typed ${iban}`)'),
  ],
  otherSources: [],
};

/** Five findings, and everything read. */
export const cannedResult: ScanResult = {
  schemaVersion: 1,
  tool: { name: 'leakscan', version: '0.1.0' },
  status: 'complete',
  policy: 'strict',
  findings: [balance, card, echo, salary, statement],
  files: Object.keys(files)
    .sort()
    .map((path) => ({ path, state: 'analysed', reason: '' })),
  diagnostics: [],
  stats: {
    files: 6,
    lines: 74,
    findings: { info: 0, low: 1, medium: 1, high: 2, critical: 1 },
    hidden: 2,
    allowed: 1,
    sinks: 9,
    sources: 14,
    states: 1280,
    rules: 265,
  },
};

/** One short finding, for the formats that take many lines. */
export const shortResult: ScanResult = {
  ...cannedResult,
  findings: [echo],
  files: [{ path: 'src/slack/echo.js', state: 'analysed', reason: '' }],
  stats: { ...cannedResult.stats, files: 1, findings: { info: 0, low: 1, medium: 0, high: 0, critical: 0 } },
};

/** Nothing found, nothing left out. */
export const cleanResult: ScanResult = {
  ...cannedResult,
  findings: [],
  stats: {
    ...cannedResult.stats,
    findings: { info: 0, low: 0, medium: 0, high: 0, critical: 0 },
    hidden: 0,
    allowed: 0,
  },
};

/** Seven files that failed, one degraded, a search that was cut, an import that was not found. */
export const incompleteResult: ScanResult = {
  ...cleanResult,
  status: 'incomplete',
  files: [
    ...[1, 2, 3, 4, 5, 6, 7].map(
      (n) => ({ path: `src/generated/${n}.js`, state: 'failed', reason: 'nested too deeply' }) as const,
    ),
    { path: 'src/old.js', state: 'degraded', reason: 'syntax error at 3:1' },
  ],
  diagnostics: [
    { kind: 'budget-hit', message: 'the search from telegraf#Context.reply was cut after 100000 states' },
    { kind: 'import-unresolved', message: 'src/old.js: cannot find "./gone"' },
  ],
};

/** The input of a reporter, as for a terminal of 80 columns without colour. */
export function inputFor(result: ScanResult, changes: Partial<ReportInput> = {}): ReportInput {
  return {
    result,
    lines: cannedLines,
    seconds: 0.41,
    color: 0,
    columns: 80,
    unicode: true,
    hyperlinks: false,
    root: '/bot',
    ...changes,
  };
}
