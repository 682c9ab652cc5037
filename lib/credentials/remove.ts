import "server-only";
import type { Actor } from "@/lib/actor";
import { lockOrganization, permitted, record } from "@/lib/audit";
import { clock } from "@/lib/clock";
import { inOrganization } from "@/lib/db";
import { notFound, Refusal } from "@/lib/refusal";
import { revokeAtProvider } from "./connect/revoke";
import { credentialsOf } from "./repository";
import { changeable } from "./update";

/**
 * Deletes a credential for good: ciphertext and wrapped key go in the same row version (crypto-shredding), the row
 * stays for the audit trail. There is no way back.
 * @throws Refusal "not_found", also the second time; "forbidden" for somebody else's; "version_mismatch"
 */
export function deleteCredential(
  actor: Actor,
  id: string,
  options: { expectedVersion?: number | undefined } = {},
): Promise<void> {
  const target = { type: "credential", id } as const;
  return permitted(actor, "credential:delete", { action: "credential.deleted", target }, async () => {
    for (let attempt = 1; attempt <= 8; attempt++) {
      const row = await changeable(actor, id, options.expectedVersion);
      const done = await inOrganization(actor.orgId, async (tx) => {
        await lockOrganization(tx, actor.orgId);
        if (!(await credentialsOf(actor.orgId).shred(tx, id, row.version, clock.now(), actor.name))) return false;
        await record(tx, actor, {
          action: "credential.deleted",
          target: { ...target, name: row.name },
          version: row.version + 1,
        });
        return true;
      });
      if (done) {
        // Nobody waits for the provider; what comes of it is on record.
        void revokeAtProvider(actor, row);
        return;
      }
      if (!(await credentialsOf(actor.orgId).show(id))) throw notFound();
    }
    throw new Refusal("conflict", "The credential is being changed by others right now. Try again.");
  });
}
