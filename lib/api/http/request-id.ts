import "server-only";
import { randomFillSync } from "node:crypto";
import { ulid } from "ulid";

/** A caller's own id is taken when it is harmless in a log and a header; else ours, a ULID. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given !== null && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : ulid(undefined, random);
}

/** Random bytes bought in bulk: the library's own source asks the system sixteen times for one id. */
const pool = new Uint8Array(4_096);
let left = 0;

function random(): number {
  if (left === 0) {
    randomFillSync(pool);
    left = pool.length;
  }
  left--;
  return (pool[left] ?? 0) / 256;
}
