import type { CredentialData } from "../define";
import { readConnectionString } from "./connection-string";

/** Fills the single fields from a pasted `postgres://` address. What it says about TLS is kept where the form has a word for it. */
export function pasteConnectionString(text: string): CredentialData | undefined {
  const result = readConnectionString(text.trim());
  if (!result.ok) return undefined;
  const { host, port, database, user, password, sslmode } = result.value;
  return {
    host,
    port,
    database,
    username: user,
    ...(password === undefined ? {} : { password }),
    // "allow" and "prefer" may send the password in the clear; the form's nearest word that never does is "require".
    ...(sslmode === undefined ? {} : { sslmode: sslmode === "allow" || sslmode === "prefer" ? "require" : sslmode }),
  };
}
