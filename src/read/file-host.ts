// The only way to the disk. Opens regular files without following links and without blocking, up to a size;
// decodes UTF-8 and UTF-16.

import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs';

export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly reason: string };

export const maxFileBytes = 2_000_000;

/** Reads one file; never throws. */
export function readText(path: string, limit: number): FileText {
  const read = open(path, limit);
  return typeof read === 'string' ? { kind: 'failed', reason: read } : decode(read);
}

/** The bytes of one file; undefined where it cannot be read. */
export function readBytes(path: string, limit: number): Buffer | undefined {
  const read = open(path, limit);
  return typeof read === 'string' ? undefined : read;
}

// What is in a file, or why it is not read.
function open(path: string, limit: number): Buffer | string {
  let handle: number;
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return reasonOf(error);
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return 'not a regular file';
    if (stat.size > limit) return `larger than ${limit / 1_000_000} MB`;
    return readAll(handle, stat.size);
  } catch (error) {
    return reasonOf(error);
  } finally {
    closeSync(handle);
  }
}

function readAll(handle: number, size: number): Buffer {
  const buffer = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const read = readSync(handle, buffer, length, size - length, length);
    if (read === 0) break;
    length += read;
  }
  return buffer.subarray(0, length);
}

function decode(bytes: Buffer): FileText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { kind: 'text', text: new TextDecoder('utf-16le').decode(bytes) };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { kind: 'text', text: new TextDecoder('utf-16be').decode(bytes) };
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'failed', reason: 'neither UTF-8 nor UTF-16' };
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reasons: Record<string, string> = {
    ENOENT: 'does not exist',
    EACCES: 'no permission to read it',
    ELOOP: 'a symbolic link',
    EISDIR: 'a directory',
    ENXIO: 'not a regular file',
  };
  return reasons[code] ?? `cannot be read (${code || 'unknown error'})`;
}

/** What stands at a path; links are not followed. */
export function kindOfPath(path: string): 'file' | 'directory' | 'missing' | 'other' {
  try {
    const stat = lstatSync(path);
    if (stat.isFile()) return 'file';
    return stat.isDirectory() ? 'directory' : 'other';
  } catch {
    return 'missing';
  }
}

/** A path named on the command line, with its links resolved once; undefined when it does not exist. */
export function resolveRoot(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
