// Where a way back to a called value ends: functions, classes, their methods, and what libraries have.

import { memberPath } from '../model/api-path.ts';
import { nodeKinds } from '../model/flow-graph.ts';
import type { Program } from '../model/program.ts';
import type { FieldNames } from './field-names.ts';
import type { Visit } from './keys.ts';
import type { CallStacks, FieldStacks } from './stacks.ts';
import { anyCaller } from './stacks.ts';

/** A function, and the call stack of the code that made it; -1 where that is not known. */
export interface Callee {
  /** -1 for a library's function. */
  readonly func: number;
  readonly calls: number;
  /** ApiPath of a library's function. */
  readonly path?: string;
}

/** Answers for one `Callees`, whose stacks it shares. */
export class Ends {
  private readonly program: Program;
  private readonly fields: FieldStacks;
  private readonly calls: CallStacks;
  private readonly names: FieldNames;

  constructor(program: Program, fields: FieldStacks, calls: CallStacks, names: FieldNames) {
    this.program = program;
    this.fields = fields;
    this.calls = calls;
    this.names = names;
  }

  /** Notes a function or class at the end of the way; `open` where the way goes on, `unknown` where nobody knows what it is. */
  at(
    { node, fields, calls }: Visit,
    found: Callee[],
    visit: (node: number, fields: number, calls: number) => void,
  ): 'end' | 'open' | 'unknown' {
    const { program } = this;
    const kind = program.kinds[node];
    const name = this.names.textOf(this.fields.top(fields));
    const isMember = !this.fields.isWhole(fields) && this.fields.isWhole(this.fields.rest(fields));
    if (kind === nodeKinds.function) {
      const func = program.functionOf.get(node);
      if (!this.fields.isWhole(fields)) return 'open';
      if (func === undefined) return 'unknown';
      found.push({ func, calls });
      return 'end';
    }
    if (kind === nodeKinds.class) {
      const members = program.classes[program.classOf.get(node) ?? -1];
      const inner = this.fields.rest(fields);
      const isInherited = name === 'prototype' && !this.fields.isWhole(inner);
      const method = isInherited
        ? members?.methods.get(this.names.textOf(this.fields.top(inner)))
        : isMember
          ? members?.statics.get(name)
          : undefined;
      if (method !== undefined) found.push({ func: method, calls: -1 });
      return method === undefined ? 'open' : 'end';
    }
    if (kind === nodeKinds.global || kind === nodeKinds.import) {
      if (program.inStart[node] !== program.inStart[node + 1]) return 'open';
      const path = this.pathOf(node, fields);
      if (path !== undefined) found.push({ func: -1, calls: -1, path });
      return path === undefined ? 'unknown' : 'end';
    }
    if (kind === nodeKinds.instance) return 'unknown';
    // What `new` was called on is a fresh object.
    if (kind === nodeKinds.self && this.isConstruction(node, calls)) {
      const method = isMember ? this.methodOf(program.owners[node] ?? 0, name) : undefined;
      if (method !== undefined) found.push({ func: method, calls: -1 });
      return 'end';
    }
    if (kind !== nodeKinds.call) return 'open';
    const call = program.calls[program.callOf.get(node) ?? -1];
    if (!call) return 'open';
    if (call.name === 'bind' && call.targets.length === 0) {
      visit(call.receiver, fields, calls);
      return 'end';
    }
    // What a library's call gives is seen where a rule describes it.
    if (call.targets.length === 0 && call.models.length > 0)
      return program.inStart[node] === program.inStart[node + 1] && call.isNew ? 'end' : 'open';
    if (!call.isNew) return call.targets.length > 0 ? 'open' : 'unknown';
    if (call.targets.length === 0) return 'unknown';
    for (const target of call.targets) {
      if ((program.functions[target]?.cls ?? -1) < 0) {
        visit(call.callee, this.fields.push(this.names.numberOf('prototype'), fields), calls);
        continue;
      }
      const method = isMember ? this.methodOf(target, name) : undefined;
      if (method !== undefined) found.push({ func: method, calls: -1 });
    }
    return 'open';
  }

  /** True where a way that nothing leads on from ends at something that cannot be seen. */
  isOpen(node: number): boolean {
    const kind = this.program.kinds[node];
    return !(
      kind === nodeKinds.literal ||
      kind === nodeKinds.template ||
      kind === nodeKinds.object ||
      kind === nodeKinds.array ||
      kind === nodeKinds.class ||
      kind === nodeKinds.function ||
      kind === nodeKinds.return ||
      kind === nodeKinds.after ||
      // A variable that was never assigned, or not any more.
      kind === nodeKinds.cell
    );
  }

  // What a library has under these fields of a global or a package.
  private pathOf(node: number, fields: number): string | undefined {
    const [path, ...others] = this.program.paths.get(node) ?? [];
    if (path === undefined || others.length > 0) return undefined;
    let found = path;
    let at = fields;
    for (; !this.fields.isWhole(at); at = this.fields.rest(at)) {
      const top = this.fields.top(at);
      if (top < 0 || this.names.isAny(top)) return undefined;
      found = memberPath(found, this.names.textOf(top));
    }
    return found;
  }

  // A method of the class whose constructor (or other member) a function is.
  private methodOf(func: number, name: string): number | undefined {
    return this.program.classes[this.program.functions[func]?.cls ?? -1]?.methods.get(name);
  }

  private isConstruction(node: number, calls: number): boolean {
    const own = this.calls.outOfLoops(calls);
    return (
      own !== anyCaller &&
      this.calls.func(own) === this.program.owners[node] &&
      (this.program.calls[this.calls.call(own)]?.isNew ?? false)
    );
  }
}
