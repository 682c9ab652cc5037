import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { log, traceOf } from "@/lib/platform/log";
import type { Tokens } from "@/lib/platform/oauth";
import { type Authorization, missingScopes } from "@/lib/providers/authorization";
import type { CredentialData } from "@/lib/providers/define";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { createCredential } from "../create";
import { methodOfRow } from "../methods";
import { openData, sealData } from "../sealed-data";
import { proofOfSignIn } from "../tests";
import { updateCredential } from "../update";
import type { Flow } from "./flows";
import { outlast } from "./outlast";
import { dyingAt } from "./renew";
import { revokeUnstored } from "./revoke";

/** What becomes of what a provider granted. */
export type GrantEnding =
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
  /** The vault's database is away: it is stored when that is back, or the access is given back. */
  | { ending: "unstored" };

interface Granted {
  authorization: Authorization;
  tokens: Tokens;
  before: CredentialData;
}

/**
 * Stores what was granted, as a new credential or in the one to reconnect.
 * @throws Refusal "over_limit", "conflict" or another of `createCredential` and `updateCredential`
 */
export async function storeGrant(
  actor: Actor,
  flow: Flow,
  { authorization, tokens, before }: Granted,
): Promise<GrantEnding> {
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

interface UnstoredGrant {
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
function keepStoring(
  actor: Actor,
  flow: Flow,
  kept: UnstoredGrant,
  { isFirst, accountEmail }: Grant,
): Promise<CredentialView> {
  const storing = outlast(() => stored(actor, flow, kept));
  if (isFirst) storing.catch(() => revokeUnstored({ ...flow, accountEmail }, kept.granted));
  return storing;
}

/** Stores it under the id that was chosen for it, once however often it is tried. */
async function stored(actor: Actor, flow: Flow, { id, granted, gone }: UnstoredGrant): Promise<CredentialView> {
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
