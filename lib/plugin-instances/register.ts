import "server-only";
import { v7 as uuidv7 } from "uuid";
import { sightOf } from "@/lib/authorization/access";
import type { Actor } from "@/lib/authorization/actor";
import { can } from "@/lib/authorization/authorize";
import { getCredential } from "@/lib/credentials";
import { lockOrganization, record, withAuthorization } from "@/lib/platform/audit";
import { clock } from "@/lib/platform/clock";
import { inSight, type Transaction } from "@/lib/platform/db";
import { cleanName, cleanNote } from "@/lib/platform/names";
import { invalidField, notFound, Refusal } from "@/lib/platform/refusal";
import { instancesOf } from "./repository";
import { type InstanceChange, type InstanceView, type NewInstance, toView } from "./view";

/** Entries of one organisation. */
const INSTANCES_MAX = 10_000;

/**
 * Registers that a task of a flow uses a credential, or none.
 * @throws Refusal "invalid" naming the field, also for a credential that is not there or is another plugin's; "over_limit" at
 * the organisation's limit
 */
export function registerInstance(actor: Actor, input: NewInstance): Promise<InstanceView> {
  return withAuthorization(actor, "plugin_instance:write", { action: "plugin_instance.created" }, async () => {
    const { plugin, flowId, credentialId } = input;
    const words = { taskName: taskName(input.taskName), description: cleanNote(input.description) };
    await requireCredential(actor, plugin, credentialId);
    return inSight(sightOf(actor), async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const register = instancesOf(tx, actor);
      const made = input.reservedId === undefined ? null : await register.byId(input.reservedId);
      if (made) return toView(made);
      // Its deletion was faster: nothing may be left behind it.
      if (!(await tx.organization.count({ where: { id: actor.orgId, deletedAt: null } }))) throw notFound();
      const current = await register.count();
      if (current >= INSTANCES_MAX) throw overLimit(current);
      const now = clock.now();
      const row = await register.insert({
        id: input.reservedId ?? uuidv7(),
        plugin,
        flowId,
        credentialId,
        ...words,
        registeredById: actor.id,
        registeredBy: actor.name,
        createdAt: now,
        updatedAt: now,
        modifiedBy: actor.name,
      });
      await record(tx, actor, { action: "plugin_instance.created", target: targetOf(row) });
      return toView(row);
    });
  });
}

/**
 * Changes what is sent of an entry; what is left out stays. What changes nothing is no change, and the credential that it names
 * may be gone by now.
 * @throws Refusal "not_found"; "forbidden" for what somebody else registered; "invalid" as `registerInstance`
 */
export function updateInstance(
  actor: Actor,
  plugin: string,
  id: string,
  change: InstanceChange,
): Promise<InstanceView> {
  const target = { type: "plugin_instance", id } as const;
  return withAuthorization(actor, "plugin_instance:write", { action: "plugin_instance.updated", target }, async () => {
    const words = {
      taskName: change.taskName === undefined ? undefined : taskName(change.taskName),
      description: change.description === undefined ? undefined : cleanNote(change.description),
    };
    const before = await inSight(sightOf(actor), (tx) => changeable(tx, actor, plugin, id));
    const { credentialId } = change;
    if (credentialId !== undefined && credentialId !== before.credentialId)
      await requireCredential(actor, plugin, credentialId);
    return inSight(sightOf(actor), async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const found = await changeable(tx, actor, plugin, id);
      const next = {
        flowId: change.flowId ?? found.flowId,
        credentialId: credentialId === undefined ? found.credentialId : credentialId,
        taskName: words.taskName ?? found.taskName,
        description: words.description ?? found.description,
      };
      const changed = fieldNames.filter(([name]) => next[name] !== found[name]).map(([, word]) => word);
      if (changed.length === 0) return toView(found);
      const row = await instancesOf(tx, actor).update(found.id, {
        ...next,
        updatedAt: clock.now(),
        modifiedBy: actor.name,
      });
      await record(tx, actor, { action: "plugin_instance.updated", target: targetOf(row), fields: changed });
      return toView(row);
    });
  });
}

/** Takes an entry out. @throws Refusal "not_found", also the second time; "forbidden" for what somebody else registered */
export function deleteInstance(actor: Actor, plugin: string, id: string): Promise<void> {
  const target = { type: "plugin_instance", id } as const;
  return withAuthorization(actor, "plugin_instance:write", { action: "plugin_instance.deleted", target }, () =>
    inSight(sightOf(actor), async (tx) => {
      await lockOrganization(tx, actor.orgId);
      const found = await changeable(tx, actor, plugin, id);
      await instancesOf(tx, actor).remove(found.id);
      await record(tx, actor, { action: "plugin_instance.deleted", target: targetOf(found) });
    }),
  );
}

/** By the names that the audit log has for them. */
const fieldNames = [
  ["flowId", "flow_id"],
  ["credentialId", "credential_id"],
  ["taskName", "task_name"],
  ["description", "description"],
] as const;

const targetOf = (row: { id: string; taskName: string }) =>
  ({ type: "plugin_instance", id: row.id, name: row.taskName }) as const;

const taskName = (text: string): string => cleanName(text, "task_name");

async function changeable(tx: Transaction, actor: Actor, plugin: string, id: string) {
  const found = await instancesOf(tx, actor).find(plugin, id);
  if (!found) throw notFound();
  if (found.registeredById === actor.id || can(actor, "plugin_instance:write_all")) return found;
  throw new Refusal("forbidden", "You do not have permission to access this resource");
}

/** Another organisation's credential is one that is not there. */
async function requireCredential(actor: Actor, plugin: string, id: string | null): Promise<void> {
  if (id === null) return;
  const { provider } = await getCredential(actor, id).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === "not_found")
      throw invalidField("credential_id", "Is not a credential of this organisation");
    throw error;
  });
  if (provider !== plugin) throw invalidField("credential_id", "Is a credential of another plugin");
}

const overLimit = (current: number): Refusal =>
  new Refusal("over_limit", "The organisation has registered as many uses as it may", {
    details: { limit: INSTANCES_MAX, scope: "organization", current },
  });
