import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import { markOf } from "@/lib/authorization/confirmation";
import type { ServiceAccount } from "@/lib/generated/prisma/client";
import { lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, isDuplicate } from "@/lib/platform/db";
import { notFound, Refusal } from "@/lib/platform/refusal";
import { forgetCallers } from "./authenticate";
import { endTokens } from "./change";

export const serviceAccountStatuses = ["active", "inactive"] as const;
type Status = (typeof serviceAccountStatuses)[number];

export interface ServiceAccountView {
  id: string;
  orgId: string;
  name: string;
  description: string | null;
  status: Status;
  createdAt: string;
  updatedAt: string;
  modifiedBy: string;
}

/**
 * @param input.reservedId the id to make it under; one that is there was made by an earlier try of the same request
 * @throws Refusal "conflict" when the organisation has one of this name
 */
export function createServiceAccount(
  actor: Actor,
  input: { reservedId?: string | undefined; name: string; description?: string | null | undefined },
): Promise<ServiceAccountView> {
  return withAuthorization(actor, "service_account:manage", { action: "service_account.created" }, async () => {
    const row = await unlessNameTaken(() =>
      inOrganization(actor.orgId, async (tx) => {
        await lockOrganization(tx, actor.orgId);
        const id = input.reservedId ?? uuidv7();
        const made =
          input.reservedId && (await tx.serviceAccount.findUnique({ where: { orgId_id: { orgId: actor.orgId, id } } }));
        if (made) return made;
        const created = await tx.serviceAccount.create({
          data: {
            orgId: actor.orgId,
            id,
            name: input.name,
            description: input.description ?? null,
            modifiedBy: actor.name,
          },
        });
        await record(tx, actor, { action: "service_account.created", target: targetOf(created) });
        return created;
      }),
    );
    return toView(row);
  });
}

/** The organisation's service accounts, newest first; with `name`, the one of that name. */
export function listServiceAccounts(
  actor: Actor,
  page: { offset?: number; limit?: number; name?: string } = {},
): Promise<ServiceAccountView[]> {
  return withAuthorization(actor, "service_account:read", { action: "service_account.read" }, async () => {
    const rows = await inOrganization(actor.orgId, (tx) =>
      tx.serviceAccount.findMany({
        where: { orgId: actor.orgId, ...(page.name !== undefined && { name: page.name }) },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        skip: page.offset ?? 0,
        take: Math.min(page.limit ?? 100, 1000),
      }),
    );
    return rows.map(toView);
  });
}

/** Those of these service accounts that are there, in the order asked for. */
export function serviceAccountsByIds(actor: Actor, ids: string[]): Promise<ServiceAccountView[]> {
  return withAuthorization(actor, "service_account:read", { action: "service_account.read" }, async () => {
    const where = { orgId: actor.orgId, id: { in: ids } };
    const rows = await inOrganization(actor.orgId, (tx) => tx.serviceAccount.findMany({ where }));
    const found = new Map(rows.map((row) => [row.id, toView(row)]));
    return [...new Set(ids)].flatMap((id) => found.get(id) ?? []);
  });
}

export function getServiceAccount(actor: Actor, id: string): Promise<ServiceAccountView> {
  const target = { type: "service_account", id } as const;
  return withAuthorization(actor, "service_account:read", { action: "service_account.read", target }, async () => {
    const row = await inOrganization(actor.orgId, (tx) =>
      tx.serviceAccount.findUnique({ where: { orgId_id: { orgId: actor.orgId, id } } }),
    );
    if (!row) throw notFound();
    return toView(row);
  });
}

export interface ServiceAccountChange {
  name?: string | undefined;
  description?: string | null | undefined;
  status?: Status | undefined;
}

/** An inactive account's tokens stop within a second; switched on again, they work again. */
export async function updateServiceAccount(
  actor: Actor,
  id: string,
  change: ServiceAccountChange,
): Promise<ServiceAccountView> {
  const target = { type: "service_account", id } as const;
  const row = await withAuthorization(
    actor,
    "service_account:manage",
    { action: "service_account.updated", target },
    () =>
      unlessNameTaken(() =>
        inOrganization(actor.orgId, async (tx) => {
          const where = { orgId_id: { orgId: actor.orgId, id } };
          const found = await tx.serviceAccount.findUnique({ where });
          if (!found) throw notFound();
          const next = {
            name: change.name ?? found.name,
            description: change.description === undefined ? found.description : change.description,
            status: change.status ?? found.status,
          };
          const fields = Object.entries(next).filter(([name, value]) => found[name as keyof typeof next] !== value);
          const stored = await tx.serviceAccount.update({
            where,
            data: { ...next, updatedAt: clock.now(), modifiedBy: actor.name },
          });
          // Its tokens work again.
          if (found.status === "inactive" && stored.status === "active") {
            await tx.apiToken.updateMany({ where: { orgId: actor.orgId, serviceAccountId: id }, data: markOf(actor) });
          }
          await record(tx, actor, {
            action: "service_account.updated",
            target: targetOf(stored),
            fields: fields.map(([name]) => name),
          });
          return stored;
        }),
      ),
  );
  forgetCallers();
  return toView(row);
}

/** Gone for good, with its tokens. What it did stays in the audit log. */
export async function deleteServiceAccount(actor: Actor, id: string): Promise<void> {
  const target = { type: "service_account", id } as const;
  await withAuthorization(actor, "service_account:manage", { action: "service_account.deleted", target }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const where = { orgId_id: { orgId: actor.orgId, id } };
      const found = await tx.serviceAccount.findUnique({ where });
      if (!found) throw notFound();
      await endTokens(tx, actor, { serviceAccountId: id });
      await tx.serviceAccount.delete({ where });
      await record(tx, actor, { action: "service_account.deleted", target: targetOf(found) });
    }),
  );
  forgetCallers();
}

const targetOf = (row: ServiceAccount) => ({ type: "service_account", id: row.id, name: row.name }) as const;

async function unlessNameTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Refusal("conflict", "A service account with this name already exists", {
      fields: [{ path: ["name"], message: "Is already in use", code: "taken" }],
    });
  }
}

const toView = (row: ServiceAccount): ServiceAccountView => ({
  id: row.id,
  orgId: row.orgId,
  name: row.name,
  description: row.description,
  status: row.status === "active" ? "active" : "inactive",
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  modifiedBy: row.modifiedBy,
});
