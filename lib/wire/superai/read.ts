import { z } from "zod";
import type { CredentialChange, CredentialQuery, NewCredential, StoredKind, TestRequest } from "@/lib/credentials";
import { credentialStatuses, sortOrders } from "@/lib/credentials/view";
import { findProvider, findProviderAnyCase } from "@/lib/providers/index";
import { Refusal } from "@/lib/refusal";
import { isUuid } from "@/lib/uuid";
import { versionsIn } from "@/lib/versions";
import { kindsAsked, requireOneKind } from "./file-storage";
import { invalidParameter, parameters, shaped } from "./shape";
import { typeMeant, typeNames } from "./type-names";

/** SuperAI's bodies and parameters brought to the core's words. Shapes are judged here, values by the core. */
const type = z.enum(typeNames);
const values = z.record(z.string(), z.unknown());
const name = z.string().min(1).max(200);
const description = z.string().max(2_000).nullish();
const tags = z.array(z.string().max(50)).max(20);
const instant = z.iso.datetime({ offset: true }).refine((text) => {
  const year = new Date(text).getUTCFullYear();
  return year >= 2000 && year < 2200;
}, "Must be between the years 2000 and 2200");

const createBody = z.strictObject({
  provider: z.string().refine((id) => findProvider(id) !== undefined, "Is not a known provider"),
  credential_type: type,
  credentials: values,
  name: name.nullish(),
  tags: tags.optional(),
  expires_at: instant.nullish(),
  test_receipt: z.string().max(16_384).nullish(),
});

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

const shared = {
  // The provider is fixed at creation; clients send it along, and it has no effect.
  provider: z.unknown().optional(),
  name: name.nullish(),
  tags: tags.optional(),
  expires_at: instant.nullish(),
  active: z.boolean().optional(),
  test_receipt: z.string().max(16_384).nullish(),
};
const replaceBody = z.strictObject({ ...shared, credential_type: type, credentials: values });
const mergeBody = z.strictObject({ ...shared, credential_type: type.optional(), credentials: values.optional() });

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

const listQuery = z.strictObject({
  q: z.string().max(200).optional(),
  provider: z
    .string()
    .max(100)
    .transform((id) => findProviderAnyCase(id)?.id ?? id)
    .optional(),
  tag: z.string().max(50).optional(),
  status: z.enum(credentialStatuses).optional(),
  sort: z.enum(sortOrders).optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/, "Must be a number from 1 to 1000")
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 1000, "Must be a number from 1 to 1000")
    .optional(),
  cursor: z.string().max(2_000).optional(),
});

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

const testQuery = z.strictObject({ as_entered: z.enum(["true", "false"]).optional() });

/** Whether values are to be tried out as they are, whatever they look like. */
export const testOptions = (query: URLSearchParams): { asEntered: boolean } => ({
  asEntered: parameters(testQuery, query).as_entered === "true",
});

const portText = z.union([z.number().int(), z.string().regex(/^\d{1,5}$/)]);
const sftpBody = z.strictObject({
  host: z.string(),
  port: portText.nullish(),
  username: z.string(),
  auth_type: z.enum(["password", "user_password", "key_file"]),
  password: z.string().nullish(),
  private_key_data: z.string().nullish(),
  private_key_passphrase: z.string().nullish(),
  test_path: z.string().nullish(),
  host_key: z.string().nullish(),
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

const postgresBody = z.strictObject({
  host: z.string().nullish(),
  port: portText.nullish(),
  username: z.string().nullish(),
  password: z.string().nullish(),
  database: z.string().nullish(),
  connection_string: z.string().nullish(),
  sslmode: z.string().nullish(),
  ssl_ca: z.string().nullish(),
});

/** With a connection string the fields beside it count for nothing, not even when they are wrong. */
const postgresStringBody = z.strictObject({
  ...Object.fromEntries(Object.keys(postgresBody.shape).map((name) => [name, z.unknown().optional()])),
  connection_string: z.string(),
  ssl_ca: z.string().nullish(),
});

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

const testBody = z.strictObject({ provider: z.string(), credential_type: type, credentials: values });
export function anyTest(body: Record<string, unknown>): TestRequest {
  requireOneKind(body.provider);
  const input = shaped(testBody, body);
  return { ...kindIn(input), data: input.credentials };
}

const accountBody = z.strictObject({ name: z.string().min(1).max(255), description });
export const newServiceAccount = (body: Record<string, unknown>) => shaped(accountBody, body);

const accountChange = z.strictObject({
  name: z.string().min(1).max(255).optional(),
  description,
  status: z.enum(["active", "inactive"]).optional(),
});
export const serviceAccountChange = (body: Record<string, unknown>) => shaped(accountChange, body);

const keyBody = z.strictObject({
  name: z.string().min(1).max(255),
  description,
  scopes: z
    .array(z.enum(["read", "write", "admin", "all"]))
    .max(4)
    .optional(),
  expires_at: instant.nullish(),
});
export function newApiKey(body: Record<string, unknown>) {
  const { name, description, scopes, expires_at } = shaped(keyBody, body);
  return {
    name,
    description: description ?? undefined,
    // Left out, the key may do whatever its account may.
    scopes: scopes ?? ["all" as const],
    expiresAt: expires_at ? new Date(expires_at) : undefined,
  };
}

const keyChange = z.strictObject({ name: z.string().min(1).max(255).optional(), description });
export const apiKeyChange = (body: Record<string, unknown>) => shaped(keyChange, body);

const number = (max: number) =>
  z
    .string()
    .regex(/^\d{1,7}$/, "Must be a number")
    .transform(Number)
    .refine((value) => value <= max, `Must be at most ${max}`);
/** How far into a list, and how much of it. */
export const stretch = { offset: number(9_999_999).default(0), limit: number(1_000).default(100) };
const pageQuery = z.strictObject(stretch);
export const page = (query: URLSearchParams) => parameters(pageQuery, query);
