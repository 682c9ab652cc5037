import "server-only";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { inSight } from "@/lib/platform/db";
import type { Usage } from "@/lib/vocabulary/credential-view";
import { getCredential } from "./read";
import { countUses } from "./uses";

/** Which service accounts fetched it in the last `days` days, most recent first. */
export async function credentialUsage(actor: Actor, id: string, days = 30): Promise<Usage[]> {
  await getCredential(actor, id);
  await countUses(actor.orgId);
  return inSight(sightOf(actor), async (tx) => {
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
