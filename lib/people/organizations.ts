import "server-only";
import { v7 as uuidv7 } from "uuid";
import { type Actor, systemActor } from "@/lib/actor";
import { lockOrganization, permitted, record } from "@/lib/audit";
import { clock } from "@/lib/clock";
import { acrossOrganizations, inOrganization, isDuplicate } from "@/lib/db";
import type { Organization } from "@/lib/generated/prisma/client";
import { cleanName } from "@/lib/names";
import { notFound, Refusal } from "@/lib/refusal";

export interface OrganizationView {
  id: string;
  name: string;
  active: boolean;
  maxPerProvider: number;
  maxPerUser: number;
  requireTestBeforeSave: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** @throws Refusal "conflict" when the name is taken on this platform */
export function createOrganization(actor: Actor, input: { name: string }): Promise<OrganizationView> {
  return permitted(actor, "platform:manage", { action: "organization.created" }, async () => {
    const id = uuidv7();
    const name = cleanName(input.name);
    const row = await unlessNameTaken(() =>
      inOrganization(id, async (tx) => {
        const created = await tx.organization.create({ data: { id, name } });
        await lockOrganization(tx, id);
        await record(
          tx,
          { ...actor, orgId: id },
          { action: "organization.created", target: { type: "organization", id, name } },
        );
        return created;
      }),
    );
    return toView(row);
  });
}

/** Every organisation of the platform, by name; at most 1000 from `offset`. */
export function listOrganizations(
  actor: Actor,
  page: { offset?: number; limit?: number } = {},
): Promise<OrganizationView[]> {
  return permitted(actor, "platform:manage", { action: "organization.read" }, async () => {
    const rows = await acrossOrganizations((tx) =>
      tx.organization.findMany({
        orderBy: { name: "asc" },
        skip: page.offset ?? 0,
        take: Math.min(page.limit ?? 100, 1000),
      }),
    );
    return rows.map(toView);
  });
}

/** The actor's own organisation. */
export function ownOrganization(actor: Actor): Promise<OrganizationView> {
  return permitted(actor, "organization:read", { action: "organization.read" }, async () => {
    const row = await inOrganization(actor.orgId, (tx) => tx.organization.findUnique({ where: { id: actor.orgId } }));
    if (!row) throw notFound();
    return toView(row);
  });
}

/** One organisation by its name, for the platform's own work. */
export function organizationNamed(actor: Actor, name: string): Promise<OrganizationView> {
  return permitted(actor, "platform:manage", { action: "organization.read" }, async () => {
    const row = await acrossOrganizations((tx) => tx.organization.findUnique({ where: { name } }));
    if (!row) throw notFound();
    return toView(row);
  });
}

export interface OrganizationChange {
  name?: string | undefined;
  requireTestBeforeSave?: boolean | undefined;
  /** The platform administrator's to set. */
  maxPerProvider?: number | undefined;
  maxPerUser?: number | undefined;
}

/**
 * Changes an organisation's settings. Its own admins may rename it and require tests; limits, and other
 * organisations, are for the platform administrator.
 */
export async function updateOrganization(
  actor: Actor,
  id: string,
  change: OrganizationChange,
): Promise<OrganizationView> {
  const platform = id !== actor.orgId || change.maxPerProvider !== undefined || change.maxPerUser !== undefined;
  const target = { type: "organization", id } as const;
  return permitted(
    actor,
    platform ? "platform:manage" : "organization:manage",
    { action: "organization.updated", target },
    async () => {
      const row = await unlessNameTaken(() =>
        inOrganization(id, async (tx) => {
          const found = await tx.organization.findUnique({ where: { id } });
          if (!found) throw notFound();
          const next = {
            name: change.name === undefined ? found.name : cleanName(change.name),
            requireTestBeforeSave: change.requireTestBeforeSave ?? found.requireTestBeforeSave,
            maxPerProvider: change.maxPerProvider ?? found.maxPerProvider,
            maxPerUser: change.maxPerUser ?? found.maxPerUser,
          };
          const fields = Object.entries(next).filter(([name, value]) => found[name as keyof typeof next] !== value);
          const stored = await tx.organization.update({
            where: { id },
            data: { ...next, version: { increment: 1 }, updatedAt: clock.now() },
          });
          await record(
            tx,
            { ...actor, orgId: id },
            {
              action: "organization.updated",
              target: { ...target, name: stored.name },
              fields: fields.map(([name]) => name),
            },
          );
          return stored;
        }),
      );
      return toView(row);
    },
  );
}

/** True while nobody has set this installation up. */
export const isEmpty = async (): Promise<boolean> =>
  (await acrossOrganizations((tx) => tx.organization.findFirst({ select: { id: true } }))) === null;

/** The actor of work that belongs to the platform and not to one organisation: set-up, the command line. */
export const platformActor = (requestId: string, orgId = "00000000-0000-0000-0000-000000000000"): Actor =>
  systemActor(orgId, "command line", requestId);

async function unlessNameTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Refusal("conflict", "An organisation with this name already exists", {
      fields: [{ path: ["name"], message: "Is already in use", code: "taken" }],
    });
  }
}

const toView = (row: Organization): OrganizationView => ({
  id: row.id,
  name: row.name,
  active: row.active,
  maxPerProvider: row.maxPerProvider,
  maxPerUser: row.maxPerUser,
  requireTestBeforeSave: row.requireTestBeforeSave,
  version: row.version,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
