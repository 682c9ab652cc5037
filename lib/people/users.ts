import "server-only";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { authorize, requireRecentPassword } from "@/lib/access/authorize";
import type { UserRole } from "@/lib/access/permissions";
import type { Actor } from "@/lib/actor";
import { permitted, record } from "@/lib/audit";
import { clock } from "@/lib/clock";
import { inOrganization, isDuplicate, type Transaction } from "@/lib/db";
import type { User } from "@/lib/generated/prisma/client";
import { cleanName, nameKey } from "@/lib/names";
import { invalidField, notFound, Refusal } from "@/lib/refusal";
import { checkPassword, hashPassword } from "./password";

export interface UserView {
  id: string;
  orgId: string;
  email: string;
  name: string;
  role: UserRole;
  status: "pending" | "active" | "inactive";
  createdAt: string;
  updatedAt: string;
  lastSignInAt: string | null;
}

export interface NewUser {
  email: string;
  name?: string | undefined;
  role: UserRole;
  /** Without one the person cannot sign in until a password is set. */
  password?: string | undefined;
}

/**
 * Makes a person of the actor's organisation. Only the platform makes platform administrators.
 * @throws Refusal "conflict" when the organisation has this address; "invalid" for a bad address or password
 */
export function createUser(actor: Actor, input: NewUser): Promise<UserView> {
  return permitted(actor, "people:manage", { action: "user.created" }, async () => {
    if (input.role === "backoffice") authorize(actor, "platform:manage");
    requireRecentPassword(actor);
    const email = cleanEmail(input.email);
    const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
    const data = {
      orgId: actor.orgId,
      id: uuidv7(),
      email,
      emailKey: nameKey(email),
      name: cleanName(input.name ?? email.slice(0, email.indexOf("@"))),
      role: input.role,
      status: passwordHash ? "active" : "pending",
      passwordHash,
      modifiedBy: actor.name,
    };
    const row = await inOrganization(actor.orgId, (tx) => insert(tx, actor, data)).catch((error: unknown) => {
      if (!isDuplicate(error)) throw error;
      throw new Refusal("conflict", "A person with this e-mail address already exists", {
        fields: [{ path: ["email"], message: "Is already in use", code: "taken" }],
      });
    });
    return toView(row);
  });
}

async function insert(
  tx: Transaction,
  actor: Actor,
  data: Parameters<Transaction["user"]["create"]>[0]["data"],
): Promise<User> {
  const row = await tx.user.create({ data });
  await record(tx, actor, { action: "user.created", target: targetOf(row) });
  return row;
}

/** The person with this address in the actor's organisation. */
export function userByEmail(actor: Actor, email: string): Promise<UserView> {
  return permitted(actor, "people:read", { action: "user.read" }, async () => {
    const where = { orgId_emailKey: { orgId: actor.orgId, emailKey: nameKey(email) } };
    const row = await inOrganization(actor.orgId, (tx) => tx.user.findUnique({ where }));
    if (!row) throw notFound();
    return toView(row);
  });
}

/**
 * Changes one's own password. Every other session ends; the one at hand goes on under the new stamp.
 * @throws Refusal "invalid" when the present password is wrong or the new one is not acceptable
 */
export async function changePassword(actor: Actor, present: string, next: string): Promise<void> {
  const self = await ownRow(actor);
  if (!(await checkPassword(self.passwordHash, present))) throw invalidField("present", "Is not your present password");
  const passwordHash = await hashPassword(next, "next");
  await inOrganization(actor.orgId, async (tx) => {
    const stamp = await raiseStamp(tx, actor, { passwordHash });
    await keepThisSession(tx, actor, stamp);
    await record(tx, actor, { action: "user.password_changed", target: targetOf(self), fields: ["password"] });
  });
}

/** Ends every session of the actor's, the one at hand included. */
export async function signOutEverywhere(actor: Actor): Promise<void> {
  const self = await ownRow(actor);
  await inOrganization(actor.orgId, async (tx) => {
    await raiseStamp(tx, actor, {});
    await tx.session.deleteMany({ where: { orgId: actor.orgId, userId: actor.id } });
    await record(tx, actor, { action: "user.signed_out_everywhere", target: targetOf(self) });
  });
}

/** Proves the password again for the acts that ask for it. @throws Refusal "invalid" when it is wrong */
export async function confirmPassword(actor: Actor, password: string): Promise<void> {
  const self = await ownRow(actor);
  if (!(await checkPassword(self.passwordHash, password))) throw invalidField("password", "Is not your password");
  await inOrganization(actor.orgId, (tx) =>
    tx.session.updateMany({
      where: { orgId: actor.orgId, id: actor.sessionId ?? "" },
      data: { passwordCheckedAt: clock.now() },
    }),
  );
}

/** These three act on oneself alone, so being a signed-in person is all they ask. */
async function ownRow(actor: Actor): Promise<User> {
  if (actor.kind !== "user" || !actor.sessionId) throw new Refusal("forbidden", "Sign in to the console to do this");
  const where = { orgId_id: { orgId: actor.orgId, id: actor.id } };
  const row = await inOrganization(actor.orgId, (tx) => tx.user.findUnique({ where }));
  if (!row) throw notFound();
  return row;
}

async function raiseStamp(tx: Transaction, actor: Actor, change: { passwordHash?: string }): Promise<number> {
  const row = await tx.user.update({
    where: { orgId_id: { orgId: actor.orgId, id: actor.id } },
    data: { ...change, stamp: { increment: 1 }, updatedAt: clock.now(), modifiedBy: actor.name },
  });
  return row.stamp;
}

async function keepThisSession(tx: Transaction, actor: Actor, stamp: number): Promise<void> {
  await tx.session.deleteMany({ where: { orgId: actor.orgId, userId: actor.id, id: { not: actor.sessionId ?? "" } } });
  await tx.session.updateMany({
    where: { orgId: actor.orgId, id: actor.sessionId ?? "" },
    data: { stamp, passwordCheckedAt: clock.now() },
  });
}

/** @throws Refusal "invalid" when it is no e-mail address */
export function cleanEmail(text: string): string {
  const email = text.normalize("NFC").trim();
  if (email.length > 254 || !z.email().safeParse(email).success)
    throw invalidField("email", "Must be an e-mail address");
  return email;
}

const targetOf = (row: Pick<User, "id" | "email">) => ({ type: "user", id: row.id, name: row.email }) as const;

const toView = (row: User): UserView => ({
  id: row.id,
  orgId: row.orgId,
  email: row.email,
  name: row.name,
  role: row.role as UserRole,
  status: row.status as UserView["status"],
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  lastSignInAt: row.lastSignInAt?.toISOString() ?? null,
});
