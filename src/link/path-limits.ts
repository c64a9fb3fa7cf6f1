// How long an ApiPath may grow. A loop or a recursion walks along one without end (`node.next.next`), and where an object of
// the language itself is handed about (`console` as a logger), every field read of it makes another one. No rule has such paths
// (test/link/path-limits.test.ts), and each takes the place of something that a value may really be.

/** A longer chain of calls that no rule names says nothing: `bot#().on().on().on().on()`. */
const maxCalls = 4;
const maxLength = 160;
/** No rule has so many names, nor one name more than twice. */
const maxMembers = 8;
const maxRepeats = 2;
/** `JSON.parse`, and nothing behind it: what it gives has no interface. */
const maxBuiltIn = 2;

const builtIn = new Set(
  (
    'console Math JSON Reflect Object Array Promise Date Map Set WeakMap WeakSet String Number Boolean BigInt RegExp ' +
    'Error TypeError RangeError Symbol Function Iterator Proxy Buffer'
  ).split(' '),
);

/** True for a path that nobody can mean. */
export function isTooLong(path: string): boolean {
  const hash = path.indexOf('#');
  const members = path.slice(hash + 1).split('.');
  const [root = '', last] = [members[0]?.replace('()', ''), members[members.length - 1]];
  const most =
    hash === globalModule.length && path.startsWith(globalModule) && builtIn.has(root) ? maxBuiltIn : maxMembers;
  return (
    path.length > maxLength ||
    members.length > most ||
    path.split('()').length - 1 > maxCalls ||
    members.filter((member) => member === last).length > maxRepeats
  );
}

const globalModule = 'global';
