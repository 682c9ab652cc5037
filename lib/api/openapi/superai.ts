import { z } from "zod";
import type { Resource } from "@/lib/api/wire/operation";
import { statusOf } from "@/lib/api/wire/superai/refuse";
import { errorBody, validationErrorBody } from "@/lib/api/wire/superai/schemas/error";
import { credentialId, id } from "@/lib/api/wire/superai/schemas/fields";
import { subjectKinds } from "@/lib/vocabulary/access";
import { conventions, type DocumentedDialect, resourcesIn } from "./dialect";

/** The native API. */
export const superai: DocumentedDialect = {
  title: "Latchkey API",
  description: `The native API of Latchkey, a vault for an organisation's integration credentials.

Every address stands without \`/api\` as well. Lists are bare arrays: the way to the next page is in \`Link\` and \`X-Next-Cursor\`, or told by \`offset\` and \`limit\`.
${conventions}`,
  servers: [{ url: "/" }],
  prefix: "/api",
  resources: resourcesIn(
    import.meta.glob<Record<string, Resource>>("../wire/superai/operations/*.ts", { eager: true }),
  ),
  parameters: {
    credential_id: credentialId,
    id,
    key_id: id,
    provider: z.string().meta({ description: "A provider of the catalogue.", examples: ["google"] }),
    plugin: z.string().meta({ description: "A plugin's name.", examples: ["sharepoint"] }),
    way: z.string().meta({ description: "The way to sign in." }),
    act: z.string(),
    subject_type: z.enum(subjectKinds),
  },
  security: {
    bearer: { type: "http", scheme: "bearer", description: "An API token, or an access token of a person." },
    apiKey: { type: "apiKey", in: "header", name: "X-API-Key", description: "The same API token." },
  },
  alternatives: [{ bearer: [] }, { apiKey: [] }],
  statusOf,
  errorOf: (status) => (status === 422 ? validationErrorBody : errorBody),
  headers: ["X-Request-ID"],
};
