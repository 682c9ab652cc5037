import { z } from "zod";
import { report } from "./connection-test";
import { values } from "./credential";
import { stamps } from "./fields";

/** Kinds of the organisation's own. */
const text = z.string().max(65_536).meta({
  description:
    "The definition, as YAML or JSON, in the form of the catalogue's files (docs/providers.md). Problems are told by line and field.",
});

const example = `schema: 1
id: own_billing
label: Billing
credential_type: api_key
fields:
  - { name: endpoint, kind: text, label: Address, destination: true }
  - { name: apiKey, kind: password, label: API key }
authentication: [{ scheme: bearer, token: "{apiKey}" }]
base_url: { field: endpoint }
test: { path: /v1/me }
`;

export const kindBody = z.strictObject({ text }).meta({ id: "KindDefinition", examples: [{ text: example }] });

export const kindTestBody = z.strictObject({ text, credentials: values }).meta({
  id: "KindTest",
  description: "Neither is stored.",
  examples: [{ text: example, credentials: { endpoint: "https://billing.example.com", apiKey: "the key" } }],
});

const shown = {
  id: z.string().meta({ description: "What stands as `provider` of its credentials." }),
  label: z.string(),
  description: z.string(),
  credential_type: z.string(),
  testable: z.boolean(),
  version: z.int().min(1).meta({ description: "Goes up with every change." }),
  credentials: z.int().min(0).meta({ description: "How many credentials of it are stored." }),
  created_by: z.string(),
  ...stamps,
};
const shownExample = {
  id: "own_billing",
  label: "Billing",
  description: "A kind of this organisation's own.",
  credential_type: "api_key",
  testable: true,
  version: 1,
  credentials: 0,
  created_by: "ana@example.com",
  created_at: "2026-11-30T09:30:00.000Z",
  updated_at: "2026-11-30T09:30:00.000Z",
  modified_by: "ana@example.com",
};
export const kind = z.strictObject(shown).meta({ id: "Kind", examples: [shownExample] });
export const writtenKind = z
  .strictObject({ ...shown, text: z.string() })
  .meta({ id: "WrittenKind", examples: [{ ...shownExample, text: example }] });
/** Without a receipt: nothing is saved by it. */
export const kindReport = report.omit({ test_receipt: true }).meta({ id: "KindTestReport" });
export type Kind = z.output<typeof kind>;
