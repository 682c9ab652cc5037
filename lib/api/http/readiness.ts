import "server-only";

/** Looks at what must be right before requests should be sent to this process. @returns the names of what is not */
export type Readiness = () => Promise<ReadonlySet<string>>;

let known: Readiness = async () => new Set(["start"]);

/** Says how to look, once this process knows. */
export const lookBy = (readiness: Readiness): void => {
  known = readiness;
};

/** What is not right now; before anybody has said how to look, that is the start itself. */
export const notReady: Readiness = () => known();
