import type { CredentialType } from "@/lib/providers/define";
import { findProvider, providerOfStored } from "@/lib/providers/index";

export interface Target {
  provider: string;
  type: CredentialType;
  /** Unknown to the catalogue: every field is a secret. */
  isOpen: boolean;
}

/** What a provider's data is stored as; undefined for what cannot be a provider's name. */
export function targetOf(provider: string): Target | undefined {
  const type = providerOfStored(provider)?.methods[0]?.type;
  return type && { provider, type, isOpen: findProvider(provider) === undefined };
}

export const OPEN_NOTE = "Its type is not known here: every field is kept, as a secret, and it cannot be tested.";
