import "server-only";
import type { Actor } from "@/lib/authorization/actor";
import type { Transaction } from "@/lib/platform/db";
import type { AuditEntry } from "@/lib/vocabulary/audit-event";
import { asJson, withoutChain, writeWithEvent } from "./audit-writer";
import { chain, firstLink, type Link } from "./chain";

/**
 * Locks the end of the organisation's chain. It orders all writes of one organisation, so whoever holds it may also
 * count and compare (limits, unique names) without a race. Taken before any row, so two writers cannot deadlock.
 * @throws Refusal "unavailable" when there is no chain: nothing happens unrecorded
 */
export async function lockOrganization(tx: Transaction, orgId: string): Promise<Link> {
  const rows = await tx.$queryRaw<Link[]>`SELECT seq, hash FROM audit_head WHERE org_id = ${orgId}::uuid FOR UPDATE`;
  const head = rows[0];
  if (!head) throw withoutChain(orgId);
  return { seq: head.seq, hash: Buffer.from(head.hash) };
}

/** Begins the chain of an organisation, in the transaction that makes it. A chain that is missing later on is damage. */
export async function beginChain(tx: Transaction, orgId: string): Promise<void> {
  await tx.auditHead.create({ data: { orgId, seq: firstLink.seq, hash: new Uint8Array(firstLink.hash) } });
}

/** Writes events in the transaction of the change they speak of: both are stored or neither. */
export async function record(tx: Transaction, actor: Actor, ...entries: AuditEntry[]): Promise<void> {
  let link = await lockOrganization(tx, actor.orgId);
  const events = entries.map((entry) => {
    const event = chain(link, actor, entry);
    link = { seq: event.seq, hash: Buffer.from(event.hash) };
    return event;
  });
  // In one statement however many they are, as the journal stores them.
  await tx.$executeRaw`SELECT insert_audit_events(${JSON.stringify(events.map(asJson))}::jsonb)`;
  await tx.auditHead.update({
    where: { orgId: actor.orgId },
    data: { seq: link.seq, hash: new Uint8Array(link.hash) },
  });
}

/** Writes an event that stands alone. @throws Refusal "unavailable" when it is not known to be durable */
export async function recordAlone(actor: Actor, entry: AuditEntry): Promise<void> {
  await writeWithEvent({ actor, entry });
}
