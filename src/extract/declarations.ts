// Declarations of variables → their first versions, and what is known for certain of them.

import type { ts } from 'ts-morph';
import { noteDeclared } from './aliases.ts';
import { foldConstant, noteConstant } from './constants.ts';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, cellOf, spanOf, variableOf } from './context.ts';
import { noteMeaning } from './facts.ts';
import { noteAnswer } from './guards.ts';
import { isConstAssertion } from './settings.ts';
import { isTransparent } from './syntax.ts';
import { noteType } from './types.ts';

/** const a = v, { b } = w */
export function walkDeclarations(walker: Walker, list: ts.VariableDeclarationList, context: FunctionContext): void {
  for (const declaration of list.declarations) {
    if (!declaration.initializer) {
      const variable = walker.ts.isIdentifier(declaration.name) && variableOf(context, declaration.name.text);
      // `var x;` keeps what x was.
      if (variable && !context.env.has(variable) && variable.func === context.scopeFunc) {
        context.env.set(variable, addNode(walker, context, 'literal', declaration));
      }
      if (variable && declaration.type) {
        noteType(walker, context, context.env.get(variable) ?? variable.cell, declaration.type);
        // What a function sees that was made before anything was assigned.
        if (variable.captured)
          noteType(walker, context, cellOf(walker, variable, spanOf(walker, declaration)), declaration.type);
      }
      continue;
    }
    const { rebinds } = context;
    const value = walker.expression(declaration.initializer, context);
    // What is assigned on the way is not what stands there afterwards.
    const isPlain = rebinds === context.rebinds;
    walker.bind(declaration.name, value, context);
    if (isPlain) noteDeclared(walker, declaration.name, declaration.initializer, context);
    noteFacts(walker, declaration, Boolean(list.flags & walker.ts.NodeFlags.Const), context);
    if (declaration.type && walker.ts.isIdentifier(declaration.name)) {
      const variable = variableOf(context, declaration.name.text);
      const version = variable && (context.env.get(variable) ?? variable.cell);
      if (version !== undefined && version >= 0) noteType(walker, context, version, declaration.type);
    }
  }
}

// const x = v  →  x always means v; let x = 'a'  →  x is a constant from here on
function noteFacts(
  walker: Walker,
  { name, initializer }: ts.VariableDeclaration,
  isConst: boolean,
  context: FunctionContext,
): void {
  const { ts } = walker;
  const variable = ts.isIdentifier(name) && variableOf(context, name.text);
  if (!variable || !initializer) return;
  noteConstant(walker, variable, foldConstant(walker, initializer, context), context);
  if (!isConst) return;
  let meant = initializer;
  let isFixed = false;
  for (; isTransparent(ts, meant); meant = meant.expression as ts.Expression)
    isFixed ||= isConstAssertion(walker, meant);
  if (isFixed) walker.facts.fixed.add(meant);
  noteMeaning(walker.facts, variable, meant);
  const original = ts.isIdentifier(initializer) && variableOf(context, initializer.text);
  if (original && !original.isWritten) walker.facts.copies.set(variable, original);
  noteAnswer(walker, context, variable, initializer);
}
