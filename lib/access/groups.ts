import "server-only";
import { v7 as uuidv7 } from "uuid";
import type { Actor } from "@/lib/authorization/actor";
import type { AccessGroup } from "@/lib/generated/prisma/client";
import { lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inOrganization, isDuplicate, type Transaction } from "@/lib/platform/db";
import { cleanName, cleanNote } from "@/lib/platform/names";
import { invalidField, notFound, Refusal } from "@/lib/platform/refusal";
import { isUuid } from "@/lib/platform/uuid";
import type { GroupMember, GroupView } from "./view";

/** Groups of one organisation; members of one group. */
const GROUPS_MAX = 1_000;
const MEMBERS_MAX = 1_000;

export interface GroupInput {
  name: string;
  description?: string | null | undefined;
}

/** The organisation's groups, by name, each with the number of its members. */
export function listGroups(actor: Actor): Promise<GroupView[]> {
  return withAuthorization(actor, "group:read", { action: "group.read" }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const rows = await tx.accessGroup.findMany({
        where: { orgId: actor.orgId },
        orderBy: { name: "asc" },
        include: { _count: { select: { members: true } } },
        take: GROUPS_MAX,
      });
      return rows.map(({ _count, ...row }) => toView(row, _count.members));
    }),
  );
}

/** One group with its members, by name. @throws Refusal "not_found" */
export function getGroup(actor: Actor, id: string): Promise<GroupView & { people: GroupMember[] }> {
  const target = { type: "group", id } as const;
  return withAuthorization(actor, "group:read", { action: "group.read", target }, () =>
    inOrganization(actor.orgId, async (tx) => {
      const row = await existing(tx, actor, id);
      const people = await membersOf(tx, row);
      return { ...toView(row, people.length), people };
    }),
  );
}

/**
 * @param input.reservedId the id to make it under; one that is there was made by an earlier try of the same request
 * @throws Refusal "conflict" when the organisation has one of this name; "over_limit"; "invalid" naming the field
 */
export function createGroup(actor: Actor, input: GroupInput & { reservedId?: string | undefined }): Promise<GroupView> {
  return withAuthorization(actor, "group:manage", { action: "group.created" }, () =>
    unlessNameTaken(() =>
      inOrganization(actor.orgId, async (tx) => {
        const { orgId } = actor;
        await lockOrganization(tx, orgId);
        const id = input.reservedId ?? uuidv7();
        const made = await tx.accessGroup.findUnique({ where: { orgId_id: { orgId, id } } });
        if (made) return toView(made, (await membersOf(tx, made)).length);
        const current = await tx.accessGroup.count({ where: { orgId } });
        if (current >= GROUPS_MAX) throw tooMany("The organisation has as many groups as it may", GROUPS_MAX, current);
        const row = await tx.accessGroup.create({
          data: { orgId, id, name: cleanName(input.name), description: noteOf(input), modifiedBy: actor.name },
        });
        await record(tx, actor, { action: "group.created", target: targetOf(row) });
        return toView(row, 0);
      }),
    ),
  );
}

export interface GroupChange {
  name?: string | undefined;
  description?: string | null | undefined;
  /** Ids of people who come in, and of those who go. */
  add?: readonly string[] | undefined;
  remove?: readonly string[] | undefined;
}

/**
 * Changes what a group is called and who is in it; what is granted to it holds for its members from then on.
 * @throws Refusal "not_found"; "conflict" for a taken name; "invalid" for somebody who is not there; "over_limit"
 */
