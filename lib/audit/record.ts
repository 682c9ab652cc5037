import "server-only";
import type { Actor } from "@/lib/actor";
import { inOrganization, type Transaction } from "@/lib/db";
import { chain, firstLink, type Link } from "./chain";
import type { AuditEntry } from "./event";

/**
 * Locks the end of the organisation's chain. It orders all writes of one organisation, so whoever holds it may also
 * count and compare (limits, unique names) without a race. Taken before any row, so two writers cannot deadlock.
 */
export async function lockOrganization(tx: Transaction, orgId: string): Promise<Link> {
  const rows = await tx.$queryRaw<Link[]>`SELECT seq, hash FROM audit_head WHERE org_id = ${orgId}::uuid FOR UPDATE`;
  const head = rows[0];
  if (head) return { seq: head.seq, hash: Buffer.from(head.hash) };
  await tx.auditHead.create({ data: { orgId, seq: 0n, hash: new Uint8Array(firstLink.hash) } });
  return firstLink;
}

/** Writes events in the transaction of the change they speak of: both are stored or neither. */
export async function record(tx: Transaction, actor: Actor, ...entries: AuditEntry[]): Promise<void> {
  let link = await lockOrganization(tx, actor.orgId);
  const events = entries.map((entry) => {
    const event = chain(link, actor, entry);
    link = { seq: event.seq, hash: Buffer.from(event.hash) };
    return event;
  });
  await tx.auditEvent.createMany({
    data: events.map((event) => ({
      ...event,
      prevHash: new Uint8Array(event.prevHash),
      hash: new Uint8Array(event.hash),
      sealedHash: event.sealedHash ? new Uint8Array(event.sealedHash) : null,
    })),
  });
  await tx.auditHead.update({
    where: { orgId: actor.orgId },
    data: { seq: link.seq, hash: new Uint8Array(link.hash) },
  });
}

/** Writes events that stand alone, in a transaction of their own. */
export const recordAlone = (actor: Actor, ...entries: AuditEntry[]): Promise<void> =>
  inOrganization(actor.orgId, (tx) => record(tx, actor, ...entries));
