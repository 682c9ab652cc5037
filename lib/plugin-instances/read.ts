import "server-only";
import type { Actor } from "@/lib/actor";
import { permitted } from "@/lib/audit";
import { getCredential } from "@/lib/credentials";
import { inOrganization } from "@/lib/db";
import { notFound } from "@/lib/refusal";
import { instancesOf } from "./repository";
import { type InstanceQuery, type InstanceView, toView, type UsesPage } from "./view";

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;

const READ = "plugin_instance:read";
const looked = { action: "plugin_instance.read" } as const;

/**
 * The entries that the actor sees, newest first, at most 1,000: all of the organisation, or, for those who see their own
 * credentials alone, what they registered and the uses of these.
 */
export function listInstances(actor: Actor, query: InstanceQuery = {}): Promise<InstanceView[]> {
  return permitted(actor, READ, looked, async () => {
    const { offset = 0, limit = LIMIT_DEFAULT, plugin, flowId, taskName, credentialId } = query;
    const filter = {
      ...(plugin !== undefined && { plugin }),
      ...(flowId !== undefined && { flowId }),
      ...(taskName !== undefined && { taskName }),
      ...(credentialId !== undefined && { credentialId }),
    };
    const page = { skip: offset, take: Math.min(limit, LIMIT_MAX) };
    const rows = await inOrganization(actor.orgId, (tx) => instancesOf(actor, tx).select(filter, page));
    return rows.map(toView);
  });
}

/** One entry of a plugin. @throws Refusal "not_found", also for another plugin's and for one out of the actor's sight */
export function getInstance(actor: Actor, plugin: string, id: string): Promise<InstanceView> {
  const target = { type: "plugin_instance", id } as const;
  return permitted(actor, READ, { ...looked, target }, async () => {
    const row = await inOrganization(actor.orgId, (tx) => instancesOf(actor, tx).find(plugin, id));
    if (!row) throw notFound();
    return toView(row);
  });
}

/**
 * What uses a credential, newest first, for everybody who may look at it: who is about to disable or delete it must know of all.
 * @throws Refusal "not_found" for a credential that is not there
 */
export function usesOfCredential(
  actor: Actor,
  id: string,
  page: { offset?: number; limit: number },
): Promise<UsesPage> {
  return permitted(actor, READ, looked, async () => {
    const credential = await getCredential(actor, id);
    const stretch = { skip: page.offset ?? 0, take: Math.min(page.limit, LIMIT_MAX) };
    const { rows, total } = await inOrganization(actor.orgId, (tx) =>
      instancesOf(actor, tx).ofCredential(credential.id, stretch),
    );
    return { items: rows.map(toView), total };
  });
}
