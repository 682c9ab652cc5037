import "server-only";
import { createHash, randomUUID } from "node:crypto";
import { systemActor } from "@/lib/authorization/actor";
import { lockOrganization, record } from "@/lib/platform/audit";
import { inSight, wholeOf } from "@/lib/platform/db";
import { sealedHash } from "./sealed-data";

interface LastWord {
  id: string;
  name: string;
  version: number | null;
  keyId: string | null;
  hash: Buffer;
  sealed: Buffer;
  rewrapped: boolean;
}

/** Credentials of one transaction. */
const BATCH = 500;

/**
 * Before an organisation's audit log lets go of events: what one of them is the last to say of a live credential's ciphertext is said once
 * more, so that the ciphertext can be told from an older one for as long as it is there. Said is what the event says, and not what is stored
 * now. Under the lock of the chain: no change can come between the look and the new event.
 */
export async function carryForward(orgId: string, after: bigint, upTo: bigint): Promise<void> {
  for (;;) {
    const count = await inSight(wholeOf(orgId), async (tx) => {
      await lockOrganization(tx, orgId);
      const words = await tx.$queryRaw<LastWord[]>`
        SELECT DISTINCT ON (c.id) c.id, c.name, e.version, e.key_id AS "keyId", e.sealed_hash AS hash, c.sealed,
               length(e.sealed_hash) = 32 AND EXISTS (SELECT FROM audit_event r
                 WHERE r.org_id = c.org_id AND r.action = 'key.rotated' AND r.seq > e.seq) AS rewrapped
          FROM audit_event e JOIN credential c ON c.org_id = e.org_id AND c.id = e.target_id::uuid AND c.sealed IS NOT NULL
         WHERE e.org_id = ${orgId}::uuid AND e.seq > ${after} AND e.seq <= ${upTo} AND e.sealed_hash IS NOT NULL
           AND NOT EXISTS (SELECT FROM audit_event s WHERE s.org_id = e.org_id AND s.target_id = e.target_id AND s.seq > ${upTo}
             AND s.sealed_hash IS NOT NULL)
         ORDER BY c.id, e.seq DESC LIMIT ${BATCH}`;
      if (words.length === 0) return 0;
      const actor = systemActor(orgId, "retention", `retention-${randomUUID()}`);
      const entries = words.map((word) => ({
        action: "audit.carried_forward" as const,
        target: { type: "credential" as const, id: word.id, name: word.name },
        ...(word.version !== null && { version: word.version }),
        ...(word.keyId !== null && { keyId: word.keyId }),
        sealedHash: hashToCarry(word),
      }));
      await record(tx, actor, ...entries);
      return words.length;
    });
    if (count < BATCH) return;
  }
}

/**
 * A hash of before 28 November 2026 covers the wrapped key, and after a rotation of keys says nothing any more (`verify-rows.ts`): where it
 * holds, or cannot be asked, the one of today takes its place. One that does not hold is carried as it is, so that it goes on to show.
 */
function hashToCarry({ hash, sealed, rewrapped }: LastWord): Buffer {
  const stored = Buffer.from(hash);
  if (stored.length !== 32) return stored;
  const holds = rewrapped || stored.equals(createHash("sha256").update(sealed).digest());
  return holds ? sealedHash(Buffer.from(sealed)) : stored;
}
