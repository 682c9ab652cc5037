import { notFound } from "@/lib/platform/refusal";
import type { Provider } from "@/lib/providers/define";
import { findProviderAnyCase } from "@/lib/providers/index";
import type { Capabilities, Plugin } from "./schemas/catalog";

/** What SuperAI calls a plugin is a provider of the catalogue: its addresses name one, this finds it. */

/** What the contract's own paths call a provider, beside its id. */
const ALIASES = new Map([["postgres", "postgresql"]]);

/**
 * The plugin of a path, in whatever case it is written.
 * @param own the kind of this id that the caller's organisation has made
 * @throws Refusal "not_found"
 */
export function pluginInPath(segment = "", own?: Provider): Provider {
  if (own) return own;
  const found = findProviderAnyCase(ALIASES.get(segment.toLowerCase()) ?? segment);
  if (!found) throw notFound();
  return found;
}

/** For what only one plugin has. @throws Refusal "not_found" for any other */
export function requirePlugin(segment: string | undefined, id: string): void {
  if (pluginInPath(segment).id !== id) throw notFound();
}

/** What can be done with a plugin here. Nothing is executed: that is the business of whoever fetches the credentials. */
export function capabilities(provider: Provider): Capabilities {
  // Accounts of these two can be looked through: see lib/providers/graph-drive-items and drive-folders.
  const hasPlaces = provider.id === "sharepoint";
  return {
    credentials: true,
    test_connection: provider.methods.some(({ testable }) => testable),
    oauth: provider.methods.some(({ authorization }) => authorization !== undefined),
    sites: hasPlaces,
    drives: hasPlaces,
    folders: hasPlaces || provider.id === "google",
    instances: true,
    execute: false,
    poll: false,
    webhook: false,
    ui_schema: false,
  };
}

export const plugin = (provider: Provider): Plugin => ({
  name: provider.id,
  display_name: provider.label,
  description: provider.description,
  category: provider.category,
  provider: provider.id,
  credential_types: provider.methods.map(({ type }) => type),
  is_oauth: provider.methods.some(({ obtainedBy }) => obtainedBy !== "values"),
  capabilities: capabilities(provider),
});
