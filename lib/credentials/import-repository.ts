import "server-only";
import type { Transaction } from "@/lib/platform/db";
import { notFound } from "@/lib/platform/refusal";
import { EVERYONE } from "./counts";

/** A row that has one of the asked ids, deleted ones too. */
export interface KnownRow {
  id: string;
  externalId: string | null;
  version: number;
  deletedAt: Date | null;
}

export interface Room {
  maxPerProvider: number;
  maxPerUser: number;
  /** Live rows of each provider, and of the owner. */
  perProvider: Map<string, number>;
  ofOwner: number;
}

/** What an import asks of one organisation's table: each question once for a whole batch. */
export function importsOf(orgId: string) {
  return {
    known(tx: Transaction, ids: string[], externalIds: string[]): Promise<KnownRow[]> {
      return tx.credential.findMany({
        where: { orgId, OR: [{ id: { in: ids } }, { externalId: { in: externalIds } }] },
        select: { id: true, externalId: true, version: true, deletedAt: true },
      });
    },

    /** Keys of live names that are one of these stems, or one with a number behind it. */
    async namesLike(tx: Transaction, stems: string[]): Promise<Set<string>> {
      const rows = await tx.$queryRaw<{ name_key: string }[]>`
        SELECT name_key FROM credential
         WHERE org_id = ${orgId}::uuid AND deleted_at IS NULL
           AND regexp_replace(name_key, ' \\([0-9]+\\)$', '') = ANY(${stems})`;
      return new Set(rows.map((row) => row.name_key));
    },

    async room(tx: Transaction, providers: string[], ownerId: string | null): Promise<Room> {
      const organization = await tx.organization.findUnique({ where: { id: orgId } });
      if (!organization) throw notFound();
      const counts = await tx.credentialCount.findMany({
        where: {
          orgId,
          OR: [
            { whose: EVERYONE, kind: "provider", key: { in: providers } },
            ...(ownerId ? [{ whose: ownerId, kind: "all" }] : []),
          ],
        },
      });
      return {
        maxPerProvider: organization.maxPerProvider,
        maxPerUser: organization.maxPerUser,
        perProvider: new Map(counts.flatMap(({ kind, key, live }) => (kind === "provider" ? [[key, live]] : []))),
        ofOwner: counts.find(({ kind }) => kind === "all")?.live ?? 0,
      };
    },
  };
}
