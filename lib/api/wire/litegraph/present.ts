import type { SecurityToken, SecurityTokenDetails, UserView } from "@/lib/identity";
import type { TokenView } from "@/lib/identity/tokens";
import type { OnboardingResult, OrganizationView } from "@/lib/organizations";
import type { Page } from "@/lib/platform/pagination";
import { PASSWORD_MASK } from "./read";
import { type Credential, NONE } from "./schemas/credential";
import type { Health, OnboardedShown, SecurityTokenShown, Tenant, TokenDetails, User } from "./schemas/tenant";

/** Views in LiteGraph's form, built field by field. What has no value is left out, never null. */

/** A time as the dialect writes it: six digits of a second. */
export const time = (iso: string) => iso.replace(/Z$/, "000Z");

/** @param token the whole token, in the one answer to the write that set it; elsewhere its mask stands there */
export const credential = (view: TokenView, tenantGuid: string, token: string | null = null): Credential => ({
  GUID: view.id,
  TenantGUID: tenantGuid,
  UserGUID: view.userId ?? view.serviceAccountId,
  ...(view.name !== "" && { Name: view.name }),
  ...((token ?? view.mask) !== "" && { BearerToken: token ?? view.mask }),
  Active: view.active,
  // "Everything" is left out in this dialect, so "nothing" must be said.
  ...(!view.scopes.includes("all") && { Scopes: view.scopes.length > 0 ? view.scopes : [NONE] }),
  ...(view.graphGuids.length > 0 && { GraphGUIDs: view.graphGuids }),
  CreatedUtc: time(view.createdAt),
  LastUpdateUtc: time(view.updatedAt),
});

export const user = (view: UserView): User => ({
  GUID: view.id,
  TenantGUID: view.orgId,
  ...(view.firstName !== "" && { FirstName: view.firstName }),
  ...(view.lastName !== "" && { LastName: view.lastName }),
  Email: view.email,
  ...(view.hasPassword && { Password: PASSWORD_MASK }),
  Active: view.status !== "inactive",
  IsSystemAdmin: view.role === "backoffice",
  // Whoever looks after the platform looks after the tenant that they are in as well.
  IsTenantAdmin: view.role === "org_admin" || view.role === "backoffice",
  CreatedUtc: time(view.createdAt),
  LastUpdateUtc: time(view.updatedAt),
});

export const tenant = (view: OrganizationView): Tenant => ({
  GUID: view.id,
  Name: view.name,
  Active: view.active,
  CreatedUtc: time(view.createdAt),
  LastUpdateUtc: time(view.updatedAt),
});

/** @param shown whether this is the answer that shows the tokens whole */
export const onboarded = ({ organization, people, tokens }: OnboardingResult, shown: boolean): OnboardedShown => ({
  Tenant: tenant(organization),
  Users: people.map(user),
  Credentials: tokens.map(({ view, token }) => credential(view, organization.id, shown ? token : null)),
  Graphs: [],
});

export const etag = (view: { version: number }) => ({ ETag: `"${view.version}"` });

export const securityToken = (made: SecurityToken): SecurityTokenShown => ({ ...tokenFacts(made), Token: made.token });

export const tokenDetails = (details: SecurityTokenDetails): TokenDetails => ({
  ...tokenFacts(details),
  Tenant: tenant(details.organization),
  User: user(details.user),
});

const tokenFacts = (token: Omit<SecurityToken, "token">) => ({
  TimestampUtc: time(token.issuedAt.toISOString()),
  ExpirationUtc: time(token.expiresAt.toISOString()),
  IsExpired: false as const,
  TenantGUID: token.orgId,
  UserGUID: token.userId,
  Valid: true as const,
});

/** One page of the second version. `began` is when the request came in. */
export function page<T extends { GUID: string }>(result: Page<T>, maxResults: number, began: Date, ended: Date) {
  const last = result.items.at(-1);
  return {
    Success: true as const,
    Timestamp: {
      Start: time(began.toISOString()),
      End: time(ended.toISOString()),
      TotalMs: ended.getTime() - began.getTime(),
      Messages: {},
    },
    MaxResults: maxResults,
    ...(result.remaining > 0 && last && { ContinuationToken: last.GUID }),
    EndOfResults: result.remaining === 0,
    TotalRecords: result.total,
    RecordsRemaining: result.remaining,
    Objects: result.items,
  };
}

/** What strangers learn of this process. @param failing what does not pass, where that was looked at */
export const health = (node: string, failing?: ReadonlySet<string>): Health => ({
  Status: failing && failing.size > 0 ? "Unavailable" : "Healthy",
  NodeId: node,
  ...(failing && { Checks: { Database: !failing.has("database"), Draining: failing.has("accepting") } }),
  Utc: time(new Date().toISOString()),
});
