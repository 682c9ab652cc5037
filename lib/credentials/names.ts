import "server-only";
import { nameKey, numberedNames, stemOf } from "@/lib/platform/names";
import { Refusal } from "@/lib/platform/refusal";

export const nameConflict = (): Refusal =>
  new Refusal("conflict", "A credential with this name already exists", {
    fields: [{ path: ["name"], message: "Is already in use: choose another", code: "taken" }],
  });

/**
 * "OpenAI (2)" for a taken "OpenAI", with the lowest number that is free.
 * @throws Refusal "conflict" when a thousand are taken
 */
export async function freeName(takenOf: (keys: string[]) => Promise<Set<string>>, name: string): Promise<string> {
  const candidates = numberedNames(name);
  const taken = await takenOf(candidates.map(nameKey));
  const free = candidates.find((one) => !taken.has(nameKey(one)));
  if (free === undefined) throw nameConflict();
  return free;
}

/** What the keys of a name and of its numbered forms come to without their number. */
export const nameStems = (name: string): string[] => [
  nameKey(name).replace(/ \(\d+\)$/, ""),
  nameKey(stemOf(name)).replace(/ \(\d+\)$/, ""),
  nameKey(stemOf(name)),
];
