import type { FailureKind } from "./protocol";

/** A key service did not do what it was asked for. `code` is a word of a closed set, never a message. */
export class KeyServiceFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(`the key service ${kind === "refused" ? "refused" : "could not be reached"} (${code})`, options);
  }
}

/** A code as services give them: one word. What does not look like one is left out, because it may be a text with values in it. */
export const wordOf = (code: unknown): string =>
  typeof code === "string" && /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(code) ? code : "unknown";

/** What a status of HTTP means here: too many, and everything of the server's own, may pass. */
export const kindOfStatus = (status: number): FailureKind =>
  status === 408 || status === 429 || status >= 500 || status < 400 ? "unreachable" : "refused";
