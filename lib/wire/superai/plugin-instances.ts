import { z } from "zod";
import type { InstanceChange, InstanceQuery, InstanceView, NewInstance } from "@/lib/plugin-instances";
import { Refusal } from "@/lib/refusal";
import { isUuid } from "@/lib/uuid";
import { stretch } from "./read";
import { credentialId, parameters, shaped } from "./shape";

/** The register of uses in SuperAI's form. */
const id = z.string().refine(isUuid).toLowerCase();
const entry = {
  flow_id: id,
  credential_id: id.nullable(),
  task_name: z.string().max(1_000),
  description: z.string().max(10_000),
};

const newBody = z.strictObject(entry);

export function newInstance(body: Record<string, unknown>): Omit<NewInstance, "plugin"> {
  const { flow_id, credential_id, task_name, description } = shaped(newBody, body);
  return { flowId: flow_id, credentialId: credential_id, taskName: task_name, description };
}

/** What an answer shows beside; clients send it back along, and it has no effect. */
const shownBeside = Object.fromEntries(
  ["id", "created_at", "updated_at", "modified_by", "organization_id", "plugin_name"].map((name) => [
    name,
    z.unknown().optional(),
  ]),
);
const changeBody = z.strictObject({ ...shownBeside, ...z.object(entry).partial().shape });

export function instanceChange(body: Record<string, unknown>): InstanceChange {
  const { flow_id, credential_id, task_name, description } = shaped(changeBody, body);
  return {
    ...(flow_id !== undefined && { flowId: flow_id }),
    ...(credential_id !== undefined && { credentialId: credential_id }),
    ...(task_name !== undefined && { taskName: task_name }),
    ...(description !== undefined && { description }),
  };
}

const query = z.strictObject({
  flow_id: id.optional(),
  credential_id: credentialId.optional(),
  task_name: z.string().max(1_000).optional(),
  ...stretch,
});

export function instanceQuery(sent: URLSearchParams): Omit<InstanceQuery, "plugin"> {
  const { flow_id, credential_id, task_name, offset, limit } = parameters(query, sent);
  return { flowId: flow_id, credentialId: credential_id, taskName: task_name?.normalize("NFC").trim(), offset, limit };
}

export const instance = (view: InstanceView) => ({
  id: view.id,
  created_at: view.createdAt,
  updated_at: view.updatedAt,
  modified_by: view.modifiedBy,
  organization_id: view.orgId,
  plugin_name: view.plugin,
  flow_id: view.flowId,
  credential_id: view.credentialId,
  task_name: view.taskName,
  description: view.description,
});

/** Flows run elsewhere: this part of the contract is answered so that nobody takes silence for success. */
export const nothingRunsHere = (): Refusal =>
  new Refusal("not_implemented", "Nothing is executed here: Latchkey keeps credentials and registers what uses them");
