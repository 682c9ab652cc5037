import "server-only";
import { httpConnection } from "../declared/http-connection";
import type { HttpTest } from "../declared/http-test";
import type { CredentialData, Method } from "../define";
import { defineConnection } from "../define-connection";
import { definition } from "./definition";

/** One GET of the path that the credential names, by the request that the declared kinds are tested with. */
export const connection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  test: (data, trail, network) => httpConnection(testOf(data), methodOf(data)).test(data, trail, network),
});

function methodOf(data: CredentialData): Method {
  const type = data.username === undefined ? "api_key" : "user_password";
  const method = definition.methods.find((one) => one.type === type);
  if (!method) throw new Error(`no method ${type}`);
  return method;
}

/** Name, prefix and path are literal parts of it: their form is judged before, and holds no brace of a template. */
function testOf({ key_in, key_name, key_prefix, test_path = "/", username }: CredentialData): HttpTest {
  const path = String(test_path);
  const shared = {
    docs: String(definition.docs),
    statuses: { 404: "not_found", 405: "not_found", 410: "not_found" },
  } as const;
  const url = `{base:base_url}${path}`;
  if (username !== undefined) return { ...shared, url, basic: ["username", "password"] };
  if (key_in !== "query")
    return { ...shared, url, headers: { [String(key_name)]: `${prefixOf(key_prefix)}{api_key}` } };
  const joint = path.includes("?") ? "&" : "?";
  return { ...shared, url: `${url}${joint}${encodeURIComponent(String(key_name))}={api_key}`, secretInUrl: true };
}

/** A word is told from the key by a space; what ends in another character stands right before it. */
function prefixOf(prefix: CredentialData[string] | undefined): string {
  if (prefix === undefined) return "";
  return /\w$/.test(String(prefix)) ? `${prefix} ` : String(prefix);
}
