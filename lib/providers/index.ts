/// <reference types="next/types/global" />
import type { CredentialType, Method, Provider } from "./define";

/**
 * The catalogue: every folder beside this file that holds a `definition.ts`. A new provider is a new folder and
 * nothing else. Safe for the browser.
 */
const found = import.meta.glob<{ definition: Provider }>("./*/definition.ts", { eager: true });

const all: readonly Provider[] = Object.values(found)
  .map((module) => module.definition)
  .sort((a, b) => (a.id < b.id ? -1 : 1));

/** Every provider, by id. */
export const providers = (): readonly Provider[] => all;

export const findProvider = (id: string): Provider | undefined => all.find((provider) => provider.id === id);

export const findMethod = (providerId: string, type: CredentialType): Method | undefined =>
  findProvider(providerId)?.methods.find((method) => method.type === type);
