import "server-only";
import { randomUUID } from "node:crypto";
import { systemActor } from "@/lib/authorization/actor";
import { recordAlone } from "@/lib/platform/audit";
import { inOrganization, inSight, statement, wholeOf } from "@/lib/platform/db";
import { log, traceOf } from "@/lib/platform/log";
import { revokeToken } from "@/lib/platform/oauth";
import { Refusal } from "@/lib/platform/refusal";
import type { CredentialData, CredentialType } from "@/lib/providers/define";
import { methodOfStored } from "@/lib/providers/index";
import type { Row } from "../repository";
import { openData } from "../sealed-data";
import { clientFor } from "./clients";

/** Whether something is to be ended at the provider when this credential goes; not where nobody can tell. */
export function leavesToken(row: Row): boolean {
  try {
    return tokenOf(row, openData(row, row.sealed)) !== undefined;
  } catch {
    // What does not open has no token to end. The deletion goes on.
    return false;
  }
}

function tokenOf(row: { provider: string; type: CredentialType }, data: CredentialData): string | undefined {
  const token = data.refresh_token ?? data.access_token;
  const { authorization } = methodOfStored(row.provider, row.type) ?? {};
  // An application's own secret is ended where the application is registered.
  return authorization && typeof token === "string" && data.client_secret === undefined ? token : undefined;
}

/** A row of `provider_revocation`. */
interface Pending {
  org_id: string;
  credential_id: string;
  name: string;
  provider: string;
  type: CredentialType;
  account_email: string | null;
  sealed: Buffer;
  key_id: string;
  sealed_version: number;
  asked_by: string;
  failures: number;
  until: Date;
}

/** Longer than a provider is waited for. */
const LEASE_S = 60;
/** Until the next try, by how many have failed; the last one again and again, for a day in all. */
const WAITS_S = [5, 30, 300, 1_800, 7_200];

/**
 * Ends a deleted credential's tokens at its provider, as well as that can be done (RFC 7009); Microsoft offers no such thing
 * for one token, and Google ends all of an account's at once, so there they stay while another credential needs them. The
 * outcome goes to the audit log, once: done, left alone, that there is no way, or after a day that it could not be done.
 * Never throws; whatever cuts it off, a later round of the background goes on.
 */
export async function settleRevocation(orgId: string, id: string): Promise<void> {
  const holder = randomUUID();
  try {
    const [pending] = await statement<Pending>("take_revocation", "SELECT * FROM take_revocation($1, $2, $3, $4)", [
      orgId,
      id,
      holder,
      LEASE_S,
    ]);
    if (!pending) return;
    const outcome = await outcomeOf(pending);
    if (outcome === "unknown" && pending.until > new Date()) return await putOff(pending, holder);
    const actor = systemActor(orgId, `revocation for ${pending.asked_by}`, `revocation-${id.slice(-12)}`);
    const target = { type: "credential", id, name: pending.name } as const;
    const entry = { action: "credential.revoked_at_provider", target } as const;
    const reason = outcome === "unknown" ? "not_revoked" : outcome;
    await recordAlone(actor, outcome === "done" ? entry : { ...entry, outcome: "failed", reason });
    await inOrganization(orgId, (tx) =>
      tx.providerRevocation.deleteMany({ where: { orgId, credentialId: id, lease: holder } }),
    );
  } catch (error) {
    log.warn("a deleted credential was not revoked at its provider yet", { orgId, ...traceOf(error) });
  }
}

/**
 * Ends at its provider what was granted and could not be stored, or a grant would stay there that nobody knows of. Where
 * that ends all of an account's, it is done only if the database can tell that no credential needs them. Never throws.
 */
export async function revokeUnstored(
  of: { orgId: string; provider: string; type: CredentialType; accountEmail: string | null },
  granted: () => CredentialData,
): Promise<void> {
  const { orgId, provider, type, accountEmail } = of;
  const { authorization } = methodOfStored(provider, type) ?? {};
  try {
    const data = granted();
    const token = tokenOf(of, data);
    if (!authorization || token === undefined) return;
    const shared =
      authorization.revokesAccount && (await isShared({ org_id: orgId, provider, account_email: accountEmail }));
    if (!shared) await revokeToken(clientFor(orgId, authorization, data), token);
  } catch (error) {
    log.warn("a grant that could not be stored was not revoked at its provider", { orgId, ...traceOf(error) });
  }
}

type Outcome = "done" | "not_supported" | "account_in_use" | "does_not_open" | "unknown";

async function outcomeOf(pending: Pending): Promise<Outcome> {
  const { org_id: orgId, credential_id: id, provider, type, sealed_version: sealedVersion } = pending;
  let data: CredentialData;
  try {
    data = openData({ orgId, id, provider, type, sealedVersion, keyId: pending.key_id }, pending.sealed);
  } catch (error) {
    // With a key that is not here it may open yet.
    return error instanceof Refusal && error.code === "damaged" ? "does_not_open" : "unknown";
  }
  const { authorization } = methodOfStored(provider, type) ?? {};
  const token = tokenOf(pending, data);
  if (!authorization || token === undefined) return "not_supported";
  if (authorization.revokesAccount && (await isShared(pending))) return "account_in_use";
  try {
    return (await revokeToken(clientFor(orgId, authorization, data), token)) ? "done" : "not_supported";
  } catch (error) {
    log.warn("a provider did not revoke a token", traceOf(error));
    return "unknown";
  }
}

type Grantee = Pick<Pending, "org_id" | "provider" | "account_email">;

/** Whether another credential of the organisation lives on the same account's grant. */
function isShared({ org_id: orgId, provider, account_email: accountEmail }: Grantee): Promise<boolean> {
  if (accountEmail === null) return Promise.resolve(false);
  const where = { orgId, provider, accountEmail, deletedAt: null, needsReauth: false };
  return inSight(
    wholeOf(orgId),
    async (tx) => (await tx.credential.findFirst({ where, select: { id: true } })) !== null,
  );
}

async function putOff({ org_id: orgId, credential_id: credentialId, failures }: Pending, lease: string): Promise<void> {
  const waitS = WAITS_S[Math.min(failures, WAITS_S.length - 1)] ?? 0;
  await inOrganization(orgId, (tx) =>
    tx.providerRevocation.updateMany({
      where: { orgId, credentialId, lease },
      data: {
        failures: { increment: 1 },
        lease: null,
        leaseUntil: null,
        retryAt: new Date(Date.now() + waitS * 1_000),
      },
    }),
  );
}

/** Revocations that one round of the background goes on with. */
const ROUND = 20;

/**
 * Goes on with what was cut off or put off, over all organisations, until it is told to stop.
 * @throws Refusal of the database, when what is due could not be read
 */
export async function settleRevocations(signal?: AbortSignal): Promise<void> {
  const due = await statement<{ org_id: string; id: string }>("revocations_due", "SELECT * FROM revocations_due($1)", [
    ROUND,
  ]);
  for (const { org_id, id } of due) if (!signal?.aborted) await settleRevocation(org_id, id);
}
