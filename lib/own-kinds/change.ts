import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import type { Prisma, ProviderDefinition } from "@/lib/generated/prisma/client";
import { lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inSight, type Transaction, wholeOf } from "@/lib/platform/db";
import { type ExpectedVersion, isExpected } from "@/lib/platform/expected-version";
import { invalidField, notFound, Refusal } from "@/lib/platform/refusal";
import { parseOwnKind } from "@/lib/providers/catalog/parse-own";
import type { Kind } from "@/lib/providers/catalog/schema";
import { judgedKind, listingOfKind } from "./definition";
import { brokenBy, inUse, usesOf } from "./in-use";
import { type KindView, toView } from "./view";

/** Kinds of one organisation. */
const KINDS_MAX = 50;
/** Versions of one that are kept, the newest. */
const VERSIONS_KEPT = 20;

/**
 * Adds a kind of the organisation's own.
 * @throws Refusal "invalid" naming line and field; "conflict" where there is one of that id; "over_limit" at the fiftieth
 */
export function createKind(actor: Actor, text: string): Promise<KindView> {
  return withAuthorization(actor, "kind:manage", { action: "kind.created" }, async () => {
    const kind = judgedKind(text);
    return inSight(wholeOf(actor.orgId), async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const { orgId } = actor;
      // Its deletion was faster: nothing may be left behind it.
      if (!(await tx.organization.count({ where: { id: orgId, deletedAt: null } }))) throw notFound();
      const credentials = await fitting(tx, actor, kind, text);
      if (await find(tx, orgId, kind.id)) throw taken();
      const current = await tx.providerDefinition.count({ where: { orgId } });
      if (current >= KINDS_MAX) throw overLimit(current);
      const now = clock.now();
      const row = await tx.providerDefinition.create({
        data: {
          ...{ orgId, id: uuidv7(), kind: kind.id, version: 1, ...columnsOf(kind, text) },
          ...{ createdAt: now, createdBy: actor.name, updatedAt: now, modifiedBy: actor.name },
        },
      });
      await remember(tx, row);
      await record(tx, actor, { action: "kind.created", target: targetOf(row, kind), version: 1 });
      return toView(row, credentials);
    });
  });
}

/**
 * Replaces the definition of a kind, as a new version. A text that is as it was is no change.
 * @throws Refusal "not_found"; "version_mismatch"; "invalid" naming line and field, also for what stored credentials do not allow
 */
export function updateKind(
  actor: Actor,
  id: string,
  { text, expectedVersion }: { text: string; expectedVersion?: ExpectedVersion | undefined },
): Promise<KindView> {
  return withAuthorization(actor, "kind:manage", { action: "kind.updated" }, async () => {
    return inSight(wholeOf(actor.orgId), async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const found = await expected(tx, actor, id, expectedVersion);
      const kind = judgedKind(text);
      const credentials = await fitting(tx, actor, kind, text, found);
      if (text === found.text) return toView(found, credentials);
      const row = await tx.providerDefinition.update({
        where: { orgId_id: { orgId: found.orgId, id: found.id } },
        data: {
          ...{ version: found.version + 1, ...columnsOf(kind, text) },
          ...{ updatedAt: clock.now(), modifiedBy: actor.name },
        },
      });
      await remember(tx, row);
      await record(tx, actor, { action: "kind.updated", target: targetOf(row, kind), version: row.version });
      return toView(row, credentials);
    });
  });
}

/**
 * Deletes a kind that no credential is of.
 * @throws Refusal "not_found"; "version_mismatch"; "conflict" naming the credentials, in details.uses
 */
export function deleteKind(actor: Actor, id: string, expectedVersion?: ExpectedVersion | undefined): Promise<void> {
  return withAuthorization(actor, "kind:manage", { action: "kind.deleted" }, () =>
    inSight(wholeOf(actor.orgId), async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const found = await expected(tx, actor, id, expectedVersion);
      const { credentials } = await inUse(tx, actor.orgId, id);
      if (credentials > 0) throw used(credentials, await usesOf(tx, actor.orgId, id));
      await tx.providerDefinition.delete({ where: { orgId_id: { orgId: found.orgId, id: found.id } } });
      const target = { type: "kind", id: found.id, name: found.kind } as const;
      await record(tx, actor, { action: "kind.deleted", target, version: found.version });
    }),
  );
}

export const find = (tx: Transaction, orgId: string, kind: string): Promise<ProviderDefinition | null> =>
  tx.providerDefinition.findUnique({ where: { orgId_kind: { orgId, kind } } });

async function expected(tx: Transaction, actor: Actor, id: string, version: ExpectedVersion | undefined) {
  const found = await find(tx, actor.orgId, id);
  if (!found) throw notFound();
  if (isExpected(found.version, version)) return found;
  throw new Refusal("version_mismatch", "The kind was changed by somebody else", {
    details: { current_version: found.version, modified_by: found.modifiedBy },
  });
}

/** Whether a definition fits what is stored of its kind by now, which is so many credentials. */
async function fitting(tx: Transaction, actor: Actor, kind: Kind, text: string, before?: ProviderDefinition) {
  if (before && kind.id !== before.kind)
    throw invalidField("text", "The id is stored with every credential, so it never changes. Make another kind of it");
  const used = await inUse(tx, actor.orgId, kind.id);
  if (used.credentials > 0) {
    const old = before && parseOwnKind(before.text);
    judgedKind(text, (next) => brokenBy(next, old?.ok ? old.value : undefined, used));
  }
  return used.credentials;
}

const columnsOf = (kind: Kind, text: string) => ({
  text,
  listing: listingOfKind(kind) as unknown as Prisma.InputJsonObject,
  imports: kind.imports ?? [],
});

async function remember(tx: Transaction, { orgId, id, version, text, updatedAt, modifiedBy }: ProviderDefinition) {
  await tx.providerDefinitionVersion.create({
    data: { orgId, definitionId: id, version, text, madeAt: updatedAt, madeBy: modifiedBy },
  });
  await tx.providerDefinitionVersion.deleteMany({
    where: { orgId, definitionId: id, version: { lte: version - VERSIONS_KEPT } },
  });
}

const targetOf = ({ id }: ProviderDefinition, { label }: Kind) => ({ type: "kind", id, name: label }) as const;

const taken = (): Refusal =>
  new Refusal("conflict", "The organisation has a kind of this id already", {
    fields: [{ path: ["text"], message: "Names an id that is taken: choose another", code: "taken" }],
  });

const overLimit = (current: number): Refusal =>
  new Refusal("over_limit", "The organisation has as many kinds of its own as it may", {
    details: { limit: KINDS_MAX, scope: "organization", current },
  });

const used = (credentials: number, uses: string[]): Refusal =>
  new Refusal("conflict", "Credentials of this kind are stored. Delete them first", {
    details: { credentials, uses },
  });
