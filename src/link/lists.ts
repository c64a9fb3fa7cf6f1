// Lists of numbers by an index. A program has millions of them, and nearly all hold one or two numbers.

/** The list at each index; none where nothing has been added. */
export type Lists = (readonly number[] | undefined)[];

/** `push` leaves room for 16 more numbers; up to this length, a list is as long as what it holds. */
const maxExact = 8;

/** Adds to the list at an index. Whoever goes through that list meanwhile may see it as it was. */
export function addTo(lists: Lists, at: number, value: number): void {
  const list = lists[at] as number[] | undefined;
  if (!list) lists[at] = [value];
  else if (list.length < maxExact) lists[at] = list.concat(value);
  else list.push(value);
}
