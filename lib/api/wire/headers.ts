import { z } from "zod";

/** The headers that requests and answers of the doors have a meaning for, told once for all documents. */
const tag = z.string().meta({ examples: ['"3.Yk1x"'] });

export const requestHeaders = {
  "Idempotency-Key": z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({
      description:
        "1 to 255 visible ASCII characters, new for each thing to be made. Sent again within a day with the same body, it answers what was made the first time instead of making a second one; with another body it is refused. Without it, nobody can tell whether a request whose answer was lost has made something.",
      examples: ["f3a1c5de-create-1"],
    }),
  "If-Match": z.string().optional().meta({
    description:
      "The ETag of what was read: the change is refused with 412 where it is no longer that version. `*`, or nothing at all, sets no condition.",
  }),
  "If-None-Match": z
    .string()
    .optional()
    .meta({ description: "The ETag of an answer that the reader has: 304 without a body where it is still that one." }),
  apikey: z.string().optional().meta({ description: "The constant of `GET /auth/anon-key`." }),
  "x-request-from": z
    .string()
    .optional()
    .meta({ description: "`internal` where Flowise's own pages send their session along." }),
  "x-email": z.string().optional().meta({ description: "The e-mail address to look for." }),
  "x-token": z.string().optional().meta({ description: "The security token to look at." }),
} as const satisfies Record<string, z.ZodType>;

export type RequestHeader = keyof typeof requestHeaders;

export const responseHeaders = {
  ETag: tag
    .optional()
    .meta({ description: "The validator of what is answered: send it back in If-Match or If-None-Match." }),
  "X-Next-Cursor": z
    .string()
    .optional()
    .meta({ description: "Pass as `cursor` for the next page; absent at the end of the list." }),
  Link: z.string().optional().meta({ description: 'The way to the next page, rel="next" (RFC 8288).' }),
  "X-Test-Receipt": z.string().optional().meta({
    description: "Proof that exactly these values were tested; a save takes it as `test_receipt`.",
  }),
  "X-Test-Reason": z.string().optional().meta({ description: "A fixed code: why the test did not pass." }),
  "Idempotent-Replayed": z
    .literal("true")
    .optional()
    .meta({ description: "There where the answer is that of an earlier request with this Idempotency-Key." }),
  "Retry-After": z.string().optional().meta({ description: "Seconds to wait before asking again." }),
  "X-Request-ID": z.string().meta({
    description:
      "Names this request in logs and audit events. Yours, where you send one of 8 to 64 letters, digits, `.`, `_` and `-`; else ours.",
  }),
  Location: z.string().meta({ description: "Where to go." }),
  "Set-Cookie": z.string().optional().meta({ description: "Ties what was begun to this browser." }),
  Allow: z.string().optional().meta({ description: "The methods that are allowed here." }),
  "Content-Security-Policy": z.string().optional().meta({ description: "What the page may load: next to nothing." }),
  "x-litegraph-node": z.string().meta({ description: "Which process answered." }),
  "x-correlation-id": z.string().optional().meta({ description: "As the request sent it." }),
  traceparent: z.string().optional().meta({ description: "As the request sent it." }),
} as const satisfies Record<string, z.ZodType>;

export type ResponseHeader = keyof typeof responseHeaders;
