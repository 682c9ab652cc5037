import { type CredentialType, canonicalName } from "./define";
import { type Doubt, doubtsAbout } from "./doubts";
import { methodOfStored } from "./index";

interface Values {
  provider: string;
  type: CredentialType;
  data: Record<string, unknown>;
}

/**
 * What looks doubtful about values that a caller sent: placeholders, what belongs in another field, spaces around a secret.
 * They are stored all the same. By the names of the fields as they are stored; no value is repeated.
 */
export function hintsAbout({ provider, type, data }: Values): Doubt[] {
  const method = methodOfStored(provider, type);
  if (!method) return [];
  const named = Object.entries(data).map(([sent, value]) => [canonicalName(method, sent), value] as const);
  return doubtsAbout(method, Object.fromEntries(named));
}
