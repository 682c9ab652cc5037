import "server-only";
import { Prisma } from "@/lib/generated/prisma/client";
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
export async function lastActs(
  tx: Transaction,
  { orgId, actors, credentialId, isExact = false }: ActsOf,
): Promise<LastAct[]> {
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
      SELECT e.actor_id, e.target_id, NULL, e.at FROM ${changesIn(orgId, isExact)} e
       WHERE (${of}::text[] IS NULL OR e.actor_id = ANY (${of}::text[])) AND (${what}::text IS NULL OR e.target_id = ${what}::text)
    ) acts GROUP BY 1, 2`;
}

/** A token, and the program that it acts for; null for a person's, by which nothing is fetched. */
export interface ActsOfToken {
  orgId: string;
  tokenId: string;
  serviceAccountId: string | null;
  madeAt: Date;
  isExact?: boolean;
}

/** The same for one token. `isShared`: fetched before it was kept by which token, so by it or by another of the program's. */
export interface TokenAct extends Omit<LastAct, "actorId"> {
  isShared: boolean;
}

export async function lastActsOfToken(
  tx: Transaction,
  { orgId, tokenId, serviceAccountId, madeAt, isExact = false }: ActsOfToken,
): Promise<TokenAct[]> {
  return tx.$queryRaw<TokenAct[]>`
    SELECT credential_id AS "credentialId", coalesce(max(own_at), max(shared_at)) AS "usedAt", max(changed_at) AS "changedAt",
           max(own_at) IS NULL AND max(shared_at) IS NOT NULL AS "isShared" FROM (
      SELECT t.credential_id::text AS credential_id, t.last_at AS own_at, NULL::timestamptz AS shared_at, NULL::timestamptz AS changed_at
        FROM token_use t
       WHERE t.org_id = ${orgId}::uuid AND t.token_id = ${tokenId}::uuid AND t.last_at > now() - make_interval(days => ${QUIET_DAYS}::int)
      UNION ALL
      SELECT u.credential_id::text, NULL, u.last_at, NULL
        FROM credential_use u JOIN usage_mark m ON m.org_id = u.org_id AND m.tokens_since > ${madeAt}
       WHERE u.org_id = ${orgId}::uuid AND u.service_account_id = ${serviceAccountId}::uuid
         AND u.day > current_date - ${QUIET_DAYS}::int AND u.day <= (m.tokens_since AT TIME ZONE 'UTC')::date
      UNION ALL
      SELECT e.target_id, NULL, NULL, e.at FROM ${changesIn(orgId, isExact)} e WHERE e.token_id = ${tokenId}::uuid
    ) acts GROUP BY 1`;
}

/** The newest changes of each kind in these days. */
const changesIn = (orgId: string, isExact: boolean) => Prisma.sql`(
      SELECT c.* FROM unnest(${changes}::text[]) AS kind (action), LATERAL (
        SELECT e.actor_id, e.target_id, e.token_id, e.at FROM audit_event e
         WHERE e.org_id = ${orgId}::uuid AND e.action = kind.action AND e.outcome = 'done' AND e.target_id IS NOT NULL
           AND e.at > now() - make_interval(days => ${QUIET_DAYS}::int)
         ORDER BY e.seq DESC LIMIT ${isExact ? EXACT_MAX : CHANGES_MAX}) c)`;

/** The later of when it was last fetched and changed, as ISO text; empty where neither was. */
export const lastAtOf = ({ usedAt, changedAt }: { usedAt: string | null; changedAt: string | null }): string =>
  [usedAt ?? "", changedAt ?? ""].sort().at(-1) ?? "";

export const later = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a);
