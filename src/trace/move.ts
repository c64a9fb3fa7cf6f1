// One step of a search that no edge stands for.

/** A place to go on at, and the edge that leads there. */
export interface Move {
  readonly node: number;
  readonly fields: number;
  readonly calls: number;
  readonly op: number;
  readonly label: number;
}
