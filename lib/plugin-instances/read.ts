import "server-only";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { getCredential } from "@/lib/credentials";
import { withAuthorization } from "@/lib/platform/audit";
import { inSight, wholeOf } from "@/lib/platform/db";
import type { Page } from "@/lib/platform/pagination";
import { notFound } from "@/lib/platform/refusal";
import { instancesOf } from "./repository";
import { type BrokenUse, type InstanceQuery, type InstanceView, type Stretch, toView } from "./view";

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;

const READ = "plugin_instance:read";
const looked = { action: "plugin_instance.read" } as const;

/**
 * The entries that the actor sees, newest first, at most 1,000: all of the organisation, or, for those who see their own
 * credentials alone, what they registered and the uses of these.
 */
export function listInstances(actor: Actor, query: InstanceQuery = {}): Promise<InstanceView[]> {
  return withAuthorization(actor, READ, looked, async () => {
    const { offset = 0, limit = LIMIT_DEFAULT, plugin, flowId, taskName, credentialId } = query;
    const filter = {
      ...(plugin !== undefined && { plugin }),
      ...(flowId !== undefined && { flowId }),
      ...(taskName !== undefined && { taskName }),
      ...(credentialId !== undefined && { credentialId }),
    };
    const page = { skip: offset, take: Math.min(limit, LIMIT_MAX) };
    const rows = await inSight(sightOf(actor), (tx) => instancesOf(tx, actor).select(filter, page));
    return rows.map(toView);
  });
}

/** One entry of a plugin. @throws Refusal "not_found", also for another plugin's and for one out of the actor's sight */
export function getInstance(actor: Actor, plugin: string, id: string): Promise<InstanceView> {
  const target = { type: "plugin_instance", id } as const;
  return withAuthorization(actor, READ, { ...looked, target }, async () => {
    const row = await inSight(sightOf(actor), (tx) => instancesOf(tx, actor).find(plugin, id));
    if (!row) throw notFound();
    return toView(row);
  });
}

/**
 * What uses a credential, newest first, for everybody who may look at it: who is about to disable or delete it must know of all.
 * @throws Refusal "not_found" for a credential that is not there
 */
export function usesOfCredential(actor: Actor, id: string, stretch: Stretch): Promise<Page<InstanceView>> {
  return withAuthorization(actor, READ, looked, async () => {
    const credential = await getCredential(actor, id);
    const found = await inSight(sightOf(actor), (tx) =>
      instancesOf(tx, actor).ofCredential(credential.id, windowOf(stretch)),
    );
    return pageOf({ ...found, rows: found.rows.map(toView) }, stretch);
  });
}

/** The uses that the actor sees of credentials that have been deleted since, newest first: what fails until somebody mends it. */
export function usesOfDeletedCredentials(actor: Actor, stretch: Stretch): Promise<Page<BrokenUse>> {
  return withAuthorization(actor, READ, looked, async () => {
    const named = await inSight(sightOf(actor), (tx) => instancesOf(tx, actor).namedInSight());
    const all = wholeOf(actor.orgId);
    const found = await inSight(all, (tx) => instancesOf(tx, actor).ofDeleted(named, windowOf(stretch)));
    const rows = found.rows.map(({ credentialName, ...row }) => ({ ...toView(row), credentialName }));
    return pageOf({ ...found, rows }, stretch);
  });
}

const windowOf = ({ offset = 0, limit }: Stretch) => ({ skip: offset, take: Math.min(limit, LIMIT_MAX) });

const pageOf = <T>({ rows, total }: { rows: T[]; total: number }, { offset = 0 }: Stretch): Page<T> => ({
  items: rows,
  total,
  remaining: Math.max(0, total - offset - rows.length),
});
