// Version ranges of rules against the range that a package.json declares; enough for `>=3 <5` and `^4.16.0`.

/** True when the declared range may be one of the wanted versions; an unknown range fits everything. */
export function fitsVersion(declared: string, wanted: string): boolean {
  const version = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(declared);
  if (!version) return true;
  const have = numbersOf(version);
  return wanted
    .split(/\s+/)
    .filter((part) => part !== '')
    .every((part) => {
      const match = /^(>=|<=|>|<|=|\^|~)?v?(\d+)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?$/.exec(part);
      if (!match) return true;
      const limit = [match[2], match[3], match[4]].map((one) =>
        one === undefined || /[x*]/.test(one) ? 0 : Number(one),
      );
      const order = compare(have, limit);
      switch (match[1]) {
        case '>=':
          return order >= 0;
        case '>':
          return order > 0;
        case '<=':
          return order <= 0;
        case '<':
          return order < 0;
        default:
          return have[0] === limit[0] && order >= 0;
      }
    });
}

function numbersOf(match: RegExpExecArray): number[] {
  return [match[1], match[2], match[3]].map((one) => Number(one ?? 0));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
