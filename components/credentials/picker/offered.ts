import type { Method, Provider } from "@/lib/providers/define";
import { providers } from "@/lib/providers/index";

/** Methods that a form can make: those that come only from signing in at the provider are not. */
export const offeredMethods = (provider: Provider): Method[] =>
  provider.methods.filter((method) => method.obtainedBy !== "authorization");

export const offeredProviders = (): Provider[] =>
  providers()
    .filter((provider) => offeredMethods(provider).length > 0)
    .sort((a, b) => a.label.localeCompare(b.label));

/** Every word must be found in the label, the description, an alias or the name of a method. */
export function searchProviders(list: Provider[], text: string): Provider[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter((provider) => {
    const methods = offeredMethods(provider).map((method) => method.label);
    const where = [provider.id, provider.label, provider.description, ...provider.aliases, ...methods]
      .join(" ")
      .toLowerCase();
    return words.every((word) => where.includes(word));
  });
}
