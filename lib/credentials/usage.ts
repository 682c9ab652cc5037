import "server-only";
import type { Actor } from "@/lib/actor";
import { inOrganization, statement } from "@/lib/db";
import { log, traceOf } from "@/lib/log";
import { getCredential } from "./read";
import type { Usage } from "./view";

/**
 * Who uses what. The audit log holds every fetch; counting is done from it, a moment later and off the fetch's road,
 * so that a fetch writes one event and nothing else.
 */
const DELAY_MS = 1_000;
/** Fetches of this process that may not be counted yet: "last used" is right here at once, elsewhere within a second. */
const recent = new Map<string, Date>();
const RECENT_MAX = 50_000;
const waiting = new Set<string>();

/** Takes note of a fetch, and sees to it that it is counted soon. */
export function noteUse(orgId: string, id: string, at: Date): void {
  if (recent.size >= RECENT_MAX) recent.clear();
  recent.set(id, at);
  if (waiting.has(orgId)) return;
  waiting.add(orgId);
  setTimeout(() => {
    waiting.delete(orgId);
    // What is missed now is counted with the next fetch, or when somebody asks.
    countUses(orgId).catch((error: unknown) => log.warn("fetches were not counted", { orgId, ...traceOf(error) }));
  }, DELAY_MS).unref();
}

export function lastUse(row: { id: string; lastUsedAt: Date | null }): Date | null {
  const noted = recent.get(row.id);
  return noted && (!row.lastUsedAt || noted > row.lastUsedAt) ? noted : row.lastUsedAt;
}

const countUses = (orgId: string) => statement("count_uses", "SELECT count_uses($1)", [orgId]);

/** Which service accounts fetched it in the last `days` days, most recent first. */
export async function credentialUsage(actor: Actor, id: string, days = 30): Promise<Usage[]> {
  await getCredential(actor, id);
  await countUses(actor.orgId);
  return inOrganization(actor.orgId, async (tx) => {
    const rows = await tx.$queryRaw<(Omit<Usage, "lastAt"> & { lastAt: Date })[]>`
      SELECT u.service_account_id AS "serviceAccountId", coalesce(s.name, 'deleted service account') AS "serviceAccountName",
             sum(u.fetches)::int AS fetches, max(u.last_at) AS "lastAt", max(u.last_version) AS "lastVersion"
        FROM credential_use u
        LEFT JOIN service_account s ON s.org_id = u.org_id AND s.id = u.service_account_id
       WHERE u.org_id = ${actor.orgId}::uuid AND u.credential_id = ${id}::uuid AND u.day > current_date - ${days}::int
       GROUP BY 1, 2 ORDER BY max(u.last_at) DESC LIMIT 200`;
    return rows.map((row) => ({ ...row, lastAt: row.lastAt.toISOString() }));
  });
}
