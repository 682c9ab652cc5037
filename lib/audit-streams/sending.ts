import "server-only";
import type { AuditStream } from "@/lib/generated/prisma/client";
import { lockOrganization } from "@/lib/platform/audit";
import type { ChainedEvent } from "@/lib/platform/audit/chain";
import { inOrganization, statement } from "@/lib/platform/db";
import type { StreamError } from "@/lib/vocabulary/audit-stream";
import { BATCH_EVENTS } from "./batch";
import type { Batch } from "./sinks/sink";

/** A stream that a holder may send on, and how full it was before. */
export type TakenStream = Pick<
  AuditStream,
  "orgId" | "id" | "kind" | "sealed" | "keyId" | "sealedVersion" | "cursorSeq" | "sendingTo" | "failures"
> & { isFull: boolean; wasFull: boolean };

/** How long one holder may be at it without a word, in seconds: longer than one delivery may take. */
const LEASE_S = 90;

/** Streams with something to send, over all organisations: those that have waited longest first. */
export const dueStreams = (atMost: number): Promise<{ org_id: string; id: string }[]> =>
  statement("audit_streams_due", "SELECT * FROM audit_streams_due($1)", [atMost]);

/** The right to send on one stream: one holder at a time, over all instances. */
export function sendingOn(orgId: string, id: string, holder: string) {
  return {
    /** Undefined while somebody else is at it, or where there is nothing to do by now. */
    async take(): Promise<TakenStream | undefined> {
      const rows = await inOrganization(
        orgId,
        (tx) => tx.$queryRaw<TakenStream[]>`
          WITH due AS (
            SELECT s.id, s.full_since IS NOT NULL AS was, h.seq - s.cursor_seq > s.backlog_limit AS now
              FROM audit_stream s JOIN audit_head h ON h.org_id = s.org_id
             WHERE s.org_id = ${orgId}::uuid AND s.id = ${id}::uuid AND s.enabled AND s.next_attempt_at <= now()
               AND (s.lease IS NULL OR s.lease_until < now()) FOR UPDATE OF s SKIP LOCKED)
          UPDATE audit_stream s SET lease = ${holder}::uuid, lease_until = now() + make_interval(secs => ${LEASE_S}),
              full_since = CASE WHEN due.now THEN coalesce(s.full_since, now()) END
            FROM due WHERE s.org_id = ${orgId}::uuid AND s.id = due.id
          RETURNING s.org_id AS "orgId", s.id, s.kind, s.sealed, s.key_id AS "keyId", s.sealed_version AS "sealedVersion",
            s.cursor_seq AS "cursorSeq", s.sending_to AS "sendingTo", s.failures, due.now AS "isFull", due.was AS "wasFull"`,
      );
      return rows[0];
    },

    /** The next events, in order: up to the end of the batch that may be on its way, where there is one. */
    next: (after: bigint, sendingTo: bigint | null): Promise<ChainedEvent[]> =>
      inOrganization(orgId, (tx) =>
        tx.auditEvent.findMany({
          where: { orgId, seq: { gt: after, ...(sendingTo !== null && { lte: sendingTo }) } },
          orderBy: { seq: "asc" },
          take: BATCH_EVENTS,
        }),
      ),

    /**
     * Notes what is about to be sent, so that after a cut the very same is sent again.
     * @returns whether an organisation's fetches wait for this stream; undefined when somebody else holds it by now, or it goes elsewhere
     */
    async begin(to: bigint, sealedVersion: number): Promise<boolean | undefined> {
      const rows = await inOrganization(
        orgId,
        (tx) => tx.$queryRaw<{ refuses: boolean }[]>`
          UPDATE audit_stream SET sending_to = ${to}, lease_until = now() + make_interval(secs => ${LEASE_S})
           WHERE org_id = ${orgId}::uuid AND id = ${id}::uuid AND lease = ${holder}::uuid AND enabled
             AND sealed_version = ${sealedVersion}
          RETURNING refuse_fetches_when_full AS refuses`,
      );
      return rows[0]?.refuses;
    },

    /** The receiver has it: only now is it left behind. False when somebody else holds the stream by now. */
    advance: ({ to }: Batch, hash: Uint8Array, refuses: boolean): Promise<boolean> =>
      inOrganization(orgId, async (tx) => {
        if (refuses) await lockOrganization(tx, orgId);
        const moved = await tx.$executeRaw`
          UPDATE audit_stream SET cursor_seq = ${to}, cursor_hash = ${hash}, sending_to = NULL, failures = 0, last_error = NULL,
              last_delivered_at = now(), next_attempt_at = now()
           WHERE org_id = ${orgId}::uuid AND id = ${id}::uuid AND lease = ${holder}::uuid AND cursor_seq < ${to}`;
        if (moved === 1 && refuses) await tx.$executeRaw`SELECT keep_fetches_until(${orgId}::uuid)`;
        return moved === 1;
      }),

    /** It was not taken: it is tried again after so many seconds. */
    postpone: (error: StreamError, seconds: number): Promise<number> =>
      inOrganization(
        orgId,
        (tx) => tx.$executeRaw`
          UPDATE audit_stream SET failures = failures + 1, last_error = ${error},
              next_attempt_at = now() + make_interval(secs => ${seconds})
           WHERE org_id = ${orgId}::uuid AND id = ${id}::uuid AND lease = ${holder}::uuid`,
      ),

    /** Gives the right back. */
    release: (): Promise<number> =>
      inOrganization(
        orgId,
        (tx) => tx.$executeRaw`
          UPDATE audit_stream SET lease = NULL, lease_until = NULL
           WHERE org_id = ${orgId}::uuid AND id = ${id}::uuid AND lease = ${holder}::uuid`,
      ),
  };
}
