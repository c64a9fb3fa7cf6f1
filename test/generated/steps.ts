// The steps that generated flows are made of. Each writes a few lines of one mechanism and says what its results hold,
// as JavaScript has it; a step that finds nothing to work on writes nothing.

import type { Held, Shape } from './shapes.ts';
import {
  box,
  clean,
  freeze,
  insideOf,
  join,
  leaks,
  list,
  looseList,
  map,
  object,
  promise,
  text,
  thunk,
} from './shapes.ts';
import type { Unit } from './unit.ts';

/** Three seeds; every choice of a step is made with one of them, so that a smaller seed is a simpler step. */
export interface Seeds {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

type Step = (unit: Unit, seeds: Seeds) => void;

const fieldNames = ['page', 'line', 'head', 'tail'] as const;
const fieldName = (seed: number): string => fieldNames[seed % fieldNames.length] ?? 'page';
const otherName = (seed: number): string => fieldName(seed + 1);
const isText = ({ shape }: Held): boolean => shape.kind === 'text';
const isLeak = (shape: Shape): boolean => leaks(shape) === true;

/** Instances that a closure sees are not told apart (fixtures/flows/mutation/through-results.js). */
const isCapturable = ({ shape }: Held): boolean => shape.kind !== 'box' && insideOf(shape).every(isCapturableShape);
const isCapturableShape = (shape: Shape): boolean => isCapturable({ expression: '', shape });

/** Two values, the second different from the first where there is more than one. */
function two(unit: Unit, { a, b }: Seeds): readonly [Held, Held] | undefined {
  const first = unit.any(a);
  const second = unit.any(b, (held) => held.expression !== first?.expression);
  return first && second && [first, second];
}

/** Two texts, the first of them often the datum. */
function twoTexts(unit: Unit, { a, b }: Seeds): readonly [Held, Held] | undefined {
  const first = unit.any(a, isText);
  const second = unit.any(b, (held) => isText(held) && held.expression !== first?.expression);
  return first && second && [first, second];
}

const strings = {
  template(unit, { a }) {
    const held = unit.any(a, isText);
    if (held) unit.bind(`\`Dear Ada, $\{${held.expression}}\``, held.shape);
  },
  concat(unit, seeds) {
    const both = twoTexts(unit, seeds);
    if (both) unit.bind(both.map((one) => one.expression).join(' + '), text(both.some((one) => isLeak(one.shape))));
  },
  method(unit, { a, b }) {
    const held = unit.any(a, isText);
    const call = ['.trim()', '.toUpperCase()', '.padEnd(40)', ".concat('.')"][b % 4] ?? '';
    if (held) unit.bind(`${held.expression}${call}`, held.shape);
  },
  json(unit, { a }) {
    const held = unit.any(a, ({ shape }) => leaks(shape) !== undefined);
    if (held) unit.bind(`JSON.stringify(${held.expression})`, text(isLeak(held.shape)));
  },
  answer(unit, { a, b }) {
    const held = unit.any(a, isText);
    const about = [(of: string) => `typeof ${of}`, (of: string) => `(${of} === 'hello' ? 'yes' : 'no')`][b % 2];
    if (held && about) unit.bind(about(held.expression), clean);
  },
} satisfies Record<string, Step>;

const barriers = {
  sanitizer(unit, { a }) {
    const held = unit.any(a, isText);
    if (held) unit.bind(`sanitizer_mask(${held.expression})`, clean);
  },
  sanitizedInPlace(unit, { a }) {
    const held = unit.any(a, isText);
    if (!held) return;
    const name = unit.fresh();
    unit.line(`let ${name} = ${held.expression};`, `${name} = sanitizer_mask(${name});`);
    unit.keep(name, clean);
  },
  sanitizedSometimes(unit, { a }) {
    const held = unit.any(a, isText);
    if (!held) return;
    const name = unit.fresh();
    unit.line(`let ${name} = ${held.expression};`, `if (__ask()) ${name} = sanitizer_mask(${name});`);
    unit.keep(name, held.shape);
  },
  guard(unit, { a, b }) {
    const found = unit.any(a, isText);
    if (!found) return;
    const { expression, shape } = unit.own(found);
    if (b % 2 === 0) unit.bind(`isSafe(${expression}) ? ${expression} : 'hidden'`, clean);
    else unit.bind(`isSafe(${expression}) ? 'hidden' : ${expression}`, shape);
  },
} satisfies Record<string, Step>;

const variables = {
  copy(unit, { a }) {
    const held = unit.any(a);
    if (held) unit.bind(held.expression, held.shape);
  },
  overwrite(unit, seeds) {
    const both = twoTexts(unit, seeds);
    if (!both) return;
    const name = unit.fresh();
    unit.line(`let ${name} = ${both[0].expression};`);
    unit.sink(name, isLeak(both[0].shape));
    unit.line(`${name} = ${both[1].expression};`);
    // A variable that a closure sees has no order (fixtures/flows/closures/order.js): closures see the copy.
    unit.bind(name, both[1].shape);
  },
  swap(unit, seeds) {
    const both = twoTexts(unit, seeds);
    if (!both) return;
    const [first, second] = [unit.fresh(), unit.fresh()];
    unit.line(`let [${first}, ${second}] = [${both[0].expression}, ${both[1].expression}];`);
    unit.line(`[${first}, ${second}] = [${second}, ${first}];`);
    unit.keep(first, both[1].shape);
    unit.keep(second, both[0].shape);
  },
} satisfies Record<string, Step>;

// A variable that a branch sets to one of two values, and that is then given to a call, ties the two together
// (fixtures/flows/generated/chosen-then-passed.js, chosen-then-changed.js): each way sets a text of its own, made of the value.
const own = ({ expression }: Held): string => `\`$\{${expression}}.\``;

const branches = {
  oneWay(unit, seeds) {
    const both = twoTexts(unit, seeds);
    const shape = both && join(both[0].shape, both[1].shape);
    if (!both || !shape) return;
    const name = unit.fresh();
    unit.line(`let ${name} = ${own(both[0])};`);
    unit.line(`if (__ask()) {`, `  ${name} = ${own(both[1])};`, '}');
    unit.keep(name, shape);
  },
  bothWays(unit, seeds) {
    const both = twoTexts(unit, seeds);
    if (!both) return;
    const name = unit.fresh();
    unit.line(`let ${name} = ${both[0].expression};`, `if (__ask()) ${name} = 'hello';`);
    unit.line(`else ${name} = ${both[1].expression};`);
    unit.keep(name, both[1].shape);
  },
  chosen(unit, { a, b }) {
    const first = unit.any(a);
    const second = unit.any(b, (held) => first !== undefined && join(first.shape, held.shape) !== undefined);
    const shape = first && second && join(first.shape, second.shape);
    if (!shape) return;
    freeze(first.shape);
    freeze(second.shape);
    unit.bind(`__ask() ? ${first.expression} : ${second.expression}`, shape);
  },
  fallback(unit, seeds) {
    const both = twoTexts(unit, seeds);
    const shape = both && join(both[0].shape, both[1].shape);
    if (both && shape) unit.bind(`(__ask() && ${both[0].expression}) || ${both[1].expression}`, shape);
  },
  switched(unit, seeds) {
    const both = twoTexts(unit, seeds);
    const shape = both && join(both[0].shape, both[1].shape);
    if (!both || !shape) return;
    const name = unit.fresh();
    unit.line(`let ${name} = 'hello';`, 'switch (__ask()) {', '  case true:');
    unit.line(`    ${name} = ${own(both[0])};`, '    break;', '  default:');
    unit.line(`    ${name} = ${own(both[1])};`, '}');
    unit.keep(name, shape);
  },
  thrown(unit, { a }) {
    const held = unit.any(a, isText);
    if (!held) return;
    const name = unit.fresh();
    unit.line(`let ${name} = 'hello';`, 'try {', `  throw new Error(${held.expression});`, '} catch (error) {');
    unit.line(`  ${name} = error.message;`, '}');
    unit.keep(name, held.shape);
  },
  repeated(unit, { a }) {
    const held = unit.any(a, isText);
    if (!held) return;
    const name = unit.fresh();
    unit.line(`let ${name} = '';`, 'for (let at = 0; at < 2; at++) {', `  ${name} += ${held.expression};`, '}');
    unit.keep(name, held.shape);
  },
  carried(unit, { a }) {
    // The datum needs two rounds: it is in `next` after the first, in `name` after the second.
    const held = unit.any(a, isText);
    if (!held) return;
    const [name, next] = [unit.fresh(), unit.fresh()];
    unit.line(`let ${name} = 'hello';`, `let ${next} = 'hello';`, `for (const round of [1, 2]) {`);
    unit.line(`  ${name} = round + ${next};`, `  ${next} = ${held.expression};`, '}');
    unit.keep(name, held.shape);
  },
} satisfies Record<string, Step>;

const objects = {
  literal(unit, seeds) {
    const both = two(unit, seeds);
    if (!both) return;
    const [first, second] = [fieldName(seeds.c), otherName(seeds.c)];
    const [one, other] = both;
    unit.bind(
      `{ ${first}: ${one.expression}, ${second}: ${other.expression} }`,
      object({ [first]: one.shape, [second]: other.shape }),
    );
  },
  ladder(unit, seeds) {
    const both = two(unit, seeds);
    if (!both) return;
    let [{ expression, shape }] = both;
    for (let depth = 0; depth < 1 + (seeds.c % 6); depth++) {
      const name = fieldName(depth);
      expression = `{ ${name}: ${expression}, note: ${depth === 0 ? both[1].expression : "'hello'"} }`;
      shape = object({ [name]: shape, note: depth === 0 ? both[1].shape : clean });
    }
    unit.bind(expression, shape);
  },
  copied(unit, { a, b, c }) {
    const held = unit.of('object', a);
    const put = unit.any(b);
    if (!held || !put) return;
    const name = fieldName(c);
    const fields = Object.fromEntries(held.shape.fields);
    if (c % 2 === 0) unit.bind(`{ ...${held.expression} }`, object(fields));
    else unit.bind(`{ ...${held.expression}, ${name}: ${put.expression} }`, object({ ...fields, [name]: put.shape }));
  },
  assigned(unit, { a, b }) {
    // Object.assign does not override (fixtures/flows/objects/built-ins.js): only a new field is added.
    const name = 'added';
    const held = unit.of('object', a, ({ fields }) => !fields.has(name));
    const put = unit.any(b);
    if (!held || !put) return;
    unit.bind(
      `Object.assign({}, ${held.expression}, { ${name}: ${put.expression} })`,
      object({ ...Object.fromEntries(held.shape.fields), [name]: put.shape }),
    );
  },
  destructured(unit, { a, b }) {
    const held = unit.of('object', a, (shape) => shape.fields.size > 0);
    const [name, part] = held ? ([...held.shape.fields][b % held.shape.fields.size] ?? []) : [];
    if (!held || !name || !part) return;
    const [taken, rest] = [unit.fresh(), unit.fresh()];
    unit.line(`const { ${name}: ${taken} = 'hello', ...${rest} } = ${held.expression};`);
    unit.keep(taken, part);
    unit.keep(rest, object(Object.fromEntries([...held.shape.fields].filter(([other]) => other !== name))));
  },
  written(unit, { a, b, c }) {
    const held = unit.of('object', a, (shape) => !shape.isFrozen);
    const put = unit.any(b, ({ shape }) => held !== undefined && !holds(shape, held.shape));
    if (!held || !put) return;
    const name = fieldName(c);
    unit.line(`${held.expression}.${name} = ${put.expression};`);
    held.shape.fields.set(name, put.shape);
  },
  filled(unit, { a, b }) {
    // What stood in the field would be overwritten too (fixtures/flows/generated/filled.js).
    const held = unit.of('object', a, (shape) => !shape.isFrozen && !shape.fields.has('page'));
    const put = unit.any(b, ({ shape }) => held !== undefined && !holds(shape, held.shape));
    if (!held || !put) return;
    unit.line(`${unit.helper('fill')}(${held.expression}, ${put.expression});`);
    held.shape.fields.set('page', put.shape);
  },
  entries(unit, { a }) {
    const held = unit.of('object', a, (shape) => [...shape.fields.values()].every((part) => part.kind === 'text'));
    if (!held) return;
    unit.bind(`Object.values(${held.expression}).join()`, text(isLeak(held.shape)));
    unit.bind(`Object.keys(${held.expression}).join()`, clean);
  },
} satisfies Record<string, Step>;

const lists = {
  pair(unit, seeds) {
    const both = two(unit, seeds);
    if (both) unit.bind(`[${both[0].expression}, ${both[1].expression}]`, list(both[0].shape, both[1].shape));
  },
  listCopied(unit, { a, b }) {
    const held = unit.of('list', a);
    const put = unit.any(b);
    if (held && put) unit.bind(`[...${held.expression}, ${put.expression}]`, looseList(...held.shape.items, put.shape));
  },
  listDestructured(unit, { a }) {
    // The rest keeps what the first one held (fixtures/flows/destructuring/rests.js): only a clean one is taken off.
    const held = unit.of(
      'list',
      a,
      ({ items, isLoose }) => !isLoose && items[0] !== undefined && leaks(items[0]) === false,
    );
    if (!held) return;
    const [first, rest] = [unit.fresh(), unit.fresh()];
    unit.line(`const [${first}, ...${rest}] = ${held.expression};`);
    unit.keep(first, held.shape.items[0] ?? clean);
    unit.keep(rest, looseList(...held.shape.items.slice(1)));
  },
  pushed(unit, { a }) {
    // A second push would count as written to what the first one gave (fixtures/flows/generated/pushed.js).
    const held = unit.any(a);
    if (!held) return;
    const lines = unit.bind("['hello']", looseList(clean, held.shape));
    unit.line(`${lines.expression}.push(${held.expression});`);
    lines.shape.isFrozen = true;
  },
  mapped(unit, { a, b }) {
    const held = unit.of('list', a, ({ items }) => items.every((item) => item.kind === 'text'));
    if (!held) return;
    const shape = text(isLeak(held.shape));
    if (b % 3 === 0) unit.bind(`${held.expression}.map((one) => \`<$\{one}>\`).join()`, shape);
    else if (b % 3 === 1) unit.bind(`${held.expression}.reduce((sum, one) => sum + one, '')`, shape);
    else unit.bind(`${held.expression}.map(() => 'hello').join()`, clean);
  },
  projected(unit, { a, b, c }) {
    const [one, other] = [unit.any(a, isText), unit.any(b, isText)];
    if (!one || !other) return;
    // Nobody changes the rows afterwards, and nothing else is in them (fixtures/flows/generated/mapped-then-changed.js).
    const rows = unit.own({
      expression: `[{ page: ${own(one)}, line: ${own(other)} }, { page: 'hello', line: 'hello' }]`,
      shape: clean,
    });
    const [name, shape] = c % 2 === 0 ? ['page', one.shape] : ['line', other.shape];
    unit.bind(`${rows.expression}.map((row) => row.${name}).join()`, shape);
  },
  walked(unit, { a, b }) {
    const held = unit.of('list', a, ({ items }) => items.every((item) => item.kind === 'text'));
    if (!held) return;
    const name = unit.fresh();
    unit.line(`let ${name} = '';`);
    if (b % 2 === 0) unit.line(`for (const one of ${held.expression}) ${name} += one;`);
    else unit.line(`${held.expression}.forEach((one) => {`, `  ${name} += one;`, '});');
    unit.keep(name, text(isLeak(held.shape)));
  },
  mapBuilt(unit, seeds) {
    const both = two(unit, seeds);
    if (!both) return;
    const [one, other] = both;
    unit.bind(
      `new Map([['page', ${one.expression}], ['line', ${other.expression}]])`,
      map({ page: one.shape, line: other.shape }),
    );
  },
  mapSet(unit, { a, b, c }) {
    const held = unit.of('map', a, (shape) => !shape.isFrozen);
    const put = unit.any(b, ({ shape }) => held !== undefined && !holds(shape, held.shape));
    if (!held || !put) return;
    const key = fieldName(c);
    unit.line(`${held.expression}.set('${key}', ${put.expression});`);
    held.shape.entries.set(key, put.shape);
  },
} satisfies Record<string, Step>;

const calls = {
  called(unit, { a, b, c }) {
    const [one, other] = [unit.any(a), unit.any(b)];
    if (!one || !other) return;
    const names = ['pass', 'relay', 'second', 'pack', 'both', 'forget', 'descend', 'frame'] as const;
    const name = names[c % names.length] ?? 'pass';
    const call = (...given: readonly string[]): string => `${unit.helper(name)}(${given.join(', ')})`;
    if (name === 'second') unit.bind(call(one.expression, other.expression), other.shape);
    else if (name === 'pack') unit.bind(call(one.expression), object({ page: one.shape, note: clean }));
    else if (name === 'both') unit.bind(call(one.expression, other.expression), list(one.shape, other.shape));
    else if (name === 'forget') unit.bind(call(one.expression), clean);
    else if (name === 'descend') unit.bind(call('2', one.expression), one.shape);
    else if (name === 'frame')
      unit.bind(call(one.expression, other.expression), looseList(clean, one.shape, other.shape));
    else unit.bind(call(one.expression), one.shape);
  },
  unpacked(unit, { a }) {
    const held = unit.of('object', a, ({ fields }) => fields.has('page'));
    if (held) unit.bind(`${unit.helper('unpack')}(${held.expression})`, held.shape.fields.get('page') ?? clean);
  },
  greeted(unit, { a }) {
    const held = unit.any(a, isText);
    if (held) unit.bind(`${unit.helper('greet')}(${held.expression})`, held.shape);
  },
  chosenInside(unit, { a, b }) {
    const [one, other] = [unit.any(a, isText), unit.any(b, isText)];
    const shape = one && other && join(one.shape, other.shape);
    if (shape) unit.bind(`${unit.helper('choose')}(${one.expression}, ${other.expression})`, shape);
  },
  applied(unit, { a, b }) {
    const held = unit.any(a, isText);
    if (!held) return;
    const task = ['(one) => `<$' + '{one}>`', unit.helper('greet'), unit.helper('forget')][b % 3] ?? '';
    unit.bind(`${unit.helper('apply')}(${task}, ${held.expression})`, b % 3 === 2 ? clean : held.shape);
  },
  atOnce(unit, { a }) {
    const held = unit.any(a);
    if (held) unit.bind(`((value) => value)(${held.expression})`, held.shape);
  },
  withDefault(unit, { a, b }) {
    const held = unit.any(a, isCapturable);
    if (!held) return;
    const { expression, shape } = unit.named(held);
    if (b % 2 === 0) unit.bind(`((value = ${expression}) => value)()`, shape);
    else unit.bind(`((value = ${expression}) => value)('hello')`, clean);
  },
} satisfies Record<string, Step>;

const closures = {
  captured(unit, { a }) {
    const held = unit.any(a, isCapturable);
    if (held) unit.bind(`() => ${unit.named(held).expression}`, thunk(held.shape));
  },
  kept(unit, { a }) {
    const held = unit.any(a, isCapturable);
    if (held) unit.bind(`${unit.helper('keep')}(${held.expression})`, thunk(held.shape));
  },
  handedBack(unit, { a, b }) {
    const found = unit.any(a, isText);
    if (!found) return;
    const held = unit.named(found);
    const name = unit.fresh();
    unit.line(`let ${name} = 'hello';`);
    const [helper, parameters] = b % 2 === 0 ? (['hand', 'one'] as const) : (['answer', 'problem, one'] as const);
    unit.line(`${unit.helper(helper)}(${held.expression}, (${parameters}) => {`, `  ${name} = one;`, '});');
    unit.keep(name, held.shape);
  },
  methods(unit, seeds) {
    const both = two(unit, seeds)
      ?.map((one) => unit.named(one))
      .filter(isCapturable);
    const [one, other] = both ?? [];
    if (!one || !other) return;
    unit.bind(
      `{ page: () => ${one.expression}, line: () => ${other.expression} }`,
      object({ page: thunk(one.shape), line: thunk(other.shape) }),
    );
  },
} satisfies Record<string, Step>;

const classes = {
  made(unit, { a, b }) {
    const held = unit.any(a);
    if (held) unit.bind(`new ${unit.helper(b % 2 === 0 ? 'Box' : 'Shelf')}(${held.expression})`, box(held.shape));
  },
  boxPut(unit, { a, b }) {
    const held = unit.of('box', a, (shape) => !shape.isFrozen);
    const put = unit.any(b, ({ shape }) => held !== undefined && !holds(shape, held.shape));
    if (!held || !put) return;
    unit.line(`${held.expression}.put(${put.expression});`);
    held.shape.held = put.shape;
  },
} satisfies Record<string, Step>;

const promises = {
  resolved(unit, { a, b }) {
    const held = unit.any(a, (one) => one.shape.kind !== 'promise' && isCapturable(one));
    if (!held) return;
    const { expression, shape } = unit.own(held);
    const made = [
      `Promise.resolve(${expression})`,
      `(async () => ${expression})()`,
      `new Promise((resolve) => resolve(${expression}))`,
      `${unit.helper('later')}(${expression})`,
    ][b % 4];
    if (made) unit.bind(made, promise(shape));
  },
  awaited(unit, { a }) {
    const held = unit.of('promise', a);
    if (held) unit.bind(`await ${held.expression}`, held.shape.value);
  },
  chained(unit, { a, b }) {
    const held = unit.of('promise', a, ({ value }) => value.kind === 'text');
    if (!held) return;
    const next = ['(one) => `<$' + '{one}>`', "() => 'hello'", 'async (one) => one'][b % 3];
    unit.bind(`${held.expression}.then(${next})`, b % 3 === 1 ? promise(clean) : held.shape);
  },
  together(unit, seeds) {
    const both = two(unit, seeds);
    if (!both || both.some(({ shape }) => shape.kind === 'promise')) return;
    // A value and a part of it, given to one function (fixtures/flows/generated/given-with-its-element.js).
    if (both.some(({ shape }) => shape.kind !== 'text')) return;
    const [first, second] = [unit.fresh(), unit.fresh()];
    const given = both.map(({ expression }) => `${unit.helper('later')}(${expression})`).join(', ');
    unit.line(`const [${first}, ${second}] = await Promise.all([${given}]);`);
    unit.keep(first, both[0].shape);
    unit.keep(second, both[1].shape);
  },
} satisfies Record<string, Step>;

const sinks = {
  sent(unit, { a, b }) {
    const held = unit.payload(a, b % 2 === 0);
    if (held) unit.sink(held.expression, held.isLeak);
  },
  sentInside(unit, { a, b, c }) {
    const held = unit.payload(a, b % 2 === 0);
    if (!held) return;
    const wrap = [`{ text: ${held.expression} }`, `['hello', ${held.expression}]`, `{ a: { b: ${held.expression} } }`];
    unit.sink(wrap[c % 3] ?? '', held.isLeak);
  },
  sentByHelper(unit, { a, b }) {
    const held = unit.payload(a, b % 2 === 0);
    if (held) unit.sink(held.expression, held.isLeak, '', unit.helper('send'));
  },
  sentInCallback(unit, { a, b, c }) {
    const held = unit.payload(a, b % 2 === 0);
    if (!held) return;
    const { expression } = unit.named(held);
    const starts = [
      `[${expression}].forEach((one) => {`,
      `${unit.helper('hand')}(${expression}, (one) => {`,
      `await Promise.resolve(${expression}).then((one) => {`,
    ];
    unit.line(starts[c % starts.length] ?? '');
    unit.sink('one', held.isLeak, '  ');
    unit.line('});');
  },
  sentInClosure(unit, { a, b }) {
    const held = unit.payload(a, b % 2 === 0);
    if (!held) return;
    const { expression } = unit.own(held);
    const name = unit.fresh();
    unit.line(`const ${name} = () => {`);
    unit.sink(expression, held.isLeak, '  ');
    unit.line('};', `${name}();`);
  },
  sentGuarded(unit, { a }) {
    const found = unit.any(a, isText);
    if (!found) return;
    const { expression, shape } = unit.own(found);
    unit.line(`if (isSafe(${expression})) {`);
    unit.sink(expression, false, '  ');
    unit.line('} else {');
    unit.sink(expression, isLeak(shape), '  ');
    unit.line('}');
  },
  sentAfterReturn(unit, { a }) {
    const found = unit.any(a, isText);
    if (!found) return;
    const { expression, shape } = unit.own(found);
    unit.line('(() => {', `  if (!isSafe(${expression})) {`);
    unit.sink(expression, isLeak(shape), '    ');
    unit.line('    return;', '  }');
    unit.sink(expression, false, '  ');
    unit.line('})();');
  },
} satisfies Record<string, Step>;

/** True when `part` is somewhere in the value: putting it there would tie a knot. */
function holds(shape: Shape, part: Shape): boolean {
  return shape === part || insideOf(shape).some((one) => holds(one, part));
}

export const steps = {
  ...strings,
  ...barriers,
  ...variables,
  ...branches,
  ...objects,
  ...lists,
  ...calls,
  ...closures,
  ...classes,
  ...promises,
  ...sinks,
} satisfies Record<string, Step>;

export type StepName = keyof typeof steps;
export const stepNames = Object.keys(steps) as StepName[];
