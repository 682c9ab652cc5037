/**
 * Where work says that it was done, for whoever counts it. Unless metrics are on nobody does, and saying so costs a look at one
 * variable.
 */
export interface Meter {
  /** One statement of the journal was stored. @param waitedMs of each operation in it, from when it was handed over */
  stored: (waitedMs: readonly number[]) => void;
  /** A secret was handed out. */
  fetched: () => void;
}

let counting: Meter | undefined;

/** Who counts, if anybody does. */
export const meter = (): Meter | undefined => counting;

/** Says who counts from now on. */
export function countWith(one: Meter | undefined): void {
  counting = one;
}
