// Declared types and telling parameter names → tokens, where nothing better is known.

import { memberPath } from '../model/api-path.ts';
import type { TypeRule } from '../model/rule.ts';
import type { PointsTo, Token } from './points-to.ts';
import type { Tree } from './tree.ts';

/** With more classes that extend one, an object of it is not taken for each of them. */
const maxHeirs = 8;

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
    for (const record of file.types) {
      const node = record.node + offset;
      const [root = '', ...members] = record.name.split('.');
      let isKnown = false;
      for (const token of record.base < 0 ? [] : pointsTo.tokensOf(record.base + offset)) {
        if (token.kind === 'class') {
          for (const cls of [token.cls, ...(heirs.get(token.cls) ?? [])])
            pointsTo.seed(node, { kind: 'instance', cls });
          isKnown = true;
        } else if (token.kind === 'api') {
          pointsTo.seedPath(node, members.reduce(memberPath, token.path));
          isKnown = true;
        }
      }
      const candidates = isKnown ? [] : (classesByName.get(root) ?? []);
      // An interface with a few implementations may be any of them.
      if (candidates.length <= 3) for (const cls of candidates) pointsTo.seed(node, { kind: 'instance', cls });
    }
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
