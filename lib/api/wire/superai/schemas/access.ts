import { z } from "zod";
import { reaches, requestStates, rights, subjectKinds } from "@/lib/vocabulary/access";
import { userRoles } from "@/lib/vocabulary/permissions";
import { credentialId, id, instant, limit, modifiedBy, optionalTime, time } from "./fields";
import { limits } from "./service-account";

/** Who may do what with which credential: grants, groups, requests, and the two questions asked of them. */
const SUBJECT = "019ac0de-0000-7000-8000-000000000020";
const CREDENTIAL = "019ac0de-0000-7000-8000-000000000001";
const GROUP = "019ac0de-0000-7000-8000-000000000030";
const PERSON = "019ac0de-0000-7000-8000-000000000002";
const WHEN = "2026-11-30T09:30:00.000Z";

const givenId = z.guid().transform((given) => given.toLowerCase());
const right = z.enum(rights);
const note = z.string().max(4_000).nullish();
const expiresAt = instant.nullish().meta({ description: "When it ends; left out or null, never." });

const subject = {
  subject_type: z.enum(subjectKinds),
  subject_id: id,
  subject_name: z.string(),
};

export const grantsQuery = z.strictObject({
  subject_id: givenId.optional().meta({ description: "Given to this person, group or program itself." }),
  credential_id: credentialId.optional().meta({
    description:
      "Given over this credential by name. What reaches it by a tag, its kind or everything: `…/access` of the credential.",
  }),
  limit: limit(1_000).optional(),
  cursor: z.string().max(2_000).optional().meta({ description: "Where to go on: `X-Next-Cursor` of the page before." }),
});

export const grantBody = z
  .strictObject({
    subject_type: z.enum(subjectKinds),
    subject_id: givenId,
    reach: z.enum(reaches),
    key: z
      .string()
      .max(255)
      .default("")
      .meta({ description: "A credential's id, a tag, or a provider of the catalogue; nothing for `all`." }),
    rights: z.array(right).min(1).max(rights.length),
    expires_at: expiresAt,
    reason: note,
  })
  .meta({
    id: "NewGrant",
    examples: [
      { subject_type: "service_account", subject_id: SUBJECT, reach: "credential", key: CREDENTIAL, rights: ["use"] },
      { subject_type: "group", subject_id: GROUP, reach: "tag", key: "suppliers", rights: ["edit"], expires_at: WHEN },
    ],
  });

const grantFields = {
  id,
  ...subject,
  right,
  reach: z.enum(reaches),
  key: z.string(),
  reach_name: z.string().meta({ description: "The credential's name, the tag, the kind's label, or `everything`." }),
  expires_at: optionalTime,
  reason: z.string().nullable(),
  from_before: z.boolean().meta({ description: "Given to what was there before there were grants." }),
  granted_by: z.string(),
  granted_at: time,
};
const grantExample = {
  id: "019ac0de-0000-7000-8000-000000000040",
  subject_type: "service_account",
  subject_id: SUBJECT,
  subject_name: "workflows",
  right: "use",
  reach: "credential",
  key: CREDENTIAL,
  reach_name: "Supplier drop",
  expires_at: null,
  reason: null,
  from_before: false,
  granted_by: "ana@example.com",
  granted_at: WHEN,
} as const;
export const grant = z.strictObject(grantFields).meta({ id: "Grant", examples: [grantExample] });
export type Grant = z.output<typeof grant>;

const groupName = z.string().min(1).max(200);
export const groupBody = z
  .strictObject({ name: groupName, description: note })
  .meta({ id: "NewGroup", examples: [{ name: "Finance", description: "Whoever closes the books" }] });
const people = z.array(givenId).max(1_000).optional();
export const groupPatch = z
  .strictObject({ name: groupName.optional(), description: note, add: people, remove: people })
  .meta({ id: "GroupPatch", description: "`add` and `remove` are ids of people.", examples: [{ add: [PERSON] }] });

