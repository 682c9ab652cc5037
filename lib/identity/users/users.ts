import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { assertCan, requireRecentPassword } from "@/lib/authorization/authorize";
import { markOf, UNCONFIRMED } from "@/lib/authorization/confirmation";
import type { Prisma, User } from "@/lib/generated/prisma/client";
import { lockOrganization, record, wasIdUsed, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, isDuplicate, type Transaction } from "@/lib/platform/db";
import { containing, nameKey } from "@/lib/platform/names";
import { type Page, type PageRequest, readPage } from "@/lib/platform/pagination";
import { notFound } from "@/lib/platform/refusal";
import { idInUse, isFreshFrom, orMadeBefore } from "@/lib/platform/repeated-create";
import type { UserRole } from "@/lib/vocabulary/permissions";
import { shareOfPerson } from "../sign-in/hashing";
import { hashPassword } from "../sign-in/password";
import { isPasswordJustSet } from "../sign-in/password-attempt";
import { addressTaken, cleanEmail, type Names, namesOf, targetOf, type UserView, viewOf, viewsOf } from "./view";

export interface NewUser extends Names {
  /** Brought along by the caller; else one is made. */
  id?: string | undefined;
  /** The id to make it under where none is brought along; one that is there was made by an earlier try of the same request. */
  reservedId?: string | undefined;
  email: string;
  /** In one piece, for those who have no two. */
  name?: string | undefined;
  role: UserRole;
  /** Without one the person cannot sign in until a password is set. */
  password?: string | undefined;
  active?: boolean | undefined;
}

/**
 * Makes a person of the actor's organisation. Only the platform makes platform administrators. Under an id that the caller brings
 * along, the same request again answers whom it made.
 * @throws Refusal "conflict" when the organisation has this address, or has or had this id; "invalid" for a bad address
 * or password
 */
export function createUser(actor: Actor, input: NewUser): Promise<UserView> {
  return withAuthorization(actor, "people:manage", { action: "user.created" }, async () => {
    if (input.role === "backoffice") assertCan(actor, "platform:manage");
    requireRecentPassword(actor);
    const row = await newRow(input, actor);
    const create = () =>
      inOrganization(actor.orgId, async (tx) => {
        // Under an id that is brought along there may be somebody else.
        const made = input.id === undefined && input.reservedId && (await madeBefore(tx, row));
        if (made) return viewOf(tx, made);
        const created = await insertPerson(tx, actor, row, input.id !== undefined);
        await record(tx, actor, { action: "user.created", target: targetOf(created) });
        return viewOf(tx, created);
      });
    return orMadeBefore(create, async () => (input.id ? samePerson(actor, row, input.password) : undefined));
  });
}

/** Whoever is there under this id, if in all that the request says they are the same. */
async function samePerson(actor: Actor, wanted: Awaited<ReturnType<typeof newRow>>, password: string | undefined) {
  const where = { orgId_id: { orgId: actor.orgId, id: wanted.id } };
  const row = await inOrganization(actor.orgId, (tx) => tx.user.findUnique({ where }));
  const told = ["email", "firstName", "lastName", "role", "status"] as const;
  if (!row || told.some((name) => row[name] !== wanted[name])) return undefined;
  if (password === undefined ? row.passwordHash !== null : !(await isOwnPassword(actor, row, password)))
    return undefined;
  return inOrganization(actor.orgId, (tx) => viewOf(tx, row));
}

const isOwnPassword = async (actor: Actor, row: User, password: string): Promise<boolean> =>
  isFreshFrom(actor, row) && isPasswordJustSet(shareOfPerson(actor), row.passwordHash, password);

/** @param passwordField what a password that is not acceptable is called where it was entered */
export async function newRow(input: NewUser, actor: Actor, passwordField?: string) {
  const email = cleanEmail(input.email);
  const passwordHash =
    input.password === undefined ? null : await hashPassword(input.password, shareOfPerson(actor), passwordField);
  const now = clock.now();
  return {
    orgId: actor.orgId,
    id: input.id ?? input.reservedId ?? uuidv7(),
    email,
    emailKey: nameKey(email),
    ...namesOf(email, { firstName: input.firstName ?? input.name, lastName: input.lastName }),
    role: input.role,
    status: input.active === false ? "inactive" : passwordHash ? "active" : "pending",
    passwordHash,
    createdAt: now,
    updatedAt: now,
    modifiedBy: actor.name,
    ...markOf(actor),
  };
}

