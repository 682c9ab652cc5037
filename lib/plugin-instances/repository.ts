import "server-only";
import { seesAll } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import type { PluginInstance, Prisma } from "@/lib/generated/prisma/client";
import type { Transaction } from "@/lib/platform/db";
import { isUuid } from "@/lib/platform/uuid";

const newestFirst = [{ createdAt: "desc" }, { id: "desc" }] satisfies Prisma.PluginInstanceOrderByWithRelationInput[];

/**
 * The register of the actor's organisation, as far as the actor sees it: the only way to the table.
 * @param tx one that sees the credentials in the actor's sight
 */
export function instancesOf(tx: Transaction, actor: Actor) {
  const { orgId } = actor;
  /**
   * Those who do not see every credential see what they registered themselves, and the uses of those that they see. A deleted one
   * of their own counts on: its uses are what is broken.
   */
  const inSight = async (): Promise<Prisma.PluginInstanceWhereInput> => {
    if (seesAll(actor) || (await reachesAll())) return { orgId };
    return { orgId, OR: [{ registeredById: actor.id }, { credentialId: { in: await namedInSight() } }] };
  };
  /** Whoever was granted everything sees the entries of nothing as well. */
  const reachesAll = async (): Promise<boolean> => {
    const [answer] = await tx.$queryRaw<{ all: boolean }[]>`SELECT reaches_all() AND app_token() IS NULL AS all`;
    return answer?.all === true;
  };
  const namedInSight = async (): Promise<string[]> => {
    const seen = await tx.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT i.credential_id AS id FROM plugin_instance i
        JOIN credential c ON c.org_id = i.org_id AND c.id = i.credential_id
       WHERE i.org_id = ${orgId}::uuid`;
    return seen.map(({ id }) => id);
  };

  return {
    async select(filter: Prisma.PluginInstanceWhereInput, page: { skip: number; take: number }) {
      return tx.pluginInstance.findMany({ where: { AND: [filter, await inSight()] }, orderBy: newestFirst, ...page });
    },

    /** All that name a credential, for whoever may look at it; and how many there are. */
    async ofCredential(credentialId: string, page: { skip: number; take: number }) {
      const where = { orgId, credentialId };
      const rows = await tx.pluginInstance.findMany({ where, orderBy: newestFirst, ...page });
      return { rows, total: await tx.pluginInstance.count({ where }) };
    },

    /** The credentials in sight that entries name. */
    namedInSight,

    /**
     * Those whose credential is deleted, with what it was called, that name one of these or that the actor registered; and how many
     * there are. In a transaction that sees all: what was granted over a credential went with it.
     */
    async ofDeleted(named: string[], { skip, take }: { skip: number; take: number }) {
      const rows = await tx.$queryRaw<(PluginInstance & { credentialName: string; total: number })[]>`
        SELECT i.org_id AS "orgId", i.id, i.plugin, i.flow_id AS "flowId", i.credential_id AS "credentialId",
               i.task_name AS "taskName", i.description, i.registered_by_id AS "registeredById",
               i.registered_by AS "registeredBy", i.created_at AS "createdAt", i.updated_at AS "updatedAt",
               i.modified_by AS "modifiedBy", c.name AS "credentialName", (count(*) OVER ())::int AS total
          FROM plugin_instance i JOIN credential c ON c.org_id = i.org_id AND c.id = i.credential_id
         WHERE i.org_id = ${orgId}::uuid AND c.deleted_at IS NOT NULL
           AND (c.id = ANY (${named}::uuid[]) OR i.registered_by_id::text = ${actor.id})
         ORDER BY i.created_at DESC, i.id DESC OFFSET ${skip} LIMIT ${take}`;
      return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
    },

    /** How many name each of these credentials; none has no line. */
    async countsOf(credentialIds: string[]): Promise<Map<string, number>> {
      const counts = await tx.pluginInstance.groupBy({
        by: ["credentialId"],
        where: { orgId, credentialId: { in: credentialIds } },
        _count: { _all: true },
      });
      return new Map(counts.map(({ credentialId, _count }) => [credentialId ?? "", _count._all]));
    },

    /** One of a plugin, if the actor sees it. */
    async find(plugin: string, id: string) {
      if (!isUuid(id)) return null;
      return tx.pluginInstance.findFirst({ where: { AND: [{ plugin, id: id.toLowerCase() }, await inSight()] } });
    },

    byId: (id: string) => tx.pluginInstance.findUnique({ where: { orgId_id: { orgId, id } } }),
    count: () => tx.pluginInstance.count({ where: { orgId } }),
    insert: (data: Omit<Prisma.PluginInstanceUncheckedCreateInput, "orgId">) =>
      tx.pluginInstance.create({ data: { ...data, orgId } }),
    update: (id: string, data: Prisma.PluginInstanceUncheckedUpdateInput) =>
      tx.pluginInstance.update({ where: { orgId_id: { orgId, id } }, data }),
    remove: (id: string) => tx.pluginInstance.delete({ where: { orgId_id: { orgId, id } } }),
  };
}
