import { z } from "zod";
import { credentialTypes } from "@/lib/providers/define";
import { findProvider, findProviderAnyCase } from "@/lib/providers/index";
import { isOwnKindId } from "@/lib/providers/own-id";
import { outcomes } from "@/lib/providers/report";
import { credentialStatuses, sortOrders } from "@/lib/vocabulary/credential-view";
import { typeNames } from "../type-names";
import { id, instant, limit, optionalTime, stamps, time } from "./fields";

/** Credentials as requests bring and answers show them. */
export const type = z.enum(typeNames).meta({
  id: "CredentialTypeName",
  description: "How one signs in. `GET /api/integrations/catalog` tells which of them a provider takes.",
});
export const values = z.record(z.string(), z.unknown()).meta({
  id: "CredentialValues",
  description:
    "Values by the field names of the provider and type, which `GET /api/integrations/catalog` tells. Never answered again but by the secrets endpoint.",
  examples: [{ host: "sftp.example.com", port: 22, username: "alice", password: "the password" }],
});
const name = z.string().min(1).max(200);
const tags = z.array(z.string().max(50)).max(20);
const receipt = z.string().max(16_384).nullish().meta({
  description: "The proof of a test of exactly these values; an organisation can require one.",
});

export const createBody = z
  .strictObject({
    provider: z
      .string()
      // Whether the organisation has such a kind of its own is the core's to say.
      .refine((given) => isOwnKindId(given) || findProvider(given) !== undefined, "Is not a known provider")
      .meta({ description: "Fixed from now on.", examples: ["sftp"] }),
    credential_type: type,
    credentials: values,
    name: name.nullish(),
    tags: tags.optional(),
    expires_at: instant.nullish(),
    test_receipt: receipt,
  })
  .meta({
    id: "NewCredential",
    examples: [
      {
        provider: "sftp",
        credential_type: "user_password",
        name: "Invoices",
        tags: ["finance"],
        credentials: { host: "sftp.example.com", port: 22, username: "alice", password: "the password" },
      },
    ],
  });

const shared = {
  // The provider is fixed at creation; clients send it along, and it has no effect.
  provider: z.unknown().optional().meta({ description: "Has no effect." }),
  name: name.nullish(),
  tags: tags.optional(),
  expires_at: instant.nullish().meta({ description: "Null for no end." }),
  active: z.boolean().optional(),
  test_receipt: receipt,
};
export const replaceBody = z.strictObject({ ...shared, credential_type: type, credentials: values }).meta({
  id: "CredentialReplacement",
  description: "The values are replaced whole: what is left out is gone.",
  examples: [
    {
      credential_type: "user_password",
      credentials: { host: "sftp.example.com", port: 22, username: "alice", password: "the new password" },
    },
  ],
});
export const mergeBody = z
  .strictObject({ ...shared, credential_type: type.optional(), credentials: values.optional() })
  .meta({
    id: "CredentialMergePatch",
    description: "RFC 7396: what is named is changed, null clears, everything else stays.",
    examples: [{ credentials: { password: "the new password" } }],
  });

export const listQuery = z.strictObject({
  q: z.string().max(200).optional().meta({ description: "Words to find in names, summaries and tags." }),
  provider: z
    .string()
    .max(100)
    .transform((given) => findProviderAnyCase(given)?.id ?? given)
    .optional(),
  tag: z.string().max(50).optional(),
  status: z.enum(credentialStatuses).optional(),
  sort: z.enum(sortOrders).optional().meta({ description: "Newest first where nothing is said." }),
  limit: limit(1_000).optional(),
  cursor: z.string().max(2_000).optional().meta({ description: "X-Next-Cursor of the page before." }),
});

/** Of one provider, which the path names. */
export const listOfProviderQuery = listQuery.omit({ provider: true });

const shown = {
  id,
  external_id: z.string().nullable().meta({ description: "What another system knew it by; paths take it as well." }),
  ...stamps,
  provider: z.string(),
  user_id: id.nullable().meta({ description: "Who owns it." }),
  google_email: z.string().nullable(),
  name: z.string(),
  credential_type: z.enum(credentialTypes),
  status: z.enum(credentialStatuses),
  version: z.int().min(1).meta({ description: "Goes up with every change." }),
  tags: z.array(z.string()),
  summary: z.string().meta({ description: "One clear line that holds no secret." }),
  expires_at: optionalTime,
  token_expires_at: optionalTime.meta({
    description: "When the access token at the provider ends; renewed by itself.",
  }),
  last_used_at: optionalTime,
  last_test: z
    .strictObject({
      outcome: z.enum(outcomes),
      reason: z.string().nullable(),
      tested_at: time,
      current: z.boolean().meta({ description: "False where the values have changed since." }),
    })
    .nullable(),
};
const example = {
  id: "019ac0de-0000-7000-8000-000000000001",
  external_id: null,
  created_at: "2026-11-02T09:30:00.000Z",
  updated_at: "2026-11-02T09:30:00.000Z",
  modified_by: "ana@example.com",
  provider: "sftp",
  user_id: "019ac0de-0000-7000-8000-000000000002",
  google_email: null,
  name: "Invoices",
  credential_type: "user_password",
  status: "active",
  version: 1,
  tags: ["finance"],
  summary: "sftp.example.com:22 as alice",
  expires_at: null,
  token_expires_at: null,
  last_used_at: null,
  last_test: null,
} as const;

export const credential = z.strictObject(shown).meta({
  id: "Credential",
  description: "A credential without any of its secrets.",
  examples: [example],
});
export type Credential = z.output<typeof credential>;

const hint = z
  .strictObject({
    field: z.string(),
    code: z.enum(["placeholder", "other_value", "space_around"]),
    message: z.string(),
  })
  .meta({ id: "Hint", examples: [{ field: "password", code: "space_around", message: "has a space at its end" }] });

export const savedCredential = z.strictObject({ ...shown, hints: z.array(hint).optional() }).meta({
  id: "SavedCredential",
  description: "A credential as it was saved, with what looks doubtful about the values that were sent.",
  examples: [example],
});

export const secretValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).meta({
  id: "SecretValues",
  description: "The stored values as they are. Keep them in memory alone, and never log them.",
  examples: [{ host: "sftp.example.com", port: 22, username: "alice", password: "the password" }],
});
