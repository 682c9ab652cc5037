import "server-only";
import type { Transaction } from "@/lib/platform/db";
import type { AuditAction } from "@/lib/vocabulary/audit-event";

/** As far back as it is looked for what a grant was good for. */
export const QUIET_DAYS = 90;

/** Whose, or to which credential it was done. */
export interface ActsOf {
  orgId: string;
  /** People's and programs' ids. */
  actors?: string[];
  credentialId?: string;
  /** All of them, and not the newest of many. */
  isExact?: boolean;
}

/** When somebody last made use of a credential in these days: `use` by a fetch, `edit` by a change of any kind. */
export interface LastAct {
  actorId: string;
  credentialId: string;
  usedAt: Date | null;
  changedAt: Date | null;
}

const changes: AuditAction[] = [
  "credential.updated",
  "credential.enabled",
  "credential.disabled",
  "credential.rotated",
  "credential.tested",
  "credential.authorized",
];

/** Changes of each kind that are looked at, newest first, so that nobody's page waits for somebody's million. */
const CHANGES_MAX = 5_000;
/** Where something is decided by it, all of them are. */
const EXACT_MAX = 10_000_000;

/**
 * What was done in the last ninety days, as far as it is counted (`countUses`). Changes are sought by what they are: a program's fetches
 * may be a million times as many.
 * @param tx one that sees the credentials it is asked about
 */
export async function lastActs(tx: Transaction, { orgId, actors, credentialId, isExact }: ActsOf): Promise<LastAct[]> {
  const [of, what] = [actors ?? null, credentialId ?? null];
  return tx.$queryRaw<LastAct[]>`
    SELECT actor_id AS "actorId", credential_id AS "credentialId", max(used_at) AS "usedAt", max(changed_at) AS "changedAt" FROM (
      SELECT u.service_account_id::text AS actor_id, u.credential_id::text AS credential_id, u.last_at AS used_at,
             NULL::timestamptz AS changed_at
        FROM credential_use u
       WHERE u.org_id = ${orgId}::uuid AND u.day > current_date - ${QUIET_DAYS}::int
         AND (${of}::text[] IS NULL OR u.service_account_id = ANY (${of}::uuid[]))
         AND (${what}::uuid IS NULL OR u.credential_id = ${what}::uuid)
      UNION ALL
      SELECT e.actor_id, e.target_id, NULL, e.at
        FROM unnest(${changes}::text[]) AS kind (action), LATERAL (
          SELECT c.actor_id, c.target_id, c.at FROM audit_event c
           WHERE c.org_id = ${orgId}::uuid AND c.action = kind.action AND c.outcome = 'done' AND c.target_id IS NOT NULL
             AND c.at > now() - make_interval(days => ${QUIET_DAYS}::int)
           ORDER BY c.seq DESC LIMIT ${isExact ? EXACT_MAX : CHANGES_MAX}) e
       WHERE (${of}::text[] IS NULL OR e.actor_id = ANY (${of}::text[])) AND (${what}::text IS NULL OR e.target_id = ${what}::text)
    ) acts GROUP BY 1, 2`;
}

export const later = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a);
