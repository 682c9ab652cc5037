import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { assertCan } from "@/lib/authorization/authorize";
import { isUnconfirmed } from "@/lib/authorization/confirmation";
import type { User } from "@/lib/generated/prisma/client";
import type { Transaction } from "@/lib/platform/db";
import { Refusal } from "@/lib/platform/refusal";

/** True for a person's own organisation, and not while they are only at work in it. */
export const isHome = (actor: Actor, orgId: string): boolean =>
  actor.kind !== "system" && actor.role !== "delegated_admin" && actor.orgId === orgId;

const isAdmin = (role: string) => role === "org_admin" || role === "backoffice";

/**
 * Whatever is done to an administrator of the platform is for such an administrator, else an organisation's admin could
 * take over the platform by that person's password or address.
 * @throws Refusal "forbidden"
 */
export function requireReach(actor: Actor, person: Pick<User, "role">): void {
  if (person.role === "backoffice") assertCan(actor, "platform:manage");
}

/**
 * Refuses a change that would leave the organisation without an active administrator, or the platform without its
 * last one. The caller's transaction holds the organisation's lock.
 * @throws Refusal "conflict"
 */
export async function keepAnAdministrator(
  tx: Transaction,
  person: User,
  next: { role: string; status: string } | null,
): Promise<void> {
  if (person.status !== "active" || !isAdmin(person.role)) return;
  const { orgId, id } = person;
  const stays = next?.status === "active" && isAdmin(next.role);
  // One who waits for a confirmation could give none.
  const confirmed = { OR: [{ setUpBy: null }, { confirmedAt: { not: null } }] };
  const others = { ...administrators(orgId, id), status: "active", ...(!isUnconfirmed(person) && confirmed) };
  if (!stays && !(await tx.user.findFirst({ where: others, select: { id: true } }))) {
    throw new Refusal("conflict", "This is the organisation's last active administrator: make another one first");
  }
  if (person.role === "backoffice" && !(next?.status === "active" && next.role === "backoffice")) {
    await requireAnotherPlatformAdministrator(tx, orgId, id);
  }
}

const administrators = (orgId: string, exceptId: string) => ({
  orgId,
  id: { not: exceptId },
  role: { in: ["org_admin", "backoffice"] },
});

/**
 * Whether this person is the one whom an organisation is handed over to: an administrator, while there is no other one who
 * could confirm anything, and no credential has ever been kept. The caller's transaction holds the organisation's lock.
 */
export async function isFounder(tx: Transaction, { orgId, id, role }: User): Promise<boolean> {
  if (role !== "org_admin") return false;
  const confirmed = { OR: [{ setUpBy: null }, { confirmedAt: { not: null } }] };
  const other = await tx.user.findFirst({
    where: { ...administrators(orgId, id), ...confirmed },
    select: { id: true },
  });
  if (other) return false;
  const [answer] = await tx.$queryRaw<{ held: boolean }[]>`SELECT ever_held_credentials(${orgId}::uuid) AS held`;
  return answer?.held === false;
}

/**
 * Hands the organisation over to its founder, who has just chosen a password of their own. Whatever else is there was made
 * by somebody who could have had every secret of it, so it waits for the founder's confirmation.
 */
export async function handOver(tx: Transaction, { orgId, id, setUpBy }: User): Promise<void> {
  const mark = { setUpBy, confirmedAt: null };
  await tx.user.updateMany({ where: { orgId, id: { not: id } }, data: mark });
  await tx.apiToken.updateMany({ where: { orgId, revokedAt: null }, data: mark });
  await tx.personLink.deleteMany({ where: { orgId, userId: { not: id } } });
}

/** For the end of a whole organisation. @throws Refusal "conflict" when the platform's last administrators are in it */
export async function keepPlatformAdministrators(tx: Transaction, orgId: string): Promise<void> {
  const inside = { orgId, role: "backoffice", status: "active" };
  if (await tx.user.findFirst({ where: inside, select: { id: true } })) {
    await requireAnotherPlatformAdministrator(tx, orgId, null);
  }
}

async function requireAnotherPlatformAdministrator(tx: Transaction, orgId: string, id: string | null): Promise<void> {
  const [answer] = await tx.$queryRaw<{ another: boolean }[]>`
    SELECT another_platform_administrator(${orgId}::uuid, ${id}::uuid) AS another`;
  if (answer?.another) return;
  throw new Refusal("conflict", "This is the platform's last active administrator: make another one first");
}
