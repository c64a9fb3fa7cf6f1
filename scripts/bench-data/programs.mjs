// A group → a small bot with one handler a row, each in a file of its own. What a row's code does not declare comes in as a
// parameter of its handler, or, where it is called, is a class or is a type, from another package.

import { ts } from 'ts-morph';

const hosts = {
  telegram: {
    import: "import type { Context } from 'telegraf';",
    parameter: 'ctx: Context',
    send: 'await ctx.reply(`{text}`);',
  },
  buttons: {
    import: "import type { Context } from 'telegraf';",
    parameter: 'ctx: Context',
    send: "await ctx.reply('{label}', { reply_markup: { inline_keyboard: [[{ text: `{text}`, callback_data: 'open' }]] } });",
  },
  discord: {
    import: "import type { ChatInputCommandInteraction } from 'discord.js';",
    parameter: 'interaction: ChatInputCommandInteraction',
    send: "await interaction.reply({ embeds: [{ title: 'Overview', fields: [{ name: '{label}', value: `{text}` }] }] });",
  },
  slack: {
    import: "import { WebClient } from '@slack/web-api';\nconst slack = new WebClient(process.env.SLACK_TOKEN);",
    parameter: 'channel: string',
    send: "await slack.chat.postMessage({ channel, text: 'Overview', attachments: [{ fields: [{ title: '{label}', value: `{text}` }] }] });",
  },
  lines: {
    import: "import type { Context } from 'telegraf';",
    parameter: 'ctx: Context',
    send: "await ctx.reply(['Overview', `{label}: {text}`].join('\\n'));",
  },
};
const versions = {
  telegraf: '^4.16.3',
  'discord.js': '^14.16.0',
  '@slack/web-api': '^7.8.0',
};
/** What a name stands for in every bot, where the code does not declare it. */
const usual = {
  axios: "import axios from 'axios';",
  got: "import got from 'got';",
  pool: "import { Pool } from 'pg';\nconst pool = new Pool();",
  supabase:
    "import { createClient } from '@supabase/supabase-js';\nconst supabase = createClient(process.env.DB_URL, process.env.DB_KEY);",
};
const shared = '@acme/shared';
const globals = new Set(
  (
    'Array Boolean Date Intl JSON Math Map Number Object Promise Set String BigInt Symbol Error RegExp URL URLSearchParams ' +
    'Buffer console process fetch undefined NaN Infinity globalThis structuredClone parseFloat parseInt isNaN require'
  ).split(' '),
);

/** The files of a group's project: path → text. Files that are not programs (a Prisma schema) are given as they are. */
export function projectOf(rows) {
  const texts = { ...rows[0].group.files };
  for (const row of rows) texts[fileOf(row)] = handlerOf(row);
  const dependencies = Object.fromEntries(
    Object.values(texts)
      .flatMap(packagesOf)
      .map((name) => [name, versions[name] ?? '*']),
  );
  texts['package.json'] = JSON.stringify({ name: 'bot', version: '1.0.0', dependencies });
  return texts;
}

/** The file of a row in its group's project. */
export function fileOf(row) {
  return `src/handlers/show${row.at + 1}.ts`;
}

function handlerOf(row) {
  const { group } = row;
  const host = hosts[group.host ?? 'telegram'];
  const isImport = (line) => /^import\b/.test(line);
  const code = (group.code ?? '').split('\n');
  const top = [host.import, ...code.filter(isImport), group.top ?? ''].join('\n');
  const send = host.send.replace('{label}', () => row.label.replaceAll("'", "\\'")).replace('{text}', () => row.text);
  const body = [...code.filter((line) => !isImport(line)), send].join('\n  ');
  const make = (extra, parameters) =>
    `${extra}${top}\nexport async function show(${[host.parameter, ...parameters].join(', ')}) {\n  ${body}\n}\n`;
  const free = freeNames(make('', []), row.place);
  const known = free.usual.map((name) => `${usual[name]}\n`).join('');
  const values = free.imports.length > 0 ? `import { ${free.imports.join(', ')} } from '${shared}';\n` : '';
  const types = free.types.length > 0 ? `import type { ${free.types.join(', ')} } from '${shared}';\n` : '';
  return make(known + values + types, free.parameters);
}

function packagesOf(text) {
  return [...text.matchAll(/(?:from|require\(|^import)\s*'((?:@[\w.-]+\/)?[\w.-]+)/gm)].flatMap(([, name]) =>
    name.startsWith('.') || name.startsWith('node:') ? [] : [name],
  );
}

function freeNames(text, place) {
  const file = ts.createSourceFile('show.ts', text, ts.ScriptTarget.Latest, true);
  const [errors] = [file.parseDiagnostics ?? []];
  if (errors.length > 0)
    throw new Error(`${place}: ${ts.flattenDiagnosticMessageText(errors[0].messageText, ' ')}:\n${text}`);
  const declared = new Set();
  const used = new Map();
  const visit = (node) => {
    if (ts.isIdentifier(node)) note(node);
    ts.forEachChild(node, visit);
  };
  const note = (node) => {
    const { parent } = node;
    if (parent.name === node && !ts.isPropertyAccessExpression(parent)) {
      // A property's or member's own name is no declaration of a variable.
      if (!/^(?:Property|Method|Enum)/.test(ts.SyntaxKind[parent.kind])) declared.add(node.text);
      else if (ts.isShorthandPropertyAssignment(parent)) use(node, 'parameter');
      return;
    }
    if (ts.isShorthandPropertyAssignment(parent)) return use(node, 'parameter');
    if (ts.isPropertyAccessExpression(parent) && parent.name === node) return;
    if (ts.isPropertyAssignment(parent) && parent.name === node) return;
    if (ts.isBindingElement(parent) && parent.propertyName === node) return;
    if (ts.isImportSpecifier(parent) || ts.isQualifiedName(parent) || ts.isLabeledStatement(parent)) return;
    if (ts.isTypeReferenceNode(parent) || ts.isExpressionWithTypeArguments(parent)) return use(node, 'type');
    const isCalled =
      (ts.isCallExpression(parent) || ts.isNewExpression(parent) || ts.isDecorator(parent)) &&
      parent.expression === node;
    use(node, isCalled || /^\p{Lu}/u.test(node.text) ? 'import' : 'parameter');
  };
  const use = (node, kind) => {
    if (node.text in usual) used.set(node.text, 'usual');
    else if (used.get(node.text) !== 'import') used.set(node.text, kind);
  };
  visit(file);
  const of = (kind) =>
    [...used].flatMap(([name, one]) => (one === kind && !declared.has(name) && !globals.has(name) ? [name] : []));
  const basic = new Set(['Record', 'Partial', 'Pick', 'Omit', 'Array', 'Promise', 'Readonly', 'Map', 'Set']);
  return {
    usual: of('usual'),
    parameters: of('parameter'),
    imports: of('import'),
    types: of('type').filter((name) => !basic.has(name)),
  };
}
