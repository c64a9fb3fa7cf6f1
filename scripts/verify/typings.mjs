// The published typings of one version of a package, as the TypeScript checker reads them.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const repository = path.resolve(import.meta.dirname, '..', '..');
const options = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  typeRoots: [path.join(repository, 'node_modules', '@types')],
  preserveSymlinks: true,
  esModuleInterop: true,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};
const maxRounds = 8;
/** All of Google's interfaces in one package take more memory than a check is worth; what rules name of it stands in others, too. */
const maxTypings = 60_000_000;

// The library and Node's types are the same for all packages.
const shared = new Map();
function sharingHost() {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) => {
    if (!file.startsWith(repository) && !file.includes('/node_modules/typescript/lib/')) return read(file, ...rest);
    if (!shared.has(file)) shared.set(file, read(file, ...rest));
    return shared.get(file);
  };
  return host;
}

/** What the typings of a package say; a value is a type, or a namespace by its symbol. */
export class Typings {
  /** @param modules the package and those below it that rules name: `telegraf`, `telegraf/scenes` */
  constructor(packages, name, version, modules) {
    this.name = name;
    this.version = version;
    this.folder = packages.place(name, version);
    const files = declarationsIn(path.join(this.folder, 'node_modules', name));
    const below = files.map(({ file }) => `${name}/${file.replace(/\.d\.ts$/, '')}`);
    /** Specifiers by what rules call them: `pkg/definition/*` is every file below that folder. */
    this.specifiers = new Map(modules.map((one) => [one, one.includes('*') ? below.filter(wildcard(one)) : [one]]));
    this.modules = [...new Set([...this.specifiers.values()].flat())];
    this.entry = path.join(this.folder, 'entry.ts');
    writeFileSync(this.entry, this.modules.map((one, i) => `import * as m${i} from '${one}';\n`).join(''));
    this.host = sharingHost();
    const isDeclared = (one) => {
      const resolved = ts.resolveModuleName(one, this.entry, options, this.host).resolvedModule;
      return resolved !== undefined && /\.d?\.?[cm]?ts$/.test(resolved.extension);
    };
    const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
    this.isTyped = size <= maxTypings && [name, ...this.modules].some(isDeclared);
    if (!this.isTyped) return;
    this.program = this.complete(packages);
    this.checker = this.program.getTypeChecker();
    this.file = this.program.getSourceFile(this.entry);
  }

  // Typings import those of other packages: each is fetched when it is met, in the version that its importer asks for.
  complete(packages) {
    const tried = new Set();
    let program;
    for (let round = 0; round < maxRounds; round++) {
      program = ts.createProgram([this.entry], options, this.host, program);
      const wanted = new Map();
      for (const file of program.getSourceFiles()) {
        if (!file.fileName.includes('/placed/') || file.fileName === this.entry) continue;
        for (const { fileName } of ts.preProcessFile(file.text, true, true).importedFiles) {
          const name = packageOf(fileName);
          if (name === undefined || tried.has(name)) continue;
          if (ts.resolveModuleName(fileName, file.fileName, options, this.host).resolvedModule) continue;
          tried.add(name);
          for (const [dependency, range] of dependenciesOf(file.fileName, name)) wanted.set(dependency, range);
        }
      }
      if (wanted.size === 0) break;
      packages.link(this.folder, wanted);
    }
    return program;
  }

  /** The module itself, and the objects that `new` makes of it. */
  module(module) {
    return (this.specifiers.get(module) ?? []).flatMap((one) => this.moduleAt(one));
  }

  moduleAt(specifier) {
    const symbol = this.moduleSymbol(specifier);
    if (!symbol) return [];
    const exported = this.checker.getExportsOfModule(symbol);
    const byDefault = exported.filter((one) => one.name === 'default').flatMap((one) => this.ofSymbol(one));
    const equals = symbol.exports?.get('export=');
    return [{ typings: this, symbol }, ...byDefault, ...(equals ? this.ofSymbol(equals) : [])];
  }

  /** What a module exports under a name. */
  exported(module, name) {
    return this.module(module).flatMap((one) => this.member(one, name));
  }

  /** Types that the package declares under this name and does not export. */
  declared(name) {
    const inPackage = `/node_modules/${this.name}/`;
    return this.program.getSourceFiles().flatMap((file) => {
      if (!file.fileName.includes(inPackage)) return [];
      const found = [];
      const visit = (node) => {
        if (ts.isModuleDeclaration(node) || ts.isModuleBlock(node)) ts.forEachChild(node, visit);
        if ((ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) && node.name?.text === name) {
          const symbol = this.checker.getSymbolAtLocation(node.name);
          if (symbol) found.push(...this.ofSymbol(symbol));
        }
      };
      ts.forEachChild(file, visit);
      return found;
    });
  }

  moduleSymbol(module) {
    const i = this.modules.indexOf(module);
    const statement = i < 0 ? undefined : this.file.statements[i];
    return statement && this.checker.getSymbolAtLocation(statement.moduleSpecifier);
  }

  ofSymbol(given) {
    const symbol = given.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(given) : given;
    const found = [];
    if (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) {
      found.push(this.checker.getDeclaredTypeOfSymbol(symbol));
    }
    if (symbol.flags & ts.SymbolFlags.Value) {
      const type = this.checker.getTypeOfSymbolAtLocation(symbol, this.file);
      found.push(type, ...type.getConstructSignatures().map((one) => one.getReturnType()));
    }
    const namespace = symbol.flags & ts.SymbolFlags.Namespace ? [{ typings: this, symbol }] : [];
    return [...namespace, ...found.map((type) => ({ typings: this, type }))];
  }

