import "server-only";
import type { Actor } from "@/lib/actor";
import { permitted } from "@/lib/audit";
import { inOrganization } from "@/lib/db";
import { notFound } from "@/lib/refusal";
import { toView } from "./describe";
import { credentialsOf } from "./repository";
import type { CredentialView, Usage } from "./view";

/** One credential without its secrets. Anybody of the organisation may see it. */
export function getCredential(actor: Actor, id: string): Promise<CredentialView> {
  const target = { type: "credential", id } as const;
  return permitted(actor, "credential:read", { action: "credential.read", target }, async () => {
    const row = await credentialsOf(actor.orgId).find(id);
    if (!row) throw notFound();
    return toView(row);
  });
}

/** Which service accounts fetched it in the last `days` days, most recent first. */
export async function credentialUsage(actor: Actor, id: string, days = 30): Promise<Usage[]> {
  await getCredential(actor, id);
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

export interface ChangeNote {
  at: string;
  by: string;
  action: string;
  fields: string[];
  version: number | null;
}

/** Who changed what since a version: what the conflict screen shows. Newest first, at most 20. */
export async function credentialChangesSince(actor: Actor, id: string, version: number): Promise<ChangeNote[]> {
  await getCredential(actor, id);
  return inOrganization(actor.orgId, async (tx) => {
    const events = await tx.auditEvent.findMany({
      where: { orgId: actor.orgId, targetId: id, version: { gt: version }, outcome: "done", action: { startsWith: "credential." } },
      orderBy: { seq: "desc" },
      take: 20,
    });
    return events.map((event) => ({
      at: event.at.toISOString(),
      by: event.actorName,
      action: event.action,
      fields: event.fields,
      version: event.version,
    }));
  });
}
