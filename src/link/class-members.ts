// What a member of a class is, asked of its instances, its prototype or itself: looked up in the class and its bases, and again
// when a base becomes known or a prototype grows.

import { baseClassesOf } from './lineage.ts';
import type { Token } from './tokens.ts';
import type { LinkedClass, Tree } from './tree.ts';

/** What a found member is given to; the fields are those of what is asked. */
interface Finder {
  tokensOf(node: number): readonly Token[];
  addCopy(from: number, to: number): void;
  seed(node: number, token: Token): void;
  /** The node of what lies in a field of a token's objects. */
  fieldNode(object: Token, name: string): number;
}

interface Load {
  readonly name: string;
  readonly isStatic: boolean;
  readonly result: number;
}

/** Owned by one `PointsTo`. */
export class ClassMembers {
  private readonly tree: Tree;
  private readonly finder: Finder;
  /** Members that have been asked of a class. */
  private readonly loads = new Map<number, Load[]>();
  /** Classes to whose prototype something has been added. */
  private readonly grown = new Set<number>();
  /** Classes by the node of their base. */
  private readonly derived = new Map<number, number[]>();

  constructor(tree: Tree, finder: Finder) {
    this.tree = tree;
    this.finder = finder;
    tree.classes.forEach(({ base }, cls) => {
      if (base >= 0) this.derived.set(base, [...(this.derived.get(base) ?? []), cls]);
    });
  }

  load(cls: number, name: string, isStatic: boolean, result: number): void {
    const known = this.loads.get(cls);
    if (known) known.push({ name, isStatic, result });
    else this.loads.set(cls, [{ name, isStatic, result }]);
    this.find(cls, { name, isStatic, result });
  }

  /** A class has come into this node, which may be the base of others: `class Letter extends withFigure(Page)`. */
  baseIsKnown(node: number): void {
    for (const cls of this.derived.get(node) ?? []) this.findAgain(cls);
  }

  /** Something has been put into the prototype of a class. */
  growPrototype(cls: number): void {
    if (this.grown.has(cls)) return;
    this.grown.add(cls);
    this.findAgain(cls);
  }

  /** Prototypes of a class and its bases that have members of their own. */
  grownPrototypes(cls: number): Token[] {
    return [cls, ...this.baseClasses(cls)].flatMap((one) =>
      this.grown.has(one) ? { kind: 'prototype', cls: one } : [],
    );
  }

  /** The class and its bases, as far as they are known, nearest first. */
  lineage(cls: number): LinkedClass[] {
    return [cls, ...this.baseClasses(cls)].flatMap((one) => this.tree.classes[one] ?? []);
  }

  baseClasses(cls: number): number[] {
    return baseClassesOf(this.tree, cls, (node) => this.finder.tokensOf(node));
  }

  private findAgain(derived: number): void {
    for (const [cls, loads] of this.loads) {
      if (cls !== derived && !this.baseClasses(cls).includes(derived)) continue;
      for (const load of loads) this.find(cls, load);
    }
  }

  private find(cls: number, { name, isStatic, result }: Load): void {
    const { tree, finder } = this;
    for (const { members } of this.lineage(cls)) {
      const own = members.filter((each) => each.name === name && each.isStatic === isStatic);
      const getter = own.find((each) => each.kind === 'get');
      if (getter) return finder.addCopy(tree.functions[getter.func]?.ret ?? -1, result);
      const member = own.find((each) => each.kind === 'method');
      if (member && member.decorated >= 0) return finder.addCopy(member.decorated, result);
      if (member) return finder.seed(result, { kind: 'function', func: member.func });
    }
    if (!isStatic)
      for (const prototype of this.grownPrototypes(cls)) finder.addCopy(finder.fieldNode(prototype, name), result);
    // Fields that a base class's methods or constructor set on `this`.
    for (const base of this.baseClasses(cls))
      finder.addCopy(finder.fieldNode({ kind: isStatic ? 'class' : 'instance', cls: base }, name), result);
  }
}
