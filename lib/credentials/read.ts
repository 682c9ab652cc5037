import "server-only";
import { requireRight, sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { inOrganization } from "@/lib/platform/db";
import { notFound, Refusal } from "@/lib/platform/refusal";
import type { CredentialView } from "@/lib/vocabulary/credential-view";
import type { Permission } from "@/lib/vocabulary/permissions";
import { toView } from "./describe";
import { EXTERNAL_ID_MAX, meantIds } from "./external-id";
import { credentialsOf } from "./repository";
import { openIfWhole } from "./sealed-data";

/**
 * One credential without its secrets, with what the actor may do with it.
 * @throws Refusal "not_found", also for one out of the actor's sight
 */
export function getCredential(actor: Actor, id: string): Promise<CredentialView> {
  const target = { type: "credential", id } as const;
  return withAuthorization(actor, "credential:read", { action: "credential.read", target }, async () => {
    const row = requireRight(actor, await credentialsOf(sightOf(actor)).show(id), "see");
    return toView(actor, row);
  });
}

/** Whether what is stored is known to be damaged; what opens goes nowhere. For the page that shows the credential. */
export function isDamaged(actor: Actor, id: string): Promise<boolean> {
  const target = { type: "credential", id } as const;
  return withAuthorization(actor, "credential:read", { action: "credential.read", target }, async () => {
    const row = await credentialsOf(sightOf(actor)).secret(id);
    try {
      return row !== undefined && openIfWhole(row, row.sealed) === undefined;
    } catch (error) {
      // Without the key nobody knows.
      if (error instanceof Refusal) return false;
      throw error;
    }
  });
}

/**
 * The id under which every other function knows a credential, for a caller that may name it by the id it brought along.
 * @param permission what the caller is about to do with it, where that is more than to look
 * @throws Refusal "not_found"; "forbidden"
 */
export function credentialIdOf(
  actor: Actor,
  given: string,
  permission: Extract<Permission, `credential:${string}`> = "credential:read",
): Promise<string> {
  const possible = given.length <= EXTERNAL_ID_MAX && given.isWellFormed() && !given.includes("\0");
  const target = { type: "credential", id: given } as const;
  return withAuthorization(actor, permission, { action: "credential.read", target }, async () => {
    for (const meant of possible ? meantIds(given) : []) {
      const id = await credentialsOf(sightOf(actor)).idOf(meant);
      if (id !== undefined) return id;
    }
    throw notFound();
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
