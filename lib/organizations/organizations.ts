import "server-only";
import { v7 as uuidv7 } from "uuid";
import { type Actor, systemActor } from "@/lib/authorization/actor";
import type { Organization } from "@/lib/generated/prisma/client";
import { isHome, keepPlatformAdministrators } from "@/lib/identity/users/administrators";
import { beginChain, lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { acrossOrganizations, inOrganization, isDuplicate, type Transaction } from "@/lib/platform/db";
import { cleanName, numberedNames } from "@/lib/platform/names";
import { holds, type Read, requireUnchanged, updatedAfter } from "@/lib/platform/optimistic-lock";
import { notFound, Refusal } from "@/lib/platform/refusal";
import { idInUse, orMadeBefore } from "@/lib/platform/repeated-create";
import { type OrganizationView, toView } from "./view";

export interface NewOrganization {
  /** Brought along by the caller; else one is made. */
  id?: string | undefined;
  /** The id to make it under where none is brought along; one that is there was made by an earlier try of the same request. */
  reservedId?: string | undefined;
  name: string;
  active?: boolean | undefined;
  /** What becomes of a name that is taken: a refusal, or the lowest free number behind it. */
  nameClash?: "refuse" | "number" | undefined;
}

/**
 * Makes an organisation. Under an id that the caller brings along, the same request again answers what it made.
 * @throws Refusal "conflict" when the name is taken on this platform, or the id is or was in use for another
 */
export function createOrganization(actor: Actor, input: NewOrganization): Promise<OrganizationView> {
  return withAuthorization(actor, "platform:manage", { action: "organization.created" }, async () => {
    const id = input.id ?? input.reservedId ?? uuidv7();
    const wanted = cleanName(input.name);
    const create = async () => {
      const name = await freeName(wanted, input);
      return unlessNameTaken(() =>
        inOrganization(id, async (tx) => {
          const present = await tx.organization.findUnique({ where: { id } });
          if (present && input.id !== undefined) throw idInUse();
          return present ?? insertOrganization(tx, actor, { id, name, active: input.active ?? true });
        }),
      );
    };
    return toView(await orMadeBefore(create, async () => (input.id ? sameOrganization(id, wanted, input) : undefined)));
  });
}

async function sameOrganization(id: string, wanted: string, { active = true, nameClash }: NewOrganization) {
  const row = await inOrganization(id, (tx) => tx.organization.findFirst({ where: { id, deletedAt: null } }));
  const names = nameClash === "number" ? [wanted, ...numberedNames(wanted)] : [wanted];
  return row && row.active === active && names.includes(row.name) ? row : undefined;
}

/** The row, its audit chain and the first event of that, in a transaction of the organisation's own. */
export async function insertOrganization(
  tx: Transaction,
  actor: Actor,
  { id, name, active }: { id: string; name: string; active: boolean },
) {
  const now = clock.now();
  const created = await tx.organization.create({ data: { id, name, active, createdAt: now, updatedAt: now } });
  await beginChain(tx, id);
  const target = { type: "organization", id, name } as const;
  await record(tx, { ...actor, orgId: id }, { action: "organization.created", target });
  return created;
}

/** The name to make it under: the one that is wanted, or with a number behind it. */
export async function freeName(name: string, { nameClash }: Pick<NewOrganization, "nameClash">): Promise<string> {
  if (nameClash !== "number") return name;
  const candidates = [name, ...numberedNames(name)];
  const rows = await acrossOrganizations((tx) =>
    tx.organization.findMany({ where: { name: { in: candidates } }, select: { name: true } }),
  );
  const taken = new Set(rows.map((row) => row.name));
  return candidates.find((one) => !taken.has(one)) ?? name;
}

export interface OrganizationChange extends Read {
  name?: string | undefined;
  /** False shuts everybody of it out within a second. The platform administrator's to set, and not on one's own. */
  active?: boolean | undefined;
  requireTestBeforeSave?: boolean | undefined;
  /** The platform administrator's to set. */
  maxPerProvider?: number | undefined;
  maxPerUser?: number | undefined;
}

/**
 * Changes an organisation's settings. Its own admins may rename it and require tests; limits, and other
 * organisations, are for the platform administrator.
 * @throws Refusal "not_found"; "forbidden"; "conflict" for a taken name, and for switching off one's own organisation or
 * the home of the platform's last administrators; "version_mismatch"
 */
export async function updateOrganization(
  actor: Actor,
  id: string,
  change: OrganizationChange,
): Promise<OrganizationView> {
  const limits = change.maxPerProvider !== undefined || change.maxPerUser !== undefined;
  const platform = id !== actor.orgId || limits || change.active !== undefined;
  const target = { type: "organization", id } as const;
  return withAuthorization(
    actor,
    platform ? "platform:manage" : "organization:manage",
    { action: "organization.updated", target },
    async () => {
      const row = await unlessNameTaken(() =>
        inOrganization(id, async (tx) => {
          const found = await lockedOrganization(tx, id);
          const next = {
            active: change.active ?? found.active,
            name: change.name === undefined ? found.name : cleanName(change.name),
            requireTestBeforeSave: change.requireTestBeforeSave ?? found.requireTestBeforeSave,
            maxPerProvider: change.maxPerProvider ?? found.maxPerProvider,
            maxPerUser: change.maxPerUser ?? found.maxPerUser,
          };
          const state = await requireUnchanged(tx, { ...found, orgId: id }, change, () => holds(found, next));
          if (state === "done") return found;
          if (change.active === false && found.active) await mayBeSwitchedOff(tx, actor, id);
          const fields = Object.entries(next).filter(([name, value]) => found[name as keyof typeof next] !== value);
          const stored = await tx.organization.update({
            where: { id },
            data: { ...next, version: { increment: 1 }, updatedAt: updatedAfter(found) },
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

/** @throws Refusal "not_found" for one that is not there, or not any more */
export async function existingOrganization(tx: Transaction, id: string): Promise<Organization> {
  const found = await tx.organization.findFirst({ where: { id, deletedAt: null } });
  if (!found) throw notFound();
  return found;
}

/** The organisation as it is under its lock. @throws Refusal "not_found" */
export async function lockedOrganization(tx: Transaction, id: string): Promise<Organization> {
  // Asked before the lock: what is not there has no audit chain to lock.
  await existingOrganization(tx, id);
  await lockOrganization(tx, id);
  return existingOrganization(tx, id);
}

/** @throws Refusal "conflict" for one's own organisation, and for the home of the platform's last administrators */
export async function mayBeSwitchedOff(tx: Transaction, actor: Actor, id: string): Promise<void> {
  if (isHome(actor, id)) {
    throw new Refusal("conflict", "Nobody can switch off the organisation they are in");
  }
  await keepPlatformAdministrators(tx, id);
}

/** True while nobody has set this installation up. */
export const isEmpty = async (): Promise<boolean> =>
  (await acrossOrganizations((tx) => tx.organization.findFirst({ select: { id: true } }))) === null;

/** The actor of work that belongs to the platform and not to one organisation: set-up, the command line. */
export const platformActor = (requestId: string, orgId = "00000000-0000-0000-0000-000000000000"): Actor =>
  systemActor(orgId, "command line", requestId);

export async function unlessNameTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Refusal("conflict", "An organisation with this name already exists", {
      fields: [{ path: ["name"], message: "Is already in use", code: "taken" }],
    });
  }
}
