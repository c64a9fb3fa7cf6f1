// The texts that a key may have (an event name, a path, a job's name), followed backwards through variables, fields and callers.

import { anyElement, nodeKinds } from '../model/flow-graph.ts';
import { fieldBefore, isLeftOut, moveOfLabel, placesMeet } from '../model/list-places.ts';
import { programOps } from '../model/program.ts';
import type { Incoming } from './incoming.ts';
import type { Tree } from './tree.ts';

/** A key of which nothing is known. */
export const anyKey = '*';

const maxVisits = 120;
const maxTexts = 8;

interface Visit {
  readonly node: number;
  readonly path: readonly string[];
}

/** Texts of a value below some fields; `*` stands for unknown parts, and `[anyKey]` is the answer when an end is unknown. */
export function keyTexts(tree: Tree, incoming: Incoming, node: number, path: readonly string[]): readonly string[] {
  const texts = new Set<string>();
  const seen = new Set<string>();
  const queue: Visit[] = [];
  const visit = (next: Visit): void => {
    const key = `${next.node}/${next.path.join('.')}`;
    if (seen.has(key)) return;
    seen.add(key);
    queue.push(next);
  };
  visit({ node, path });
  for (let at = 0; at < queue.length; at++) {
    const one = queue[at];
    if (!one || at >= maxVisits || texts.size > maxTexts) return [anyKey];
    const text = one.path.length === 0 ? tree.textOf(one.node) : undefined;
    if (text !== undefined) texts.add(text);
    else if (one.path.length === 0 && isSymbol(tree, one.node)) texts.add(`symbol ${one.node}`);
    else if (!expand(tree, incoming, one, visit)) return [anyKey];
  }
  return texts.size === 0 ? [anyKey] : [...texts];
}

function isSymbol(tree: Tree, node: number): boolean {
  return tree.kinds[node] === nodeKinds.call && tree.strings[tree.names[node] ?? 0] === 'Symbol';
}

// False when the value may be one that cannot be seen.
function expand(tree: Tree, incoming: Incoming, { node, path }: Visit, visit: (next: Visit) => void): boolean {
  const { edges } = tree;
  const [top, ...rest] = path;
  const offsets = incoming.of(node);
  const before = incoming.before(node);
  if (before >= 0) visit({ node: before, path });
  if (offsets.length === 0) return before >= 0 || !isOpen(tree, node, path.length > 0);
  for (const i of offsets) {
    const from = edges[i + 1] ?? 0;
    const label = tree.strings[edges[i + 3] ?? 0] ?? '';
    switch (edges[i]) {
      case programOps.copy:
      case programOps.guard:
      case programOps.fallback:
      case programOps.enter:
      case programOps.exit:
      case programOps.root:
        visit({ node: from, path });
        break;
      case programOps.inherit:
        if (top !== undefined) visit({ node: from, path });
        break;
      case programOps.except:
        if (!isLeftOut(label, top)) visit({ node: from, path });
        break;
      case programOps.move: {
        const before = top === undefined ? undefined : fieldBefore(moveOfLabel(label), top);
        if (top === undefined) return false;
        if (before !== undefined) visit({ node: from, path: [before, ...rest] });
        break;
      }
      case programOps.load:
        visit({ node: from, path: [label, ...path] });
        break;
      case programOps.store:
        if (top === undefined) return false;
        if (top === label || top === anyElement || label === anyElement || placesMeet(top, label))
          visit({ node: from, path: rest });
        break;
      case programOps.same:
      case programOps.absorb:
        break;
      default:
        return false;
    }
  }
  return true;
}

// A value that nothing in the tree gives. What is written out holds nothing but what is seen to be stored in it.
function isOpen(tree: Tree, node: number, isField: boolean): boolean {
  switch (tree.kinds[node]) {
    case nodeKinds.cell:
    case nodeKinds.value:
    case nodeKinds.variable:
    case nodeKinds.instance:
      return false;
    case nodeKinds.object:
    case nodeKinds.array:
    case nodeKinds.after:
      return !isField;
    default:
      return true;
  }
}

/** True when two keys may be the same one; `*` stands for any characters in both. */
export function mayBeEqual(left: string, right: string): boolean {
  if (left.startsWith(pathMark) && right.startsWith(pathMark))
    return endsMayBeEqual(left.slice(1).split('/'), right.slice(1).split('/'));
  if (!left.includes('*') || !right.includes('*')) {
    const [pattern, text] = left.includes('*') ? [left, right] : [right, left];
    return pattern.includes('*') ? fits(pattern, text) : pattern === text;
  }
  const [a, b] = [left.split('*'), right.split('*')];
  const [headA = '', headB = ''] = [a[0], b[0]];
  const [tailA = '', tailB = ''] = [a[a.length - 1], b[b.length - 1]];
  const isPrefix = headA.startsWith(headB) || headB.startsWith(headA);
  return isPrefix && (tailA.endsWith(tailB) || tailB.endsWith(tailA));
}

function fits(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const [head = '', ...others] = parts;
  const tail = others.pop() ?? '';
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  let at = head.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - tail.length) return false;
    at = found + part.length;
  }
  return true;
}

/** Marks a key that is compared as the end of a path. */
const pathMark = '~';

/**
 * A path or URL as a key: without scheme, host and query, unless the host is somebody else's; its parameters (`:id`, `{id}`) may be anything.
 * Two of them may be equal when the shorter one may be the end of the longer one.
 */
export function pathKey(text: string): string {
  if (text === anyKey) return anyKey;
  const host = /^[a-z]+:\/\/([^/:]*)/i.exec(text)?.[1] ?? '';
  if (/\.[a-z]+$/i.test(host)) return text;
  const parts = text
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .replace(/[?#].*$/, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map((part) => (/^[:{]/.test(part) ? '*' : part));
  return pathMark + parts.join('/');
}

function endsMayBeEqual(left: readonly string[], right: readonly string[]): boolean {
  const length = Math.min(left.length, right.length);
  let same = 0;
  for (let i = 1; i <= length; i++) {
    const [a = '', b = ''] = [left[left.length - i], right[right.length - i]];
    if (!mayBeEqual(a, b)) return false;
    if (a === b && a !== anyKey) same++;
  }
  return same > 0 || left.join('/') === right.join('/');
}
