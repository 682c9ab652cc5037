import "server-only";
import type { AuditStream } from "@/lib/generated/prisma/client";
import type { Transaction } from "@/lib/platform/db";
import type { SinkKind } from "@/lib/vocabulary/audit-sink";
import { isStreamError, type StreamError, streamErrors } from "@/lib/vocabulary/audit-stream";
import type { publicSettings } from "./sinks/index";

/** A stream as people and programs see it: no secret of its settings is in it. */
export interface StreamView {
  id: string;
  name: string;
  kind: SinkKind;
  /** Without secrets; `secrets_set` names those that are kept. */
  settings: ReturnType<typeof publicSettings>;
  enabled: boolean;
  /** The last event that the receiver has confirmed, and the last that there is. */
  cursor: string;
  head: string;
  /** Events that wait, and for how long the first of them has. */
  lagEvents: number;
  lagSeconds: number;
  lastDeliveredAt: string | null;
  /** Since it last took something. */
  failures: number;
  /** Why it did not, and what to do. */
  lastError: { reason: StreamError; message: string } | null;
  /** When it is tried again, after a failure. */
  nextAttemptAt: string | null;
  full: boolean;
  backlogLimit: number;
  refuseFetchesWhenFull: boolean;
  version: number;
  createdAt: string;
  createdBy: string;
  updatedAt: string;
  modifiedBy: string;
}

/** The rows as they stand now. @param tx a transaction that sees their organisation */
export async function viewsOf(tx: Transaction, orgId: string, rows: readonly ShownStream[]): Promise<StreamView[]> {
  const head = (await tx.auditHead.findUnique({ where: { orgId }, select: { seq: true } }))?.seq ?? 0n;
  const waiting = await tx.$queryRaw<{ id: string; seconds: number | null }[]>`
    SELECT s.id::text, extract(epoch FROM now() - (SELECT e.at FROM audit_event e
        WHERE e.org_id = s.org_id AND e.seq > s.cursor_seq ORDER BY e.seq LIMIT 1))::float8 AS seconds
      FROM audit_stream s WHERE s.org_id = ${orgId}::uuid`;
  const secondsOf = new Map(waiting.map(({ id, seconds }) => [id, Math.max(0, Math.round(seconds ?? 0))]));
  return rows.map((row) => viewOf(row, head, secondsOf.get(row.id) ?? 0));
}

/** What of a row is read to be shown. */
export type ShownStream = Omit<AuditStream, "sealed" | "keyId">;

const viewOf = (row: ShownStream, head: bigint, lagSeconds: number): StreamView => {
  const lagEvents = Number(head - row.cursorSeq);
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as SinkKind,
    settings: row.settings as StreamView["settings"],
    enabled: row.enabled,
    cursor: String(row.cursorSeq),
    head: String(head),
    lagEvents,
    lagSeconds,
    lastDeliveredAt: row.lastDeliveredAt?.toISOString() ?? null,
    failures: row.failures,
    lastError: errorOf(row.lastError),
    nextAttemptAt: row.failures > 0 ? row.nextAttemptAt.toISOString() : null,
    full: lagEvents > row.backlogLimit,
    backlogLimit: row.backlogLimit,
    refuseFetchesWhenFull: row.refuseFetchesWhenFull,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    updatedAt: row.updatedAt.toISOString(),
    modifiedBy: row.modifiedBy,
  };
};

/** A word of another version is shown as a failure of ours. */
function errorOf(word: string | null): StreamView["lastError"] {
  if (word === null) return null;
  const reason = isStreamError(word) ? word : "failed";
  return { reason, message: streamErrors[reason] };
}
