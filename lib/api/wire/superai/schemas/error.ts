import { z } from "zod";

/** The envelope of every refusal. */
const problem = z.strictObject({
  type: z.string().meta({ description: "A fixed word for what is wrong." }),
  loc: z.array(z.union([z.string(), z.number()])).meta({ description: "Where: `body` or `query`, then the field." }),
  msg: z.string().meta({ description: "Never repeats what was sent." }),
});
const error = z.strictObject({
  message: z.string(),
  code: z.string(),
  details: z
    .union([
      z.array(problem),
      z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
      z.null(),
    ])
    .meta({ description: "The fields at fault, or further facts." }),
});
const requestId = z.string().meta({ description: "The one in X-Request-ID: tell it to your operator." });

export const errorBody = z.strictObject({ error, request_id: requestId }).meta({
  id: "Error",
  examples: [
    {
      error: { message: "Resource not found", code: "not_found", details: null },
      request_id: "01K8KABR6S16YETA2SZPVBS9SP",
    },
  ],
});
export const validationErrorBody = z.strictObject({ error, request_id: requestId, detail: z.array(problem) }).meta({
  id: "ValidationError",
  examples: [
    {
      error: {
        message: "Request validation failed",
        code: "validation_error",
        details: [{ type: "missing", loc: ["body", "provider"], msg: "Field required" }],
      },
      request_id: "01K8KABR6S16YETA2SZPVBS9SP",
      detail: [{ type: "missing", loc: ["body", "provider"], msg: "Field required" }],
    },
  ],
});
