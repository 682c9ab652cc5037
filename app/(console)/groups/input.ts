import { z } from "zod";

const name = z.string().trim().min(1).max(200);
const description = z.string().trim().max(500);
const people = z.array(z.uuid()).max(100);

export const NewGroupInput = z.strictObject({ name, description });

export const GroupIdInput = z.strictObject({ id: z.uuid() });

export const GroupChangeInput = z.strictObject({
  id: z.uuid(),
  change: z.strictObject({
    name: name.optional(),
    description: description.nullable().optional(),
    add: people.optional(),
    remove: people.optional(),
  }),
});
