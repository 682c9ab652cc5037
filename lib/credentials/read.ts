import "server-only";
import type { Actor } from "@/lib/actor";
import { permitted } from "@/lib/audit";
import { inOrganization } from "@/lib/db";
import { notFound } from "@/lib/refusal";
import { toView } from "./describe";
import { credentialsOf } from "./repository";
import type { CredentialView } from "./view";

/** One credential without its secrets. Anybody of the organisation may see it. */
export function getCredential(actor: Actor, id: string): Promise<CredentialView> {
  const target = { type: "credential", id } as const;
  return permitted(actor, "credential:read", { action: "credential.read", target }, async () => {
    const row = await credentialsOf(actor.orgId).show(id);
    if (!row) throw notFound();
    return toView(row);
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
      where: {
        orgId: actor.orgId,
        targetId: id,
        version: { gt: version },
        outcome: "done",
        action: { startsWith: "credential." },
      },
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
