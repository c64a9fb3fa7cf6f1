// The laws of the house (ARCHITECTURE.md): the star of rooms, one package one room, who touches disk and terminal,
// file headers, tagged approximations.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const src = path.join(root, 'src');
const rooms = ['read', 'extract', 'link', 'mark', 'trace', 'judge', 'report'];

const files = readdirSync(src, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file: file.split(path.sep).join('/'), text: readFileSync(path.join(src, file), 'utf8') }));

function importsOf({ file, text }: { file: string; text: string }): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?'([^']+)'/g)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier,
  );
}

const roomOf = (file: string): string => file.split('/')[0] ?? '';

describe('the house', () => {
  it('has rooms that import only themselves and the model', () => {
    const wrong = files.flatMap((one) =>
      rooms.includes(roomOf(one.file)) || roomOf(one.file) === 'model'
        ? importsOf(one)
            .filter(
              (target) => target.endsWith('.ts') && roomOf(target) !== roomOf(one.file) && roomOf(target) !== 'model',
            )
            .map((target) => `${one.file} imports ${target}`)
        : [],
    );
    expect(wrong).toEqual([]);
  });

  it('has a model that imports nothing else', () => {
    const wrong = files
      .filter((one) => roomOf(one.file) === 'model')
      .flatMap((one) => importsOf(one).filter((target) => !target.startsWith('model/')));
    expect(wrong).toEqual([]);
  });

  it('has no import cycle', () => {
    const graph = new Map(files.map((one) => [one.file, importsOf(one).filter((target) => target.endsWith('.ts'))]));
    const done = new Set<string>();
    const open: string[] = [];
    const cycles: string[] = [];
    const visit = (file: string): void => {
      if (done.has(file)) return;
      const at = open.indexOf(file);
      if (at >= 0) {
        // Types may point at each other; values may not. `join-modules.ts` names a type of `link.ts`.
        cycles.push([...open.slice(at), file].join(' > '));
        return;
      }
      open.push(file);
      for (const target of graph.get(file) ?? []) visit(target);
      open.pop();
      done.add(file);
    };
    for (const { file } of files) visit(file);
    expect(cycles).toEqual([]);
  });

  it('keeps each package in one room', () => {
    const homes: Record<string, (file: string) => boolean> = {
      'ts-morph': (file) => roomOf(file) === 'extract',
      'fast-glob': (file) => roomOf(file) === 'read',
      yaml: (file) => roomOf(file) === 'read',
      zod: (file) => roomOf(file) === 'read',
      ignore: (file) => roomOf(file) === 'read',
      chalk: (file) => roomOf(file) === 'report',
      commander: (file) => file === 'cli.ts',
    };
    const wrong = files.flatMap((one) =>
      importsOf(one).flatMap((target) =>
        homes[target] && !homes[target](one.file) ? [`${one.file} imports ${target}`] : [],
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('touches the disk only in the file host and on the roof', () => {
    const allowed = [
      'read/file-host.ts',
      'scan.ts',
      'watchdog.ts',
      'cli.ts',
      'cli/write-output.ts',
      'cli/result-cache.ts',
    ];
    const wrong = files.filter(
      (one) => importsOf(one).some((target) => /^node:fs/.test(target)) && !allowed.includes(one.file),
    );
    expect(wrong.map((one) => one.file)).toEqual([]);
  });

  it('has no network and no child process', () => {
    const wrong = files.filter((one) =>
      importsOf(one).some((target) => /^node:(?:https?|net|tls|dns|dgram|child_process)$/.test(target)),
    );
    expect(wrong.map((one) => one.file)).toEqual([]);
  });

  it('prints, reads process and sets exit codes only on the roof', () => {
    const inRooms = files.filter((one) => one.file.includes('/') && roomOf(one.file) !== 'cli');
    const wrong = inRooms.filter((one) =>
      /\bconsole\.|\bprocess\.|\bglobalThis\.process/.test(withoutStrings(one.text)),
    );
    expect(wrong.map((one) => one.file)).toEqual([]);
  });

  it('starts every file with a comment, exports names only, and keeps files short', () => {
    expect(files.filter((one) => !one.text.startsWith('// ')).map((one) => one.file)).toEqual([]);
    expect(files.filter((one) => /^export default/m.test(one.text)).map((one) => one.file)).toEqual([]);
    expect(files.filter((one) => one.text.split('\n').length > 450).map((one) => one.file)).toEqual([]);
  });

  it('leaves no marks for later, and ties each approximation to a fixture', () => {
    const marks = files.filter((one) => /\b(?:TODO|FIXME|XXX|HACK)\b/.test(one.text));
    expect(marks.map((one) => one.file)).toEqual([]);
    const loose = files.flatMap((one) =>
      [...one.text.matchAll(/\/\/ (?:Unsound|Imprecise):[^\n]*(?:\n\/\/[^\n]*)*/g)].flatMap(([comment]) => {
        const fixture = /\((fixtures\/[\w/.-]+)\)/.exec(comment)?.[1];
        return fixture && existsSync(path.join(root, fixture)) ? [] : [`${one.file}: ${comment}`];
      }),
    );
    expect(loose).toEqual([]);
  });

  it('is described room by room in ARCHITECTURE.md', () => {
    const text = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
    expect(rooms.filter((room) => !text.includes(`\`${room}/\``))).toEqual([]);
  });
});

function withoutStrings(text: string): string {
  return text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\n])*'|`(?:\\.|[^`])*`/g, '');
}
