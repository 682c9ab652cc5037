import "server-only";
import { Refusal } from "@/lib/refusal";

/** Longest id that a caller may bring along, in UTF-16 code units. */
export const EXTERNAL_ID_MAX = 255;
const VISIBLE = /^[\x21-\x7e]+$/;

/** Ids travel in paths, so only visible ASCII is one. @throws Refusal "invalid" */
export function checkExternalId(given: string): string {
  if (given.length <= EXTERNAL_ID_MAX && VISIBLE.test(given)) return given;
  const message = `Must be 1 to ${EXTERNAL_ID_MAX} visible ASCII characters without spaces`;
  throw new Refusal("invalid", "The id is not acceptable", { fields: [{ path: ["id"], message, code: "id" }] });
}

export const idConflict = (): Refusal =>
  new Refusal("conflict", "A credential with this id already exists", {
    fields: [{ path: ["id"], message: "Is already in use: choose another, or none", code: "taken" }],
  });