  /** A member; `*` stands for any characters, `[]` for an element. */
  member(of, name) {
    const matches = wildcard(name);
    if (of.symbol) {
      const symbols = this.checker.getExportsOfModule(of.symbol);
      return symbols.filter((one) => matches(one.name)).flatMap((one) => this.ofSymbol(one));
    }
    return this.parts(of.type).flatMap((type) => {
      if (name === '[]') return this.elements(type).map((one) => ({ typings: this, type: one }));
      const named = name.includes('*')
        ? this.checker.getPropertiesOfType(type).filter((one) => matches(one.name))
        : [this.checker.getPropertyOfType(type, name)].filter((one) => one !== undefined);
      const found = named.map((one) => this.checker.getTypeOfSymbolAtLocation(one, this.file));
      const index = found.length === 0 ? this.checker.getIndexTypeOfType(type, ts.IndexKind.String) : undefined;
      return [...found, ...(index ? [index] : [])].map((one) => ({ typings: this, type: one }));
    });
  }

  elements(type) {
    const number = this.checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    return number ? [number] : [];
  }

  signatures(of) {
    if (!of.type) return [];
    return this.parts(of.type).flatMap((type) => [...type.getCallSignatures(), ...type.getConstructSignatures()]);
  }

  /** What a call gives back. */
  result(of) {
    return this.signatures(of).map((one) => ({ typings: this, type: one.getReturnType() }));
  }

  /** The types at an argument's position; with `rest`, at this and all later ones. Empty where there is no such argument. */
  argument(signature, position, rest = false) {
    const { parameters } = signature;
    const found = [];
    const last = parameters.at(-1);
    const isOpen = last !== undefined && isRest(last);
    const count = isOpen ? parameters.length - 1 : parameters.length;
    const to = rest ? Math.max(count, position + 1) : position + 1;
    for (let i = position; i < to; i++) {
      if (i < count) found.push(this.checker.getTypeOfSymbolAtLocation(parameters[i], this.file));
    }
    if (isOpen && (rest || position >= count)) {
      const type = this.checker.getTypeOfSymbolAtLocation(last, this.file);
      for (const part of this.parts(type)) {
        if (this.checker.isTupleType(part)) {
          const all = this.checker.getTypeArguments(part);
          found.push(...(rest ? all : all.slice(position - count, position - count + 1)));
        } else found.push(...this.elements(part));
      }
      if (found.length === 0) found.push(this.checker.getAnyType());
    }
    return found;
  }

  /** The types that a type may be: of a union each, of a promise what it brings, of a parameter its bound. */
  parts(type, depth = 0) {
    if (depth > 6) return [type];
    if (type.isUnion()) return type.types.flatMap((one) => this.parts(one, depth + 1));
    const bound = this.checker.getBaseConstraintOfType(type);
    if (bound && bound !== type) return this.parts(bound, depth + 1);
    const awaited = this.checker.getAwaitedType(type);
    if (awaited && awaited !== type) return [type, ...this.parts(awaited, depth + 1)];
    return [this.checker.getApparentType(type)];
  }

  /** The class or interface that a type is an instance of. */
  declaredAs(type) {
    const isDeclared = type.symbol && (type.symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) !== 0;
    return isDeclared && (type.objectFlags & ts.ObjectFlags.Anonymous) === 0 ? type.symbol : undefined;
  }

  isAny(type) {
    return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
  }

  /** Nothing can be said of the fields of `any`, of `object`, and of what a type parameter decides. */
  hasNoFields(type) {
    return this.isAny(type) || (type.flags & ts.TypeFlags.Object && this.checker.getPropertiesOfType(type).length === 0)
      ? this.checker.getIndexInfosOfType(type).length === 0
      : (type.flags & (ts.TypeFlags.NonPrimitive | ts.TypeFlags.Instantiable)) !== 0;
  }
}

// The files of typings below a folder, by their paths.
function declarationsIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((one) => one.replaceAll('\\', '/'))
    .filter((one) => one.endsWith('.d.ts') && !/(^|\/)node_modules\//.test(one))
    .map((file) => ({ file, bytes: statSync(path.join(folder, file)).size }));
}

function isRest(symbol) {
  const declaration = symbol.valueDeclaration;
  return declaration !== undefined && ts.isParameter(declaration) && declaration.dotDotDotToken !== undefined;
}

/** `@slack/web-api` of `@slack/web-api/dist/x`; undefined for a file. */
export function packageOf(module) {
  if (module.startsWith('.') || module.startsWith('/') || module.startsWith('node:')) return undefined;
  const [first = '', second = ''] = module.split('/');
  return module.startsWith('@') ? `${first}/${second}` : first;
}

// The package of a file says which versions of another it needs, and under @types whether that one has types of its own.
function dependenciesOf(file, name) {
  const [, inside = ''] = /.*\/node_modules\/(.*)/.exec(file) ?? [];
  const root = path.join(file.slice(0, file.length - inside.length), packageOf(inside) ?? '');
  const manifest = path.join(root, 'package.json');
  if (!existsSync(manifest)) return [];
  const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
  const all = { ...optionalDependencies, ...peerDependencies, ...dependencies };
  const typed = `@types/${name.replace(/^@(.*)\//, '$1__')}`;
  return [name, typed].flatMap((one) => (isRange(all[one]) ? [[one, all[one]]] : []));
}

function isRange(text) {
  return typeof text === 'string' && !/[:/]/.test(text);
}

export function wildcard(pattern) {
  if (!pattern.includes('*')) return (text) => text === pattern;
  const parts = pattern.split('*').map((one) => one.replace(/[^\w]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`);
  return (text) => whole.test(text);
}
