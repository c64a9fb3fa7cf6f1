// What is known of a constant, and how operators work on it. Knows nothing about syntax trees.

type Primitive = string | number | bigint | boolean | null | undefined;

/** A value that is known, or of which only the truth is. */
export type Constant =
  | { readonly kind: 'exact'; readonly value: Primitive }
  | { readonly kind: 'truthy' }
  | { readonly kind: 'falsy' };

export const truthy: Constant = { kind: 'truthy' };
export const falsy: Constant = { kind: 'falsy' };

export function exact(value: Primitive): Constant {
  return { kind: 'exact', value };
}

export function truthOf(constant: Constant | undefined): boolean | undefined {
  if (!constant) return undefined;
  return constant.kind === 'exact' ? Boolean(constant.value) : constant.kind === 'truthy';
}

/** True for null and undefined, false for what surely is neither. */
export function isNullish(constant: Constant | undefined): boolean | undefined {
  if (constant?.kind === 'exact') return constant.value === null || constant.value === undefined;
  return constant?.kind === 'truthy' ? false : undefined;
}

export function isExact(constant: Constant | undefined): constant is Constant & { readonly kind: 'exact' } {
  return constant?.kind === 'exact';
}

/** `!v`, `-v`, `+v`, `typeof v` */
export function foldUnary(operator: string, operand: Constant | undefined): Constant | undefined {
  if (operator === '!') {
    const truth = truthOf(operand);
    return truth === undefined ? undefined : exact(!truth);
  }
  if (!isExact(operand)) return undefined;
  const { value } = operand;
  if (operator === 'typeof') return exact(value === null ? 'object' : typeof value);
  if (typeof value === 'bigint') return operator === '-' ? exact(-value) : undefined;
  if (operator === '-') return exact(-Number(value));
  return operator === '+' ? exact(Number(value)) : undefined;
}

/** `a + b`, `a < b`, `a === b` of two known values; undefined where the language would convert objects or throw. */
export function foldBinary(
  operator: string,
  left: Constant | undefined,
  right: Constant | undefined,
): Constant | undefined {
  if (!isExact(left) || !isExact(right)) return undefined;
  const [a, b] = [left.value, right.value];
  if (operator === '===') return exact(a === b);
  if (operator === '!==') return exact(a !== b);
  const equal = looselyEqual(a, b);
  if (operator === '==') return equal === undefined ? undefined : exact(equal);
  if (operator === '!=') return equal === undefined ? undefined : exact(!equal);
  if (typeof a === 'number' && typeof b === 'number') return foldNumbers(operator, a, b);
  if (operator === '+' && (typeof a === 'string' || typeof b === 'string')) return exact(`${a}${b}`);
  if (typeof a === 'string' && typeof b === 'string') return compare(operator, a, b);
  return undefined;
}

// Values of one kind, or compared with null and undefined; what would need a conversion is left open.
function looselyEqual(a: Primitive, b: Primitive): boolean | undefined {
  const none = [a, b].filter((value) => value === null || value === undefined).length;
  if (none > 0) return none === 2;
  return typeof a === typeof b ? a === b : undefined;
}

function foldNumbers(operator: string, a: number, b: number): Constant | undefined {
  switch (operator) {
    case '+':
      return exact(a + b);
    case '-':
      return exact(a - b);
    case '*':
      return exact(a * b);
    case '/':
      return exact(a / b);
    case '%':
      return exact(a % b);
    case '&':
      return exact(a & b);
    case '|':
      return exact(a | b);
    default:
      return compare(operator, a, b);
  }
}

function compare<T extends number | string>(operator: string, a: T, b: T): Constant | undefined {
  switch (operator) {
    case '<':
      return exact(a < b);
    case '<=':
      return exact(a <= b);
    case '>':
      return exact(a > b);
    case '>=':
      return exact(a >= b);
    default:
      return undefined;
  }
}
