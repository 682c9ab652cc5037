import "server-only";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { withAuthorization } from "@/lib/platform/audit";
import { inOrganization, inSight } from "@/lib/platform/db";
import { notFound } from "@/lib/platform/refusal";
import { formOf, type KindForm } from "@/lib/providers/catalog/kind-form";
import { listingSchema } from "@/lib/providers/listing-schema";
import type { Listing } from "@/lib/providers/listing-shape";
import { find } from "./change";
import { inUse, usesOf } from "./in-use";
import { ownKind, ownKinds } from "./lookup";
import { type KindVersion, type KindView, toView, type WrittenKind } from "./view";

const looked = { action: "kind.read" } as const;
const WITHOUT_TEXT = { text: true } as const;

/** The organisation's own kinds, by id, each with the number of its credentials that the actor sees. No definition is read for it. */
export function listKinds(actor: Actor): Promise<KindView[]> {
  return withAuthorization(actor, "catalog:read", looked, () =>
    inSight(sightOf(actor), async (tx) => {
      const { orgId } = actor;
      const rows = await tx.providerDefinition.findMany({
        where: { orgId },
        orderBy: { kind: "asc" },
        omit: WITHOUT_TEXT,
      });
      if (rows.length === 0) return [];
      const counts = await tx.credential.groupBy({
        by: ["provider"],
        where: { orgId, provider: { in: rows.map(({ kind }) => kind) }, deletedAt: null },
        _count: { _all: true },
      });
      const countOf = new Map(counts.map(({ provider, _count }) => [provider, _count._all]));
      return rows.map((row) => toView(row, countOf.get(row.kind) ?? 0));
    }),
  );
}

/** What lists and the picker show of them, by label. */
export function ownListings(actor: Actor): Promise<Listing[]> {
  return withAuthorization(actor, "catalog:read", looked, () =>
    inOrganization(actor.orgId, async (tx) => {
      const rows = await tx.providerDefinition.findMany({ where: { orgId: actor.orgId }, select: { listing: true } });
      const listings = rows.map(({ listing }) => listingSchema.parse(listing));
      return listings.sort((a, b) => a.label.localeCompare(b.label));
    }),
  );
}

/** What a page needs of one, as `kindForm` has it of the catalogue's; undefined for any other id. */
export function ownKindForm(actor: Actor, id: string): Promise<KindForm | undefined> {
  return withAuthorization(actor, "catalog:read", looked, async () => {
    const own = await ownKind(actor.orgId, id);
    return own && formOf(own.kind);
  });
}

/** The same of all of the organisation's own, by id. */
export function ownKindForms(actor: Actor): Promise<KindForm[]> {
  return withAuthorization(actor, "catalog:read", looked, async () =>
    (await ownKinds(actor.orgId)).map(({ kind }) => formOf(kind)),
  );
}

/** One of them with its definition. @throws Refusal "not_found", also for another organisation's */
export function getKind(actor: Actor, id: string): Promise<WrittenKind> {
  return withAuthorization(actor, "catalog:read", looked, () =>
    inSight(sightOf(actor), async (tx) => {
      const row = await find(tx, actor.orgId, id);
      if (!row) throw notFound();
      const { credentials } = await inUse(tx, actor.orgId, id);
      return { ...toView(row, credentials), text: row.text, uses: await usesOf(tx, actor.orgId, id) };
    }),
  );
}

/** The newest versions of one, newest first: who wrote what. @throws Refusal "not_found" */
export function kindVersions(actor: Actor, id: string): Promise<KindVersion[]> {
  return withAuthorization(actor, "catalog:read", looked, () =>
    inOrganization(actor.orgId, async (tx) => {
      const row = await find(tx, actor.orgId, id);
      if (!row) throw notFound();
      const versions = await tx.providerDefinitionVersion.findMany({
        where: { orgId: actor.orgId, definitionId: row.id },
        orderBy: { version: "desc" },
        select: { version: true, madeAt: true, madeBy: true },
      });
      return versions.map((one) => ({ ...one, madeAt: one.madeAt.toISOString() }));
    }),
  );
}
