import { z } from "zod";
import { isUuid } from "@/lib/platform/uuid";
import { credentialId, id, stamps, stretch } from "./fields";

/** The register of uses. */
const named = z
  .string()
  .refine(isUuid)
  .toLowerCase()
  .meta({ override: { format: "uuid" } });
const entry = {
  flow_id: named,
  credential_id: named.nullable(),
  task_name: z.string().max(1_000),
  description: z.string().max(10_000),
};
const example = {
  flow_id: "019ac0de-0000-7000-8000-000000000040",
  credential_id: "019ac0de-0000-7000-8000-000000000001",
  task_name: "Fetch invoices",
  description: "Every night",
};

export const newInstanceBody = z.strictObject(entry).meta({ id: "NewPluginInstance", examples: [example] });

/** What an answer shows beside; clients send it back along, and it has no effect. */
const shownBeside = Object.fromEntries(
  ["id", "created_at", "updated_at", "modified_by", "organization_id", "plugin_name"].map((name) => [
    name,
    z.unknown().optional(),
  ]),
);
export const instanceBody = z
  .strictObject({ ...shownBeside, ...z.object(entry).partial().shape })
  .meta({ id: "PluginInstanceChange", description: "What is left out stays.", examples: [{ description: "Hourly" }] });

export const instanceQuery = z.strictObject({
  flow_id: named.optional(),
  credential_id: credentialId.optional(),
  task_name: z.string().max(1_000).optional(),
  ...stretch,
});

export const instance = z
  .strictObject({
    id,
    ...stamps,
    organization_id: id,
    plugin_name: z.string(),
    flow_id: id,
    credential_id: id.nullable(),
    task_name: z.string(),
    description: z.string(),
  })
  .meta({
    id: "PluginInstance",
    examples: [
      {
        id: "019ac0de-0000-7000-8000-000000000041",
        created_at: "2026-11-02T09:30:00.000Z",
        updated_at: "2026-11-02T09:30:00.000Z",
        modified_by: "ana@example.com",
        organization_id: "019ac0de-0000-7000-8000-000000000010",
        plugin_name: "sftp",
        ...example,
      },
    ],
  });
export type Instance = z.output<typeof instance>;
