import "server-only";
import { randomUUID } from "node:crypto";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { statement, wholeOf } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import { methodOfStored } from "@/lib/providers/index";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import { getCredential } from "../read";
import { credentialsOf } from "../repository";
import { openData, openIfWhole } from "../sealed-data";
import { changeable } from "../update";
import { failLease, takeLease } from "./lease";
import { isStale, over, renewed, renewHolding } from "./renew";

/**
 * Renews access now, however long it would last; for somebody who may change the credential.
 * @throws Refusal as `renewed`; "invalid" where there is nothing to renew with
 */
export function renewCredential(actor: Actor, id: string): Promise<CredentialView> {
  const target = { type: "credential", id } as const;
  return withAuthorization(actor, "credential:update", { action: "credential.refreshed", target }, async () => {
    const row = await changeable(actor, id, "edit", undefined);
    const data = openData(row, row.sealed);
    if (!methodOfStored(row.provider, row.type)?.renewal?.(data))
      throw new Refusal("invalid", "There is nothing to renew this credential's access with: sign in first");
    const holder = randomUUID();
    const lease = await takeLease(row, holder);
    if (lease.taken) await renewHolding(row, data, holder);
    else await renewed(row.orgId, row.id);
    return getCredential(actor, id);
  });
}

/** Renewals that one round of the background starts. */
const ROUND = 20;

/**
 * Renews what is due, over all organisations; many instances share the work through the leases.
 * @throws Refusal of the database, when what is due could not be read
 */
export async function renewDue(): Promise<void> {
  const due = await statement<{ org_id: string; id: string }>("refreshes_due", "SELECT * FROM refreshes_due($1)", [
    ROUND,
  ]);
  // Failures are on record where they happen.
  await Promise.allSettled(due.map(({ org_id, id }) => renewAhead(org_id, id)));
}

/** Like `renewed`, for a token that is good for some minutes yet. */
async function renewAhead(orgId: string, id: string): Promise<void> {
  const row = await credentialsOf(wholeOf(orgId)).find(id);
  // Another instance may have renewed it between the list of what is due and this row.
  if (!row || row.needsReauth || row.refreshAt === null || row.refreshAt > clock.now()) return;
  const data = openIfWhole(row, row.sealed);
  const method = methodOfStored(row.provider, row.type);
  if (data && !method?.renewal?.(data)) return isStale(method, data) ? over(row, data) : undefined;
  const holder = randomUUID();
  const lease = await takeLease(row, holder);
  if (!lease.taken) return;
  // One that does not open waits like one that failed: it must not stand in the way of the others.
  if (data) await renewHolding(row, data, holder);
  else await failLease(row, holder);
}
