import { type Scope, scopes } from "@/lib/vocabulary/permissions";
import type { TokenRow } from "./token-actions";

/** What a token is called where it has no name; the API makes such ones. */
export const tokenLabel = ({ name, lastFour }: Pick<TokenRow, "name" | "lastFour">): string =>
  name.trim() || (lastFour ? `Unnamed token …${lastFour}` : "Unnamed token");

/** What stands for the secret, which is never shown. */
export function maskLabel({ prefix, lastFour, hasSecret }: TokenRow): string {
  if (!hasSecret) return "No secret yet";
  return lastFour ? `${prefix}…${lastFour}` : "Secret hidden";
}

/** The widest of its scopes; undefined when it has none, and may do nothing. */
export const scopeOf = (held: readonly string[]): Scope | undefined => scopes.findLast((scope) => held.includes(scope));

const scopeShort: Record<Scope, string> = {
  read: "Read",
  write: "Read, write",
  admin: "Administer",
  all: "Everything",
};
export const NO_SCOPE = "Nothing";

export function scopeShortOf(token: Pick<TokenRow, "scopes">): string {
  const scope = scopeOf(token.scopes);
  return scope ? scopeShort[scope] : NO_SCOPE;
}

export const scopeLabels: Record<"user" | "service_account", Record<Scope, string>> = {
  service_account: {
    read: "Read: list credentials and fetch their secrets",
    write: "Read and write: change and delete credentials as well",
    admin: "Administer: as wide as a service account goes today",
    all: "Everything a service account may do",
  },
  user: {
    read: "Read: list credentials, without their secrets",
    write: "Read and write: create, change and delete as well",
    admin: "Administer: people, tokens and settings as well, where its owner may",
    all: "Everything its owner may do",
  },
};
