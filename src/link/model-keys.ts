// Fields and keys of the places of a model: `[key]` becomes the text of the argument `key`.

import type { Place } from '../model/api-path.ts';
import { keyOf } from '../model/api-path.ts';
import { anyElement, getterField, setterField } from '../model/flow-graph.ts';
import { anyKey, pathKey } from './key-text.ts';
import { computedField, fieldOfPart, isComputed } from './model-parts.ts';
import type { Binding, ModelState } from './model-places.ts';
import { callbacksOf, partOf, sourcesOf } from './model-places.ts';
import { fieldOfKey } from './shared.ts';

// The fields of a place; none as long as a key of it is not known.
export function fieldsOf(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  path: readonly string[],
  position: number,
): (readonly string[])[] {
  let paths: (readonly string[])[] = [[]];
  for (const field of path) {
    const key = keyOf(field);
    if (key !== undefined && isComputed(key)) {
      const one = computedField(state, index, names, key, position);
      if (one === undefined || one === 'later') return [];
      paths = paths.map((before) => [...before, one]);
      continue;
    }
    // Which of several instances an object is, the search asks in its own context.
    if (key?.startsWith('=')) {
      const [holder, ...others] = sourcesOf(state, index, names, placeOf(key.slice(1)));
      const one = keyedField(holder && others.length === 0 ? holder.node : -1);
      paths = paths.map((before) => [...before, one]);
      continue;
    }
    const texts =
      key === undefined
        ? [field]
        : textsOf(state, index, names, key.replace(/^[<>]?[*!.]?/, ''), position, formOf(key));
    if (texts.length === 0) return [];
    if (key?.startsWith('*')) paths = paths.flatMap((before) => texts.map((text) => [...before, fieldOfKey([text])]));
    else if (key?.startsWith('!'))
      paths = paths.map((before) => (texts.includes(anyKey) ? before : [...before, `!${texts.join('|')}`]));
    else if (key?.startsWith('<') || key?.startsWith('>')) {
      const nameOf = key.startsWith('<') ? setterField : getterField;
      paths = paths.flatMap((before) => texts.map((text) => [...before, nameOf(text)]));
    } else {
      const named = key === undefined ? field : fieldOfKey(texts);
      // A key that is one text here and another one there is told apart by who asks.
      const one = key !== undefined && named === anyElement ? keyedField(keyNode(state, index, names, key)) : named;
      // 'owner.name', 'rows[0].name'
      const parts =
        key?.startsWith('.') && named !== anyElement ? one.split(/[.[\]]+/).filter((part) => part !== '') : [one];
      paths = paths.map((before) => [...before, ...parts]);
    }
  }
  return paths;
}

// `*` for each of several names, `!` for all but these, and so on.
function formOf(key: string): string {
  return key.replace(/^[<>](?=[*!])/, '').charAt(0);
}

// The argument that is the key, where it is one.
function keyNode(state: ModelState, index: number, names: ReadonlyMap<string, Binding>, key: string): number {
  const binding = names.get(key);
  if (!binding || binding.rest || binding.parameter >= 0 || binding.field !== '') return -1;
  return state.graph.tree.calls[index]?.args[binding.argument] ?? -1;
}

function placeOf(root: string): Place {
  return { root, isReturn: false, isThrow: false, path: [] };
}

// A field of an element at an unknown key, which says where the key is.
function keyedField(key: number): string {
  return key < 0 ? anyElement : `${anyElement}${key}`;
}

/** A field of a path of `fieldsOf`, and the node of its key (-1 where the field is known, or its key is not). */
export function splitKeyed(field: string): { readonly field: string; readonly key: number } {
  const isKeyed = field.startsWith(anyElement) && field !== anyElement;
  if (!isKeyed) return { field: fieldOfPart(field), key: -1 };
  return { field: anyElement, key: Number(field.slice(anyElement.length)) };
}

// The keys that follow the name of a shared place, in all their combinations, and the fields below.
export function slotsOf(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  { path }: Place,
  position: number,
): { readonly keys: readonly string[]; readonly path: readonly string[] }[] {
  let combinations: (readonly string[])[] = [[]];
  const count = path.findIndex((field) => keyOf(field) === undefined);
  const keys = count < 0 ? path : path.slice(0, count);
  for (const field of keys) {
    const texts = textsOf(state, index, names, keyOf(field) ?? '', position);
    combinations = combinations.flatMap((before) => texts.map((text) => [...before, text]));
  }
  // An unknown name at an unknown object would be everything at once.
  if (keys[0]?.startsWith('[='))
    combinations = combinations.filter(([object, name = anyKey]) => object !== anyKey || name !== anyKey);
  return combinations.flatMap((one) =>
    fieldsOf(state, index, names, path.slice(keys.length), position).map((fields) => ({ keys: one, path: fields })),
  );
}

// The texts of a key: of an argument, of a field of the receiver, the identity of an object (`=this`), or the position among the values of a rest name.
function textsOf(
  state: ModelState,
  index: number,
  names: ReadonlyMap<string, Binding>,
  key: string,
  position: number,
  form = '',
): readonly string[] {
  if (key.startsWith("'")) return [key.slice(1, -1)];
  const isPath = key.startsWith('~');
  const [root = '', ...fields] = key.replace(/^[~=]/, '').split('.');
  const binding = names.get(root);
  const isList = form === '*' || form === '!';
  if (!isList && fields.length === 0 && (binding?.rest || binding?.restParameter)) return [String(position)];
  const holders = sourcesOf(state, index, names, placeOf(root));
  if (key.startsWith('=')) {
    const objects = holders.flatMap(({ node }) =>
      state.shared.identitiesOf(fields.reduce((part, field) => partOf(state, index, part, field), node)),
    );
    return objects.includes(anyKey) && !state.isLate ? [] : objects;
  }
  // map(rows, (row) => row.line): a function in the place of a name is no name.
  if (holders.length > 0 && holders.every(({ node }) => callbacksOf(state, node).length > 0)) return [];
  const texts = [...new Set(holders.flatMap(({ node }) => keysOf(state, node, fields, isList)))];
  if (texts.length === 0 || texts.includes(anyKey)) return state.isLate || texts.length === 0 ? [anyKey] : [];
  return isPath ? [...new Set(texts.map(pathKey))] : texts;
}

// The texts of a key, or of all elements of a list of keys; the names of an object's fields.
function keysOf({ shared }: ModelState, node: number, fields: readonly string[], isList: boolean): readonly string[] {
  const named = isList && fields.length === 0 ? shared.fieldsOf(node) : undefined;
  if (named) return named;
  const elements = isList && shared.keysAt(node, []).includes(anyKey) ? shared.elementsOf(node) : undefined;
  return elements ? elements.flatMap((element) => shared.keysAt(element, fields)) : shared.keysAt(node, fields);
}