export function updateGroup(actor: Actor, id: string, change: GroupChange): Promise<GroupView> {
  const target = { type: "group", id } as const;
  return withAuthorization(actor, "group:manage", { action: "group.updated", target }, () =>
    unlessNameTaken(() =>
      inOrganization(actor.orgId, async (tx) => {
        await lockOrganization(tx, actor.orgId);
        const row = await existing(tx, actor, id);
        const next = {
          name: change.name === undefined ? row.name : cleanName(change.name),
          description: change.description === undefined ? row.description : noteOf(change),
        };
        const fields = Object.entries(next).flatMap(([name, value]) =>
          row[name as keyof typeof next] === value ? [] : [name],
        );
        const stored = await tx.accessGroup.update({
          where: { orgId_id: { orgId: row.orgId, id: row.id } },
          data: { ...next, updatedAt: clock.now(), modifiedBy: actor.name },
        });
        fields.push(...(await changeMembers(tx, actor, row, change)));
        if (fields.length > 0) await record(tx, actor, { action: "group.updated", target: targetOf(stored), fields });
        return toView(stored, (await membersOf(tx, stored)).length);
      }),
    ),
  );
}

/** @returns for the event: who came in and who went, by their ids */
async function changeMembers(tx: Transaction, actor: Actor, row: AccessGroup, change: GroupChange): Promise<string[]> {
  const { orgId, id: groupId } = row;
  const now = new Set((await membersOf(tx, row)).map(({ id }) => id));
  const added = idsIn("add", change.add).filter((id) => !now.has(id));
  const removed = idsIn("remove", change.remove).filter((id) => now.has(id));
  const people = await tx.user.count({ where: { orgId, id: { in: added } } });
  if (people < added.length) throw invalidField("add", "Somebody of these is not here");
  if (now.size + added.length - removed.length > MEMBERS_MAX) {
    throw tooMany("The group has as many members as it may", MEMBERS_MAX, now.size);
  }
  const data = added.map((userId) => ({ orgId, groupId, userId, addedBy: actor.name }));
  await tx.accessGroupMember.createMany({ data });
  await tx.accessGroupMember.deleteMany({ where: { orgId, groupId, userId: { in: removed } } });
  return [...added.map((id) => `added:${id}`), ...removed.map((id) => `removed:${id}`)];
}

function idsIn(field: string, ids: readonly string[] = []): string[] {
  if (!ids.every(isUuid)) throw invalidField(field, "Must be ids of people");
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

/** Deletes a group; what was granted to it ends with it. @throws Refusal "not_found" */
export function deleteGroup(actor: Actor, id: string): Promise<void> {
  const target = { type: "group", id } as const;
  return withAuthorization(actor, "group:manage", { action: "group.deleted", target }, () =>
    inOrganization(actor.orgId, async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const row = await existing(tx, actor, id);
      await tx.accessGroup.delete({ where: { orgId_id: { orgId: row.orgId, id: row.id } } });
      await record(tx, actor, { action: "group.deleted", target: targetOf(row) });
    }),
  );
}

async function existing(tx: Transaction, { orgId }: Actor, id: string): Promise<AccessGroup> {
  const row = isUuid(id) && (await tx.accessGroup.findUnique({ where: { orgId_id: { orgId, id } } }));
  if (!row) throw notFound();
  return row;
}

async function membersOf(tx: Transaction, { orgId, id: groupId }: AccessGroup): Promise<GroupMember[]> {
  const rows = await tx.accessGroupMember.findMany({
    where: { orgId, groupId },
    include: { user: { select: { id: true, name: true, email: true } } },
    orderBy: { user: { name: "asc" } },
    take: MEMBERS_MAX,
  });
  return rows.map(({ user, addedAt, addedBy }) => ({ ...user, addedAt: addedAt.toISOString(), addedBy }));
}

const toView = (row: AccessGroup, members: number): GroupView => ({
  id: row.id,
  name: row.name,
  description: row.description,
  members,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  modifiedBy: row.modifiedBy,
});

const targetOf = ({ id, name }: AccessGroup) => ({ type: "group", id, name }) as const;

const noteOf = ({ description }: { description?: string | null | undefined }) =>
  description ? cleanNote(description) : null;

const tooMany = (message: string, limit: number, current: number) =>
  new Refusal("over_limit", message, { details: { limit, current } });

async function unlessNameTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Refusal("conflict", "A group with this name already exists", {
      fields: [{ path: ["name"], message: "Is already in use: choose another", code: "taken" }],
    });
  }
}
