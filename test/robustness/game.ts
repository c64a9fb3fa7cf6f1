// A made-up game bot with a bank's balance in one corner: everything hangs off one game object and one client.

export interface GameOptions {
  readonly handlers: number;
  /** Files that have nothing to do with the bot. */
  readonly unrelated: number;
}

/** Files by path. One handler sends a customer's balance; its twin sends the balance's date only. */
export function gameBot({ handlers, unrelated }: GameOptions): Record<string, string> {
  const files: Record<string, string> = {
    'package.json': '{"name":"harbour-tales","dependencies":{"discord.js":"^14.16.0","axios":"^1.7.0"}}\n',
    'src/client.js': client,
    'src/bank.js': bank,
    'src/game.js': gameObject(handlers),
    'src/index.js': index(handlers),
    'src/bank-corner.js': corner,
  };
  for (let i = 0; i < handlers; i++) files[`src/handlers/handler${i}.js`] = handler(i);
  for (let i = 0; i < unrelated; i++) files[`tools/tool${i}.js`] = tool(i);
  return files;
}

const client = `const { Client, GatewayIntentBits } = require('discord.js');

class Harbour extends Client {
  constructor() {
    super({ intents: [GatewayIntentBits.Guilds] });
    this.players = new Map();
    this.cache = {};
  }
}

module.exports = new Harbour();
`;

const bank = `const axios = require('axios');

exports.accountOf = async (customerId) => {
  const { data } = await axios.get('https://core.norderbank.example/accounts/' + customerId);
  return data;
};
`;

const corner = `const client = require('./client');
const game = require('./game');
const { accountOf } = require('./bank');

exports.showBalance = async (interaction) => {
  const account = await accountOf(interaction.user.id);
  game.settle(account);
  await interaction.channel.send(\`Your account balance is \${account.balance} EUR\`);
};

exports.showDay = async (interaction) => {
  const account = await accountOf(interaction.user.id);
  await interaction.channel.send(\`Your account was read at \${account.readAt}\`);
};

client.on('interactionCreate', async (interaction) => {
  if (interaction.commandName === 'balance') await exports.showBalance(interaction);
  if (interaction.commandName === 'day') await exports.showDay(interaction);
});
`;

function gameObject(handlers: number): string {
  const methods = Array.from(
    { length: Math.min(handlers, 120) },
    (_, i) => `  step${i}(player, by) {
    player.score += by;
    this.log.push({ player, step: ${i} });
    this.last = player;
    return this.world.rooms[player.room] ?? this.step${(i + 1) % Math.min(handlers, 120)}(player, by - 1);
  }
`,
  );
  return `const client = require('./client');

class Game {
  constructor() {
    this.world = { rooms: {}, weather: 'calm' };
    this.log = [];
    this.last = null;
    this.client = client;
    client.game = this;
  }
  settle(account) {
    this.settled = account;
    return this;
  }
  player(id) {
    if (!client.players.has(id)) client.players.set(id, { id, score: 0, room: 'quay', game: this });
    return client.players.get(id);
  }
${methods.join('')}}

module.exports = new Game();
`;
}

function handler(i: number): string {
  return `const game = require('../game');
const client = require('../client');

module.exports = async (interaction) => {
  const player = game.player(interaction.user.id);
  const room = game.step${i % 120}(player, ${i});
  client.cache['room${i}'] = room;
  player.mood = room ? room.weather : game.world.weather;
  game.world.rooms[player.room] = { name: 'room ${i}', weather: player.mood, guests: [player] };
  await interaction.channel.send(\`\${player.id} walks on, it is \${player.mood}\`);
  await interaction.reply({ content: 'room ' + game.world.rooms[player.room].name, embeds: [{ title: client.cache.title, footer: { text: String(game.world.weather) } }] });
};
`;
}

function index(handlers: number): string {
  const names = Array.from({ length: handlers }, (_, i) => `  go${i}: require('./handlers/handler${i}'),\n`);
  return `const client = require('./client');
const game = require('./game');
require('./bank-corner');

client.handlers = {
${names.join('')}};

client.on('interactionCreate', async (interaction) => {
  const run = client.handlers[interaction.commandName];
  if (run) await run(interaction, game);
});
client.login(process.env.TOKEN);
`;
}

function tool(i: number): string {
  return `const path = require('node:path');

class Tool${i} {
  constructor(options) {
    this.options = options;
    this.parts = [];
  }
  add(part) {
    this.parts.push({ part, at: ${i} });
    return this;
  }
  balance(tree) {
    return tree.left ? this.balance(tree.left) : tree;
  }
  text() {
    return this.parts.map(({ part }) => path.join('tool${i}', String(part))).join('\\n');
  }
}

exports.make = (options) => new Tool${i}(options).add(options.name).text();
`;
}
