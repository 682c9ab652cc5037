import { z } from "zod";
import { categories, credentialTypes } from "@/lib/providers/define";
import { type } from "./credential";
import { id } from "./fields";

/** What can be connected, from the providers themselves. */
const property = z.strictObject({
  type: z.enum(["integer", "boolean", "string"]),
  title: z.string(),
  description: z.string().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  enum: z.array(z.string()).optional(),
  writeOnly: z.literal(true).optional(),
  format: z.literal("password").optional(),
});
const credentialSchema = z
  .strictObject({
    type: z.literal("object"),
    additionalProperties: z.literal(false),
    required: z.array(z.string()),
    properties: z.record(z.string(), property),
  })
  .meta({ id: "CredentialSchema", description: "The fields of one way to sign in, as a JSON Schema object." });
export type CredentialSchema = z.output<typeof credentialSchema>;

export const catalogEntry = z
  .strictObject({
    id,
    category: z.enum(categories),
    provider: z.string(),
    name: z.string(),
    display_name: z.string(),
    description: z.string(),
    credential_types: z.array(type),
    is_plugin: z.literal(false),
    credential_providers: z.array(
      z.strictObject({
        is_oauth: z.boolean(),
        name: z.enum(credentialTypes),
        display_name: z.string(),
        testable: z.boolean(),
        credential_schema: credentialSchema,
      }),
    ),
  })
  .meta({
    id: "CatalogEntry",
    examples: [
      {
        id: "019ac0de-0000-7000-8000-000000000030",
        category: "storage",
        provider: "sftp",
        name: "sftp",
        display_name: "SFTP server",
        description: "Files over SSH",
        credential_types: ["user_password"],
        is_plugin: false,
        credential_providers: [],
      },
    ],
  });
export type CatalogEntry = z.output<typeof catalogEntry>;

const capabilityNames = [
  "credentials",
  "test_connection",
  "oauth",
  "sites",
  "drives",
  "folders",
  "instances",
  "execute",
  "poll",
  "webhook",
  "ui_schema",
] as const;
type CapabilityName = (typeof capabilityNames)[number];
const can = Object.fromEntries(capabilityNames.map((name) => [name, z.boolean()])) as Record<
  CapabilityName,
  z.ZodBoolean
>;
const capabilitiesExample = {
  credentials: true,
  test_connection: true,
  oauth: false,
  sites: false,
  drives: false,
  folders: false,
  instances: true,
  execute: false,
  poll: false,
  webhook: false,
  ui_schema: false,
};
export const capabilities = z.strictObject(can).meta({ id: "Capabilities", examples: [capabilitiesExample] });
export type Capabilities = z.output<typeof capabilities>;

export const plugin = z
  .strictObject({
    name: z.string(),
    display_name: z.string(),
    description: z.string(),
    category: z.enum(categories),
    provider: z.string(),
    credential_types: z.array(z.enum(credentialTypes)),
    is_oauth: z.boolean(),
    capabilities,
  })
  .meta({
    id: "Plugin",
    examples: [
      {
        name: "sftp",
        display_name: "SFTP server",
        description: "Files over SSH",
        category: "storage",
        provider: "sftp",
        credential_types: ["user_password", "key_file"],
        is_oauth: false,
        capabilities: capabilitiesExample,
      },
    ],
  });
export type Plugin = z.output<typeof plugin>;
