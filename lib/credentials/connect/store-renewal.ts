import "server-only";
import { systemActor } from "@/lib/authorization/actor";
import { writeWithEvent } from "@/lib/platform/audit";
import { wholeOf } from "@/lib/platform/db";
import type { GrantCode, Tokens } from "@/lib/platform/oauth";
import { notFound } from "@/lib/platform/refusal";
import type { CredentialData } from "@/lib/providers/define";
import { methodOfStored } from "@/lib/providers/index";
import { resealedChange } from "../change-row";
import { credentialsOf, type Row, type SecretRow } from "../repository";
import { openData, sealedHash } from "../sealed-data";
import { updateWrite } from "../writes";
import { busy } from "./renew-refusals";

/** A credential's row with its data, good to use. */
export interface RenewedAccess {
  row: SecretRow;
  data: CredentialData;
}

/** How often the storing is made anew because a name or a tag was changed meanwhile. */
const ATTEMPTS = 8;

/** The data with new tokens in the place of the old ones. */
export function renewedData(row: Row, before: CredentialData, tokens: Tokens): CredentialData {
  const authorization = methodOfStored(row.provider, row.type)?.authorization;
  if (!authorization) throw new Error("nothing to renew with");
  const asked = String(before.requested_scope ?? before.scope ?? "");
  return authorization.dataOf(tokens, asked, before);
}

/** Puts renewed data in the place of those before, unless somebody else has put other tokens there meanwhile. */
export async function storeRenewal(first: Row, before: CredentialData, data: CredentialData): Promise<RenewedAccess> {
  let row = first;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (!methodOfStored(row.provider, row.type)) throw new Error("nothing to renew with");
    const update = renewalOf(row, before, data);
    const entry = {
      action: "credential.refreshed",
      target: { type: "credential", id: row.id, name: row.name },
      version: row.version,
      keyId: update.keyId,
      sealedHash: sealedHash(update.sealed),
    } as const;
    const renewal = { ...entry, ...narrowed(before, data) };
    const outcome = await writeWithEvent({ actor: actorOf(row), entry: renewal, write: updateWrite(update) });
    if (outcome.done) return { row: { ...row, sealed: update.sealed, sealedVersion: update.sealedVersion }, data };
    const now = await credentialsOf(wholeOf(row.orgId)).find(row.id);
    if (!now) throw notFound();
    // Somebody put other tokens there: those count, whatever came for the old ones.
    if (now.sealedVersion !== first.sealedVersion) {
      const there = openData(now, now.sealed);
      if (!isOld(now, there, before)) return { row: now, data: there };
    }
    row = now;
  }
  throw busy();
}

/** Marked as ended for the old refresh token's sake, by somebody who could not know that there is a new one. */
const isOld = (row: Row, there: CredentialData, before: CredentialData) =>
  row.needsReauth && there.refresh_token !== undefined && there.refresh_token === before.refresh_token;

/** A provider may grant less than before; that is on record. */
const narrowed = (before: CredentialData, data: CredentialData) =>
  before.scope === data.scope ? {} : { fields: ["credentials.scope"] };

/** What was tested is the account and its permissions, which are the same. */
const renewalOf = (row: Row, before: CredentialData, after: CredentialData) =>
  resealedChange(row, {
    by: actorOf(row).name,
    data: { before, after },
    also: {
      sameVersion: true,
      healthVersion: row.healthVersion === row.sealedVersion ? row.sealedVersion + 1 : row.healthVersion,
    },
  });

/**
 * Nobody asks the provider again until somebody has signed in anew. What access was left goes with it: a provider that has
 * ended the connection has ended that too, and a workflow that got it would fail somewhere else, without a word of why.
 * The reason is on record.
 */
export async function markBroken(row: Row, before: CredentialData, reason: GrantCode | "not_renewable"): Promise<void> {
  if (!methodOfStored(row.provider, row.type)) return;
  const { access_token: _, expires_at: __, ...after } = before;
  const update = resealedChange(row, {
    by: actorOf(row).name,
    data: { before, after },
    also: { refreshAt: null, needsReauth: true },
  });
  await writeWithEvent({
    actor: actorOf(row),
    entry: {
      action: "credential.refreshed",
      outcome: "failed",
      reason,
      target: { type: "credential", id: row.id, name: row.name },
      version: row.version + 1,
      keyId: update.keyId,
      sealedHash: sealedHash(update.sealed),
    },
    write: updateWrite(update),
  });
}

/** Whom the audit log names. */
export const actorOf = (row: { orgId: string; id: string }) =>
  systemActor(row.orgId, "token renewal", `renewal-${row.id.slice(-12)}`);
