// Plans → programs: files of one module style whose sink calls are annotated with what is true of them.

import type { SourceFile } from '../../src/model/input.ts';
import type { Declared, HelperName, Placed } from './helpers.ts';
import { declare, formNames, helperNames, nameOf, needsOf } from './helpers.ts';
import type { Seeds, StepName } from './steps.ts';
import { steps } from './steps.ts';
import { Unit } from './unit.ts';

export const moduleStyles = ['esm', 'esmSpace', 'cjs', 'cjsSpace', 'cjsExports'] as const;
export type ModuleStyle = (typeof moduleStyles)[number];

export interface PlannedStep extends Seeds {
  readonly step: StepName;
}

/** All choices of one program; a part left out, or a smaller number, is a smaller program. */
export interface Plan {
  readonly style: ModuleStyle;
  /** How many files stand beside the main one. */
  readonly libraries: number;
  /** The main file takes its helpers from one file that gives the others on. */
  readonly hasBarrel: boolean;
  /** Form and file of the helpers, taken in turn. */
  readonly places: readonly { readonly form: number; readonly file: number }[];
  readonly units: readonly (readonly PlannedStep[])[];
}

export interface Program {
  readonly files: readonly SourceFile[];
  /** What is sent by the sink of each number. */
  readonly truth: ReadonlyMap<number, boolean>;
}

export function compose(plan: Plan): Program {
  const truth = new Map<number, boolean>();
  const used = new Set<HelperName>();
  const placedOf = (name: HelperName): Placed => {
    const place = plan.places[helperNames.indexOf(name) % Math.max(1, plan.places.length)] ?? { form: 0, file: 0 };
    const file = place.file % (plan.libraries + 1);
    // A file takes only from files after it, so that there are no cycles.
    const files = needsOf(name).map((needed) => placedOf(needed).file);
    return { form: formNames[place.form % formNames.length] ?? 'declaration', file: Math.min(file, ...files) };
  };
  const refer = (name: HelperName, from: number): string => {
    const { file } = placedOf(name);
    const isMember = isSpace(plan.style) && from === 0 && file > 0;
    return `${isMember ? `${spaceOf(plan.hasBarrel ? 'letters' : `tools-${file}`)}.` : ''}${nameOf(name, placedOf(name))}`;
  };
  const use = (name: HelperName): string => {
    for (const needed of needsOf(name)) use(needed);
    used.add(name);
    return refer(name, 0);
  };
  const number = (leaks: boolean): number => {
    truth.set(truth.size + 1, leaks);
    return truth.size;
  };
  const units = plan.units.map((planned, at) => {
    const unit = new Unit({ helper: use, number });
    for (const { step, ...seeds } of planned) steps[step](unit, seeds);
    return [`async function unit${at + 1}() {`, ...unit.lines.map((line) => `  ${line}`), '}', ''];
  });
  const declared = helperNames
    .filter((name) => used.has(name))
    .map((name) => {
      const place = placedOf(name);
      const { exported, lines } = declare(name, place, (other) => refer(other, place.file));
      return { name, file: place.file, exported, lines, needs: needsOf(name) };
    });
  const files = fileTexts(plan, units, declared);
  return { files: files.map(({ path, lines }) => ({ path, text: `${lines.join('\n')}\n` })), truth };
}

/** A helper that is used, in its file. */
interface Standing extends Declared {
  readonly name: HelperName;
  readonly file: number;
  readonly needs: readonly HelperName[];
}

interface FileLines {
  readonly path: string;
  readonly lines: readonly string[];
}

function fileTexts(
  plan: Plan,
  units: readonly (readonly string[])[],
  declared: readonly Standing[],
): readonly FileLines[] {
  const { style, hasBarrel } = plan;
  const libraries = [...new Set(declared.map((one) => one.file))].filter((file) => file > 0).sort();
  const exportsOf = (file: number): readonly string[] =>
    declared.flatMap((one) => (one.file === file ? [one.exported] : []));
  const main = [
    ...(hasBarrel && libraries.length > 0
      ? imports(style, 'letters', libraries.flatMap(exportsOf))
      : libraries.flatMap((file) => imports(style, `tools-${file}`, exportsOf(file)))),
    '',
    ...declared.flatMap((one) => (one.file === 0 ? [...one.lines, ''] : [])),
    ...units.flat(),
    ...exporting(
      style,
      units.map((_, at) => `unit${at + 1}`),
    ),
  ];
  const others = libraries.map((file) => {
    const here = declared.filter((one) => one.file === file);
    const wanted = new Set(here.flatMap((one) => one.needs));
    const foreign = declared.filter((one) => wanted.has(one.name) && one.file !== file);
    const lines = [
      ...foreign.flatMap((one) => imports(plain(style), `tools-${one.file}`, [one.exported])),
      '',
      ...here.flatMap((one) => [...one.lines, '']),
      ...exporting(
        style,
        here.map((one) => one.exported),
      ),
    ];
    return { path: `tools-${file}.js`, lines };
  });
  const barrel =
    hasBarrel && libraries.length > 0 ? [{ path: 'letters.js', lines: givingOn(style, libraries, exportsOf) }] : [];
  return [{ path: 'main.js', lines: main }, ...barrel, ...others];
}

const isEsm = (style: ModuleStyle): boolean => style === 'esm' || style === 'esmSpace';
const isSpace = (style: ModuleStyle): boolean => style === 'esmSpace' || style === 'cjsSpace';
const plain = (style: ModuleStyle): ModuleStyle => (isEsm(style) ? 'esm' : 'cjs');
const spaceOf = (module: string): string => module.replace('-', '');

function imports(style: ModuleStyle, module: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const list = `{ ${names.join(', ')} }`;
  switch (style) {
    case 'esm':
      return [`import ${list} from './${module}.js';`];
    case 'esmSpace':
      return [`import * as ${spaceOf(module)} from './${module}.js';`];
    case 'cjsSpace':
      return [`const ${spaceOf(module)} = require('./${module}.js');`];
    case 'cjs':
    case 'cjsExports':
      return [`const ${list} = require('./${module}.js');`];
    default: {
      const rest: never = style;
      return rest;
    }
  }
}

function exporting(style: ModuleStyle, names: readonly string[]): readonly string[] {
  if (isEsm(style)) return [`export { ${names.join(', ')} };`];
  if (style === 'cjsExports') return names.map((name) => `exports.${name} = ${name};`);
  return [`module.exports = { ${names.join(', ')} };`];
}

function givingOn(
  style: ModuleStyle,
  libraries: readonly number[],
  exportsOf: (file: number) => readonly string[],
): readonly string[] {
  const modules = libraries.map((file) => ({ file, path: `./tools-${file}.js` }));
  if (style === 'esm') return modules.map(({ path }) => `export * from '${path}';`);
  if (style === 'esmSpace') {
    return modules.map(({ file, path }) => `export { ${exportsOf(file).join(', ')} } from '${path}';`);
  }
  return [`module.exports = { ${modules.map(({ path }) => `...require('${path}')`).join(', ')} };`];
}
