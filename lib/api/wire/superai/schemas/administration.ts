import { z } from "zod";
import { userRoles } from "@/lib/vocabulary/permissions";
import { id, modifiedBy, optionalTime, time } from "./fields";

/** Organisations, people and oneself. */
const limit = z.number().int().min(1).max(1_000_000).optional();
const settings = {
  name: z.string().min(1).max(200).optional(),
  max_credentials_per_provider: limit,
  max_credentials_per_user: limit,
  require_test_before_save: z.boolean().optional(),
};
/** What is shown and is nobody's to change: sent along by clients that write back what they read. */
const asShown = z.unknown().optional();
const shownAlong = { created_at: asShown, updated_at: asShown };

export const newOrganizationBody = z
  .strictObject({ name: z.string().min(1).max(200), is_active: z.boolean().optional() })
  .meta({ id: "NewOrganization", examples: [{ name: "Example Ltd" }] });
export const organizationPatch = z
  .strictObject(settings)
  .meta({ id: "OrganizationPatch", examples: [{ require_test_before_save: true }] });
export const organizationBody = z
  .strictObject({ ...settings, id: asShown, is_active: z.boolean().optional(), ...shownAlong })
  .meta({ id: "OrganizationReplacement", examples: [{ name: "Example Ltd", require_test_before_save: true }] });
export const forceQuery = z.strictObject({
  force: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "Whether to delete it with everything that is in it." }),
});

const organizationId = z
  .uuid()
  .transform((given) => given.toLowerCase())
  .optional();
export const whereQuery = z.strictObject({ organization_id: organizationId });
const heirId = z
  .guid()
  .transform((given) => given.toLowerCase())
  .optional()
  .meta({ description: "The person who takes over their credentials and what was granted to them." });
export const leavingQuery = whereQuery.extend({ heir_id: heirId });

/** Words that SuperAI has for roles. Programs are no people here, and two of its roles are for what is not done here. */
export const roles = [...userRoles, "integration", "worker", "publisher"] as const;
const role = z.enum(roles);

// Empty for somebody who has none, as it is shown.
const personName = z.string().max(100).nullish();
const names = { first_name: personName, last_name: personName };
export const newUserBody = z
  .strictObject({
    email: z.string().max(320),
    ...names,
    role: role.default("app_user"),
    password: z.string().max(1_024).nullish().meta({ description: "Left out, the person is invited." }),
    organization_id: organizationId,
  })
  .meta({ id: "NewUser", examples: [{ email: "bo@example.com", first_name: "Bo", role: "app_user" }] });

const shownOfUser = {
  id: asShown,
  organization_id: asShown,
  unconfirmed: asShown,
  last_sign_in_at: asShown,
  modified_by: asShown,
  ...shownAlong,
};
const statuses = ["active", "pending", "inactive"] as const;
export const userBody = z
  .strictObject({
    ...shownOfUser,
    ...names,
    email: z.string().max(320).optional(),
    role: role.optional(),
    status: z.enum(statuses).optional(),
    heir_id: heirId,
  })
  .meta({ id: "UserChange", description: "What is left out stays.", examples: [{ role: "auditor" }] });
export const profileBody = z
  .strictObject({
    ...shownOfUser,
    ...names,
    ...Object.fromEntries(["email", "role", "status", "organization_name"].map((name) => [name, asShown])),
    password: asShown,
  })
  .meta({
    id: "ProfileChange",
    description: "One's own name; what else is shown may come back as it was.",
    examples: [{ first_name: "Ana" }],
  });

const organizationExample = {
  id: "019ac0de-0000-7000-8000-000000000010",
  name: "Example Ltd",
  is_active: true,
  max_credentials_per_provider: 50,
  max_credentials_per_user: 100,
  require_test_before_save: false,
  created_at: "2026-11-02T09:30:00.000Z",
  updated_at: "2026-11-02T09:30:00.000Z",
};
const organizationFields = {
  id,
  name: z.string(),
  is_active: z.boolean(),
  max_credentials_per_provider: z.int(),
  max_credentials_per_user: z.int(),
  require_test_before_save: z.boolean(),
  created_at: time,
  updated_at: time,
};
export const organization = z
  .strictObject(organizationFields)
  .meta({ id: "Organization", examples: [organizationExample] });
export type Organization = z.output<typeof organization>;
export const deactivatedOrganization = z.strictObject({ ...organizationFields, deactivated_users: z.int() }).meta({
  id: "DeactivatedOrganization",
  examples: [{ ...organizationExample, is_active: false, deactivated_users: 4 }],
});

const userExample = {
  id: "019ac0de-0000-7000-8000-000000000002",
  organization_id: "019ac0de-0000-7000-8000-000000000010",
  email: "ana@example.com",
  first_name: "Ana",
  last_name: "",
  role: "org_admin",
  status: "active",
  unconfirmed: false,
  last_sign_in_at: "2026-11-02T09:30:00.000Z",
  created_at: "2026-11-02T09:30:00.000Z",
  updated_at: "2026-11-02T09:30:00.000Z",
  modified_by: "ana@example.com",
} as const;
const userFields = {
  id,
  organization_id: id,
  email: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  role: z.enum(userRoles),
  status: z.enum(statuses).meta({ description: "Pending until a password was chosen." }),
  unconfirmed: z
    .boolean()
    .meta({ description: "Set up by the platform; opens nothing until the organisation confirms it." }),
  last_sign_in_at: optionalTime,
  created_at: time,
  updated_at: time,
  modified_by: modifiedBy,
};
export const user = z.strictObject(userFields).meta({ id: "User", examples: [userExample] });
export type User = z.output<typeof user>;
export const profile = z
  .strictObject({ ...userFields, organization_name: z.string() })
  .meta({ id: "Profile", examples: [{ ...userExample, organization_name: "Example Ltd" }] });
export type Profile = z.output<typeof profile>;
export const freshUser = z
  .strictObject({ ...userFields, invitation_url: z.string().nullable(), invitation_expires_at: optionalTime })
  .meta({
    id: "FreshUser",
    description: "The one answer that shows where an invitation leads.",
    examples: [
      { ...userExample, status: "pending", last_sign_in_at: null, invitation_url: null, invitation_expires_at: null },
    ],
  });
export type FreshUser = z.output<typeof freshUser>;
