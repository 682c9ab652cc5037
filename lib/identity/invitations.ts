import "server-only";
import { randomBytes } from "node:crypto";
import { type Actor, systemActor } from "@/lib/authorization/actor";
import { assertCan, requireRecentPassword } from "@/lib/authorization/authorize";
import { markOf, nameBy, type SetUp, UNMARKED } from "@/lib/authorization/confirmation";
import type { PersonLink, User } from "@/lib/generated/prisma/client";
import { lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, type Transaction, whileAuthenticating } from "@/lib/platform/db";
import { unlessGuessing } from "@/lib/platform/fair-share/guesses";
import { hmac } from "@/lib/platform/keys";
import { updatedAfter } from "@/lib/platform/optimistic-lock";
import { Refusal } from "@/lib/platform/refusal";
import { shareOfPerson } from "./sign-in/hashing";
import { hashPassword } from "./sign-in/password";
import { handOver, isFounder } from "./users/administrators";
import { personToChange } from "./users/change";
import { insertPerson, madeBefore, type NewUser, newRow } from "./users/users";
import { type LinkKind, targetOf, type UserView, viewOf } from "./users/view";

/**
 * One-time links by which a person sets a password: after an invitation, or when it is forgotten. The link's secret is
 * answered once, kept as a keyed hash, and belongs into the fragment of an address, which no server or log ever sees.
 */
export interface IssuedLink {
  secret: string;
  kind: LinkKind;
  expiresAt: string;
  view: UserView;
}

const LIVES_MS = { invite: 7 * 86_400_000, reset: 3_600_000 } as const;

/**
 * Makes a person, and the link by which they set their password and come in; it lives seven days. Of a person that an earlier
 * try of the same request made, the link is made anew.
 * @throws Refusal as `createUser`
 */
export function invitePerson(actor: Actor, input: Omit<NewUser, "password" | "active" | "id">): Promise<IssuedLink> {
  return withAuthorization(actor, "people:manage", { action: "user.invited" }, async () => {
    if (input.role === "backoffice") assertCan(actor, "platform:manage");
    requireRecentPassword(actor);
    const row = await newRow(input, actor);
    return inOrganization(actor.orgId, async (tx) => {
      const made = input.reservedId && (await madeBefore(tx, row));
      const person = made || (await insertPerson(tx, actor, row, false));
      return issueLink(tx, actor, person, "invite");
    });
  });
}

/**
 * A fresh link for somebody invited whose link is lost or over; the earlier one stops working.
 * @throws Refusal "conflict" when the person has a password already, or is shut out
 */
export function inviteAgain(actor: Actor, id: string): Promise<IssuedLink> {
  return linkFor(actor, id, "invite", (person) => {
    if (person.status !== "pending") throw new Refusal("conflict", "This person is not waiting for an invitation");
  });
}

/**
 * A link by which a person sets a new password; it lives one hour. Every session of theirs ends now. The password they
 * have goes on working until they set the new one, so that a link nobody asked for locks nobody out.
 * @throws Refusal "conflict" for somebody who has no password yet, or is shut out
 */
export function offerReset(actor: Actor, id: string): Promise<IssuedLink> {
  return linkFor(actor, id, "reset", (person) => {
    if (person.status === "inactive") throw new Refusal("conflict", "This person is shut out: let them in again first");
    if (!person.passwordHash) throw new Refusal("conflict", "This person has no password yet: invite them again");
  });
}

function linkFor(actor: Actor, id: string, kind: LinkKind, judge: (person: User) => void): Promise<IssuedLink> {
  const target = { type: "user", id } as const;
  const action = kind === "invite" ? "user.invited" : "user.reset_offered";
  return withAuthorization(actor, "people:manage", { action, target }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const person = await personToChange(tx, actor, id);
      requireRecentPassword(actor);
      judge(person);
      if (kind === "reset") await endSessions(tx, person);
      return issueLink(tx, actor, person, kind);
    }),
  );
}

async function endSessions(tx: Transaction, { orgId, id }: User): Promise<void> {
  await tx.session.deleteMany({ where: { orgId, userId: id } });
  await tx.user.update({ where: { orgId_id: { orgId, id } }, data: { securityStamp: { increment: 1 } } });
}

