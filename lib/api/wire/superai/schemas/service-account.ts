import { z } from "zod";
import { rights } from "@/lib/vocabulary/access";
import { scopes } from "@/lib/vocabulary/permissions";
import { description, id, instant, optionalTime, stamps } from "./fields";

/** Service accounts, and the API keys that they sign in with. */
const name = z.string().min(1).max(255);

export const accountBody = z
  .strictObject({ name, description })
  .meta({ id: "NewServiceAccount", examples: [{ name: "workflows", description: "Runs the flows" }] });
export const accountChange = z
  .strictObject({ name: name.optional(), description, status: z.enum(["active", "inactive"]).optional() })
  .meta({ id: "ServiceAccountPatch", examples: [{ status: "inactive" }] });
const NARROWS = "What is left out or null narrows nothing; an empty list allows nothing.";
const word = z.string().min(1).max(100);
/** What a key is narrowed to, within what its account may do. */
export const limits = z
  .strictObject({
    rights: z.array(z.enum(rights)).max(rights.length).nullish(),
    credential_ids: z.array(z.uuid()).max(1_000).nullish(),
    tags: z.array(word).max(100).nullish(),
    kinds: z.array(word).max(100).nullish().meta({ description: "Providers of the catalogue." }),
    networks: z
      .array(z.string().max(100))
      .max(50)
      .nullish()
      .meta({ description: "In CIDR form: where the token may be sent from." }),
  })
  .meta({
    id: "ApiKeyLimits",
    description: NARROWS,
    examples: [{ rights: ["use"], tags: ["production"], networks: ["10.0.0.0/8"] }],
  });
export type ApiKeyLimits = z.output<typeof limits>;

export const keyBody = z
  .strictObject({
    name,
    description,
    scopes: z
      .array(z.enum(scopes))
      .max(4)
      .optional()
      .meta({ description: "Left out: everything that the account may do." }),
    limits: limits.nullish(),
    expires_at: instant.nullish(),
  })
  .meta({ id: "NewApiKey", examples: [{ name: "production", scopes: ["read"] }] });
export const keyChange = z
  .strictObject({
    name: name.optional(),
    description,
    limits: limits.nullish().meta({ description: "Null: it may do all that its account may." }),
  })
  .meta({ id: "ApiKeyPatch", examples: [{ name: "production (old)" }] });

export const serviceAccount = z
  .strictObject({
    id,
    ...stamps,
    organization_id: id,
    name: z.string(),
    description: z.string().nullable(),
    status: z.enum(["active", "inactive"]),
  })
  .meta({
    id: "ServiceAccount",
    examples: [
      {
        id: "019ac0de-0000-7000-8000-000000000020",
        created_at: "2026-11-02T09:30:00.000Z",
        updated_at: "2026-11-02T09:30:00.000Z",
        modified_by: "ana@example.com",
        organization_id: "019ac0de-0000-7000-8000-000000000010",
        name: "workflows",
        description: "Runs the flows",
        status: "active",
      },
    ],
  });
export type ServiceAccount = z.output<typeof serviceAccount>;

const keyExample = {
  id: "019ac0de-0000-7000-8000-000000000021",
  created_at: "2026-11-02T09:30:00.000Z",
  updated_at: "2026-11-02T09:30:00.000Z",
  modified_by: "ana@example.com",
  name: "production",
  description: null,
  token_prefix: "lk_",
  user_id: null,
  service_account_id: "019ac0de-0000-7000-8000-000000000020",
  organization_id: "019ac0de-0000-7000-8000-000000000010",
  scopes: ["read"],
  limits: null,
  status: "active",
  expires_at: null,
  last_used_at: null,
} as const;
const keyFields = {
  id,
  ...stamps,
  name: z.string(),
  description: z.string().nullable(),
  token_prefix: z.string(),
  user_id: id.nullable(),
  service_account_id: id.nullable(),
  organization_id: id,
  scopes: z.array(z.string()),
  limits: limits.nullable(),
  status: z.enum(["active", "inactive", "expired", "revoked"]),
  expires_at: optionalTime,
  last_used_at: optionalTime,
};
export const apiKey = z.strictObject(keyFields).meta({ id: "ApiKey", examples: [keyExample] });
export type ApiKey = z.output<typeof apiKey>;
export const freshApiKey = z
  .strictObject({ ...keyFields, token: z.string().nullable().meta({ description: "Null in a replayed answer." }) })
  .meta({
    id: "FreshApiKey",
    description: "The one answer that shows the token.",
    examples: [{ ...keyExample, token: "(the token)" }],
  });
export type FreshApiKey = z.output<typeof freshApiKey>;
