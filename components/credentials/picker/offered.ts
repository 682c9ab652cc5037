import { signInOf } from "@/lib/providers/authorization";
import type { Method } from "@/lib/providers/define";
import { type Listing, listings } from "@/lib/providers/listing";

/** Methods that a form can make: those that come only from signing in at the provider are not. */
export const offeredMethods = <One extends Pick<Method, "obtainedBy">>(provider: { methods: One[] }): One[] =>
  provider.methods.filter((method) => method.obtainedBy !== "authorization");

/** Those that the console can make, by a form or by signing in at the provider. By label. */
export const offeredProviders = (own: readonly Listing[] = []): Listing[] =>
  [...own, ...listings()].filter((provider) => offeredMethods(provider).length > 0 || signInOf(provider) !== undefined);

/**
 * Those in which every word is found, in the label, an alias, the description or the name of a method; what is called so
 * comes before what is only described so, and our own before those of files.
 */
export function searchProviders(list: Listing[], text: string): Listing[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = list.filter((provider) => {
    const methods = provider.methods.map((method) => method.label);
    const where = [provider.id, provider.label, provider.description, ...provider.aliases, ...methods]
      .join(" ")
      .toLowerCase();
    return words.every((word) => where.includes(word));
  });
  const phrase = words.join(" ");
  return phrase === "" ? found : found.sort((a, b) => distance(a, phrase) - distance(b, phrase));
}

/** How far a provider is from what was typed; sorting is stable, so equals stay in the order of their labels. */
function distance({ label, id, aliases, sameAs }: Listing, phrase: string): number {
  const called = [label.toLowerCase(), id.toLowerCase(), ...aliases];
  const rank = label.toLowerCase().startsWith(phrase)
    ? 0
    : called.includes(phrase)
      ? 1
      : called.some((name) => name.startsWith(phrase) || name.includes(` ${phrase}`))
        ? 2
        : 3;
  // Another form of a system of ours stands behind the system itself.
  return rank + (sameAs ? 0.5 : 0);
}
