import { ulid } from "ulid";

/** A caller's own id is taken when it is harmless in a log and a header; else ours, a ULID. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given !== null && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : ulid();
}