/** What an earlier try of the same request has made, under the organisation's lock. */
export async function madeBefore(tx: Transaction, { orgId, id }: { orgId: string; id: string }): Promise<User | null> {
  await lockOrganization(tx, orgId);
  return tx.user.findUnique({ where: { orgId_id: { orgId, id } } });
}

export async function insertPerson(
  tx: Transaction,
  actor: Actor,
  data: Awaited<ReturnType<typeof newRow>>,
  broughtId: boolean,
): Promise<User> {
  await lockOrganization(tx, actor.orgId);
  const where = { orgId_id: { orgId: actor.orgId, id: data.id } };
  if (broughtId && ((await tx.user.findUnique({ where })) || (await wasIdUsed(tx, actor.orgId, data.id)))) {
    throw idInUse();
  }
  try {
    return await tx.user.create({ data });
  } catch (error) {
    throw isDuplicate(error) ? addressTaken() : error;
  }
}

/** The person with this address in the actor's organisation. */
export function userByEmail(actor: Actor, email: string): Promise<UserView> {
  return onePerson(actor, { orgId_emailKey: { orgId: actor.orgId, emailKey: nameKey(email) } });
}

/** @throws Refusal "not_found" */
export function getPerson(actor: Actor, id: string): Promise<UserView> {
  return onePerson(actor, { orgId_id: { orgId: actor.orgId, id } }, id);
}

function onePerson(actor: Actor, where: Prisma.UserWhereUniqueInput, id?: string): Promise<UserView> {
  const target = id === undefined ? {} : { target: { type: "user", id } as const };
  return withAuthorization(actor, "people:read", { action: "user.read", ...target }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const row = await tx.user.findUnique({ where });
      if (!row) throw notFound();
      return viewOf(tx, row);
    }),
  );
}

export interface PeopleFilter {
  /** Part of a name or address. */
  q?: string | undefined;
  role?: UserRole | undefined;
  /** "unconfirmed": whoever could come in but for a confirmation; they are not among the active ones then. */
  status?: UserView["status"] | "unconfirmed" | undefined;
}

/** One page of the organisation's people. @throws Refusal "not_found" when `after` is none of them */
export function listPeople(actor: Actor, request: PageRequest & PeopleFilter): Promise<Page<UserView>> {
  const { orgId } = actor;
  const where = fitting(orgId, request);
  return withAuthorization(actor, "people:read", { action: "user.read" }, () =>
    inOrganization(orgId, async (tx) => {
      const page = await readPage(request, {
        find: (beyond, window) => tx.user.findMany({ where: { AND: [where, beyond] }, ...window }),
        count: (beyond) => tx.user.count({ where: { AND: [where, beyond] } }),
        at: (id) => tx.user.findFirst({ where: { AND: [where, { id }] } }),
      });
      return { ...page, items: await viewsOf(tx, orgId, page.items) };
    }),
  );
}

function fitting(orgId: string, { q, role, status }: PeopleFilter): Prisma.UserWhereInput {
  const part = q?.trim() ? containing(q) : undefined;
  return {
    orgId,
    ...(role && { role }),
    ...(part && { OR: [{ name: part }, { email: part }] }),
    ...(status && { AND: inState(status) }),
  };
}

function inState(status: NonNullable<PeopleFilter["status"]>): Prisma.UserWhereInput {
  if (status === "unconfirmed") return { status: "active", ...UNCONFIRMED };
  return status === "active" ? { status, NOT: UNCONFIRMED } : { status };
}

/** Those of these people who are there, in the order asked for. */
export function peopleByIds(actor: Actor, ids: string[]): Promise<UserView[]> {
  return withAuthorization(actor, "people:read", { action: "user.read" }, () =>
    inOrganization(actor.orgId, (tx) => peopleIn(tx, actor.orgId, ids)),
  );
}

/** The same within larger work that has judged it. */
export async function peopleIn(tx: Transaction, orgId: string, ids: string[]): Promise<UserView[]> {
  const rows = await tx.user.findMany({ where: { orgId, id: { in: ids } } });
  const found = new Map((await viewsOf(tx, orgId, rows)).map((view) => [view.id, view]));
  return [...new Set(ids)].flatMap((id) => found.get(id) ?? []);
}
