import "server-only";
import type { Transaction } from "@/lib/platform/db";

/**
 * True when something of the organisation has or had this id. An id that a caller brings along is never given twice:
 * what the log says of the first would seem to speak of the second.
 */
export async function wasIdUsed(tx: Transaction, orgId: string, id: string): Promise<boolean> {
  const where = { orgId, targetId: id, outcome: "done" };
  if (await tx.auditEvent.findFirst({ where, select: { seq: true } })) return true;
  // The log may have let go of the events that spoke of it.
  return (await tx.auditUsedId.findUnique({ where: { orgId_id: { orgId, id } }, select: { id: true } })) !== null;
}
