import "server-only";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization, writeWithEvent } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import type { ExpectedVersion } from "@/lib/platform/expected-version";
import { leavesToken, settleRevocation } from "./connect/revoke";
import { inTurn, untilMade } from "./row-queue";
import { changeable, refuseBusy } from "./update";
import { deleteWrite } from "./writes";

/**
 * Deletes a credential for good: ciphertext and wrapped key go in the same row version (crypto-shredding), the row
 * stays for the audit trail. There is no way back.
 * @throws Refusal "not_found", also the second time; "forbidden" for somebody else's; "version_mismatch"
 */
export function deleteCredential(
  actor: Actor,
  id: string,
  options: { expectedVersion?: ExpectedVersion | undefined } = {},
): Promise<void> {
  const target = { type: "credential", id } as const;
  return withAuthorization(actor, "credential:delete", { action: "credential.deleted", target }, async () => {
    await inTurn(actor.orgId, id, async () => {
      const deleted = await untilMade(async () => {
        const found = await changeable(actor, id, "manage", options.expectedVersion);
        const event = { action: "credential.deleted", target: { ...target, name: found.name } } as const;
        const outcome = await writeWithEvent({
          actor,
          entry: { ...event, version: found.version + 1 },
          write: deleteWrite(found, {
            at: clock.now(),
            by: actor.name,
            revocation: leavesToken(found),
            sight: sightOf(actor),
          }),
        });
        return outcome.done ? found : undefined;
      });
      return deleted ?? refuseBusy();
    });
    // Nobody waits for the provider; what comes of it is on record, and a later round goes on where this one is cut off.
    void settleRevocation(actor.orgId, id.toLowerCase());
  });
}
