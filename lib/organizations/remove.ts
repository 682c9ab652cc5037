import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { requireRecentPassword } from "@/lib/authorization/authorize";
import { isHome, keepPlatformAdministrators } from "@/lib/identity/users/administrators";
import { record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inSight, type Transaction, wholeOf } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";
import { existingOrganization, lockedOrganization } from "./organizations";

export interface RemainingContents {
  people: number;
  service_accounts: number;
  credentials: number;
  tokens: number;
}

/** What stands against deleting an organisation without force. @throws Refusal "not_found" */
export function remainingIn(actor: Actor, id: string): Promise<RemainingContents> {
  const target = { type: "organization", id } as const;
  return withAuthorization(actor, "platform:manage", { action: "organization.read", target }, () =>
    inSight(wholeOf(id), async (tx) => {
      await existingOrganization(tx, id);
      return countLeft(tx, id);
    }),
  );
}

/**
 * Deletes an organisation. With `force` everything in it goes in one transaction: every credential is shredded, people,
 * sessions, tokens, service accounts and links end. Its name is free again; its audit log stays and still verifies.
 * There is no way back.
 * @throws Refusal "not_found"; "forbidden" without a recent password check; "conflict" for one's own organisation, for
 * the home of the platform's last administrators, and without force while anything is left (`details` say what)
 */
export function deleteOrganization(actor: Actor, id: string, options: { force: boolean }): Promise<void> {
  const target = { type: "organization", id } as const;
  return withAuthorization(actor, "platform:manage", { action: "organization.deleted", target }, async () => {
    requireRecentPassword(actor);
    await inSight(wholeOf(id), async (tx) => {
      const { name } = await lockedOrganization(tx, id);
      if (isHome(actor, id)) {
        throw new Refusal("conflict", "Nobody can delete the organisation they are in");
      }
      if (!options.force) await requireEmpty(tx, id);
      await keepPlatformAdministrators(tx, id);
      await tx.$executeRaw`SELECT shred_organization(${id}::uuid, ${clock.now()}, ${actor.name})`;
      const event = { action: "organization.deleted", target: { ...target, name } } as const;
      await record(tx, { ...actor, orgId: id }, event);
    });
  });
}

async function requireEmpty(tx: Transaction, id: string): Promise<void> {
  const left = Object.entries(await countLeft(tx, id)).filter(([, count]) => count > 0);
  if (left.length === 0) return;
  throw new Refusal("conflict", "The organisation is not empty", { details: Object.fromEntries(left) });
}

async function countLeft(tx: Transaction, orgId: string): Promise<RemainingContents> {
  return {
    people: await tx.user.count({ where: { orgId } }),
    service_accounts: await tx.serviceAccount.count({ where: { orgId } }),
    credentials: await tx.credential.count({ where: { orgId, deletedAt: null } }),
    tokens: await tx.apiToken.count({ where: { orgId, revokedAt: null } }),
  };
}
