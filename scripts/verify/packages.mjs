// Packages as npm publishes them, unpacked into a folder outside of the repository. Their scripts never run, nor does their code.

import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The system's folder for caches. */
export function defaultCache() {
  const home = os.homedir();
  const folder =
    process.env['XDG_CACHE_HOME'] ??
    { darwin: path.join(home, 'Library', 'Caches'), win32: process.env['LOCALAPPDATA'] }[process.platform] ??
    path.join(home, '.cache');
  return path.join(folder, 'leakscan', 'packages');
}

/** What is published of a package, and the unpacked versions. */
export class Packages {
  /** @param folder where packages are kept; @param today the date that makes a list of versions outdated */
  constructor(folder, today) {
    this.folder = folder;
    this.today = today;
    this.known = new Map();
    mkdirSync(path.join(folder, 'unpacked'), { recursive: true });
    mkdirSync(path.join(folder, 'versions'), { recursive: true });
  }

  /** The newest version, then the newest of each earlier major, then those that were only ever tried out. */
  candidates(name) {
    let found = this.known.get(name);
    if (found) return found;
    const { latest, versions } = this.published(name);
    const sorted = versions.map(parseVersion).sort((a, b) => compare(b, a));
    const majors = new Map();
    for (const one of sorted) {
      const key = `${one.numbers[0]} ${one.isPreview}`;
      if (!majors.has(key)) majors.set(key, one);
    }
    const rest = [...majors.values()].sort((a, b) => Number(a.isPreview) - Number(b.isPreview) || compare(b, a));
    found = [...new Set([latest, ...rest.map((one) => one.text)])].filter((one) => one !== undefined).slice(0, 7);
    this.known.set(name, found);
    return found;
  }

  published(name) {
    const file = path.join(this.folder, 'versions', `${name.replaceAll('/', '+')}.json`);
    const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    if (kept?.date === this.today) return kept;
    let said;
    try {
      said = JSON.parse(npm(['view', name, 'versions', 'dist-tags', '--json'], this.folder));
    } catch {
      said = { versions: [], 'dist-tags': {} };
    }
    const published = { date: this.today, latest: said['dist-tags']?.latest, versions: [said.versions ?? []].flat() };
    writeFileSync(file, JSON.stringify(published));
    return published;
  }

  /** A folder with this one package in its node_modules; what its types need is added by `link`. */
  place(name, version) {
    const folder = path.join(this.folder, 'placed', `${name.replaceAll('/', '+')}@${version}`);
    mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
    this.link(folder, name, version);
    return folder;
  }

  /** Puts a package beside the others of a folder; false where there is none. */
  link(folder, name, range) {
    const at = path.join(folder, 'node_modules', ...name.split('/'));
    if (lstatSync(at, { throwIfNoEntry: false })) return true;
    const unpacked = this.unpack(name, range);
    if (unpacked === undefined) return false;
    mkdirSync(path.dirname(at), { recursive: true });
    symlinkSync(unpacked, at, 'junction');
    return true;
  }

  unpack(name, range) {
    const at = (version) => path.join(this.folder, 'unpacked', `${name.replaceAll('/', '+')}@${version}`);
    if (existsSync(at(range))) return at(range);
    const work = path.join(this.folder, `work-${process.pid}`);
    rmSync(work, { recursive: true, force: true });
    mkdirSync(path.join(work, 'package'), { recursive: true });
    try {
      const [{ filename, version }] = JSON.parse(
        npm(['pack', `${name}@${range}`, '--json', '--ignore-scripts', '--pack-destination', work], work),
      );
      const target = at(version);
      if (existsSync(target)) return target;
      const tarball = path.join(work, filename.replace('@', '').replaceAll('/', '-'));
      execFileSync('tar', ['-xzf', tarball, '-C', path.join(work, 'package'), '--strip-components=1'], { stdio: 'ignore' });
      execFileSync('chmod', ['-R', 'u+rwX', path.join(work, 'package')]);
      renameSync(path.join(work, 'package'), target);
      return target;
    } catch {
      return undefined;
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
}

function npm(args, cwd) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 });
}

function parseVersion(text) {
  const [plain = '', preview] = text.split('+')[0]?.split(/-(.*)/) ?? [];
  return { text, numbers: plain.split('.').map(Number), preview: preview ?? '', isPreview: preview !== undefined };
}

function compare(a, b) {
  for (let i = 0; i < 3; i++) {
    const difference = (a.numbers[i] ?? 0) - (b.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(b.isPreview) - Number(a.isPreview) || a.preview.localeCompare(b.preview, 'en', { numeric: true });
}
