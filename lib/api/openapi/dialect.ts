import type { z } from "zod";
import type { ZodOpenApiObject, ZodOpenApiSecuritySchemeObject } from "zod-openapi";
import type { ResponseHeader } from "@/lib/api/wire/headers";
import type { Resource } from "@/lib/api/wire/operation";
import type { RefusalCode } from "@/lib/platform/refusal";

/** What a dialect's document needs to know beside its operations. */
export interface DocumentedDialect {
  title: string;
  /** For people, in Markdown: what all operations have in common. */
  description: string;
  servers: NonNullable<ZodOpenApiObject["servers"]>;
  /** What stands before a resource's pattern in the address. */
  prefix: string;
  resources: readonly Resource[];
  /** What a parameter of a path is, by its name. */
  parameters: Record<string, z.ZodType>;
  security: Record<string, ZodOpenApiSecuritySchemeObject>;
  /** Any of these lets a caller in. */
  alternatives: Record<string, string[]>[];
  statusOf: (code: RefusalCode) => number;
  errorOf: (status: number) => z.ZodType;
  /** Of every answer. */
  headers: readonly ResponseHeader[];
}

/** The resources that the files of a dialect's operations export. */
export const resourcesIn = (modules: Record<string, Record<string, Resource>>): Resource[] =>
  Object.values(modules).flatMap((module) => Object.values(module));

/** What is true of all three. */
export const conventions = `
**Finding out more.** Every answer carries \`X-Request-ID\`, which logs and audit events name; errors repeat it where their form has a place for it. \`HEAD\` is \`GET\` without a body wherever that changes nothing, and \`OPTIONS\` tells what is allowed. A method that is not described here is answered 405 with \`Allow\`. An address that cannot be read is answered 400 before anything else, in the form of the native API's errors.

**Asking again.** 429 and 503 say in \`Retry-After\` how many seconds to wait: each token may ask so often in a minute as the operator allows. A create that is sent with an \`Idempotency-Key\` may be sent again with the same key and body until an answer comes; without one, a request whose answer was lost may have been done or not, and nobody can tell.

**Changing what others change.** What is read carries an \`ETag\`. Sent back in \`If-Match\`, it makes sure that nothing is overwritten that nobody saw. In \`If-None-Match\` it saves the body of an answer that has not changed.

**What may be added.** New operations, optional parameters and fields of answers come without notice: pass over what you do not know. Bodies are held to what is described, unless it says otherwise: at most 256 KiB, 16 levels deep, no name twice.
`;
