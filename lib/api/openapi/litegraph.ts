import { z } from "zod";
import { statusOf } from "@/lib/api/wire/litegraph/refuse";
import { errorBody } from "@/lib/api/wire/litegraph/schemas/error";
import { guid } from "@/lib/api/wire/litegraph/schemas/fields";
import type { Resource } from "@/lib/api/wire/operation";
import { conventions, type DocumentedDialect, resourcesIn } from "./dialect";

/** LiteGraph's API of tenants, users and credentials, as it is spoken here. */
export const litegraph: DocumentedDialect = {
  title: "Latchkey: LiteGraph's dialect",
  description: `What clients of LiteGraph find here: tenants, users, and credentials, which are API tokens. Clients of release 8.1 and later are pointed at \`/litegraph/10\`, where every list is a page; elsewhere it is an array unless the request asks for a page.

A caller is an administrator of the tenant. Who may not do something is answered 401 with the name AuthorizationFailed, as LiteGraph does. Unknown fields of a body are passed over, and what is empty counts as left out.
${conventions}`,
  servers: [{ url: "/" }, { url: "/litegraph/10", description: "For clients of release 8.1 and later" }],
  prefix: "",
  resources: resourcesIn(
    import.meta.glob<Record<string, Resource>>("../wire/litegraph/operations/*.ts", { eager: true }),
  ),
  parameters: {
    ...Object.fromEntries(["tenant", "user", "credential", "role", "assignment"].map((name) => [name, guid])),
    token: z.string().meta({ description: "The whole token." }),
  },
  security: {
    bearer: { type: "http", scheme: "bearer", description: "A credential's BearerToken." },
    apiKey: { type: "apiKey", in: "header", name: "X-API-Key", description: "The same token." },
    securityToken: { type: "apiKey", in: "header", name: "x-token", description: "A token of `GET /v1.0/token`." },
    email: { type: "apiKey", in: "header", name: "x-email" },
    password: { type: "apiKey", in: "header", name: "x-password" },
    tenant: { type: "apiKey", in: "header", name: "x-tenant-guid" },
  },
  alternatives: [{ bearer: [] }, { apiKey: [] }, { securityToken: [] }, { email: [], password: [], tenant: [] }],
  statusOf,
  errorOf: () => errorBody,
  headers: ["X-Request-ID", "x-litegraph-node", "x-correlation-id", "traceparent"],
};
