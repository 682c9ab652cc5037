import "server-only";
import { httpConnection } from "../catalog/http-connection";
import type { RequestSource } from "../catalog/http-request";
import type { HttpTest } from "../catalog/schema-test";
import type { CredentialData, Method } from "../define";
import { defineConnection } from "../define-connection";
import { definition } from "./definition";

/** One GET of the path that the credential names, by the request that the catalogue's kinds are tested with. */
export const connection = defineConnection({
  plan: ["values", "resolve", "address", "connect", "tls", "sign_in", "permission"],
  test: (data, testRun, network) => httpConnection(sourceOf(data), testOf(data)).test(data, testRun, network),
});

function methodOf(data: CredentialData): Method {
  const type = data.username === undefined ? "api_key" : "user_password";
  const method = definition.methods.find((one) => one.type === type);
  if (!method) throw new Error(`no method ${type}`);
  return method;
}

/** Name and prefix are literal parts of it: their form is judged before, and holds no brace of a template. */
function sourceOf(data: CredentialData): RequestSource {
  const { key_in, key_name, key_prefix, username } = data;
  const name = String(key_name);
  const shared = { fields: methodOf(data).fields, base_url: { field: "base_url" } };
  if (username !== undefined)
    return { ...shared, authentication: [{ scheme: "basic", username: "{username}", password: "{password}" }] };
  if (key_in === "query") return { ...shared, authentication: [{ scheme: "query", name, value: "{api_key}" }] };
  return { ...shared, authentication: [{ scheme: "header", name, value: `${prefixOf(key_prefix)}{api_key}` }] };
}

const testOf = ({ test_path = "/" }: CredentialData): HttpTest => ({
  path: String(test_path),
  statuses: { 404: "not_found", 405: "not_found", 410: "not_found" },
});

/** A word is told from the key by a space; what ends in another character stands right before it. */
function prefixOf(prefix: CredentialData[string] | undefined): string {
  if (prefix === undefined) return "";
  return /\w$/.test(String(prefix)) ? `${prefix} ` : String(prefix);
}
