// Runs a generated program and sees what its sinks are given. Only programs of the generator beside this file are run.
//
// Each call of `__src` gives a marked text, and some marks are safe: `isSafe` answers whether all marks in a value are,
// and only unsafe ones count. A program is run many times with other answers of `__ask` and other safe marks.

import { posix } from 'node:path';
import vm from 'node:vm';
import ts from 'typescript';
import type { Program } from './program.ts';

const runs = 32;

interface Module {
  exports: Record<string, unknown>;
}

/** The numbers of the sinks that were given an unsafe mark in one of the runs, and of those that were reached at all. */
export async function run({ files }: Program): Promise<{ leaked: ReadonlySet<number>; reached: ReadonlySet<number> }> {
  const codes = new Map(files.map(({ path, text }) => [path, compile(path, text)]));
  const leaked = new Set<number>();
  const reached = new Set<number>();
  for (let at = 0; at < runs; at++) {
    const random = randomNumbers(at + 1);
    const safe = new Set<string>();
    let marks = 0;
    const unsafe = (value: unknown): boolean => marksOf(value).some((mark) => !safe.has(mark));
    const world = {
      __src(): string {
        const mark = String(++marks);
        if (random() < 0.3) safe.add(mark);
        return `«${mark}»`;
      },
      __ask: () => random() < 0.5,
      __snk(number: number, value: unknown): void {
        reached.add(number);
        if (unsafe(value)) leaked.add(number);
      },
      isSafe: (value: unknown) => !unsafe(value),
      sanitizer_mask: () => 'hidden',
    };
    const loaded = new Map<string, Module>();
    const load = (path: string): Module['exports'] => {
      const before = loaded.get(path);
      if (before) return before.exports;
      const module: Module = { exports: {} };
      loaded.set(path, module);
      const require = (specifier: string): Module['exports'] => load(posix.join(posix.dirname(path), specifier));
      codes.get(path)?.(require, module, module.exports, ...Object.values(world));
      return module.exports;
    };
    for (const unit of Object.values(load('main.js'))) await (unit as () => Promise<void>)();
  }
  return { leaked, reached };
}

type Code = (...given: readonly unknown[]) => void;

function compile(path: string, text: string): Code {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const parameters = ['require', 'module', 'exports', '__src', '__ask', '__snk', 'isSafe', 'sanitizer_mask'];
  return vm.compileFunction(outputText, parameters, { filename: path }) as Code;
}

function marksOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [...value.matchAll(/«(\d+)»/g)].map(([, mark = '']) => mark);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(marksOf);
  return [];
}

/** Numbers from 0 to 1, always the same for one seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
