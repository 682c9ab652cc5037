import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import { requireRecentPassword } from "@/lib/authorization/authorize";
import { UNCONFIRMED } from "@/lib/authorization/confirmation";
import { forgetCallers, revokeToken } from "@/lib/identity/tokens";
import { lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, type Transaction } from "@/lib/platform/db";
import { notFound } from "@/lib/platform/refusal";
import { setPersonActive } from "./users/change";
import { targetOf } from "./users/view";

/** Something that an administrator of the platform has set up here, and that opens nothing until it is confirmed. */
export interface PendingConfirmation {
  kind: "person" | "link" | "token";
  /** The person's or the token's; a link has its person's. */
  id: string;
  /** The token's name, or the person's address. */
  name: string;
  /** Whom it is for. */
  for: string;
  /** Who set it up. */
  by: string;
}

export type PendingConfirmationKey = Pick<PendingConfirmation, "kind" | "id">;

const MOST = 100;

/** What waits in the actor's organisation, for its administrators; a hundred at most. */
export function listUnconfirmed(actor: Actor): Promise<PendingConfirmation[]> {
  return withAuthorization(actor, "people:confirm", { action: "user.read" }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const where = { orgId: actor.orgId, ...UNCONFIRMED };
      const people = await tx.user.findMany({ where: { ...where, status: { not: "inactive" } }, take: MOST });
      const links = await tx.personLink.findMany({ where: { ...where, expiresAt: { gt: clock.now() } }, take: MOST });
      const tokens = await tx.apiToken.findMany({ where: { ...where, revokedAt: null }, take: MOST });
      const names = await namesOf(tx, actor.orgId, [
        ...links.map((link) => link.userId),
        ...tokens.map((token) => token.userId ?? token.serviceAccountId ?? ""),
      ]);
      const waiting = new Set(people.map((person) => person.id));
      return [
        ...people.map((row) => one("person", row.id, row.email, row.email, row.setUpBy)),
        // A person who waits is confirmed together with the link that they come in by.
        ...links.flatMap(({ userId, setUpBy }) =>
          waiting.has(userId) ? [] : [one("link", userId, names.get(userId), names.get(userId), setUpBy)],
        ),
        ...tokens.map((row) =>
          one("token", row.id, row.name, names.get(row.userId ?? row.serviceAccountId ?? ""), row.setUpBy),
        ),
      ];
    }),
  );
}

const GONE = "somebody who is gone";
const one = (
  kind: PendingConfirmation["kind"],
  id: string,
  name = GONE,
  whom = GONE,
  by: string | null,
): PendingConfirmation => ({
  kind,
  id,
  name,
  for: whom,
  by: by ?? "",
});

async function namesOf(tx: Transaction, orgId: string, ids: string[]): Promise<Map<string, string>> {
  const where = { orgId, id: { in: ids } };
  const people = await tx.user.findMany({ where, select: { id: true, email: true } });
  const accounts = await tx.serviceAccount.findMany({ where, select: { id: true, name: true } });
  return new Map([
    ...people.map(({ id, email }) => [id, email] as const),
    ...accounts.map(({ id, name }) => [id, name] as const),
  ]);
}

/**
 * Lets it work from now on. The name of who set it up stays on a token, and on a person until they choose a password.
 * @throws Refusal "forbidden" for everybody but the organisation's own administrators, and without a recent password
 * check; "not_found" when there is nothing of it to confirm (any more)
 */
export async function confirmSetUp(actor: Actor, { kind, id }: PendingConfirmationKey): Promise<void> {
  const target = { type: kind === "token" ? "api_token" : "user", id } as const;
  const action = kind === "token" ? "token.confirmed" : "user.confirmed";
  await withAuthorization(actor, "people:confirm", { action, target }, async () => {
    requireRecentPassword(actor);
    await inOrganization(actor.orgId, async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const name = await confirm[kind](tx, actor.orgId, id);
      await record(tx, actor, { action, target: { ...target, name } });
    });
  });
  forgetCallers();
}

const confirm = {
  token: async (tx: Transaction, orgId: string, id: string) => {
    const found = await tx.apiToken.findFirst({ where: { orgId, id, revokedAt: null, ...UNCONFIRMED } });
    if (!found) throw notFound();
    await tx.apiToken.updateMany({ where: { orgId, id }, data: { confirmedAt: clock.now() } });
    return found.name;
  },
  person: async (tx: Transaction, orgId: string, id: string) => {
    const found = await tx.user.findFirst({ where: { orgId, id, ...UNCONFIRMED } });
    if (!found) throw notFound();
    await tx.user.updateMany({ where: { orgId, id }, data: { confirmedAt: clock.now() } });
    await tx.personLink.updateMany({
      where: { orgId, userId: id, ...UNCONFIRMED },
      data: { confirmedAt: clock.now() },
    });
    return found.email;
  },
  link: async (tx: Transaction, orgId: string, id: string) => {
    const person = await tx.user.findUnique({ where: { orgId_id: { orgId, id } } });
    const { count } = await tx.personLink.updateMany({
      where: { orgId, userId: id, ...UNCONFIRMED },
      data: { confirmedAt: clock.now() },
    });
    if (!person || count === 0) throw notFound();
    return person.email;
  },
};

/**
 * Takes it back: a token is revoked, a link is withdrawn, a person is shut out.
 * @throws Refusal "forbidden"; "not_found"
 */
export async function refuseSetUp(actor: Actor, { kind, id }: PendingConfirmationKey): Promise<void> {
  const target = { type: kind === "token" ? "api_token" : "user", id } as const;
  const action = kind === "token" ? "token.revoked" : kind === "link" ? "user.link_withdrawn" : "user.disabled";
  await withAuthorization(actor, "people:confirm", { action, target }, async () => {
    if (kind === "token") return revokeToken(actor, id);
    if (kind === "person") return void (await setPersonActive(actor, id, false));
    await inOrganization(actor.orgId, async (tx) => {
      const { orgId } = actor;
      await lockOrganization(tx, orgId);
      const person = await tx.user.findUnique({ where: { orgId_id: { orgId, id } } });
      const { count } = await tx.personLink.deleteMany({ where: { orgId, userId: id, ...UNCONFIRMED } });
      if (!person || count === 0) throw notFound();
      await record(tx, actor, { action: "user.link_withdrawn", target: targetOf(person) });
    });
  });
}
