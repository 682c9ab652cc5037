import { Refusal } from "@/lib/platform/refusal";

/** Control, bidirectional, zero-width, private and unassigned characters have no place in a name. */
const UNFIT = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/**
 * A name people give things: NFC, trimmed, 1 to 200 code points.
 * @throws Refusal "invalid" naming the field
 */
export function cleanName(text: string, field = "name"): string {
  const name = text.normalize("NFC").trim();
  const length = [...name].length;
  const message =
    length < 1 || length > 200
      ? "Must be 1 to 200 characters long"
      : UNFIT.test(name)
        ? "Contains characters that cannot be shown"
        : "";
  if (message)
    throw new Refusal("invalid", "The name is not acceptable", { fields: [{ path: [field], message, code: "name" }] });
  return name;
}

/** As much as people write about a thing. */
const NOTE_MAX = 2_000;

/**
 * What people write about a thing, beside its name: NFC, trimmed, up to 2,000 code points on as many lines as they like.
 * @throws Refusal "invalid" naming the field
 */
export function cleanNote(text: string, field = "description"): string {
  const note = text.normalize("NFC").trim();
  const message =
    [...note].length > NOTE_MAX
      ? `Must be at most ${NOTE_MAX} characters long`
      : UNFIT.test(note.replace(/[\t\n\r]/g, " "))
        ? "Contains characters that cannot be shown"
        : "";
  if (message)
    throw new Refusal("invalid", "The text is not acceptable", { fields: [{ path: [field], message, code: "text" }] });
  return note;
}

const ALL_UNFIT = new RegExp(UNFIT.source, "gu");

/** The nearest name to a text from elsewhere; undefined when nothing of it can be shown. */
export function fitName(text: string): string | undefined {
  const plain = text.replace(ALL_UNFIT, " ").normalize("NFC").trim();
  return [...plain].slice(0, 200).join("").trim() || undefined;
}

/** Two names that look alike have one key: compatibility forms and letter case are folded. */
export const nameKey = (name: string): string => name.normalize("NFKC").toLowerCase().normalize("NFKC");

/** Most things that may share one name but for their number. */
const NUMBERS_MAX = 1_000;
/** Leaves room for the number within the 200 that a name may have. */
const STEM_MAX = 190;

export const stemOf = (name: string): string => [...name].slice(0, STEM_MAX).join("").trim();

/** What may stand for a name that is taken, best first: "OpenAI (2)", "OpenAI (3)" and so on, a thousand of them. */
export const numberedNames = (name: string): string[] =>
  Array.from({ length: NUMBERS_MAX }, (_, at) => `${stemOf(name)} (${at + 2})`);

/** The condition of a search: the text is somewhere inside, whatever its case, and stands for nothing but itself. */
export const containing = (text: string) =>
  ({ contains: text.trim().replace(/[\\%_]/g, "\\$&"), mode: "insensitive" }) as const;
