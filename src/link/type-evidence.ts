// Declared types and telling parameter names → tokens, where nothing better is known.

import { memberPath } from '../model/api-path.ts';
import type { TypeNameRecord, TypeRecord } from '../model/flow-graph.ts';
import type { TypeRule } from '../model/rule.ts';
import type { PointsTo } from './points-to.ts';
import type { ShapeToken, Token } from './tokens.ts';
import type { Tree } from './tree.ts';

/** With more classes that extend one, an object of it is not taken for each of them. */
const maxHeirs = 8;

/** Types of the language whose methods the models know by their name. */
const builtIn = new Set(['Map', 'ReadonlyMap', 'WeakMap', 'Set']);

/** Says of written types what their members are; to be asked before anything is solved. */
export function seedShapes(tree: Tree, pointsTo: PointsTo): void {
  for (const { node, members } of tree.shapes.values()) {
    const token: Token = { kind: 'shape', node };
    pointsTo.seed(node, token);
    for (const { name, type } of members) pointsTo.addMember(token, name, type);
  }
  let firstClass = 0;
  tree.files.forEach((file, i) => {
    const offset = tree.bases[i] ?? 0;
    for (let at = 0; at < file.typed.length; at += 2)
      pointsTo.addCopy((file.typed[at + 1] ?? 0) + offset, (file.typed[at] ?? 0) + offset);
    for (const [cls, name, type] of file.declared)
      pointsTo.addMember({ kind: 'instance', cls: cls + firstClass }, name, type + offset);
    firstClass += file.classes.length;
  });
}

/** account: Account, ctx: Context  →  an instance of the class, or the package's type. */
export function seedTypes(tree: Tree, pointsTo: PointsTo): void {
  const heirs = heirsOf(tree, pointsTo);
  seedHeirs(tree, pointsTo, heirs);
  const classesByName = new Map<string, number[]>();
  tree.classes.forEach((cls, index) => {
    for (const name of [cls.name, ...cls.implemented])
      classesByName.set(name, [...(classesByName.get(name) ?? []), index]);
  });
  tree.files.forEach((file, i) => {
    const offset = tree.bases[i] ?? 0;
    for (const record of file.types) seedName(pointsTo, record, offset, classesByName, heirs);
    for (const record of file.typeNames) seedInner(pointsTo, record, offset);
  });
}

function seedName(
  pointsTo: PointsTo,
  record: TypeRecord,
  offset: number,
  classesByName: ReadonlyMap<string, readonly number[]>,
  heirs: ReadonlyMap<number, readonly number[]>,
): void {
  const node = record.node + offset;
  const [root = '', ...members] = record.name.split('.');
  if (record.base < 0 && builtIn.has(root)) pointsTo.seedPath(node, `global#${root.replace('Readonly', '')}`);
  let isKnown = false;
  for (const token of tokensOfName(pointsTo, record, offset)) {
    if (token.kind === 'shape') pointsTo.seed(node, token);
    else if (token.kind === 'class')
      for (const cls of [token.cls, ...(heirs.get(token.cls) ?? [])]) pointsTo.seed(node, { kind: 'instance', cls });
    else if (token.kind === 'api') pointsTo.seedPath(node, members.reduce(memberPath, token.path));
    // Of an interface its members are known, not what implements it.
    isKnown ||= token.kind === 'class' || token.kind === 'api';
  }
  const candidates = isKnown ? [] : (classesByName.get(root) ?? []);
  // An interface with a few implementations may be any of them.
  if (candidates.length <= 3) for (const cls of candidates) pointsTo.seed(node, { kind: 'instance', cls });
}

// Within a type only what packages make counts: every object of a class would see what is stored in any other.
function seedInner(pointsTo: PointsTo, record: TypeNameRecord, offset: number): void {
  const node = record.node + offset;
  if (record.of === 'value') return pointsTo.addCopy(record.base + offset, node);
  const [, ...members] = record.name.split('.');
  for (const token of tokensOfName(pointsTo, record, offset)) {
    if (token.kind === 'shape' && record.of === 'type') pointsTo.seed(node, token);
    if (token.kind !== 'api') continue;
    const path = members.reduce(memberPath, token.path);
    pointsTo.seedPath(node, record.of === 'result' ? `${path}()` : path);
  }
}

