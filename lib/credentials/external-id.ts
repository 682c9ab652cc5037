import "server-only";
import { Refusal } from "@/lib/platform/refusal";

/** Longest id that a caller may bring along, in UTF-16 code units. */
export const EXTERNAL_ID_MAX = 255;
const VISIBLE = /^[\x21-\x7e]+$/;

/** Ids travel in paths, so only visible ASCII is one. @throws Refusal "invalid" */
export function checkExternalId(given: string): string {
  if (given.length <= EXTERNAL_ID_MAX && VISIBLE.test(given)) return given;
  const message = `Must be 1 to ${EXTERNAL_ID_MAX} visible ASCII characters without spaces`;
  throw new Refusal("invalid", "The id is not acceptable", { fields: [{ path: ["id"], message, code: "id" }] });
}

/**
 * The ids that somebody may mean by a segment of a path. One that was kept percent-encoded (`airflow:my%20db`) and is put
 * into a path as it stands arrives decoded.
 */
export function meantIds(given: string): string[] {
  const at = given.indexOf(":") + 1;
  const encoded = given.slice(0, at) + encodeURIComponent(given.slice(at));
  return encoded === given ? [given] : [given, encoded];
}

export const idConflict = (): Refusal =>
  new Refusal("conflict", "A credential with this id already exists", {
    fields: [{ path: ["id"], message: "Is already in use: choose another, or none", code: "taken" }],
  });
