import type { PasteResult } from "../define";
import { pastedFields } from "../placeholder";

/** What a reader finds, by its own names; or in fixed words, which repeat nothing of the text, why it cannot be used. */
export type Found =
  | { values: Record<string, string | number | undefined>; note?: string | undefined }
  | { problem: string };

/** Undefined for a text that is something else. */
export type Reader = (text: string, words: Readonly<Record<string, string>>) => Found | undefined;

/** What was found, put into the fields of a form. Values that no field is named for are left out, and counted in the note. */
export function intoFields(found: Found, fields: Readonly<Record<string, string>>): PasteResult {
  if ("problem" in found) return { ok: false, problem: found.problem };
  const given = Object.entries(found.values).filter(([, value]) => value !== undefined && value !== "");
  const placed = given.flatMap(([name, value]) => {
    const field = fields[name];
    return field === undefined ? [] : [[field, value] as const];
  });
  const pasted = pastedFields(Object.fromEntries(placed), "text");
  const left = placed.length < given.length ? "Part of it was left out: no field here holds that." : undefined;
  const note = [pasted.note, found.note, left].filter(Boolean).join(" ");
  return { ...pasted, ...(note !== "" && { note }) };
}
