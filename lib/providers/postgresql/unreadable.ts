/** Carries a fixed text out of the nested readers of a connection string, and never past the outermost. */
export class Unreadable extends Error {}

/** @throws Unreadable */
export const refuse = (problem: string): never => {
  throw new Unreadable(problem);
};

/** @throws Unreadable */
export function decode(text: string, what: string): string {
  try {
    const plain = decodeURIComponent(text);
    if (plain.isWellFormed() && !plain.includes("\0")) return plain;
  } catch {
    // Falls through to the one refusal: the platform's own message is not for the caller.
  }
  return refuse(`Must have a correctly percent-encoded ${what}; write % as %25`);
}

/** Without the names whose value is undefined: nothing said is not the same as said to be nothing. */
export const definedOf = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
