#!/usr/bin/env node
// Starts the command line; nothing heavy is loaded here.
import module from 'node:module';

// Where Node can keep compiled code (22.8 and later), the next start is faster.
module.enableCompileCache?.();
const { main } = await import('../dist/cli.js');

await main(process.argv.slice(2));
