import "server-only";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { inSight } from "@/lib/platform/db";
import { invalidField } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";

/** Whose knowledge is asked about, and of when; at least one of the two. */
export interface BlastQuery {
  /** An API token, a program or a person. */
  by?: { kind: "token" | "service_account" | "user"; id: string } | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

/** A credential whose present value somebody has. */
export interface ExposedCredential {
  id: string;
  name: string;
  provider: string;
  type: string;
  active: boolean;
  version: number;
  /** How: a program fetched it, or a person put it in. */
  how: "fetched" | "set";
  /** How often in the time asked about, and when last; ISO text. */
  times: number;
  lastAt: string;
}

const EXPOSED_MAX = 1_000;

/**
 * The credentials whose present value was read by a token, a program or anybody in a span of time, or put in by a person, latest first, at
 * most 1,000: what has to be changed when one of them is lost. A value that was replaced since is not among them; access that was merely
 * renewed is the same.
 * @throws Refusal "forbidden" for whoever may not read the audit log; "invalid" for a question without bounds
 */
export function blastRadius(actor: Actor, query: BlastQuery): Promise<ExposedCredential[]> {
  return withAuthorization(actor, "audit:read", { action: "audit.read" }, async () => {
    const { by, from, to } = query;
    if (!by && !(from && to)) throw invalidField("by", "Name a token, a program or a person, or a span of time");
    if (by && !isUuid(by.id)) throw invalidField("by", "Is not an id");
    if (from && to && to < from) throw invalidField("to", "Must be later than the beginning");
    const { orgId } = actor;
    const who = by && by.kind !== "token" ? by.id.toLowerCase() : null;
    const token = by?.kind === "token" ? by.id.toLowerCase() : null;
    const isPerson = by?.kind === "user";
    return inSight(sightOf(actor), async (tx) => {
      const rows = await tx.$queryRaw<(Omit<ExposedCredential, "lastAt"> & { lastAt: Date })[]>`
        WITH acts AS MATERIALIZED (
          SELECT e.target_id, max(e.seq) AS last_seq, max(e.at) AS last_at, count(*)::int AS times,
                 CASE WHEN e.action = 'secret.fetched' THEN 'fetched' ELSE 'set' END AS how
            FROM audit_event e
           WHERE e.org_id = ${orgId}::uuid AND e.outcome = 'done' AND e.target_id IS NOT NULL
             AND (e.action = 'secret.fetched' OR (${isPerson} AND e.sealed_hash IS NOT NULL))
             AND (${who}::text IS NULL OR e.actor_id = ${who}::text)
             AND (${token}::uuid IS NULL OR e.token_id = ${token}::uuid)
             AND (${from ?? null}::timestamptz IS NULL OR e.at >= ${from ?? null}::timestamptz)
             AND (${to ?? null}::timestamptz IS NULL OR e.at <= ${to ?? null}::timestamptz)
           GROUP BY 1, 5)
        SELECT c.id, c.name, c.provider, c.type, c.active, c.version, a.how, a.times, a.last_at AS "lastAt"
          FROM acts a JOIN credential c ON c.org_id = ${orgId}::uuid AND c.id = a.target_id::uuid AND c.deleted_at IS NULL
          LEFT JOIN LATERAL (SELECT s.seq FROM audit_event s
            WHERE s.org_id = c.org_id AND s.target_id = a.target_id AND s.sealed_hash IS NOT NULL AND s.action NOT IN ('credential.refreshed', 'audit.carried_forward')
            ORDER BY s.seq DESC LIMIT 1) sealed ON true
         WHERE a.last_seq >= coalesce(sealed.seq, 0)
         ORDER BY a.last_at DESC LIMIT ${EXPOSED_MAX}`;
      return rows.map((row) => ({ ...row, lastAt: row.lastAt.toISOString() }));
    });
  });
}
