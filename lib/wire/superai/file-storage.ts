import { providers } from "@/lib/providers/index";
import { invalidField, type Refusal } from "@/lib/refusal";

/**
 * A provider of the contract's that is several here: whatever keeps files. It can be asked for, and nothing can be made of
 * it, since what signs in depends on which one it is.
 */
export const FILE_STORAGE = "file_storage";

/** The kinds that it stands for: those of storage, and Google, whose Drive is one. */
export const storageKinds = (): string[] =>
  providers()
    .filter(({ id, category }) => category === "storage" || id === "google")
    .map(({ id }) => id);

/** @throws Refusal "invalid" naming the kinds to use, where a body means all of them */
export function requireOneKind(provider: unknown): void {
  if (provider === FILE_STORAGE) throw severalKinds();
}

const severalKinds = (): Refusal =>
  invalidField("provider", `Stands for several kinds; name the one that is meant: ${storageKinds().join(", ")}`);
