import { z } from "zod";
import { absent, flag, guid, guidField, ownGuid, stamps, text, time } from "./fields";

/** What LiteGraph calls a credential is an API token here. */
/** What stands for no scope at all, which this dialect has no form for. */
export const NONE = "none";

const scope = z
  .string()
  .transform((word) => word.trim().toLowerCase())
  // LiteGraph's "everything" is what our widest scope allows.
  .transform((word) => (word === "*" ? "admin" : word))
  .pipe(z.enum(["read", "write", "admin", "all", NONE]))
  .meta({ description: "`read`, `write`, `admin`, `all` or `none`; `*` is `admin`." });
/** An empty list is "everything" in this dialect; here that has a word. */
const scopes = z
  .union([z.array(scope).max(20), absent])
  .optional()
  .transform((given) => {
    if (given?.length === 0) return ["all" as const];
    return given && [...new Set(given)].filter((word) => word !== NONE);
  });

export const credentialBody = z
  .object({
    GUID: ownGuid,
    TenantGUID: ownGuid,
    UserGUID: ownGuid,
    Name: text,
    BearerToken: z.string().nullish().meta({
      description: "Left out in a new one: the server makes one. Its mask, or nothing, in an update: as it was.",
    }),
    Active: flag,
    Scopes: scopes,
    GraphGUIDs: z.union([z.array(guidField).max(1_000), absent]).optional(),
    LastUpdateUtc: time,
  })
  .meta({
    id: "CredentialBody",
    description: "A whole object; what is unknown is passed over.",
    examples: [{ UserGUID: "019ac0de-0000-7000-8000-000000000002", Name: "robot", Active: true, Scopes: ["read"] }],
  });

export const credential = z
  .strictObject({
    GUID: guid,
    TenantGUID: guid,
    UserGUID: guid.nullable(),
    Name: z.string().optional(),
    BearerToken: z
      .string()
      .optional()
      .meta({ description: "Whole in the answer to the write that set it, else a mask." }),
    Active: z.boolean(),
    Scopes: z.array(z.string()).optional().meta({ description: "Left out for everything; `none` for nothing." }),
    GraphGUIDs: z.array(guid).optional(),
    ...stamps,
  })
  .meta({
    id: "Credential",
    examples: [
      {
        GUID: "019ac0de-0000-7000-8000-000000000001",
        TenantGUID: "019ac0de-0000-7000-8000-000000000010",
        UserGUID: "019ac0de-0000-7000-8000-000000000002",
        Name: "robot",
        BearerToken: "(a mask)",
        Active: true,
        Scopes: ["read"],
        CreatedUtc: "2026-11-02T09:30:00.000000Z",
        LastUpdateUtc: "2026-11-02T09:30:00.000000Z",
      },
    ],
  });
export type Credential = z.output<typeof credential>;
