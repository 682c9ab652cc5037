import { z } from "zod";

const limit = z.number().int().min(1).max(1_000_000);
const name = z.string().max(1_000);

export const NewOrganizationInput = z.strictObject({ name });

export const OrganizationChangeInput = z.strictObject({
  id: z.uuid(),
  change: z.strictObject({
    name: name.optional(),
    active: z.boolean().optional(),
    requireTestBeforeSave: z.boolean().optional(),
    maxPerProvider: limit.optional(),
    maxPerUser: limit.optional(),
  }),
});

export const OrganizationEndInput = z.strictObject({ id: z.uuid(), force: z.boolean() });
