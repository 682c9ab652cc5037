import type { CredentialChange, CredentialQuery, NewCredential, StoredKind, TestRequest } from "@/lib/credentials";
import { versionsIn } from "@/lib/platform/expected-version";
import { Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import type { TokenLimits } from "@/lib/vocabulary/access";
import { kindsAsked, requireOneKind } from "./file-storage";
import { postgresBody, postgresStringBody, sftpBody, testBody, testQuery } from "./schemas/connection-test";
import { createBody, listQuery, mergeBody, replaceBody } from "./schemas/credential";
import { pageQuery } from "./schemas/fields";
import { type ApiKeyLimits, accountBody, accountChange, keyBody, keyChange } from "./schemas/service-account";
import { invalidParameter, parameters, shaped } from "./shape";
import { typeMeant } from "./type-names";

/** SuperAI's bodies and parameters brought to the core's words. Shapes are judged here, values by the core. */
export function newCredential(body: Record<string, unknown>): NewCredential {
  requireOneKind(body.provider);
  const input = shaped(createBody, body);
  return {
    ...kindIn(input),
    data: input.credentials,
    ...(input.name && { name: input.name }),
    ...(input.tags && { tags: input.tags }),
    ...(input.expires_at && { expiresAt: new Date(input.expires_at) }),
    ...(input.test_receipt && { receipt: input.test_receipt }),
  };
}

/** The kind that a body names, in the core's words. */
function kindIn(input: { provider: string; credential_type: string; credentials: Record<string, unknown> }) {
  const { provider, credential_type: name, credentials } = input;
  return { provider, type: typeMeant({ name, provider, sent: Object.keys(credentials) }) };
}

/** `application/json` replaces the credential data whole; `application/merge-patch+json` (RFC 7396) merges it. */
export function credentialChange(
  body: Record<string, unknown>,
  merge: boolean,
  ifMatch: string | null,
): CredentialChange {
  const input = merge ? shaped(mergeBody, body) : shaped(replaceBody, body);
  return {
    expectedVersion: versionsIn(ifMatch),
    ...(input.credential_type && { type: typeAfter(input.credential_type, merge ? {} : (input.credentials ?? {})) }),
    ...(input.credentials && { data: { mode: merge ? "merge" : "replace", values: input.credentials } }),
    ...(input.name && { name: input.name }),
    ...(input.tags && { tags: input.tags }),
    ...(input.expires_at !== undefined && { expiresAt: input.expires_at === null ? null : new Date(input.expires_at) }),
    ...(input.active !== undefined && { active: input.active }),
    ...(input.test_receipt && { receipt: input.test_receipt }),
  };
}

/** What a name means is known where the credential is. A patch has a part of the values, which do not say what all are. */
const typeAfter =
  (name: string, values: Record<string, unknown>) =>
  ({ provider, type }: StoredKind) =>
    typeMeant({ name, provider, sent: Object.keys(values), stored: type });

/** What a list without `limit` answers at most: more than one person may own. */
const LIST_ALL = 1_000;

export function credentialQuery(query: URLSearchParams): CredentialQuery {
  const { provider, ...input } = parameters(listQuery, query);
  return { limit: LIST_ALL, ...input, ...(provider !== undefined && kindsAsked(provider)) };
}

export const unknownProvider = (): Refusal => new Refusal("invalid", "Invalid provider");

/** For a parameter `credential_id` that names nothing. */
export const unknownCredential = (): Refusal => invalidParameter("credential_id", "Is not the id of a credential");

/** @throws Refusal "invalid" when the path's id is no UUID */
export function idInPath(segment: string | undefined, what: string): string {
  if (!segment || !isUuid(segment)) throw new Refusal("invalid", `Invalid ${what} ID`);
  return segment.toLowerCase();
}

/** Whether values are to be tried out as they are, whatever they look like. */
export const testOptions = (query: URLSearchParams): { asEntered: boolean } => ({
  asEntered: parameters(testQuery, query).as_entered === "true",
});

export function sftpTest(body: Record<string, unknown>): TestRequest {
  const { auth_type, password, private_key_data, private_key_passphrase, ...rest } = shaped(sftpBody, body);
  return auth_type === "key_file"
    ? {
        provider: "sftp",
        type: "key_file",
        data: { ...rest, private_key: private_key_data, passphrase: private_key_passphrase, password },
      }
    : { provider: "sftp", type: "user_password", data: { ...rest, password } };
}

/** The port has a default. */
const POSTGRES_NEEDS = ["host", "username", "password", "database"] as const;

export function postgresTest(body: Record<string, unknown>): TestRequest {
  const kind = { provider: "postgresql", type: "user_password" } as const;
  if (body.connection_string !== undefined && body.connection_string !== null && body.connection_string !== "") {
    const { connection_string, ssl_ca } = shaped(postgresStringBody, body);
    return { ...kind, data: { connection_string, ssl_ca } };
  }
  const data = shaped(postgresBody, body);
  const missing = POSTGRES_NEEDS.filter((name) => data[name] === undefined || data[name] === null);
  if (missing.length === 0) return { ...kind, data };
  const fields = missing.map((name) => ({ path: [name], message: "Field required", code: "missing" }));
  throw new Refusal("malformed", "Request validation failed", { fields });
}

/** @throws Refusal "invalid" when the stored credential is of another kind */
export function requirePostgres(view: { provider: string }): void {
  if (view.provider === "postgresql" || view.provider === "internal_postgresql") return;
  throw new Refusal("invalid", "This credential is not a PostgreSQL credential");
}

export function anyTest(body: Record<string, unknown>): TestRequest {
  requireOneKind(body.provider);
  const input = shaped(testBody, body);
  return { ...kindIn(input), data: input.credentials };
}

export const newServiceAccount = (body: Record<string, unknown>) => shaped(accountBody, body);

export const serviceAccountChange = (body: Record<string, unknown>) => shaped(accountChange, body);

export function newApiKey(body: Record<string, unknown>) {
  const { name, description, scopes, limits, expires_at } = shaped(keyBody, body);
  return {
    name,
    limits: limits ? limitsMeant(limits) : undefined,
    description: description ?? undefined,
    // Left out, the key may do whatever its account may.
    scopes: scopes ?? ["all" as const],
    expiresAt: expires_at ? new Date(expires_at) : undefined,
  };
}

export function apiKeyChange(body: Record<string, unknown>) {
  const { limits, ...change } = shaped(keyChange, body);
  return { ...change, ...(limits !== undefined && { limits: limits && limitsMeant(limits) }) };
}

/** Null counts as left out: as it is shown, it may come back. */
const limitsMeant = ({ credential_ids, ...lists }: ApiKeyLimits): TokenLimits => ({
  rights: lists.rights ?? undefined,
  credentialIds: credential_ids ?? undefined,
  tags: lists.tags ?? undefined,
  kinds: lists.kinds ?? undefined,
  networks: lists.networks ?? undefined,
});

export const page = (query: URLSearchParams) => parameters(pageQuery, query);
