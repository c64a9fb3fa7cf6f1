// Conditions → versions of variables that hold on one branch only: `if (isSafe(x)) …` gives x a guarded version there.
// Whether a call is a guard is for the rules to say; here every call in a condition is a candidate.

import type { ts } from 'ts-morph';
import type { FunctionContext, Walker } from './context.ts';
import { addNode, isLocal, readVariable, setVersion, spanOf, variableOf } from './context.ts';
import { isTransparent } from './scopes.ts';

/** Narrows the environment by a condition that is true (or false) from here on. */
export function narrow(walker: Walker, context: FunctionContext, condition: ts.Expression, holds: boolean): void {
  const { ts } = walker;
  const k = ts.SyntaxKind;
  if (isTransparent(ts, condition)) return narrow(walker, context, condition.expression as ts.Expression, holds);
  if (ts.isPrefixUnaryExpression(condition) && condition.operator === k.ExclamationToken) {
    return narrow(walker, context, condition.operand, !holds);
  }
  if (ts.isBinaryExpression(condition)) {
    const operator = condition.operatorToken.kind;
    const both = holds ? k.AmpersandAmpersandToken : k.BarBarToken;
    if (operator !== both) return;
    narrow(walker, context, condition.left, holds);
    return narrow(walker, context, condition.right, holds);
  }
  const call = ts.isAwaitExpression(condition) ? condition.expression : condition;
  if (!holds || !ts.isCallExpression(call)) return;
  const index = walker.callIndexOf.get(call);
  if (index === undefined) return;
  for (const argument of call.arguments) {
    if (!ts.isIdentifier(argument)) continue;
    const variable = variableOf(context, argument.text);
    if (!variable || !isLocal(context, variable)) continue;
    const guarded = addNode(walker, context, 'value', argument, variable.name);
    walker.builder.guard(readVariable(walker, context, variable, spanOf(walker, argument)), guarded, index);
    setVersion(walker, context, variable, guarded, spanOf(walker, argument));
  }
}
