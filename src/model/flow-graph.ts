// One file's values and how they move, as plain serialisable data: what `extract` makes and `link` joins.
// Rule-independent: nothing here knows a source from a sink, so a rule edit never invalidates a stored graph.

/** Kinds of nodes; the numbers are part of the stored format. */
export const nodeKinds = {
  /** A value without a name of its own. */
  value: 0,
  /** One assignment of a local variable (SSA), or a merge of several. */
  variable: 1,
  parameter: 2,
  /** The value of `this` on entry of a function. */
  self: 3,
  /** A field read; the name is the field. */
  member: 4,
  call: 5,
  literal: 6,
  template: 7,
  function: 8,
  class: 9,
  object: 10,
  array: 11,
  /** A module brought in; the name is the specifier, `*` where it is computed. */
  import: 12,
  /** A name that no scope of the file declares. */
  global: 13,
  /** A variable that several functions share: all of its assignments, in no order. */
  cell: 14,
  /** An object after a call or an assignment that may have changed it. */
  after: 15,
  /** What a function gives back, or throws. */
  return: 16,
  /** What the module exports. */
  exports: 17,
  /** All instances of a class. */
  instance: 18,
} as const;

/** Kinds of edges, from a value to the place it reaches. `label` is a string index, a call index or 0. */
export const edgeOps = {
  /** to = from, on a way on which tests were passed (label: index in `ways`; 0 for any way). */
  copy: 0,
  /** The content takes part in a new value: template, `+`, formatting. */
  derive: 1,
  /** to = from.label */
  load: 2,
  /** to.label = from */
  store: 3,
  /** A copy without the fields of the label (separated by `|`). */
  except: 4,
  /** A copy on the branch where the call (label: index of the call) is true. */
  guard: 5,
  /** A default: a copy where the caller gives no argument at that position (label; -1 for a part of a pattern). */
  fallback: 6,
  /** Both mean the same objects, but no value moves: for the call graph only. */
  same: 7,
  /** From an object after a call to what may be the same object: what the call changed of it, not what it kept. */
  changed: 8,
  /** Elements of one list at other places of another one; the label says which (`list-places.ts`). */
  move: 9,
  /** `to` is another object, which has what `from` has where a field is not its own: its prototype. */
  inherit: 10,
} as const;

/** The label of an element at an unknown index or of a field with an unknown key. */
export const anyElement = '[]';

/** The field of a map that holds its values by their keys. */
export const mapValues = '~values';

/** The field of an object that holds the names of its fields, where they are computed: no element, but part of it as a whole. */
export const computedNames = '~names';

/** The field of a promise that holds what it fails with. */
export const promiseFailure = '~failure';

/** The field that `[Symbol.iterator]` and `[Symbol.asyncIterator]` name. */
export const iteratorField = '~iterator';

/** The field that `[Symbol.toPrimitive]` names: how an object becomes a text or a number. */
export const primitiveField = '~primitive';

/** The fields of a generator's object that hold what it returns, what `next(v)` gives it (a list, by the place of the yield), and what is thrown in. */
export const generatorFields = { returned: '~returned', given: '~given', thrown: '~thrown' } as const;

/** The fields of a proxy that hold its target, and what its handler does when a field is read or written. */
export const proxyFields = { target: '~target', get: '~trapGet', set: '~trapSet' } as const;

/** The field of an object that holds the setter of another field. */
export function setterField(name: string): string {
  return `~set ${name}`;
}

/** The field of an object that holds the getter of another field. */
export function getterField(name: string): string {
  return `~get ${name}`;
}

/** A field beside a value: no element, and no part of the value as a whole (`~values` of a map, `~failure` of a promise). */
export function isAside(field: string): boolean {
  return field.startsWith('~');
}

