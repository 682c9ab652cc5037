import { z } from "zod";

const name = z.string().trim().min(1).max(200);
const description = z.string().trim().max(500);

export const NewAccountInput = z.strictObject({ name, description });

export const AccountIdInput = z.strictObject({ id: z.uuid() });

export const AccountChangeInput = z.strictObject({
  id: z.uuid(),
  change: z.strictObject({
    name: name.optional(),
    description: description.nullable().optional(),
    status: z.enum(["active", "inactive"]).optional(),
  }),
});
