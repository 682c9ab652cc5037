/// <reference types="next/types/global" />
import type { Provider } from "./define";

/**
 * Providers with code of their own: every folder beside this file that holds a `definition.ts`. A new one is a new folder and
 * nothing else. Safe for the browser.
 */
const found = import.meta.glob<{ definition: Provider }>("./*/definition.ts", { eager: true });

const all: readonly Provider[] = Object.values(found).map(({ definition }) => definition);

export const nativeProviders = (): readonly Provider[] => all;

export const nativeProvider = (id: string): Provider | undefined => all.find((provider) => provider.id === id);