const groupFields = {
  id,
  name: z.string(),
  description: z.string().nullable(),
  member_count: z.int().min(0),
  created_at: time,
  updated_at: time,
  modified_by: modifiedBy,
};
const groupExample = {
  id: GROUP,
  name: "Finance",
  description: null,
  member_count: 1,
  created_at: WHEN,
  updated_at: WHEN,
  modified_by: "ana@example.com",
};
export const group = z.strictObject(groupFields).meta({ id: "Group", examples: [groupExample] });
export type Group = z.output<typeof group>;
const member = z.strictObject({ id, name: z.string(), email: z.string(), added_at: time, added_by: z.string() });
export const groupWithMembers = z.strictObject({ ...groupFields, members: z.array(member) }).meta({
  id: "GroupWithMembers",
  examples: [
    {
      ...groupExample,
      members: [{ id: PERSON, name: "Ana", email: "ana@example.com", added_at: WHEN, added_by: "ana@example.com" }],
    },
  ],
});
export type GroupWithMembers = z.output<typeof groupWithMembers>;

export const requestsQuery = z.strictObject({ status: z.enum(requestStates).optional() });
export const requestBody = z
  .strictObject({ credential_id: credentialId, right, reason: z.string().min(1).max(4_000) })
  .meta({
    id: "NewAccessRequest",
    examples: [{ credential_id: CREDENTIAL, right: "edit", reason: "The password expires on Friday" }],
  });
export const answerBody = z
  .strictObject({ decision: z.enum(["grant", "decline"]), note, expires_at: expiresAt })
  .meta({ id: "AccessRequestAnswer", examples: [{ decision: "grant", expires_at: WHEN }] });

export const accessRequest = z
  .strictObject({
    id,
    user_id: id,
    user_name: z.string(),
    credential_id: id,
    credential_name: z.string(),
    right,
    reason: z.string(),
    status: z.enum(requestStates),
    asked_at: time,
    answered_at: optionalTime,
    answered_by: z.string().nullable(),
    note: z.string().nullable(),
  })
  .meta({
    id: "AccessRequest",
    examples: [
      {
        id: "019ac0de-0000-7000-8000-000000000050",
        user_id: PERSON,
        user_name: "Ana",
        credential_id: CREDENTIAL,
        credential_name: "Supplier drop",
        right: "edit",
        reason: "The password expires on Friday",
        status: "open",
        asked_at: WHEN,
        answered_at: null,
        answered_by: null,
        note: null,
      },
    ],
  });
export type AccessRequest = z.output<typeof accessRequest>;

const quiet = optionalTime.meta({ description: "In the last ninety days; null: not in these." });
const reacher = z.strictObject({
  ...subject,
  rights: z.array(right).meta({ description: "All that they may do with it." }),
  is_owner: z.boolean(),
  last_used_at: quiet,
  grants: z.array(grant).meta({ description: "By which they may, the narrowest first; none for the owner alone." }),
});
const reachingRole = z.strictObject({ role: z.enum(userRoles), people: z.int().min(0), rights: z.array(right) });
export const credentialAccess = z
  .strictObject({
    own: z.array(right).meta({ description: "What the caller may do with it." }),
    reachers: z.array(reacher),
    roles: z.array(reachingRole).meta({ description: "Who reaches every credential by role." }),
  })
  .meta({
    id: "CredentialAccess",
    examples: [
      {
        own: ["see", "edit", "manage"],
        reachers: [
          {
            subject_type: "service_account",
            subject_id: SUBJECT,
            subject_name: "workflows",
            rights: ["see", "use"],
            is_owner: false,
            last_used_at: WHEN,
            grants: [grantExample],
          },
        ],
        roles: [{ role: "org_admin", people: 2, rights: ["see", "edit", "manage"] }],
      },
    ],
  });
export type CredentialAccess = z.output<typeof credentialAccess>;

