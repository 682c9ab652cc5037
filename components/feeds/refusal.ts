import { z } from "zod";
import type { PublicError } from "@/lib/api/http/public-error";
import { refusalCodes } from "@/lib/platform/refusal";

/** What a feed or a command answers when it says no. */
export const refusalBody: z.ZodType<PublicError> = z.object({
  code: z.enum([...refusalCodes, "internal"]),
  message: z.string(),
  fields: z.array(
    z.object({
      path: z.array(z.union([z.string(), z.number()])),
      place: z.literal("query").optional(),
      message: z.string(),
      code: z.string(),
    }),
  ),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).optional(),
  retryAfterSeconds: z.number().optional(),
  requestId: z.string(),
});
