// Packages as npm publishes them, unpacked into a folder outside of the repository. Their scripts never run, nor does their code.

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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
    const file = path.join(folder, 'ranges.json');
    const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    /** Which version a range was found to mean today; '' for none, which is asked again the next time. */
    this.ranges = new Map(kept?.date === today ? Object.entries(kept.ranges) : []);
    mkdirSync(path.join(folder, 'unpacked'), { recursive: true });
    mkdirSync(path.join(folder, 'versions'), { recursive: true });
  }

  /** The newest version, then the newest of each major; a preview only where a major has nothing else. */
  candidates(name) {
    let found = this.known.get(name);
    if (found) return found;
    const { latest, versions } = this.published(name);
    const sorted = versions.map(parseVersion).sort((a, b) => compare(b, a));
    const majors = new Map();
    for (const one of sorted) {
      const [major] = one.numbers;
      if (!majors.has(major) || (majors.get(major).isPreview && !one.isPreview)) majors.set(major, one);
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
      // Not published, or no network: asked again the next time.
      return { latest: undefined, versions: [] };
    }
    const published = { date: this.today, latest: said['dist-tags']?.latest, versions: [said.versions ?? []].flat() };
    writeFileSync(file, JSON.stringify(published));
    return published;
  }

  /** A folder with this one package in its node_modules; what its types need is added by `link`. */
  place(name, version) {
    const folder = path.join(this.folder, 'placed', `${name.replaceAll('/', '+')}@${version}`);
    mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
    this.link(folder, new Map([[name, version]]));
    return folder;
  }

  /** Puts packages, given by the range of their versions, beside the others of a folder. */
  link(folder, ranges) {
    const absent = [...ranges].filter(([name]) => !lstatSync(inModules(folder, name), { throwIfNoEntry: false }));
    this.fetch(absent);
    for (const [name, range] of absent) {
      const unpacked = this.unpack(name, range);
      if (unpacked === undefined) continue;
      const at = inModules(folder, name);
      mkdirSync(path.dirname(at), { recursive: true });
      symlinkSync(unpacked, at, 'junction');
    }
  }

  /** The folder of a package's newest version in a range; undefined where none is published. */
  unpack(name, range) {
    if (!this.ranges.has(`${name}@${range}`)) this.fetch([[name, range]]);
    const version = this.ranges.get(`${name}@${range}`);
    return version ? this.unpackedAt(name, version) : undefined;
  }

  // Several at once: npm takes longer to start than to fetch. One that is not published fails all, and then each is asked for.
  fetch(pairs) {
    const open = pairs.filter(([name, range]) => !this.ranges.has(`${name}@${range}`));
    for (const [name, range] of open) {
      if (existsSync(this.unpackedAt(name, range))) this.ranges.set(`${name}@${range}`, range);
    }
    const wanted = open.filter(([name, range]) => !this.ranges.has(`${name}@${range}`));
    if (wanted.length === 0) return;
    const work = path.join(this.folder, `work-${process.pid}`);
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    try {
      const specs = wanted.map((pair) => pair.join('@'));
      const said = npm(['pack', ...specs, '--json', '--ignore-scripts', '--pack-destination', work], work);
      for (const [i, packed] of JSON.parse(said).entries()) {
        const [name, range] = wanted[i];
        this.extract(path.join(work, packed.filename.replace('@', '').replaceAll('/', '-')), name, packed.version);
        this.ranges.set(`${name}@${range}`, packed.version);
      }
    } catch {
      if (wanted.length === 1) this.ranges.set(wanted[0].join('@'), '');
      else for (const pair of wanted) this.fetch([pair]);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    const kept = { date: this.today, ranges: Object.fromEntries([...this.ranges].filter(([, one]) => one !== '')) };
    writeFileSync(path.join(this.folder, 'ranges.json'), JSON.stringify(kept));
  }

  extract(tarball, name, version) {
    const target = this.unpackedAt(name, version);
    if (existsSync(target)) return;
    const at = `${tarball}.unpacked`;
    mkdirSync(at);
    execFileSync('tar', ['-xzf', tarball, '-C', at, '--strip-components=1'], { stdio: 'ignore' });
    execFileSync('chmod', ['-R', 'u+rwX', at]);
    renameSync(at, target);
  }

  unpackedAt(name, version) {
    return path.join(this.folder, 'unpacked', `${name.replaceAll('/', '+')}@${version}`);
  }
}

function inModules(folder, name) {
  return path.join(folder, 'node_modules', ...name.split('/'));
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
