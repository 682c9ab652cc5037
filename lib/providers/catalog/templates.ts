import type { BaseUrl, Kind } from "./schema";
import type { Authentication } from "./schema-authentication";
import { isDriverTest } from "./schema-test";

const FIELD = /\{([A-Za-z0-9_]+)\}/g;

/** The fields that a template names, in their order. */
export const namesIn = (template: string): string[] => [...template.matchAll(FIELD)].map(([, name = ""]) => name);

/** A template with a value for each field. */
export const filled = (template: string, read: (name: string) => string): string =>
  template.replace(FIELD, (_, name: string) => read(name));

/** The fields that say where requests go. */
export const fieldsOfBaseUrl = (base: BaseUrl | undefined): string[] =>
  base === undefined ? [] : typeof base === "string" ? namesIn(base) : [base.field];

/** The fields that a request is signed with. */
export function fieldsOfScheme(scheme: Authentication): string[] {
  switch (scheme.scheme) {
    case "none":
      return [];
    case "bearer":
      return namesIn(scheme.token);
    case "basic":
      return [...namesIn(scheme.username), ...namesIn(scheme.password)];
    case "header":
      return [...(typeof scheme.name === "string" ? [] : [scheme.name.field]), ...namesIn(scheme.value)];
    case "query":
      return namesIn(scheme.value);
    case "oauth2":
      return "id" in scheme.client ? [scheme.client.id, ...(scheme.client.secret ? [scheme.client.secret] : [])] : [];
    case "aws_sigv4":
      return [scheme.access_key_id, scheme.secret_access_key, ...(scheme.session_token ? [scheme.session_token] : [])];
    case "service_account_jwt":
      return [scheme.private_key, scheme.email, ...(scheme.key_id ? [scheme.key_id] : [])];
    case "client_certificate":
      return [scheme.certificate, scheme.private_key, ...(scheme.passphrase ? [scheme.passphrase] : [])];
  }
}

/** The fields that the test's request carries beside its signature. */
export function fieldsOfTest({ test }: Pick<Kind, "test">): string[] {
  if (test === undefined || isDriverTest(test)) return [];
  const { path = "", url = "", headers = {}, form = {}, json } = test;
  return [path, url, ...Object.values(headers), ...Object.values(form), ...textsIn(json)].flatMap(namesIn);
}

function textsIn(json: unknown): string[] {
  if (typeof json === "string") return [json];
  return typeof json === "object" && json !== null ? Object.values(json).flatMap(textsIn) : [];
}
