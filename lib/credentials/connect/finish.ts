import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { nameBy, roleBy } from "@/lib/access/confirmation";
import type { Role } from "@/lib/access/permissions";
import type { Actor } from "@/lib/actor";
import { recordAlone } from "@/lib/audit";
import { inOrganization } from "@/lib/db";
import { log, traceOf } from "@/lib/log";
import { exchangeCode, type OAuthCode, OAuthFailure, type Tokens } from "@/lib/oauth";
import { type Authorization, missingScopes } from "@/lib/providers/authorization";
import type { CredentialData } from "@/lib/providers/define";
import { Refusal } from "@/lib/refusal";
import { createCredential } from "../create";
import { methodOfRow } from "../judge";
import { getCredential } from "../read";
import { credentialsOf } from "../repository";
import { openData, openIfWhole, sealData } from "../sealed-data";
import { proofOfSignIn } from "../tests";
import { updateCredential } from "../update";
import type { CredentialView } from "../view";
import { clientFor } from "./clients";
import { challengeOf, type Flow, takeFlow } from "./flows";
import { outlast } from "./outlast";
import { dyingAt } from "./renew";
import { revokeUnstored } from "./revoke";

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
  | {
      ending: "connected";
      credential: CredentialView;
      isNew: boolean;
      missing: string[];
      /** When access ends that nothing came along to renew. */
      endsAt: string | null;
    }
  /** Somebody else than before signed in: nothing was changed. */
  | { ending: "wrong_account"; expected: string; signedIn: string }
  | { ending: "denied" | "expired" | "wrong_browser" | "unreachable" | "in_trouble" | "unreadable" | "unusable" }
  /** The provider wants something more of the person, of their organisation or of an administrator there. */
  | { ending: "interaction_required" | "consent_required" | "policy_refused" | "account_unavailable" }
  /** What it says of the client. */
  | { ending: "rejected" | "client_secret_expired" | "client_secret_wrong" | "client_unknown" | "client_disabled" }
  | { ending: "tenant_unknown" | "redirect_refused" | "scope_refused" | "request_refused" }
  /** The vault said no to what came of it: a limit, a name. */
  | { ending: "refused"; refusal: Refusal }
  /** The vault's database is away: it is stored when that is back, or the access is given back. */
  | { ending: "unstored" };

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
    const ending = await store(actor, flow, { authorization, tokens, before });
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
  const row = await credentialsOf(actor.orgId).find(id);
  if (!row) return {};
  // Signing in anew mends what does not open; whose account it is stands in clear beside it.
  return openIfWhole(row, row.sealed) ?? (row.accountEmail === null ? {} : { email: row.accountEmail });
}

interface Came {
  authorization: Authorization;
  tokens: Tokens;
  before: CredentialData;
}

async function store(actor: Actor, flow: Flow, { authorization, tokens, before }: Came): Promise<AuthorizationEnding> {
  const [expected, signedIn] = [before.email, tokens.identity?.email];
  if (typeof expected === "string" && signedIn && expected.toLowerCase() !== signedIn.toLowerCase())
    return { ending: "wrong_account", expected, signedIn };
  // A server that names no permissions granted what it was asked for (RFC 6749, section 5.1).
  const data = authorization.dataOf({ scope: flow.scope, ...tokens }, flow.scope, before);
  const missing = missingScopes(flow.scope, tokens.scope);
  const endsAt = lastsUntil(flow, data);
  const id = flow.credentialId ?? uuidv7();
  const kept = { id, granted: keptSealed(flow, id, data), gone: goneFrom(before, data) };
  const isFirst = before.refresh_token === undefined && before.access_token === undefined;
  const storing = keepStoring(actor, flow, kept, { isFirst, accountEmail: signedIn ?? null });
  const credential = await Promise.race([storing, sleep(PATIENCE_MS, undefined, { ref: false })]);
  if (credential) return { ending: "connected", credential, isNew: flow.credentialId === null, missing, endsAt };
  const about = { requestId: actor.requestId, orgId: flow.orgId, targetId: id };
  log.warn("what a sign-in granted could not be stored yet: it is kept, and tried again", about);
  storing.catch((error) => log.error("what a sign-in granted could not be stored", { ...about, ...traceOf(error) }));
  return { ending: "unstored" };
}

/** A browser is let wait no longer. */
const PATIENCE_MS = 10_000;

/** What the new grant does not have ends with the old one. */
const goneFrom = (before: CredentialData, data: CredentialData) => Object.keys(before).filter((key) => !(key in data));

/** While the database is away, tokens wait sealed, at an address that no row has. */
function keptSealed({ orgId, provider, type }: Flow, id: string, data: CredentialData): () => CredentialData {
  const place = { orgId, id, provider, type, sealedVersion: 0 };
  const { sealed, keyId } = sealData(place, data);
  return () => openData({ ...place, keyId }, sealed);
}

interface Kept {
  id: string;
  granted: () => CredentialData;
  gone: string[];
}

interface Grant {
  isFirst: boolean;
  accountEmail: string | null;
}

/**
 * Apart from whatever else holds the tokens in clear. What cannot be stored in the end is given back at the provider, unless
 * there was a connection before: that could end with it.
 */
function keepStoring(actor: Actor, flow: Flow, kept: Kept, { isFirst, accountEmail }: Grant): Promise<CredentialView> {
  const storing = outlast(() => stored(actor, flow, kept));
  if (isFirst) storing.catch(() => revokeUnstored({ ...flow, accountEmail }, kept.granted));
  return storing;
}

/** Stores it under the id that was chosen for it, once however often it is tried. */
async function stored(actor: Actor, flow: Flow, { id, granted, gone }: Kept): Promise<CredentialView> {
  const { provider, type, name, tags } = flow;
  const data = granted();
  const receipt = await proofOfSignIn(actor, { provider, type, data });
  if (flow.credentialId) {
    const values = { ...Object.fromEntries(gone.map((key) => [key, null])), ...data };
    return updateCredential(actor, id, { receipt, data: { mode: "merge", values } });
  }
  const named = { tags, nameClash: "number" as const, ...(name && { name }) };
  return createCredential(actor, { provider, type, data, receipt, reservedId: id, ...named });
}

const lastsUntil = (flow: Flow, data: CredentialData): string | null =>
  dyingAt(methodOfRow(flow, flow.type), data)?.toISOString() ?? null;

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
