/// <reference types="next/types/global" />
import type { CredentialType, Method, Provider } from "./define";
import { openProvider } from "./open";

/**
 * The catalogue: every folder beside this file that holds a `definition.ts`, or a `definitions.ts` of several. A new
 * provider is a new folder and nothing else. Safe for the browser; lists, which need names only, ask `listing.ts`.
 */
const single = import.meta.glob<{ definition: Provider }>("./*/definition.ts", { eager: true });
const several = import.meta.glob<{ definitions: Provider[] }>("./*/definitions.ts", { eager: true });

const byId: ReadonlyMap<string, Provider> = new Map(
  [
    ...Object.values(single).map((module) => module.definition),
    ...Object.values(several).flatMap((module) => module.definitions),
  ]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((provider) => [provider.id, provider]),
);
const all: readonly Provider[] = [...byId.values()];

/** Every provider, by id. */
export const providers = (): readonly Provider[] => all;

export const findProvider = (id: string): Provider | undefined => byId.get(id);

export const findMethod = (providerId: string, type: CredentialType): Method | undefined =>
  findProvider(providerId)?.methods.find((method) => method.type === type);

/** A provider by its id in whatever case: paths and searches are typed by people. */
export const findProviderAnyCase = (id: string): Provider | undefined =>
  findProvider(id) ?? all.find((provider) => provider.id.toLowerCase() === id.toLowerCase());

/** What a stored credential is of: as the catalogue says, or, for a kind that it does not know, secret throughout. */
export const providerOfStored = (id: string): Provider | undefined => findProvider(id) ?? openProvider(id);

export const methodOfStored = (providerId: string, type: CredentialType): Method | undefined =>
  providerOfStored(providerId)?.methods.find((method) => method.type === type);
