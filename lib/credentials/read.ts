import "server-only";
import { authorize } from "@/lib/access/authorize";
import type { Actor } from "@/lib/actor";
import { permitted } from "@/lib/audit";
import { inOrganization } from "@/lib/db";
import { notFound } from "@/lib/refusal";
import { toView } from "./describe";
import { EXTERNAL_ID_MAX } from "./external-id";
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

/**
 * The id under which every other function knows a credential, for a caller that may name it by the id it brought along.
 * @throws Refusal "not_found"
 */
export async function credentialIdOf(actor: Actor, given: string): Promise<string> {
  authorize(actor, "credential:read");
  const id =
    given.length > EXTERNAL_ID_MAX || !given.isWellFormed() || given.includes("\0")
      ? undefined
      : await credentialsOf(actor.orgId).idOf(given);
  if (id === undefined) throw notFound();
  return id;
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
