import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import type { AccessGrant } from "@/lib/generated/prisma/client";
import { type AuditEntry, lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, inSight, type Transaction, wholeOf } from "@/lib/platform/db";
import { cleanNote } from "@/lib/platform/names";
import { invalidField, notFound, Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import { findProvider } from "@/lib/providers/index";
import type { Reach, Right } from "@/lib/vocabulary/access";
import { requireManage } from "./manage";
import { grantViews } from "./present";
import { requireSubject } from "./subjects";
import type { GrantView, NamedSubject, Subject } from "./view";

export interface NewGrant extends Reach {
  subject: Subject;
  rights: readonly Right[];
  expiresAt?: Date | null | undefined;
  reason?: string | null | undefined;
}

/**
 * Grants rights over a reach to a person, a group or a program, from now on and everywhere. What is granted already gets the end and
 * the reason that are said now.
 * @throws Refusal "forbidden" and "not_found" as `requireManage`; "invalid" naming the field, for a subject or kind that is not there,
 * an end that has passed, and for `use` to whom it is nothing: people fetch no secrets
 */
export function grantAccess(actor: Actor, input: NewGrant): Promise<GrantView[]> {
  const target = input.reach === "credential" ? { target: { type: "credential", id: input.key } as const } : {};
  return withAuthorization(actor, "access:manage", { action: "access.granted", ...target }, async () => {
    const { orgId } = actor;
    const reach = cleanReach(input);
    const credentialName = await requireManage(actor, reach);
    if (input.rights.length === 0) throw invalidField("rights", "Name at least one right");
    if (input.expiresAt && input.expiresAt <= clock.now()) throw invalidField("expires_at", "Must be in the future");
    const reason = input.reason ? cleanNote(input.reason, "reason") : null;
    return inSight(wholeOf(orgId), async (tx) => {
      await lockOrganization(tx, orgId);
      const subject = await requireSubject(tx, orgId, input.subject);
      if (reach.reach === "credential") await requireLive(tx, orgId, reach.key);
      const rows: AccessGrant[] = [];
      for (const right of new Set(input.rights)) {
        rows.push(await put(tx, actor, { subject, reach, right, expiresAt: input.expiresAt ?? null, reason }));
      }
      const events = rows.map((row) => eventOf("access.granted", row, subject, credentialName));
      await record(tx, actor, ...events);
      return grantViews(tx, orgId, rows);
    });
  });
}

/** In the database's own spelling. @throws Refusal "invalid" naming what is wrong with it */
export function cleanReach({ reach, key }: Reach): Reach {
  if (reach === "all") return { reach, key: "" };
  if (reach === "credential") {
    if (!isUuid(key)) throw invalidField("key", "Is not a credential's id");
    return { reach, key: key.toLowerCase() };
  }
  const text = key.normalize("NFC").trim();
  if (text === "" || [...text].length > 100) throw invalidField("key", `Name the ${reach}`);
  return { reach, key: reach === "kind" ? (findProvider(text)?.id ?? text) : text };
}

/** Its deletion was not faster. */
async function requireLive(tx: Transaction, orgId: string, id: string): Promise<void> {
  if ((await tx.credential.count({ where: { orgId, id, deletedAt: null } })) === 0) throw notFound();
}

interface OneGrant {
  subject: NamedSubject;
  reach: Reach;
  right: Right;
  expiresAt: Date | null;
  reason: string | null;
}

function put(
  tx: Transaction,
  actor: Actor,
  { subject, reach, right, expiresAt, reason }: OneGrant,
): Promise<AccessGrant> {
  const { orgId } = actor;
  const said = {
    expiresAt,
    reason,
    fromBefore: false,
    grantedById: actor.id,
    grantedBy: actor.name,
    grantedAt: clock.now(),
  };
  const what = { orgId, subjectId: subject.id, reach: reach.reach, reachKey: reach.key, right };
  return tx.accessGrant.upsert({
    where: { orgId_subjectId_reach_reachKey_right: what },
    create: {
      ...what,
      ...said,
      id: uuidv7(),
      subjectKind: subject.kind,
      credentialId: reach.reach === "credential" ? reach.key : null,
    },
    update: said,
  });
}

/** What the log says of a grant: the credential or else the subject, and the other of the two among the fields. */
export function eventOf(
  action: "access.granted" | "access.taken_away",
  row: AccessGrant,
  subject: NamedSubject,
  credentialName?: string | undefined,
): AuditEntry {
  if (row.credentialId !== null) {
    const name = credentialName === undefined ? {} : { name: credentialName };
    const target = { type: "credential", id: row.credentialId, ...name } as const;
    return { action, target, fields: [row.right, `${subject.kind}:${subject.id}`] };
  }
  const reach = row.reach === "all" ? "all" : `${row.reach}:${row.reachKey}`;
  return { action, target: { type: subject.kind, id: subject.id, name: subject.name }, fields: [row.right, reach] };
}

/**
 * Takes a grant away: from the next statement on, on every instance. Whoever it was given to may give their own back.
 * @throws Refusal "not_found", also the second time; "forbidden" and "conflict" as said at `requireAnotherManager`
 */
export function takeAway(actor: Actor, id: string): Promise<void> {
  return withAuthorization(actor, "access:manage", { action: "access.taken_away" }, async () => {
    const { orgId } = actor;
    const where = { orgId_id: { orgId, id } };
    const found = isUuid(id) && (await inOrganization(orgId, (tx) => tx.accessGrant.findUnique({ where })));
    if (!found) throw notFound();
    const isOwn = actor.kind !== "system" && found.subjectId === actor.id;
    const reach = { reach: found.reach as Reach["reach"], key: found.reachKey };
    const name = isOwn ? undefined : await requireManage(actor, reach);
    await inSight(wholeOf(orgId), async (tx) => {
      await lockOrganization(tx, orgId);
      const row = await tx.accessGrant.findUnique({ where });
      if (!row) throw notFound();
      await requireAnotherManager(tx, row);
      const [view] = await grantViews(tx, orgId, [row]);
      await tx.accessGrant.delete({ where });
      if (view) await record(tx, actor, eventOf("access.taken_away", row, view.subject, name ?? view.reachName));
    });
  });
}

/**
 * The last person who looks after a credential that nobody owns stays: administrators could still reach it, and nobody would know
 * that they have to.
 * @throws Refusal "conflict"
 */
async function requireAnotherManager(tx: Transaction, row: AccessGrant): Promise<void> {
  const { orgId, credentialId } = row;
  if (row.right !== "manage" || credentialId === null || row.subjectKind === "service_account") return;
  const people = { in: ["user", "group"] };
  const others = { orgId, credentialId, right: "manage", subjectKind: people, id: { not: row.id } };
  const owned = { orgId, id: credentialId, deletedAt: null, ownerId: { not: null } };
  if ((await tx.credential.count({ where: owned })) > 0 || (await tx.accessGrant.count({ where: others })) > 0) return;
  throw new Refusal("conflict", "This is the last one who manages this credential: make another one first");
}
