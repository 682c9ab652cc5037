import { z } from "zod";

/** Credentials as requests bring and answers show them. Keys that Flowise ignores are ignored here. */
const NAME_MAX = 200;
// By characters, not by code units: half of one would be left behind.
const name = z
  .union([z.string(), z.number()])
  .transform((value) => [...String(value)].slice(0, NAME_MAX).join(""))
  .meta({ description: "Cut after 200 characters; numbered where another one has it." });
const kind = z.string().min(1).max(100).meta({
  description:
    "The name of a type; `GET /api/v1/components-credentials` tells them. One that nobody knows is secret throughout.",
});
const values = z.record(z.string(), z.unknown()).meta({ description: "Values by the names of the type's inputs." });

export const createBody = z
  .object({
    id: z.string().min(1).max(255).nullish().meta({ description: "Kept, where it is no UUID, and found by." }),
    name,
    credentialName: kind,
    plainDataObj: values,
  })
  .meta({
    id: "NewCredential",
    examples: [{ name: "Model", credentialName: "openAIApi", plainDataObj: { openAIApiKey: "the key" } }],
  });
export const updateBody = z
  .object({ name: name.optional(), credentialName: kind.optional(), plainDataObj: values.optional() })
  .meta({
    id: "CredentialChange",
    description: "Merged: what is left out, and what comes back as it was shown, stays.",
    examples: [{ name: "Model (renamed)" }],
  });

/** The same as a form's fields. */
export const form = z
  .record(z.string(), z.string())
  .meta({ description: "The same fields: `plainDataObj[key]=value`." });

export const listQuery = z.object({
  credentialName: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: "A type's name, or several of them; the list comes in their order." }),
});

const example = {
  id: "019ac0de-0000-7000-8000-000000000001",
  name: "Model",
  credentialName: "openAIApi",
  createdDate: "2026-11-02T09:30:00.000Z",
  updatedDate: "2026-11-02T09:30:00.000Z",
  workspaceId: "019ac0de-0000-7000-8000-000000000010",
};
const fields = {
  id: z.string(),
  name: z.string(),
  credentialName: z.string(),
  createdDate: z.iso.datetime(),
  updatedDate: z.iso.datetime(),
  workspaceId: z.guid(),
};
const shownValues = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .meta({ description: "Public values as they are; in the place of each secret a mask, which means: as it was." });

export const item = z.strictObject(fields).meta({ id: "CredentialItem", examples: [example] });
export type Item = z.output<typeof item>;
export const row = z
  .strictObject({
    ...fields,
    encryptedData: z.string().meta({ description: "A reference that changes with every change and opens nothing." }),
  })
  .meta({ id: "CredentialRow", examples: [{ ...example, encryptedData: "(a reference)" }] });
export type Row = z.output<typeof row>;
export const withValues = z
  .strictObject({ ...fields, plainDataObj: shownValues })
  .meta({ id: "CredentialWithValues", examples: [{ ...example, plainDataObj: { openAIApiKey: "(a mask)" } }] });
export type WithValues = z.output<typeof withValues>;
export const revealed = z.strictObject({ plainDataObj: shownValues }).meta({
  id: "Revealed",
  description: "Nothing but masks.",
  examples: [{ plainDataObj: { openAIApiKey: "(a mask)" } }],
});
export const removed = z
  .strictObject({ raw: z.array(z.never()), affected: z.union([z.literal(0), z.literal(1)]) })
  .meta({ id: "Removed", examples: [{ raw: [], affected: 1 }] });
export type Removed = z.output<typeof removed>;