async function issueLink(tx: Transaction, actor: Actor, person: User, kind: LinkKind): Promise<IssuedLink> {
  const { orgId, id: userId } = person;
  const secret = randomBytes(32).toString("base64url");
  const now = clock.now();
  const link = {
    digest: new Uint8Array(hmac("person-link", secret)),
    kind,
    madeBy: actor.name,
    madeAt: now,
    ...UNMARKED,
    ...markOf(actor),
    expiresAt: new Date(now.getTime() + LIVES_MS[kind]),
  };
  const where = { orgId_userId: { orgId, userId } };
  await tx.personLink.upsert({ where, create: { orgId, userId, ...link }, update: link });
  const action = kind === "invite" ? "user.invited" : "user.reset_offered";
  await record(tx, actor, { action, target: targetOf(person) });
  return { secret, kind, expiresAt: link.expiresAt.toISOString(), view: await viewOf(tx, person) };
}

export interface OpenedLink {
  kind: LinkKind;
  email: string;
  name: string;
  organization: string;
  expiresAt: string;
}

/**
 * What a link is for, or null when it does not work (any more). Whoever holds it is meant to know.
 * @throws Refusal "too_many_requests" when too many links that nobody was given were asked for from there
 */
export async function openLink(secret: string, { address }: { address: string }): Promise<OpenedLink | null> {
  const found = await unlessGuessing(address, false, () => find(secret));
  if (!found) return null;
  const { link, person, organization } = found;
  const { email, name } = person;
  const expiresAt = link.expiresAt.toISOString();
  return { kind: link.kind as LinkKind, email, name, organization: organization.name, expiresAt };
}

function find(secret: string) {
  return whileAuthenticating(async (tx) => {
    const digest = new Uint8Array(hmac("person-link", secret));
    const link = await tx.personLink.findUnique({ where: { digest } });
    if (!link || link.expiresAt <= clock.now()) return undefined;
    const person = await tx.user.findUnique({ where: { orgId_id: { orgId: link.orgId, id: link.userId } } });
    const organization = await tx.organization.findUnique({ where: { id: link.orgId } });
    const works = person && person.status !== "inactive" && organization?.active;
    return works ? { link, person, organization } : undefined;
  });
}

/**
 * Sets the password by a link, once: the link is spent, every session of the person's ends.
 * @returns the address to sign in with
 * @throws Refusal "not_found" for a link that does not work (any more); "invalid" for the password, which costs no link;
 * "too_many_requests" as `openLink`
 */
export async function acceptLink(
  secret: string,
  password: string,
  from: { requestId: string; address: string },
): Promise<{ email: string; organization: string }> {
  const found = await unlessGuessing(from.address, false, () => find(secret));
  if (!found) throw closed();
  const passwordHash = await hashPassword(password, shareOfPerson(found.person));
  const { orgId, id } = found.person;
  const { kind, digest } = found.link;
  return inOrganization(orgId, async (tx) => {
    await lockOrganization(tx, orgId);
    const link = await tx.personLink.findUnique({ where: { orgId_userId: { orgId, userId: id } } });
    const spent = await tx.personLink.deleteMany({
      where: { orgId, userId: id, digest, expiresAt: { gt: clock.now() } },
    });
    const where = { orgId_id: { orgId, id } };
    const person = await tx.user.findUnique({ where });
    if (!link || spent.count === 0 || !person || person.status === "inactive") throw closed();
    await tx.session.deleteMany({ where: { orgId, userId: id } });
    const raised = { securityStamp: { increment: 1 }, version: { increment: 1 }, updatedAt: updatedAfter(person) };
    const mark = await markBy(tx, person, link);
    await tx.user.update({
      where,
      data: { passwordHash, status: "active", modifiedBy: person.email, ...mark, ...raised },
    });
    const actor = {
      ...systemActor(orgId, nameBy(person.email, mark), from.requestId),
      kind: "user",
      id,
      ...from,
    } as const;
    const action = kind === "invite" ? "user.invite_accepted" : "user.reset_accepted";
    await record(tx, actor, { action, target: targetOf(person), fields: ["password"] });
    return { email: person.email, organization: found.organization.name };
  });
}

/** Whoever made the link may have used it; by one made at home, nobody else has what the person chose. */
async function markBy(tx: Transaction, person: User, { setUpBy, confirmedAt }: PersonLink): Promise<SetUp> {
  if (setUpBy === null) return UNMARKED;
  if (!(await isFounder(tx, person))) return { setUpBy, confirmedAt };
  await handOver(tx, { ...person, setUpBy });
  return UNMARKED;
}

const closed = () => new Refusal("not_found", "This link does not work any more. Ask for a new one.");