export interface FunctionRecord {
  /** Index in the string table; 0 for none. */
  readonly name: number;
  /** The node of the function value. */
  readonly node: number;
  /** The lexically enclosing function; -1 for the module body. */
  readonly parent: number;
  readonly params: readonly number[];
  /** Index of a rest parameter, or -1. */
  readonly rest: number;
  /** The node of `arguments`, or -1. */
  readonly all: number;
  readonly ret: number;
  readonly thrown: number;
  readonly self: number;
  /** `this` and the parameters as they are when the function ends; -1 where they are never changed. */
  readonly selfAfter: number;
  readonly paramsAfter: readonly number[];
  /** Variables of the function around it that each call hands over, and what they are at the end (-1: unchanged). */
  readonly handedIn: readonly number[];
  readonly handedOut: readonly number[];
  /** Index of the class whose member this is, or -1. */
  readonly cls: number;
  /** Calls about the first parameter that are true wherever the function's answer is. */
  readonly answers: readonly number[];
  /** In a generator's body, the object that a call of it gives (kind `self`); -1 where the function is no generator. */
  readonly generator: number;
  readonly isAsync: boolean;
  readonly isArrow: boolean;
  readonly start: number;
  readonly end: number;
}

export interface CallRecord {
  /** The result. */
  readonly node: number;
  /** The called value; -1 for `super(…)` without a known base. */
  readonly callee: number;
  /** The object before the last dot, or -1. */
  readonly receiver: number;
  /** Method or function name (string index); 0 for none. */
  readonly name: number;
  readonly args: readonly number[];
  /** Indices of the spread arguments. */
  readonly spreads: readonly number[];
  readonly isNew: boolean;
  /** The receiver and the arguments after the call; -1 where nothing of the file can see a change. */
  readonly receiverAfter: number;
  readonly argsAfter: readonly number[];
  /** The function whose `handedIn` and `handedOut` the next two line up with, or -1. */
  readonly handedTo: number;
  readonly handed: readonly number[];
  readonly handedAfter: readonly number[];
  /** Where an exception of the callee arrives. */
  readonly caught: number;
  /** The tests passed on the way to it (index in `ways`). */
  readonly way: number;
  readonly owner: number;
}

export interface ClassMember {
  readonly name: number;
  readonly func: number;
  readonly isStatic: boolean;
  /** `field`: an arrow function as a field, whose `this` is the instance. */
  readonly kind: 'method' | 'get' | 'set' | 'field';
  /** What decorators put in the method's place, or -1. */
  readonly decorated: number;
}

/** What stands in a method's place after one decorator: what it returned, what it left in the descriptor, or the method as before. */
export interface DecorationRecord {
  readonly node: number;
  readonly returned: number;
  readonly described: number;
  readonly before: number;
}

export interface ClassRecord {
  readonly name: number;
  readonly node: number;
  /** The base class's value, or -1. */
  readonly base: number;
  /** Function index of the constructor (made up where there is none). */
  readonly ctor: number;
  readonly members: readonly ClassMember[];
  readonly instance: number;
  /** Names of implemented interfaces. */
  readonly implemented: readonly string[];
}

/** A module brought in by `import`, `export … from`, `require` or `import()`. */
export interface ImportRecord {
  readonly node: number;
  /** `*` stands for computed parts; '' when nothing of it is constant. */
  readonly specifier: string;
  /** The value that the specifier is computed from; -1 where it is a constant. */
  readonly computed: number;
  /** `export * from`: what the file exports itself goes before it. */
  readonly isStar: boolean;
  /** Brought in by `require`, which may pick another entry of a package than `import`. */
  readonly isRequire: boolean;
}

/** What was decided on the way to a place: a value that stays as it is was true, or equal to a constant, or was not. */
export interface TestRecord {
  /** The value that was tested. */
  readonly subject: number;
  /** The constant (string index of `type:text`) that it was compared with; 0 where it was asked whether it is true. */
  readonly constant: number;
  readonly holds: boolean;
  /** Later tests of the same value within one run of the function give the same answer. */
  readonly isKept: boolean;
}

