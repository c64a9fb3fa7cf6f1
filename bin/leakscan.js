#!/usr/bin/env node
// Starts the command line; nothing heavy is loaded here.
import { main } from '../dist/cli.js';

await main(process.argv.slice(2));
