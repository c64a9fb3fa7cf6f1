// A report → a file: written beside it and renamed, so that the file is old or new and never half.

import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { LeakscanError } from '../model/diagnostic.ts';

/** Writes a report. @throws LeakscanError when the target is not a plain file or cannot be written. */
export function writeOutput(file: string, text: string): void {
  if (file === '') throw new LeakscanError('a file name is missing after "="');
  const kind = kindOf(file);
  if (kind !== 'file' && kind !== 'missing') throw new LeakscanError(`${file} is ${kind}, not a file to write to`);
  const beside = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new LeakscanError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

function kindOf(file: string): 'file' | 'missing' | 'a directory' | 'a link' | 'a special file' {
  try {
    const stat = lstatSync(file);
    if (stat.isFile()) return 'file';
    if (stat.isDirectory()) return 'a directory';
    return stat.isSymbolicLink() ? 'a link' : 'a special file';
  } catch {
    return 'missing';
  }
}