function tokensOfName(pointsTo: PointsTo, { base }: TypeRecord, offset: number): readonly Token[] {
  return base < 0 ? [] : [...pointsTo.tokensOf(base + offset), ...pointsTo.shapesOf(base + offset)];
}

/** const greet: Handler = (ctx) => …  →  the parameters of functions that are given a written type; `done` is what was seeded before. */
export function seedContextual(tree: Tree, pointsTo: PointsTo, done: Set<string>): void {
  const give = (shape: ShapeToken, tokens: readonly Token[]): void => {
    const params = tree.shapes.get(shape.node)?.params ?? [];
    for (const token of tokens) {
      if (token.kind !== 'function') continue;
      const given = tree.functions[token.func]?.params ?? [];
      params.forEach((type, i) => {
        const key = `typed:${type}:${given[i]}`;
        if (!done.has(key)) pointsTo.addCopy(type, given[i] ?? -1);
        done.add(key);
      });
    }
  };
  const visit = (node: number): void => {
    for (const shape of pointsTo.shapesOf(node)) {
      give(shape, pointsTo.tokensOf(node));
      for (const { name, type } of tree.shapes.get(shape.node)?.members ?? [])
        for (const member of pointsTo.shapesOf(type)) give(member, pointsTo.tokensInField(node, name));
    }
  };
  tree.files.forEach((file, i) => {
    const offset = tree.bases[i] ?? 0;
    for (const { node } of file.types) visit(node + offset);
    for (let at = 0; at < file.typed.length; at += 2) visit((file.typed[at] ?? 0) + offset);
  });
}

// Classes by those that they extend, of which nobody makes an object, as far as there are few.
function heirsOf(tree: Tree, pointsTo: PointsTo): ReadonlyMap<number, readonly number[]> {
  const heirs = new Map<number, number[]>();
  tree.classes.forEach((_, cls) => {
    for (const base of pointsTo.baseClasses(cls)) heirs.set(base, [...(heirs.get(base) ?? []), cls]);
  });
  for (const call of tree.calls) {
    for (const token of call.isNew ? pointsTo.tokensOf(call.callee) : [])
      if (token.kind === 'class') heirs.delete(token.cls);
  }
  for (const [base, classes] of heirs) if (classes.length > maxHeirs) heirs.delete(base);
  return heirs;
}

// abstract class Notifier { tell() { this.send(…) } }: whoever calls `tell`, `this` is of a class that extends this one.
function seedHeirs(tree: Tree, pointsTo: PointsTo, heirs: ReadonlyMap<number, readonly number[]>): void {
  for (const [base, classes] of heirs)
    for (const member of tree.classes[base]?.members ?? [])
      for (const cls of member.isStatic ? [] : classes)
        pointsTo.seed(tree.functions[member.func]?.self ?? -1, { kind: 'instance', cls });
}

/** (interaction) => …  →  a parameter of a telling name, in a tree that depends on the SDK, at low precision. */
export function seedParameters(
  tree: Tree,
  pointsTo: PointsTo,
  rules: readonly TypeRule[],
  packages: ReadonlySet<string>,
): void {
  const byName = new Map<string, TypeRule[]>();
  for (const rule of rules) {
    if (!packages.has(rule.package)) continue;
    for (const name of rule.params) byName.set(name, [...(byName.get(name) ?? []), rule]);
  }
  if (byName.size === 0) return;
  const types = new Set(rules.map((rule) => rule.type));
  const isKnown = (token: Token): boolean =>
    token.kind === 'instance' || (token.kind === 'api' && types.has(token.path));
  for (const func of tree.functions) {
    for (const param of func.params) {
      const found = byName.get(tree.strings[tree.names[param] ?? 0] ?? '');
      if (!found || pointsTo.tokensOf(param).some(isKnown)) continue;
      for (const rule of found) pointsTo.seedPath(param, rule.type);
    }
  }
}
