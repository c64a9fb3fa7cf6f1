// Functions and classes that all flows of a generated program share, each written in one of several forms in one file.
// That they are shared is the point: what one call hands in must not come out of another.

/** Parameters and body of each function; a name in `uses` is another helper that it calls. */
interface Helper {
  readonly parameters: string;
  readonly body: readonly string[];
  readonly isAsync?: boolean;
  readonly uses?: readonly HelperName[];
}

export const helperNames = [
  'pass',
  'relay',
  'second',
  'pack',
  'unpack',
  'apply',
  'later',
  'both',
  'choose',
  'fill',
  'keep',
  'hand',
  'answer',
  'descend',
  'greet',
  'forget',
  'send',
  'frame',
  'Box',
  'Shelf',
] as const;
export type HelperName = (typeof helperNames)[number];
type FunctionName = Exclude<HelperName, 'Box' | 'Shelf'>;

const functions: Readonly<Record<FunctionName, Helper>> = {
  pass: { parameters: 'value', body: ['return value;'] },
  relay: { parameters: 'value', body: ['const kept = {pass}(value);', 'return kept;'], uses: ['pass'] },
  second: { parameters: 'first, last', body: ['void first;', 'return last;'] },
  pack: { parameters: 'value', body: ["return { page: value, note: 'hello' };"] },
  unpack: { parameters: '{ page }', body: ['return page;'] },
  apply: { parameters: 'task, value', body: ['return task(value);'] },
  later: { parameters: 'value', body: ['await null;', 'return value;'], isAsync: true },
  both: { parameters: 'first, last', body: ['return [first, last];'] },
  choose: { parameters: 'first, last', body: ['if (__ask()) return first;', 'return last;'] },
  fill: { parameters: 'target, value', body: ['target.page = value;'] },
  keep: { parameters: 'value', body: ['return () => value;'] },
  hand: { parameters: 'value, done', body: ['done(value);'] },
  answer: { parameters: 'value, done', body: ['done(null, value);'] },
  descend: {
    parameters: 'count, value',
    body: ['if (count === 0) return value;', 'return {descend}(count - 1, value);'],
    uses: ['descend'],
  },
  greet: { parameters: 'line', body: ['return `Dear Ada, $' + '{line}`;'] },
  forget: { parameters: 'value', body: ['void value;', "return 'hello';"] },
  send: { parameters: 'number, value', body: ['__snk(number, value);'] },
  frame: { parameters: '...lines', body: ["return ['hello', ...lines];"] },
};

export const formNames = ['declaration', 'arrow', 'expression', 'method', 'static'] as const;
export type FormName = (typeof formNames)[number];

/** Where a helper stands and how it is written. */
export interface Placed {
  readonly form: FormName;
  readonly file: number;
}

export interface Declared {
  /** The name that is declared, and exported when another file wants it. */
  readonly exported: string;
  readonly lines: readonly string[];
}

/** The expression that names a helper. */
export function nameOf(name: HelperName, { form }: Placed): string {
  if (name === 'Box' || name === 'Shelf') return name;
  if (form === 'method') return `${name}Tools.${name}`;
  if (form === 'static') return `${capital(name)}Tools.${name}`;
  return name;
}

/** All that one helper needs, itself first. */
export function needsOf(name: HelperName): readonly HelperName[] {
  if (name === 'Shelf') return ['Box'];
  if (name === 'Box') return [];
  return (functions[name].uses ?? []).filter((one) => one !== name);
}

/** `refer` writes the name of another helper, as the file that the helper stands in sees it. */
export function declare(name: HelperName, { form }: Placed, refer: (used: HelperName) => string): Declared {
  if (name === 'Box') {
    const take = ['  take() {', '    return this.held;', '  }'];
    const put = ['  put(value) {', '    this.held = value;', '  }'];
    const start = ['  constructor(value) {', '    this.held = value;', '  }'];
    return { exported: name, lines: ['class Box {', ...start, ...put, ...take, '}'] };
  }
  if (name === 'Shelf') {
    const start = ['  constructor(value) {', '    super(value);', "    this.label = 'hello';", '  }'];
    return { exported: name, lines: [`class Shelf extends ${refer('Box')} {`, ...start, '}'] };
  }
  const { parameters, body: template, isAsync } = functions[name];
  const body = template.map((line) => line.replace(/\{(pass|descend)\}/g, (_, used: HelperName) => refer(used)));
  const word = isAsync ? 'async ' : '';
  const inner = body.map((line) => `  ${line}`);
  const deeper = inner.map((line) => `  ${line}`);
  switch (form) {
    case 'declaration':
      return { exported: name, lines: [`${word}function ${name}(${parameters}) {`, ...inner, '}'] };
    case 'arrow':
      return { exported: name, lines: [`const ${name} = ${word}(${parameters}) => {`, ...inner, '};'] };
    case 'expression':
      return { exported: name, lines: [`const ${name} = ${word}function (${parameters}) {`, ...inner, '};'] };
    case 'method': {
      const owner = `${name}Tools`;
      const lines = [`const ${owner} = {`, `  ${word}${name}(${parameters}) {`, ...deeper, '  },', '};'];
      return { exported: owner, lines };
    }
    case 'static': {
      const owner = `${capital(name)}Tools`;
      const lines = [`class ${owner} {`, `  static ${word}${name}(${parameters}) {`, ...deeper, '  }', '}'];
      return { exported: owner, lines };
    }
    default: {
      const rest: never = form;
      return rest;
    }
  }
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
