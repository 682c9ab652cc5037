import type { CredentialQuery } from "@/lib/credentials";
import { invalidField } from "@/lib/platform/refusal";
import { findProviderAnyCase, providers } from "@/lib/providers/index";

/**
 * A provider of the contract's that is several here: whatever keeps files. It can be asked for, and nothing can be made of
 * it, since what signs in depends on which one it is.
 */
const FILE_STORAGE = "file_storage";

/** The kinds that it stands for: those of storage, and Google, whose Drive is one. */
const storageKinds = (): string[] =>
  providers()
    .filter(({ id, category }) => category === "storage" || id === "google")
    .map(({ id }) => id);

/** @throws Refusal "invalid" naming the kinds to use, where a body means all of them */
export function requireOneKind(provider: unknown): void {
  if (provider !== FILE_STORAGE) return;
  throw invalidField("provider", `Stands for several kinds; name the one that is meant: ${storageKinds().join(", ")}`);
}

/** What a list is narrowed to by a provider's name: that one, or all that keep files. */
export const kindsAsked = (name: string): Pick<CredentialQuery, "provider" | "providers"> =>
  name.toLowerCase() === FILE_STORAGE ? { providers: storageKinds() } : { provider: name };

/** The kinds of ours that a path names, in whatever case: one, or all that keep files; undefined for none of ours. */
export function kindsInPath(segment = ""): string[] | undefined {
  if (segment.toLowerCase() === FILE_STORAGE) return storageKinds();
  const provider = findProviderAnyCase(segment)?.id;
  return provider === undefined ? undefined : [provider];
}
