import { z } from "zod";
import { credential } from "./credential";
import { absent, flag, guid, instant, ownGuid, stamps, text, time } from "./fields";

/** Tenants with their users, and the security tokens of those. */
export const tenantBody = z
  .object({ GUID: ownGuid, Name: text, Active: flag, LastUpdateUtc: time })
  .meta({ id: "TenantBody", examples: [{ Name: "Example Ltd", Active: true }] });
export const tenant = z.strictObject({ GUID: guid, Name: z.string(), Active: z.boolean(), ...stamps }).meta({
  id: "Tenant",
  examples: [
    {
      GUID: "019ac0de-0000-7000-8000-000000000010",
      Name: "Example Ltd",
      Active: true,
      CreatedUtc: "2026-11-02T09:30:00.000000Z",
      LastUpdateUtc: "2026-11-02T09:30:00.000000Z",
    },
  ],
});
export type Tenant = z.output<typeof tenant>;

export const userBody = z
  .object({
    GUID: ownGuid,
    TenantGUID: ownGuid,
    FirstName: text,
    LastName: text,
    Email: text,
    Password: text,
    Active: flag,
    IsSystemAdmin: flag,
    IsTenantAdmin: flag,
    LastUpdateUtc: time,
  })
  .meta({
    id: "UserBody",
    description: "A mask in Password means: as it was.",
    examples: [{ FirstName: "Bo", Email: "bo@example.com", Password: "the password", Active: true }],
  });
export const user = z
  .strictObject({
    GUID: guid,
    TenantGUID: guid,
    FirstName: z.string().optional(),
    LastName: z.string().optional(),
    Email: z.string(),
    Password: z.string().optional().meta({ description: "A mask, where there is one." }),
    Active: z.boolean(),
    IsSystemAdmin: z.boolean(),
    IsTenantAdmin: z.boolean(),
    ...stamps,
  })
  .meta({
    id: "User",
    examples: [
      {
        GUID: "019ac0de-0000-7000-8000-000000000002",
        TenantGUID: "019ac0de-0000-7000-8000-000000000010",
        FirstName: "Bo",
        Email: "bo@example.com",
        Active: true,
        IsSystemAdmin: false,
        IsTenantAdmin: false,
        CreatedUtc: "2026-11-02T09:30:00.000000Z",
        LastUpdateUtc: "2026-11-02T09:30:00.000000Z",
      },
    ],
  });
export type User = z.output<typeof user>;

const item = z.record(z.string(), z.unknown());
const items = z.array(item).nullish();
export const onboardingBody = z
  .object({
    Tenant: item,
    Users: items,
    Credentials: items,
    Graphs: z.union([z.array(z.unknown()), absent]).optional(),
  })
  .meta({
    id: "OnboardingBody",
    examples: [{ Tenant: { Name: "Example Ltd" }, Users: [{ FirstName: "Bo", Email: "bo@example.com" }] }],
  });
export const onboarded = z
  .strictObject({
    Tenant: tenant,
    Users: z.array(user),
    Credentials: z.array(credential),
    Graphs: z.array(z.never()),
  })
  .meta({ id: "Onboarded" });
export type OnboardedShown = z.output<typeof onboarded>;

const tokenFields = {
  TimestampUtc: instant,
  ExpirationUtc: instant,
  IsExpired: z.literal(false),
  TenantGUID: guid,
  UserGUID: guid,
  Valid: z.literal(true),
};
export const securityToken = z.strictObject({ ...tokenFields, Token: z.string() }).meta({ id: "SecurityToken" });
export type SecurityTokenShown = z.output<typeof securityToken>;
export const tokenDetails = z
  .strictObject({ ...tokenFields, Tenant: tenant, User: user })
  .meta({ id: "SecurityTokenDetails" });
export type TokenDetails = z.output<typeof tokenDetails>;

export const health = z
  .strictObject({
    Status: z.enum(["Healthy", "Unavailable"]),
    NodeId: z.string(),
    Checks: z.strictObject({ Database: z.boolean(), Draining: z.boolean() }).optional(),
    Utc: instant,
  })
  .meta({ id: "Health" });
export type Health = z.output<typeof health>;
