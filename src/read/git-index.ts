// Which files git keeps: a file that is committed is part of the bot, whatever .gitignore says of its name.
// Source: gitformat-index(5), versions 2 to 4.

import path from 'node:path';
import { kindOfPath, readBytes, readText } from './file-host.ts';

const maxIndexBytes = 64_000_000;
const headerLength = 12;
/** Times, device, owner, size; then the object's name and the flags. */
const statLength = 40;
const sha1Length = 20;
const extendedFlag = 0x4000;

/** What git says of the files below a folder. */
export type GitFiles =
  /** The folder is in no repository: what lies there was put there. */
  | { readonly kind: 'none' }
  /** A repository whose index cannot be read. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'tracked'; readonly files: ReadonlySet<string> };

/** Looks for the repository around a folder; paths are relative to the folder, '/'. Never throws. */
export function gitFiles(root: string): GitFiles {
  for (let top = root; ; top = path.dirname(top)) {
    const folder = gitFolder(top);
    if (folder !== undefined) return trackedBelow(folder, path.relative(top, root).split(path.sep).join('/'));
    if (top === path.dirname(top)) return { kind: 'none' };
  }
}

// `.git` is a folder, or in a worktree or submodule a file that names one.
function gitFolder(top: string): string | undefined {
  const at = path.join(top, '.git');
  if (kindOfPath(at) === 'directory') return at;
  const link = readText(at, 10_000);
  const [, named] = link.kind === 'text' ? (/^gitdir: (.+)/.exec(link.text) ?? []) : [];
  return named === undefined ? undefined : path.resolve(top, named);
}

function trackedBelow(folder: string, below: string): GitFiles {
  const bytes = readBytes(path.join(folder, 'index'), maxIndexBytes);
  const names = bytes && namesOf(bytes);
  if (!names) return { kind: 'unknown' };
  const prefix = below === '' ? '' : `${below}/`;
  return {
    kind: 'tracked',
    files: new Set(names.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))),
  };
}

/** The paths in an index; undefined for bytes that are none. */
export function namesOf(bytes: Buffer): string[] | undefined {
  if (bytes.length < headerLength || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return undefined;
  const names: string[] = [];
  let at = headerLength;
  let name = '';
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const start = at;
    at += statLength + sha1Length;
    if (at + 4 > bytes.length) return undefined;
    at += (bytes.readUInt16BE(at) & extendedFlag) !== 0 && version > 2 ? 4 : 2;
    let kept = '';
    if (version === 4) {
      const [dropped, next] = offsetAt(bytes, at);
      if (dropped > name.length) return undefined;
      kept = name.slice(0, name.length - dropped);
      at = next;
    }
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    // Bytes, since what a name shares with the one before it may end within a character.
    name = kept + bytes.toString('latin1', at, end);
    names.push(Buffer.from(name, 'latin1').toString('utf8'));
    at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7);
  }
  return names;
}

// A number in the encoding of pack files' offsets, and where it ends.
function offsetAt(bytes: Buffer, start: number): [value: number, end: number] {
  let at = start;
  let byte = bytes[at++] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0 && at < bytes.length) {
    byte = bytes[at++] ?? 0;
    value = (value + 1) * 0x80 + (byte & 0x7f);
  }
  return [value, at];
}
