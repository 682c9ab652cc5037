import { z } from "zod";

/** LiteGraph's error body. */
export const errorNames = [
  "AuthenticationFailed",
  "AuthorizationFailed",
  "Inactive",
  "BadRequest",
  "NotFound",
  "Conflict",
  "TooLarge",
  "InternalError",
  "Unavailable",
] as const;

export const errorBody = z
  .strictObject({
    Error: z.enum(errorNames),
    Message: z.string(),
    StatusCode: z.int(),
    Description: z.string().optional().meta({ description: "Names the field at fault, where one is." }),
  })
  .meta({
    id: "Error",
    examples: [{ Error: "NotFound", Message: "There is nothing of this kind here.", StatusCode: 404 }],
  });
export type ErrorBody = z.output<typeof errorBody>;
