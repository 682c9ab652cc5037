import { z } from "zod";

/** What Flowise's own pages ask before and while somebody is signed in. */
export const login = z
  .object({ email: z.string().max(320), password: z.string().max(1_000) })
  .meta({ id: "Login", examples: [{ email: "ana@example.com", password: "the password" }] });

export const person = z
  .strictObject({
    id: z.guid(),
    email: z.string(),
    name: z.string(),
    roleId: z.string(),
    activeOrganizationId: z.guid(),
    activeOrganizationSubscriptionId: z.null(),
    activeOrganizationCustomerId: z.null(),
    activeOrganizationProductId: z.literal(""),
    isOrganizationAdmin: z.boolean(),
    activeWorkspaceId: z.guid(),
    activeWorkspace: z.string(),
    assignedWorkspaces: z.array(
      z.strictObject({ id: z.guid(), name: z.string(), role: z.string(), organizationId: z.guid() }),
    ),
    permissions: z.array(z.string()),
    features: z.strictObject({}),
    isSSO: z.literal(false),
  })
  .meta({ id: "Person" });
export type PersonShown = z.output<typeof person>;

export const loggedOut = z
  .strictObject({ message: z.literal("logged_out"), redirectTo: z.literal("/login") })
  .meta({ id: "LoggedOut", examples: [{ message: "logged_out", redirectTo: "/login" }] });
export const resolved = z.strictObject({ redirectUrl: z.literal("/signin") });
export const loginMethods = z.strictObject({});
export const settings = z.strictObject({ PLATFORM_TYPE: z.literal("open source") });
export const version = z.strictObject({ version: z.string() });

const mayBeAbsent = z.string().optional();
export const callbackQuery = z.object({ state: mayBeAbsent, code: mayBeAbsent, error: mayBeAbsent });
const plainRefusal = { success: z.literal(false), message: z.string() };
/** What the routes of a sign-in answer where a value is missing. */
export const refusedPlainly = z
  .strictObject(plainRefusal)
  .meta({ id: "PlainRefusal", examples: [{ success: false, message: "client_id: Is required" }] });
export const startedSignIn = z
  .strictObject({
    success: z.literal(true),
    message: z.string(),
    credentialId: z.string(),
    authorizationUrl: z.string(),
    redirectUri: z.string(),
  })
  .meta({ id: "StartedSignIn" });
export const renewed = z
  .strictObject({
    success: z.literal(true),
    message: z.string(),
    credentialId: z.string(),
    tokenInfo: z.strictObject({
      token_type: z.literal("Bearer"),
      has_new_refresh_token: z.boolean(),
      expires_at: z.iso.datetime().nullable(),
    }),
  })
  .meta({ id: "Renewed" });
