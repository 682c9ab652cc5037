import { z } from "zod";
import { statusOf } from "@/lib/api/wire/flowise/refuse";
import { forbidden, thrown, unauthorized } from "@/lib/api/wire/flowise/schemas/error";
import type { Resource } from "@/lib/api/wire/operation";
import { conventions, type DocumentedDialect, resourcesIn } from "./dialect";

/** Flowise's credential API, as it is spoken here. */
export const flowise: DocumentedDialect = {
  title: "Latchkey: Flowise's dialect",
  description: `What clients of Flowise's credential API find here. Credentials are the same as in the native API; secrets are never shown, not by \`reveal\` either: a mask stands in their place, and sent back it means "as it was".

Lists have no pages. Unknown keys of a body are passed over.
${conventions}`,
  servers: [{ url: "/" }],
  prefix: "/api/v1",
  resources: resourcesIn(
    import.meta.glob<Record<string, Resource>>("../wire/flowise/operations/*.ts", { eager: true }),
  ),
  parameters: {
    id: z.string().meta({ description: "The id, or the one that a client brought along." }),
    name: z.string().meta({ description: "The name of a type.", examples: ["openAIApi"] }),
  },
  security: {
    bearer: { type: "http", scheme: "bearer", description: "An API token." },
    apiKey: { type: "apiKey", in: "header", name: "X-API-Key", description: "The same API token." },
    session: { type: "apiKey", in: "cookie", name: "latchkey-flowise", description: "The session of Flowise's pages." },
    internal: { type: "apiKey", in: "header", name: "x-request-from", description: "`internal`, beside the session." },
  },
  alternatives: [{ bearer: [] }, { apiKey: [] }, { session: [], internal: [] }],
  statusOf,
  errorOf: (status) => (status === 401 ? unauthorized : status === 403 ? forbidden : thrown),
  headers: ["X-Request-ID"],
};