const heldGrant = z.strictObject({
  ...grantFields,
  last_used_at: quiet,
  is_quiet: z
    .boolean()
    .meta({ description: "Older than ninety days and of no use in them: a candidate to take away." }),
  via_group_id: id.nullable(),
  via_group_name: z.string().nullable(),
});
const usedCredential = z.strictObject({
  credential_id: id,
  name: z.string(),
  provider: z.string(),
  used_at: optionalTime,
  changed_at: optionalTime,
});
export const subjectAccess = z
  .strictObject({
    ...subject,
    grants: z.array(heldGrant),
    used: z.array(usedCredential).meta({ description: "Worked with in the last ninety days, the latest first." }),
  })
  .meta({
    id: "SubjectAccess",
    examples: [
      {
        subject_type: "service_account",
        subject_id: SUBJECT,
        subject_name: "workflows",
        grants: [{ ...grantExample, last_used_at: WHEN, is_quiet: false, via_group_id: null, via_group_name: null }],
        used: [{ credential_id: CREDENTIAL, name: "Supplier drop", provider: "sftp", used_at: WHEN, changed_at: null }],
      },
    ],
  });
export type SubjectAccess = z.output<typeof subjectAccess>;

const reachedCredential = z.strictObject({
  credential_id: id,
  name: z.string(),
  provider: z.string(),
  rights: z.array(right).meta({ description: "All that the token may do with it." }),
  used_at: quiet,
  changed_at: quiet,
  is_shared: z.boolean().meta({
    description: "Fetched before it was kept by which token: by this one or by another of the same program.",
  }),
});
export const tokenAccess = z
  .strictObject({
    id,
    name: z.string(),
    limits: limits.nullable(),
    ...subject,
    credentials: z
      .array(reachedCredential)
      .meta({ description: "Those it worked with, the latest first, then the newest; at most 200 of each." }),
    has_more: z.boolean().meta({ description: "Whether it reaches more than these." }),
  })
  .meta({
    id: "TokenAccess",
    description: "`subject_…` is whom the token acts as.",
    examples: [
      {
        ...{ id: "019ac0de-0000-7000-8000-000000000021", name: "production", limits: { rights: ["use"] } },
        ...{ subject_type: "service_account", subject_id: SUBJECT, subject_name: "workflows" },
        credentials: [
          {
            ...{ credential_id: CREDENTIAL, name: "Supplier drop", provider: "sftp", rights: ["see", "use"] },
            ...{ used_at: WHEN, changed_at: null, is_shared: false },
          },
        ],
        has_more: false,
      },
    ],
  });
export type TokenAccess = z.output<typeof tokenAccess>;

export const exposedQuery = z.strictObject({
  by_type: z.enum(["token", "service_account", "user"]).optional(),
  by_id: givenId.optional().meta({ description: "The token's, program's or person's id." }),
  from: instant.optional(),
  to: instant.optional(),
});
export const exposedCredential = z
  .strictObject({
    credential_id: id,
    name: z.string(),
    provider: z.string(),
    credential_type: z.string(),
    is_active: z.boolean(),
    how: z
      .enum(["fetched", "set"])
      .meta({ description: "A program fetched the present value, or a person put it in." }),
    times: z.int().min(1),
    last_at: time,
  })
  .meta({
    id: "ExposedCredential",
    examples: [
      {
        ...{ credential_id: CREDENTIAL, name: "Supplier drop", provider: "sftp", credential_type: "user_password" },
        ...{ is_active: true, how: "fetched", times: 12, last_at: WHEN },
      },
    ],
  });
export type ExposedCredential = z.output<typeof exposedCredential>;

export const narrowing = z
  .strictObject({
    replaced: z.int().min(0).meta({ description: "Grants from before that this takes, or has taken, the place of." }),
    kept: z.int().min(0),
    keeps: z
      .array(z.strictObject({ credential_id: id, name: z.string(), rights: z.array(right), last_at: time }))
      .meta({ description: "At most 500 of those that it keeps, the last used first." }),
  })
  .meta({
    id: "Narrowing",
    examples: [
      {
        replaced: 2,
        kept: 1,
        keeps: [{ credential_id: CREDENTIAL, name: "Supplier drop", rights: ["use"], last_at: WHEN }],
      },
    ],
  });
export type Narrowing = z.output<typeof narrowing>;
