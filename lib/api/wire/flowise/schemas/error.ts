import { z } from "zod";

/** Three shapes, and this dialect's clients depend on each. */
export const thrown = z
  .strictObject({
    statusCode: z.int(),
    success: z.literal(false),
    message: z.string().meta({ description: "Names the field at fault, where one is." }),
    stack: z.strictObject({}),
  })
  .meta({
    id: "Error",
    examples: [{ statusCode: 404, success: false, message: "There is nothing at this path", stack: {} }],
  });
export type Thrown = z.output<typeof thrown>;

/** Nobody is known: to a program, to Flowise's pages, or to somebody who signs in. */
export const unauthorized = z
  .union([
    z.strictObject({ error: z.literal("Unauthorized Access") }),
    z.strictObject({ message: z.literal("Invalid or Missing token") }),
    thrown,
  ])
  .meta({ id: "Unauthorized", examples: [{ error: "Unauthorized Access" }] });
export const forbidden = z
  .strictObject({ message: z.literal("Forbidden") })
  .meta({ id: "Forbidden", examples: [{ message: "Forbidden" }] });
