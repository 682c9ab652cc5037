import { Refusal } from "@/lib/platform/refusal";
import type { InstanceChange, InstanceQuery, InstanceView, NewInstance } from "@/lib/plugin-instances";
import { instanceQuery as asked, type Instance, instanceBody, newInstanceBody } from "./schemas/plugin-instance";
import { parameters, shaped } from "./shape";

/** The register of uses in SuperAI's form. */
export function newInstance(body: Record<string, unknown>): Omit<NewInstance, "plugin"> {
  const { flow_id, credential_id, task_name, description } = shaped(newInstanceBody, body);
  return { flowId: flow_id, credentialId: credential_id, taskName: task_name, description };
}

export function instanceChange(body: Record<string, unknown>): InstanceChange {
  const { flow_id, credential_id, task_name, description } = shaped(instanceBody, body);
  return {
    ...(flow_id !== undefined && { flowId: flow_id }),
    ...(credential_id !== undefined && { credentialId: credential_id }),
    ...(task_name !== undefined && { taskName: task_name }),
    ...(description !== undefined && { description }),
  };
}

export function instanceQuery(sent: URLSearchParams): Omit<InstanceQuery, "plugin"> {
  const { flow_id, credential_id, task_name, offset, limit } = parameters(asked, sent);
  return { flowId: flow_id, credentialId: credential_id, taskName: task_name?.normalize("NFC").trim(), offset, limit };
}

export const instance = (view: InstanceView): Instance => ({
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
