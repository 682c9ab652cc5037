import type { Scope } from "@/lib/access/permissions";
import type { TokenRow } from "./token-actions";

/** What a token is called where it has no name; the API makes such ones. */
export const tokenLabel = ({ name, lastFour }: Pick<TokenRow, "name" | "lastFour">): string =>
  name.trim() || (lastFour ? `Unnamed token …${lastFour}` : "Unnamed token");

/** What stands for the secret, which is never shown. */
export function maskWords({ prefix, lastFour, hasSecret }: TokenRow): string {
  if (!hasSecret) return "No secret yet";
  return lastFour ? `${prefix}…${lastFour}` : "Secret hidden";
}

/** The widest of its scopes; none at all means no limit. */
export const scopeOf = (scopes: readonly string[]): Scope =>
  scopes.length === 0 || scopes.includes("admin") ? "admin" : scopes.includes("write") ? "write" : "read";

export const scopeShort: Record<Scope, string> = { read: "Read", write: "Read, write", admin: "Everything" };

export const scopeWords: Record<"user" | "service_account", Record<Scope, string>> = {
  service_account: {
    read: "Read: list credentials and fetch their secrets",
    write: "Read and write: change and delete credentials as well",
    admin: "Everything a service account may do",
  },
  user: {
    read: "Read: list credentials, without their secrets",
    write: "Read and write: create, change and delete as well",
    admin: "Everything its owner may do",
  },
};
