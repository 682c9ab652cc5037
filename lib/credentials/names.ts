import "server-only";
import { nameKey } from "@/lib/names";
import { Refusal } from "@/lib/refusal";

export const nameConflict = (): Refusal =>
  new Refusal("conflict", "A credential with this name already exists", {
    fields: [{ path: ["name"], message: "Is already in use: choose another", code: "taken" }],
  });

/** Most credentials that may share one name but for their number. */
const NUMBERS_MAX = 1_000;
/** Leaves room for the number within the 200 that a name may have. */
const STEM_MAX = 190;

/**
 * "OpenAI (2)" for a taken "OpenAI", with the lowest number that is free.
 * @throws Refusal "conflict" when a thousand are taken
 */
export async function freeName(takenOf: (keys: string[]) => Promise<Set<string>>, name: string): Promise<string> {
  const stem = stemOf(name);
  const candidates = Array.from({ length: NUMBERS_MAX }, (_, at) => `${stem} (${at + 2})`);
  const taken = await takenOf(candidates.map(nameKey));
  const free = candidates.find((one) => !taken.has(nameKey(one)));
  if (free === undefined) throw nameConflict();
  return free;
}

const stemOf = (name: string) => [...name].slice(0, STEM_MAX).join("").trim();

/** What the keys of a name and of its numbered forms come to without their number. */
export const nameStems = (name: string): string[] => [
  nameKey(name).replace(/ \(\d+\)$/, ""),
  nameKey(stemOf(name)).replace(/ \(\d+\)$/, ""),
  nameKey(stemOf(name)),
];
