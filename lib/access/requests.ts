import "server-only";
import { v7 as uuidv7 } from "uuid";
import { requireRight, rightsOver, seesAll, sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { GRANTED } from "@/lib/credentials/granted";
import { credentialsOf } from "@/lib/credentials/repository";
import { type AccessRequest, Prisma } from "@/lib/generated/prisma/client";
import { type AuditEntry, lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, inSight, isDuplicate, type Transaction } from "@/lib/platform/db";
import { cleanNote } from "@/lib/platform/names";
import { invalidField, notFound, Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import type { RequestState, Right } from "@/lib/vocabulary/access";
import { grantAccess } from "./grants";
import type { RequestView } from "./view";

/** Requests of one person that may wait for an answer. */
const OPEN_MAX = 100;
const LIST_MAX = 200;

export interface NewRequest {
  credentialId: string;
  right: Right;
  reason: string;
  /** The id to make it under; one that is there was made by an earlier try of the same request. */
  reservedId?: string | undefined;
}

/**
 * Asks for a right over a credential that the person sees. One who asks twice is told that they have asked.
 * @throws Refusal "not_found" for one out of sight; "conflict" for what they may do already or have asked for; "over_limit"; "invalid"
 */
export function askForAccess(
  actor: Actor,
  { credentialId, right, reason, reservedId }: NewRequest,
): Promise<RequestView> {
  const target = { type: "credential", id: credentialId } as const;
  return withAuthorization(actor, "access:read", { action: "access.asked", target }, async () => {
    if (actor.kind !== "user") throw new Refusal("forbidden", "User account required");
    const row = requireRight(actor, await credentialsOf(sightOf(actor)).show(credentialId), "see");
    if (rightsOver(actor, row.granted).includes(right)) throw new Refusal("conflict", "You may do this already");
    const said = cleanNote(reason, "reason");
    if (said === "") throw invalidField("reason", "Say what you need it for");
    return unlessAsked(() =>
      inSight(sightOf(actor), async (tx) => {
        const { orgId, id: userId } = actor;
        await lockOrganization(tx, orgId);
        const before =
          reservedId && (await tx.accessRequest.findUnique({ where: { orgId_id: { orgId, id: reservedId } } }));
        if (before) return viewOf(tx, before);
        const waiting = await tx.accessRequest.count({ where: { orgId, userId, state: "open" } });
        if (waiting >= OPEN_MAX) {
          throw new Refusal("over_limit", "Too many of your requests wait for an answer already");
        }
        const made = await tx.accessRequest.create({
          data: {
            orgId,
            id: reservedId ?? uuidv7(),
            userId,
            credentialId: row.id,
            right,
            reason: said,
            askedAt: clock.now(),
          },
        });
        await record(tx, actor, entryOf("access.asked", made, row.name));
        return viewOf(tx, made);
      }),
    );
  });
}

export interface Answer {
  /** Declined otherwise. */
  isGranted: boolean;
  note?: string | undefined;
  /** When what is granted ends. */
  expiresAt?: Date | null | undefined;
}

/**
 * Answers a request, and grants what was asked for in the same breath. Nobody answers their own.
 * @throws Refusal "not_found"; "forbidden" for who does not manage the credential; "conflict" for one that is answered
 */
export function answerRequest(actor: Actor, id: string, { isGranted, note, expiresAt }: Answer): Promise<RequestView> {
  return withAuthorization(actor, "access:manage", { action: "access.answered" }, async () => {
    const { orgId } = actor;
    const found = await requestOf(orgId, id);
    const credential = await credentialsOf(sightOf(actor)).show(found.credentialId);
    const { name } = requireRight(actor, credential, "manage");
    if (found.userId === actor.id) throw new Refusal("forbidden", "Somebody else has to answer your request");
    requireOpen(found);
    const { userId, credentialId: key, right, reason } = found;
    if (isGranted) {
      const subject = { kind: "user", id: userId } as const;
      await grantAccess(actor, { reach: "credential", key, subject, rights: [right as Right], reason, expiresAt });
    }
    const answer = note ? cleanNote(note, "note") : null;
    return close(actor, id, { state: isGranted ? "granted" : "declined", answer }, (row) => ({
      ...entryOf("access.answered", row, name),
      reason: isGranted ? "granted" : "declined",
    }));
  });
}

/** Takes one's own request back. @throws Refusal "not_found"; "conflict" for one that is answered */
export function withdrawRequest(actor: Actor, id: string): Promise<RequestView> {
  return withAuthorization(actor, "access:read", { action: "access.withdrawn" }, async () => {
    const found = await requestOf(actor.orgId, id);
    if (found.userId !== actor.id) throw notFound();
    return close(actor, id, { state: "withdrawn", answer: null }, (row) => entryOf("access.withdrawn", row));
  });
}

async function close(
  actor: Actor,
  id: string,
  { state, answer }: { state: RequestState; answer: string | null },
  entry: (row: AccessRequest) => AuditEntry,
): Promise<RequestView> {
  return inSight(sightOf(actor), async (tx) => {
    const { orgId } = actor;
    await lockOrganization(tx, orgId);
    const where = { orgId_id: { orgId, id } };
    requireOpen(await tx.accessRequest.findUniqueOrThrow({ where }));
    const data = { state, answer, answeredAt: clock.now(), answeredBy: actor.name };
    const row = await tx.accessRequest.update({ where, data });
    await record(tx, actor, entry(row));
    return viewOf(tx, row);
  });
}

/**
 * Requests, newest first, at most 200: one's own, and those about credentials that one manages.
 * @param filter.state of this state alone
 */
export function listRequests(actor: Actor, filter: { state?: RequestState | undefined } = {}): Promise<RequestView[]> {
  return withAuthorization(actor, "access:read", { action: "access.read" }, () =>
    inSight(sightOf(actor), async (tx) => {
      const { orgId, id: userId } = actor;
      const answerable = await answerableBy(tx, actor);
      const rows = await tx.accessRequest.findMany({
        where: { orgId, ...(filter.state && { state: filter.state }), OR: [{ userId }, answerable] },
        orderBy: [{ askedAt: "desc" }, { id: "desc" }],
        take: LIST_MAX,
      });
      return viewsOf(tx, orgId, rows);
    }),
  );
}

/** How many requests of others wait for an answer that this person may give, at most 200. */
export function waitingRequests(actor: Actor): Promise<number> {
  return withAuthorization(actor, "access:read", { action: "access.read" }, () =>
    inSight(sightOf(actor), async (tx) => {
      const others = { orgId: actor.orgId, state: "open", userId: { not: actor.id } } as const;
      if ((await tx.accessRequest.findFirst({ where: others, select: { id: true } })) === null) return 0;
      const rows = await tx.accessRequest.findMany({
        where: { ...others, ...(await answerableBy(tx, actor)) },
        select: { id: true },
        take: LIST_MAX,
      });
      return rows.length;
    }),
  );
}

/** Which requests the actor may answer: those about credentials that they manage. */
async function answerableBy(tx: Transaction, actor: Actor): Promise<Prisma.AccessRequestWhereInput> {
  const { orgId } = actor;
  const all = seesAll(actor) && rightsOver(actor, []).includes("manage");
  return all ? { orgId } : { orgId, credentialId: { in: await managedIds(tx, actor) } };
}

/** Of the credentials that requests are about, those that the actor manages. */
async function managedIds(tx: Transaction, { orgId }: Actor): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT c.id FROM access_request r JOIN credential c ON c.org_id = r.org_id AND c.id = r.credential_id
     WHERE r.org_id = ${orgId}::uuid
       AND 'manage' = ANY (${Prisma.raw(GRANTED)}) LIMIT 1000`;
  return rows.map(({ id }) => id);
}

async function requestOf(orgId: string, id: string): Promise<AccessRequest> {
  const row =
    isUuid(id) &&
    (await inOrganization(orgId, (tx) => tx.accessRequest.findUnique({ where: { orgId_id: { orgId, id } } })));
  if (!row) throw notFound();
  return row;
}

function requireOpen({ state }: AccessRequest): void {
  if (state !== "open") throw new Refusal("conflict", "This request has been answered already");
}

const viewOf = async (tx: Transaction, row: AccessRequest): Promise<RequestView> => {
  const [view] = await viewsOf(tx, row.orgId, [row]);
  if (!view) throw new Error("a request without a view");
  return view;
};

async function viewsOf(tx: Transaction, orgId: string, rows: AccessRequest[]): Promise<RequestView[]> {
  const select = { id: true, name: true } as const;
  const of = (ids: string[]) => ({ where: { orgId, id: { in: ids } }, select });
  const people = await tx.user.findMany(of(rows.map(({ userId }) => userId)));
  const credentials = await tx.credential.findMany(of(rows.map(({ credentialId }) => credentialId)));
  const names = new Map([...people, ...credentials].map(({ id, name }) => [id, name]));
  const named = (id: string) => ({ id, name: names.get(id) ?? id });
  return rows.map((row) => ({
    id: row.id,
    user: named(row.userId),
    credential: named(row.credentialId),
    right: row.right as Right,
    reason: row.reason,
    state: row.state as RequestState,
    askedAt: row.askedAt.toISOString(),
    answeredAt: row.answeredAt?.toISOString() ?? null,
    answeredBy: row.answeredBy,
    answer: row.answer,
  }));
}

const entryOf = (action: AuditEntry["action"], row: AccessRequest, name?: string): AuditEntry => ({
  action,
  target: { type: "credential", id: row.credentialId, ...(name !== undefined && { name }) },
  fields: [row.right, `user:${row.userId}`],
});

async function unlessAsked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isDuplicate(error) ? new Refusal("conflict", "You have asked for this already") : error;
  }
}
