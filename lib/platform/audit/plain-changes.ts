import "server-only";
import type { Transaction } from "@/lib/platform/db";
import { isUuid } from "@/lib/platform/uuid";
import type { AuditAction } from "@/lib/vocabulary/audit-event";

/** Absent values are null; times are ISO texts. */
export type PlainValue = string | number | boolean | string[] | null;

/** Old and new of plain values, by the names that the event's fields have. */
export type PlainChanges = Record<string, { from: PlainValue; to: PlainValue }>;

interface NumberedEvent {
  action: string;
  outcome: string;
  targetId: string | null;
  version: number | null;
}

/** The acts whose event names the version that they made; others name the one that they found. */
const changing: ReadonlySet<string> = new Set<AuditAction>([
  "credential.updated",
  "credential.enabled",
  "credential.disabled",
  "credential.rotated",
]);

/**
 * Puts to each change of a credential what it changed of plain values, with one query for all of them. Nothing is put where
 * there is none: values were withheld, the credential is gone, or the event is older than the keeping of changes.
 */
export async function withPlainChanges<Event extends NumberedEvent>(
  tx: Transaction,
  orgId: string,
  events: Event[],
): Promise<(Event & { changes?: PlainChanges })[]> {
  const wanted = events.flatMap(({ action, outcome, targetId, version }) =>
    changing.has(action) && outcome === "done" && version !== null && targetId && isUuid(targetId)
      ? [{ id: targetId, version }]
      : [],
  );
  if (wanted.length === 0) return events;
  const rows = await tx.$queryRaw<{ id: string; version: number; changes: PlainChanges }[]>`
    SELECT c.credential_id AS id, c.version, c.changes FROM credential_change c
      JOIN unnest(${wanted.map(({ id }) => id)}::uuid[], ${wanted.map(({ version }) => version)}::int[]) AS w (id, version)
        ON c.credential_id = w.id AND c.version = w.version
     WHERE c.org_id = ${orgId}::uuid`;
  const found = new Map(rows.map(({ id, version, changes }) => [`${id} ${version}`, changes]));
  return events.map((event) => {
    const changes = changing.has(event.action) ? found.get(`${event.targetId} ${event.version}`) : undefined;
    return changes ? { ...event, changes } : event;
  });
}
