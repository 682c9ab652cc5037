import "server-only";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { nameBy, roleBy } from "@/lib/authorization/confirmation";
import { recordAlone } from "@/lib/platform/audit";
import { inOrganization } from "@/lib/platform/db";
import { exchangeCode, type OAuthCode, OAuthFailure } from "@/lib/platform/oauth";
import { Refusal } from "@/lib/platform/refusal";
import type { CredentialData } from "@/lib/providers/define";
import type { Role } from "@/lib/vocabulary/permissions";
import { methodOfRow } from "../methods";
import { getCredential } from "../read";
import { credentialsOf } from "../repository";
import { openIfWhole } from "../sealed-data";
import { clientFor } from "./clients";
import { challengeOf, type Flow, takeFlow } from "./flows";
import { type GrantEnding, storeGrant } from "./store-grant";

/** What a provider sent back with the browser, and whose browser that is. */
export interface AuthorizationAnswer {
  query: URLSearchParams;
  /** The address it came to: the one that the sign-in was started with, and no other (RFC 9700, section 4.4). */
  redirectUri: string;
  /** The key that `startAuthorization` gave the browser, from its cookie. */
  browserKey?: string | undefined;
  /** The person signed in to the console there. */
  person?: { orgId: string; id: string } | undefined;
  requestId: string;
  address: string;
}

/** Each way a sign-in can end, for a door to find words for. */
export type AuthorizationEnding =
  | GrantEnding
  | { ending: "denied" | "expired" | "wrong_browser" | "unreachable" | "in_trouble" | "unreadable" | "unusable" }
  /** The provider wants something more of the person, of their organisation or of an administrator there. */
  | { ending: "interaction_required" | "consent_required" | "policy_refused" | "account_unavailable" }
  /** What it says of the client. */
  | { ending: "rejected" | "client_secret_expired" | "client_secret_wrong" | "client_unknown" | "client_disabled" }
  | { ending: "tenant_unknown" | "redirect_refused" | "scope_refused" | "request_refused" }
  /** The vault said no to what came of it: a limit, a name. */
  | { ending: "refused"; refusal: Refusal };

export type FinishedAuthorization = AuthorizationEnding & {
  flow?: Pick<Flow, "id" | "provider" | "credentialId" | "returnTo">;
};

/**
 * Ends a sign-in: exchanges the code, and stores what was granted as a new credential or in the one to reconnect, which
 * keeps its id. The state is good once, for ten minutes, in the browser it was started in or for the same person.
 */
export async function finishAuthorization(answer: AuthorizationAnswer): Promise<FinishedAuthorization> {
  const taken = await takeFlow(answer.query.get("state") ?? "");
  if (!taken) return { ending: "expired" };
  const { flow } = taken;
  const shown = { id: flow.id, provider: flow.provider, credentialId: flow.credentialId, returnTo: flow.returnTo };
  const isPerson = answer.person?.id === flow.userId && answer.person.orgId === flow.orgId;
  if (!isPerson && !taken.isBrowser(answer.browserKey)) return { ending: "wrong_browser", flow: shown };
  if (answer.redirectUri !== flow.redirectUri) return { ending: "unusable", flow: shown };
  if (taken.expired) return { ending: "expired", flow: shown };
  const actor = await actorOf(flow, answer);
  if (!actor) return { ending: "refused", refusal: new Refusal("forbidden", SWITCHED_OFF), flow: shown };
  return { ...(await connect(actor, flow, answer.query)), flow: shown };
}

const SWITCHED_OFF = "The person who started this sign-in, or the organisation, is no longer active";

/** The person who started it, as that person is now; nobody where person or organisation has been switched off since. */
async function actorOf(flow: Flow, { requestId, address }: AuthorizationAnswer): Promise<Actor | undefined> {
  const { orgId, userId: id } = flow;
  const [user, organization] = await inOrganization(orgId, async (tx) => [
    await tx.user.findUnique({ where: { orgId_id: { orgId, id } } }),
    await tx.organization.findUnique({ where: { id: orgId }, select: { active: true, deletedAt: true } }),
  ]);
  if (!user || user.status === "inactive" || !organization?.active || organization.deletedAt) return undefined;
  return {
    kind: "user",
    orgId: flow.orgId,
    id: user.id,
    name: nameBy(user.email, user),
    role: roleBy(user.role as Role, user),
    requestId,
    address,
  };
}

async function connect(actor: Actor, flow: Flow, query: URLSearchParams): Promise<AuthorizationEnding> {
  const target = flow.credentialId ? { target: { type: "credential", id: flow.credentialId } as const } : {};
  const failed = (reason: string) =>
    recordAlone(actor, { action: "credential.authorized", outcome: "failed", reason, ...target });
  try {
    const before = flow.credentialId ? await storedData(actor, flow.credentialId) : {};
    const { authorization } = methodOfRow(flow, flow.type);
    if (!authorization) return { ending: "rejected" };
    const challenge = challengeOf(query.get("state") ?? "", flow.redirectUri);
    const tokens = await exchangeCode(clientFor(actor.orgId, authorization, before), challenge, flow.scope, query);
    const ending = await storeGrant(actor, flow, { authorization, tokens, before });
    if (ending.ending === "wrong_account") await failed(ending.ending);
    return ending;
  } catch (error) {
    const ending = endingOf(error);
    await failed(ending.ending === "refused" ? ending.refusal.code : ending.ending);
    return ending;
  }
}

async function storedData(actor: Actor, id: string): Promise<CredentialData> {
  await getCredential(actor, id);
  const row = await credentialsOf(sightOf(actor)).find(id);
  if (!row) return {};
  // Signing in anew mends what does not open; whose account it is stands in clear beside it.
  return openIfWhole(row, row.sealed) ?? (row.accountEmail === null ? {} : { email: row.accountEmail });
}

function endingOf(error: unknown): AuthorizationEnding {
  if (error instanceof Refusal) return { ending: "refused", refusal: error };
  if (!(error instanceof OAuthFailure)) throw error;
  if (error.code !== undefined) return { ending: byCode[error.code] };
  switch (error.reason) {
    case "denied":
    case "rejected":
    case "unreachable":
    case "unreadable":
      return { ending: error.reason };
    case "invalid_grant":
      return { ending: "expired" };
    case "malformed":
      return { ending: "unusable" };
  }
}

/** Of a code that has ended, the sign-in is over; everything else has an ending of its own. */
const byCode = {
  grant_ended: "expired",
  session_limited: "expired",
  interaction_required: "interaction_required",
  consent_required: "consent_required",
  policy_refused: "policy_refused",
  account_unavailable: "account_unavailable",
  client_refused: "rejected",
  client_secret_expired: "client_secret_expired",
  client_secret_wrong: "client_secret_wrong",
  client_unknown: "client_unknown",
  client_disabled: "client_disabled",
  tenant_unknown: "tenant_unknown",
  redirect_refused: "redirect_refused",
  scope_refused: "scope_refused",
  request_refused: "request_refused",
  in_trouble: "in_trouble",
} as const satisfies Record<OAuthCode, AuthorizationEnding["ending"]>;
