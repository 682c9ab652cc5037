import "server-only";
import { z } from "zod";
import { isUnconfirmed } from "@/lib/authorization/confirmation";
import type { PersonLink, User } from "@/lib/generated/prisma/client";
import { clock } from "@/lib/platform/clock";
import type { Transaction } from "@/lib/platform/db";
import { cleanName } from "@/lib/platform/names";
import { invalidField, Refusal } from "@/lib/platform/refusal";
import type { UserRole } from "@/lib/vocabulary/permissions";

export const userStatuses = ["pending", "active", "inactive"] as const;

export interface UserView {
  id: string;
  orgId: string;
  email: string;
  /** How the person is shown. */
  name: string;
  firstName: string;
  lastName: string;
  role: UserRole;
  /** Pending: has no password yet; API tokens made for them work. */
  status: (typeof userStatuses)[number];
  /** Set up by the platform, and not confirmed by the organisation yet. */
  unconfirmed: boolean;
  hasPassword: boolean;
  /** The one-time link that is out, if one is and it still works. */
  link: { kind: LinkKind; expiresAt: string } | null;
  version: number;
  createdAt: string;
  updatedAt: string;
  modifiedBy: string;
  lastSignInAt: string | null;
}

export const linkKinds = ["invite", "reset"] as const;
export type LinkKind = (typeof linkKinds)[number];

/** The views of one organisation's people; one query for all their links. */
export async function viewsOf(tx: Transaction, orgId: string, rows: User[]): Promise<UserView[]> {
  if (rows.length === 0) return [];
  const where = { orgId, userId: { in: rows.map((row) => row.id) }, expiresAt: { gt: clock.now() } };
  const links = new Map((await tx.personLink.findMany({ where })).map((link) => [link.userId, link]));
  return rows.map((row) => toView(row, links.get(row.id)));
}

export async function viewOf(tx: Transaction, row: User): Promise<UserView> {
  const { orgId, id: userId } = row;
  const link = await tx.personLink.findFirst({ where: { orgId, userId, expiresAt: { gt: clock.now() } } });
  return toView(row, link ?? undefined);
}

const toView = (row: User, link: PersonLink | undefined): UserView => ({
  id: row.id,
  orgId: row.orgId,
  email: row.email,
  name: row.name,
  firstName: row.firstName,
  lastName: row.lastName,
  role: row.role as UserRole,
  status: row.status as UserView["status"],
  unconfirmed: isUnconfirmed(row),
  hasPassword: row.passwordHash !== null,
  link: link ? { kind: link.kind as LinkKind, expiresAt: link.expiresAt.toISOString() } : null,
  version: row.version,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  modifiedBy: row.modifiedBy,
  lastSignInAt: row.lastSignInAt?.toISOString() ?? null,
});

export const targetOf = (row: Pick<User, "id" | "email">) => ({ type: "user", id: row.id, name: row.email }) as const;

export interface Names {
  firstName?: string | undefined;
  lastName?: string | undefined;
}

/** First and last name, and the name made of them; without any, the front of the address. */
export function namesOf(email: string, given: Names): { firstName: string; lastName: string; name: string } {
  const firstName = given.firstName?.trim() ? cleanName(given.firstName, "first_name") : "";
  const lastName = given.lastName?.trim() ? cleanName(given.lastName, "last_name") : "";
  const name = [firstName, lastName].filter(Boolean).join(" ") || email.slice(0, email.indexOf("@"));
  return { firstName, lastName, name };
}

/** @throws Refusal "invalid" when it is no e-mail address */
export function cleanEmail(text: string): string {
  const email = text.normalize("NFC").trim();
  if (email.length > 254 || !z.email().safeParse(email).success)
    throw invalidField("email", "Must be an e-mail address");
  return email;
}

export const addressTaken = (): Refusal =>
  new Refusal("conflict", "A person with this e-mail address already exists", {
    fields: [{ path: ["email"], message: "Is already in use", code: "taken" }],
  });