/** A string built of texts and values, in order; numbers are nodes. */
export interface TemplateRecord {
  readonly node: number;
  readonly parts: readonly (string | number)[];
}

/** The declared type name of a value, stripped of Promise, Array and the like: `Account`, `Telegraf.Context`. */
export interface TypeRecord {
  readonly node: number;
  readonly name: string;
  /** The node of the value that the name's first part stands for (an import or a class), or -1. */
  readonly base: number;
}

/** How many elements a list has, if the calls that made these versions of it change nothing. */
export interface LengthRecord {
  readonly node: number;
  readonly length: number;
  readonly relies: readonly number[];
}

/** A list that is written out, with others spread in it. */
export interface ListRecord {
  readonly node: number;
  readonly parts: readonly number[];
  /** Indices of the parts that are spread. */
  readonly spreads: readonly number[];
}

/** { ...a, x, ...b }  →  what comes into an object from `from` is hidden by the fields that one of the later ones has. */
export interface OverlayRecord {
  readonly node: number;
  readonly from: number;
  readonly later: readonly number[];
}

/** A variable that a loop changes: its value on entry of a turn, before the loop, at the end of a turn, and after the loop. */
export interface LoopHead {
  readonly node: number;
  readonly before: number;
  readonly back: number;
  readonly exit: number;
}

/** for (element of list) … */
export interface LoopRecord {
  readonly list: number;
  readonly element: number;
  readonly heads: readonly LoopHead[];
}

/** Members of an interface, type alias or class, as written. */
export interface DeclarationRecord {
  readonly name: string;
  readonly members: readonly string[];
  /** The declared type of each member, in short: `number`, `Money`, `enum` for a choice of constants; '' for none. */
  readonly types: readonly string[];
  /** True for a member that a tag or its type calls sensitive. */
  readonly tags: readonly boolean[];
}

export interface FileGraph {
  readonly file: string;
  readonly lineStarts: readonly number[];
  readonly lines: number;
  /** String table; index 0 is ''. */
  readonly strings: readonly string[];
  /** One entry a node in each of the five. `nodeNames` and `nodeOwners` index `strings` and `functions`. */
  readonly nodeKinds: readonly number[];
  readonly nodeStarts: readonly number[];
  readonly nodeEnds: readonly number[];
  readonly nodeNames: readonly number[];
  readonly nodeOwners: readonly number[];
  /** Groups of four: op, from, to, label. */
  readonly edges: readonly number[];
  /** Index 0 is the module body. */
  readonly functions: readonly FunctionRecord[];
  readonly calls: readonly CallRecord[];
  readonly classes: readonly ClassRecord[];
  /** Inner decorators first. */
  readonly decorations: readonly DecorationRecord[];
  readonly imports: readonly ImportRecord[];
  readonly loops: readonly LoopRecord[];
  readonly templates: readonly TemplateRecord[];
  readonly types: readonly TypeRecord[];
  /** Of receivers and spread arguments, where they are known. */
  readonly lengths: readonly LengthRecord[];
  readonly lists: readonly ListRecord[];
  readonly overlays: readonly OverlayRecord[];
  /** Cells of variables that each turn of a loop has anew. */
  readonly turnCells: readonly number[];
  readonly declarations: readonly DeclarationRecord[];
  /** The node of what the module exports. */
  readonly exports: number;
  readonly isModule: boolean;
  /** Pairs: the node of a thing and the string index of its constant text (literals, folded templates with `*`). */
  readonly texts: readonly number[];
  /** Pairs: what is read from, or stored under, a key that is not constant, and the key's node. */
  readonly keys: readonly number[];
  readonly tests: readonly TestRecord[];
  /** Lists of tests that were all passed; the first is empty. */
  readonly ways: readonly (readonly number[])[];
  /** Pairs: a literal's node and the string index of its `type:text`, for literals that are no text. */
  readonly constants: readonly number[];
  /** Syntax errors the parser recovered from, as text; the file is then `degraded`. */
  readonly errors: readonly string[];
}
